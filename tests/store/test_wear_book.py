from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tui.core.problem import InputError
from tui.core.wear import DAY_S, GIB
from tui.store.database import SqliteStore
from tui.store.paths import DATABASE
from tui.store.schema import MIGRATIONS, connect, open_database
from tui.store.wear_book import WearBook
from tui.store.wear_device import Device

NOW_S = 1_800_000_000.0
CARD, DRIVE, MEMORY = Path("/media/card"), Path("/data"), Path("/dev/shm")
DEVICES = {
    CARD: Device("cid:1b53", "sd"),
    CARD / "below": Device("cid:1b53", "sd"),
    DRIVE: Device("serial:S64A", "nvme"),
    MEMORY: Device("memory", "ram"),
}


def opened(state_dir: Path) -> WearBook:
    return WearBook(state_dir, DEVICES.__getitem__)


def spoil(state_dir: Path, statement: str) -> None:
    with closing(sqlite3.connect(state_dir / DATABASE, isolation_level=None)) as connection:
        connection.execute(statement)


def test_what_was_written_is_known_in_the_next_session(tmp_path: Path) -> None:
    assert opened(tmp_path).allowed_bytes(CARD, NOW_S) == 2 * GIB
    added = opened(tmp_path).add(CARD, 9 * GIB, NOW_S)
    assert opened(tmp_path).all() == (added,)
    assert (added.device, added.kind, added.total_bytes) == ("cid:1b53", "sd", 9 * GIB)
    assert opened(tmp_path).allowed_bytes(CARD / "below", NOW_S + 60) == GIB
    assert opened(tmp_path).allowed_bytes(DRIVE, NOW_S + 60) == 20 * GIB


def test_a_day_later_only_the_total_remembers(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.add(CARD, 10 * GIB, NOW_S)
    assert book.allowed_bytes(CARD, NOW_S + DAY_S / 2) == 0
    assert book.allowed_bytes(CARD, NOW_S + DAY_S + 1) == 2 * GIB
    wear = book.add(CARD, GIB, NOW_S + DAY_S + 1)
    assert (wear.total_bytes, wear.day_bytes(NOW_S + DAY_S + 1)) == (11 * GIB, GIB)


def test_each_device_is_counted_by_itself(tmp_path: Path) -> None:
    book = opened(tmp_path)
    for directory in (DRIVE, CARD, DRIVE):
        book.add(directory, GIB, NOW_S)
    assert [(wear.device, wear.total_bytes) for wear in book.all()] == [
        ("cid:1b53", GIB),
        ("serial:S64A", 2 * GIB),
    ]


def test_memory_is_neither_limited_nor_kept(tmp_path: Path) -> None:
    book = opened(tmp_path)
    assert book.allowed_bytes(MEMORY, NOW_S) is None
    assert book.add(MEMORY, GIB, NOW_S).kind == "ram"
    assert book.all() == ()


def test_a_day_of_small_writes_is_a_short_list_and_counts_in_full(tmp_path: Path) -> None:
    book = opened(tmp_path)
    for minute in range(0, 1440, 2):
        wear = book.add(CARD, 1000, NOW_S + minute * 60)
    assert wear.day_bytes(NOW_S + 1440 * 60 - 1) == 720 * 1000
    assert len(wear.recent) < 150
    assert [one.at_s for one in wear.recent] == sorted(one.at_s for one in wear.recent)


def test_a_clock_that_was_wrong_gives_nothing_free(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.add(CARD, 10 * GIB, NOW_S + 400 * DAY_S)
    assert book.allowed_bytes(CARD, NOW_S) == 0
    book.add(CARD, 0, NOW_S)
    assert book.allowed_bytes(CARD, NOW_S + DAY_S + 1) == 2 * GIB


def test_less_than_nothing_can_t_be_written(tmp_path: Path) -> None:
    book = opened(tmp_path)
    with pytest.raises(ValueError, match="can't have been written"):
        book.add(CARD, -1, NOW_S)
    assert book.all() == ()


def test_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    opened(tmp_path)
    program = (
        "import sys; from pathlib import Path; from tui.store.wear_book import WearBook\n"
        "from tui.store.wear_device import Device\n"
        "book = WearBook(Path(sys.argv[1]), lambda _: Device('cid:1b53', 'sd'))\n"
        "for n in range(40): book.add(Path('/'), 1000, float(sys.argv[2]) + n)"
    )
    words = [sys.executable, "-c", program, str(tmp_path), str(NOW_S)]
    children = [subprocess.Popen(words) for _ in range(2)]
    assert [child.wait(60) for child in children] == [0, 0]
    (wear,) = opened(tmp_path).all()
    assert wear.total_bytes == wear.day_bytes(NOW_S + 100) == 80_000


def test_a_real_directory_has_a_device(tmp_path: Path) -> None:
    book = WearBook(tmp_path)
    wear = book.add(tmp_path, 1000, NOW_S)
    assert wear.device
    assert wear.total_bytes == 1000


def test_the_book_is_in_the_database_of_the_runs_also_in_an_old_one(tmp_path: Path) -> None:
    open_database(tmp_path / DATABASE, MIGRATIONS[:4]).connection.close()
    book = opened(tmp_path)
    SqliteStore(tmp_path).close()
    book.add(CARD, GIB, NOW_S)
    assert len(opened(tmp_path).all()) == 1


def test_a_damaged_book_is_one_line_and_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database, by any means" * 400)
    with pytest.raises(InputError, match="can't be opened") as caught:
        opened(tmp_path)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("*.damaged-*"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wear SET recent = 'nothing'",
        """UPDATE wear SET recent = '[{"at_s": "then", "amount_bytes": 1}]'""",
        "UPDATE wear SET recent = x'ff00'",
        "UPDATE wear SET total_bytes = 'many'",
        "DROP TABLE wear",
    ],
)
def test_what_can_t_be_understood_allows_nothing(tmp_path: Path, statement: str) -> None:
    book = opened(tmp_path)
    book.add(CARD, GIB, NOW_S)
    spoil(tmp_path, statement)
    for call in (
        lambda: book.allowed_bytes(CARD, NOW_S),
        lambda: book.add(CARD, GIB, NOW_S),
        book.all,
    ):
        with pytest.raises(InputError, match=r"jetproof\.db: can't be (read|written)") as caught:
            call()
        assert "\n" not in str(caught.value)


def test_a_book_that_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    book = opened(tmp_path)
    for each in tmp_path.glob(f"{DATABASE}*"):
        os.unlink(each)
    with pytest.raises(InputError, match="it is gone"):
        book.allowed_bytes(CARD, NOW_S)
    assert not (tmp_path / DATABASE).exists()


def test_a_locked_book_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = opened(tmp_path)
    monkeypatch.setattr("tui.store.schema.BUSY_S", 0.01)
    with closing(connect(tmp_path / DATABASE)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match="can't be written: database is locked"):
            book.add(CARD, GIB, NOW_S)
    assert book.add(CARD, GIB, NOW_S).total_bytes == GIB


def test_a_state_that_can_t_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(InputError, match="can't be opened"):
        opened(tmp_path)
