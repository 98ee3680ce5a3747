from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.core import script
from tui.core.problem import InputError
from tui.store.database import SqliteStore
from tui.store.history import History
from tui.store.paths import DATABASE
from tui.store.schema import MIGRATIONS, connect, open_database


def table_names(path: Path) -> tuple[str, ...]:
    """What is in the file."""
    with closing(connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return tuple(row["name"] for row in rows)


def damage(path: Path) -> bytes:
    """Overwrite the middle of a database; returns what is in the file now."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    return bytes(content)


def make(state_dir: Path) -> Path:
    store = SqliteStore(state_dir)
    for event in script.good_run(script.facts()):
        store.put("r1", event, 0.0)
    store.close()
    return state_dir / DATABASE


def test_a_database_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = make(tmp_path)
    more = (*MIGRATIONS, "ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    with closing(open_database(path, more).connection) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(more)
        assert connection.execute("SELECT id, note FROM runs").fetchall()[0]["note"] == ""


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = make(tmp_path)
    more = (*MIGRATIONS, "ALTER TABLE runs ADD COLUMN note TEXT; ALTER TABLE nowhere ADD COLUMN x")
    with pytest.raises(InputError, match="no such table: nowhere"):
        open_database(path, more)
    with closing(open_database(path).connection) as connection:
        columns = [row["name"] for row in connection.execute("PRAGMA table_info(runs)")]
    assert "note" not in columns


@pytest.mark.parametrize("reader", [SqliteStore, History])
def test_a_database_of_a_newer_version_is_refused_unharmed(
    reader: type[SqliteStore | History], tmp_path: Path
) -> None:
    path = make(tmp_path)
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"newer jetproof \(format 99") as caught:
        reader(tmp_path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("is_garbage", [True, False])
def test_a_damaged_database_is_kept_under_another_name_and_a_new_one_begun(
    is_garbage: bool, tmp_path: Path
) -> None:
    path = make(tmp_path)
    if is_garbage:
        path.write_bytes(b"garbage" * 1000)
    content = path.read_bytes() if is_garbage else damage(path)
    store = SqliteStore(tmp_path)
    (notice,) = store.notices
    assert "was damaged" in notice
    assert "kept as jetproof.db.damaged-1, a new one begun" in notice
    assert "\n" not in notice
    assert (tmp_path / "jetproof.db.damaged-1").read_bytes() == content
    for event in script.good_run(script.facts("r2")):
        store.put("r2", event, 0.0)
    assert store.flush() == ""
    store.close()
    assert [run.run_id for run in History(tmp_path).runs()] == ["r2"]


def test_a_reader_leaves_a_damaged_database_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    path.write_bytes(b"not a database, by any means" * 400)
    with pytest.raises(InputError, match=r"jetproof\.db: can't be opened"):
        History(tmp_path)
    assert [each.name for each in tmp_path.glob("jetproof.db*") if each.suffix != ".opening"] == [
        DATABASE
    ]


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        (tmp_path / DATABASE).write_bytes(b"garbage" * 1000)
        SqliteStore(tmp_path).close()
    assert len(list(tmp_path.glob("*.damaged-*"))) == 2


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"")
    store = SqliteStore(tmp_path)
    assert store.notices == ()
    store.close()
    assert set(table_names(tmp_path / DATABASE)) == {"runs", "events", "health", "wear"}


def test_a_directory_in_the_files_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(InputError, match="can't be opened"):
        SqliteStore(tmp_path)
