from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.store.lock import BoardLock, lock_path

AT_UTC = 1_750_000_000.0
HOLDER = """
import sys
from pathlib import Path
from tui.store.lock import BoardLock
print(BoardLock(Path(sys.argv[1])).acquire("endurance", 1750000000.0) or "mine", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "board.lock"


@pytest.fixture
def lock(path: Path) -> Iterator[BoardLock]:
    held = BoardLock(path)
    yield held
    held.release()


def start_holder(path: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    return holder


def end(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def test_a_free_board_is_taken(lock: BoardLock) -> None:
    assert lock.acquire("smoke", AT_UTC) == ""


def test_another_process_is_told_who_holds_the_board(lock: BoardLock, path: Path) -> None:
    holder = start_holder(path)
    said = lock.acquire("smoke", AT_UTC)
    end(holder)
    assert said == (
        f"another run drives this board: endurance by process {holder.pid} since 15:06:40 UTC"
    )


def test_a_dead_holder_holds_nothing(lock: BoardLock, path: Path) -> None:
    end(start_holder(path))
    assert lock.acquire("smoke", AT_UTC) == ""


def test_a_released_board_is_free_and_the_file_stays(lock: BoardLock, path: Path) -> None:
    lock.acquire("smoke", AT_UTC)
    lock.release()
    other = BoardLock(path)
    assert other.acquire("standard", AT_UTC) == ""
    other.release()
    assert path.read_bytes() == b""


def test_taking_it_twice_is_no_mistake(lock: BoardLock) -> None:
    assert lock.acquire("smoke", AT_UTC) == ""
    assert lock.acquire("smoke", AT_UTC) == ""


def test_children_do_not_inherit_it(lock: BoardLock, path: Path) -> None:
    lock.acquire("smoke", AT_UTC)
    child = subprocess.Popen(["sleep", "60"], close_fds=False)
    lock.release()
    other = BoardLock(path)
    assert other.acquire("standard", AT_UTC) == ""
    other.release()
    child.kill()
    child.wait()


def test_any_user_may_lock_it(lock: BoardLock, path: Path) -> None:
    before = os.umask(0o077)
    lock.acquire("smoke", AT_UTC)
    os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """Pytest's own directories are their user's alone, again and again."""
    with tempfile.TemporaryDirectory(prefix="jetproof-lock-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be two users")
@pytest.mark.parametrize("mode", [0o666, 0o444])
def test_two_users_share_it(mode: int, open_to_all: Path) -> None:
    path = open_to_all / "board.lock"
    path.touch()
    path.chmod(mode)
    program = HOLDER.replace("print(", "import os; os.setgid(65534); os.setuid(65534); print(")
    command = [sys.executable, "-c", program, str(path)]

    def take() -> str:
        return subprocess.run(command, input="", capture_output=True, text=True, check=True).stdout

    assert take() == "mine\n"
    holder = start_holder(path)
    assert "endurance by process" in take()
    end(holder)


def test_a_link_is_not_followed(lock: BoardLock, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    path.symlink_to(target)
    assert "can't be used" in lock.acquire("smoke", AT_UTC)
    assert target.read_text() == "mine"


def test_a_second_name_of_a_file_is_not_written_to(
    lock: BoardLock, path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    path.hardlink_to(target)
    assert "not a plain file" in lock.acquire("smoke", AT_UTC)
    assert target.read_text() == "mine"


def test_a_pipe_in_its_place_does_not_hang(lock: BoardLock, path: Path) -> None:
    os.mkfifo(path)
    assert "can't be used" in lock.acquire("smoke", AT_UTC)


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "can't be used" in BoardLock(tmp_path / "no" / "lock").acquire("smoke", AT_UTC)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holder unknown"),
        (b"\xff\x00nonsense", "holder unknown"),
        (b"[1, 2]", "holder unknown"),
        (b'{"pid": 1, "scenario": "x", "since": 1e99}', "holder unknown"),
        (b'{"pid": 7, "scenario": "\\u001b[2Jx", "since": 0}', "[2Jx by process 7"),
    ],
)
def test_what_another_user_wrote_into_it_is_not_trusted(
    content: bytes, said: str, lock: BoardLock, path: Path
) -> None:
    path.write_bytes(content)
    holder = lock.holder()
    assert said in holder
    assert holder.isprintable()


def test_the_environment_may_name_another_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JETPROOF_LOCK", "/somewhere/else")
    assert lock_path() == Path("/somewhere/else")
    monkeypatch.delenv("JETPROOF_LOCK")
    assert lock_path().name == "jetproof.lock"
