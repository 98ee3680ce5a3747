from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.demo.pictures import encoded, plain
from tests.demo.running import environment
from tests.lib import processes
from tests.lib.eventually import eventually
from tui.child.spawn import Child, Lifelines
from tui.demo.datadir import sweep
from tui.service.embedded import DemoTarget

PICTURE = {"file": encoded(plain())}

OWNER = """
import json, sys, threading
from pathlib import Path
from tui.child.spawn import Lifelines
from tui.service.embedded import DemoTarget
demo = DemoTarget(Lifelines(), Path(sys.argv[1]))
print(json.dumps({"url": demo.start(), "token": demo.token}), flush=True)
threading.Event().wait()
"""


@pytest.fixture(autouse=True)
def tempdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary directories are made, of this process and of those that it starts."""
    made = tmp_path / "tmp"
    made.mkdir()
    monkeypatch.setenv("TMPDIR", str(made))
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def bearing(demo: DemoTarget) -> httpx.Client:
    """A client that the demo lets in."""
    headers = {"Authorization": f"Bearer {demo.token}"}
    return httpx.Client(base_url=demo.start(), headers=headers)


def left_in(tempdir: Path) -> list[str]:
    """What the demo left there; the interpreter's own caches are none of it."""
    return [path.name for path in tempdir.iterdir() if path.name.startswith("jetproof-")]


@pytest.fixture
def lifelines() -> Iterator[Lifelines]:
    made = Lifelines()
    yield made
    made.close()


def test_it_answers_stays_and_goes(lifelines: Lifelines, tmp_path: Path) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    url = demo.start()
    assert httpx.get(f"{url}/health").status_code == 200
    assert demo.start() == url
    (pid,) = processes.children_of(os.getpid())
    demo.close()
    assert not processes.is_alive(pid)
    demo.close()


def test_one_that_died_is_started_again(lifelines: Lifelines, tmp_path: Path) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    demo.start()
    (pid,) = processes.children_of(os.getpid())
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{pid}").exists())
    assert httpx.get(f"{demo.start()}/health").status_code == 200
    demo.close()


def test_one_that_can_not_start_is_said_in_one_line(
    lifelines: Lifelines, tmp_path: Path, tempdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "uvicorn.py").write_text("raise ImportError('broken')\n")
    with pytest.raises(OSError, match="the embedded demo did not start") as caught:
        DemoTarget(lifelines, tmp_path).start()
    assert "\n" not in str(caught.value)
    assert processes.children_of(os.getpid()) == []
    assert left_in(tempdir) == []


def test_it_lets_in_nobody_but_who_bears_its_token_or_logged_in(
    lifelines: Lifelines, tmp_path: Path
) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    url = demo.start()
    assert httpx.get(f"{url}/images").status_code == 401
    with bearing(demo) as client:
        assert client.get("/images").status_code == 200
        assert client.post("/predict", files=PICTURE).status_code == 200
    for role in ("operator", "viewer"):
        asked = {"user": role, "password": demo.secrets[f"{role}_password"]}
        assert httpx.post(f"{url}/login", json=asked).json()["role"] == role
    demo.close()


def test_its_secrets_are_its_own_and_on_no_command_line(
    lifelines: Lifelines, tmp_path: Path
) -> None:
    demo, other = DemoTarget(lifelines, tmp_path), DemoTarget(lifelines, tmp_path)
    secrets = {demo.token, *demo.secrets.values()}
    assert len(secrets) == 3
    assert secrets.isdisjoint({other.token, *other.secrets.values()})
    assert min(map(len, secrets)) >= 16
    demo.start()
    (pid,) = processes.children_of(os.getpid())
    command = Path(f"/proc/{pid}/cmdline").read_text()
    log = (tmp_path / "demo.log").read_text()
    demo.close()
    assert not [secret for secret in secrets if secret in command + log]


def test_a_restart_keeps_its_url_its_token_and_its_pictures_and_ends_its_sessions(
    lifelines: Lifelines, tmp_path: Path
) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    url, token = demo.start(), demo.token
    (pid,) = processes.children_of(os.getpid())
    asked = {"user": "viewer", "password": demo.secrets["viewer_password"]}
    session = {"Authorization": f"Bearer {httpx.post(f'{url}/login', json=asked).json()['token']}"}
    with bearing(demo) as client:
        path = client.post("/images", files=PICTURE).headers["Location"]
    demo.restart()
    assert not processes.is_alive(pid)
    assert (demo.start(), demo.token) == (url, token)
    with bearing(demo) as client:
        assert client.get(path).content == PICTURE["file"]
        assert httpx.get(f"{url}/images", headers=session).status_code == 401
        assert httpx.post(f"{url}/login", json=asked).status_code == 200
    demo.close()


def test_a_restart_that_comes_to_nothing_leaves_nothing_and_the_next_start_is_a_new_one(
    lifelines: Lifelines, tmp_path: Path, tempdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    url = demo.start()
    leave = lifelines.leave
    with contextlib.ExitStack() as stack:

        def leave_its_port_to_somebody(child: Child) -> None:
            leave(child)
            address = ("127.0.0.1", int(url.rpartition(":")[2]))
            with contextlib.suppress(OSError):
                stack.enter_context(socket.create_server(address))

        monkeypatch.setattr(lifelines, "leave", leave_its_port_to_somebody)
        with pytest.raises(OSError, match=r"port [0-9]+ is already in use"):
            demo.restart()
        assert left_in(tempdir) == []
        monkeypatch.setattr(lifelines, "leave", leave)
        assert demo.start() != url
        demo.close()


def test_its_pictures_go_with_it(lifelines: Lifelines, tmp_path: Path, tempdir: Path) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    with bearing(demo) as client:
        client.post("/images", files=PICTURE)
    (kept,) = left_in(tempdir)
    assert list((tempdir / kept).rglob("*.bin"))
    demo.close()
    assert left_in(tempdir) == []


def test_another_demo_that_starts_leaves_its_pictures_alone_also_while_it_is_away(
    lifelines: Lifelines, tmp_path: Path, tempdir: Path
) -> None:
    demo = DemoTarget(lifelines, tmp_path)
    with bearing(demo) as client:
        path = client.post("/images", files=PICTURE).headers["Location"]
    (pid,) = processes.children_of(os.getpid())
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{pid}").exists())
    sweep()
    with bearing(demo) as client:
        assert client.get(path).status_code == 200
    demo.close()


def test_where_its_owner_was_killed_it_is_gone_and_the_next_start_removes_its_pictures(
    lifelines: Lifelines, tmp_path: Path, tempdir: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=environment({"TMPDIR": str(tempdir)}),
    ) as owner:
        assert owner.stdout is not None
        said = json.loads(owner.stdout.readline())
        (pid,) = processes.children_of(owner.pid)
        headers = {"Authorization": f"Bearer {said['token']}"}
        answer = httpx.post(f"{said['url']}/images", files=PICTURE, headers=headers)
        assert answer.status_code == 201
        owner.kill()
    eventually(lambda: not processes.is_alive(pid))
    demo = DemoTarget(lifelines, tmp_path)
    demo.start()
    (kept,) = left_in(tempdir)
    assert not list((tempdir / kept).rglob("*.bin"))
    demo.close()
