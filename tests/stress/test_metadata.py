from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tests.lib.processes import is_alive
from tests.stress.burning import Burning, burning
from tests.stress.test_storage_parts import place
from tui.stress import results_client
from tui.stress.nameless import open_nameless, sweep
from tui.stress.place import MIB
from tui.stress.results import SCHEMA
from tui.stress.results_client import Client, Shared
from tui.stress.results_work import Work

MODULE = "tui.stress.metadata"
BUDGET = 600 * MIB


@pytest.fixture
def here(tmp_path: Path) -> dict[str, Any]:
    place(tmp_path).close()
    return {"directory": str(tmp_path), "budget_bytes": BUDGET, "intent": "contend"}


def own_files(burner: Burning, where: str) -> set[str]:
    """What it has open there; the kernel marks what has no name."""
    found = set()
    for entry in Path(f"/proc/{burner.pid}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except OSError:
            continue
        if target.startswith(where + "/"):
            found.add(target.rpartition("/")[2])
    return found


def test_it_inserts_and_asks_and_all_of_it_was_right(here: dict[str, Any]) -> None:
    with burning(MODULE, level=0.3, connections=3, batch=5, **here) as burner:
        first = burner.line_with(connections=3)
        while not first["verified"]:
            first = burner.line()
        burner.order("stop")
        last = burner.rest()[-1]
        assert burner.child.returncode == 0
    assert first["rows_per_s"] > 0 < first["queries_per_s"]
    for line in (first, last):
        assert 0 < line["insert_p50_ms"] <= line["insert_p99_ms"]
        assert 0 < line["query_p50_ms"] <= line["query_p99_ms"]
        assert line["bad"] == 0
    assert last["rows"] % 5 == 0 < last["rows"]
    assert last["verified"] >= first["verified"] > 0
    assert (last["is_stopped"], last["ended_by"]) == (True, "")
    assert first["medium"] == "storage" or first["filesystem"] == "tmpfs"


def test_a_lower_level_is_a_lower_share(here: dict[str, Any]) -> None:
    with burning(MODULE, level=0.5, connections=1, **here) as burner:
        high = [burner.line_with(asked=0.5)["reached"] for _ in range(2)][-1]
        burner.order("level 0.05")
        low = [burner.line_with(asked=0.05)["reached"] for _ in range(3)][-1]
    assert low < high / 2


def test_at_level_0_it_rests(here: dict[str, Any]) -> None:
    with burning(MODULE, level=0.0, **here) as burner:
        quiet = [burner.line() for _ in range(2)][-1]
    assert (quiet["rows_per_s"], quiet["queries_per_s"], quiet["reached"]) == (0, 0, 0)


def test_while_it_runs_no_name_of_it_exists(here: dict[str, Any]) -> None:
    with burning(MODULE, level=0.1, connections=2, **here) as burner:
        burner.line()
        assert own_files(burner, here["directory"]) == {
            "results.db (deleted)",
            "results.db-wal (deleted)",
            "results.db-shm (deleted)",
        }
        assert list(Path(here["directory"]).iterdir()) == []


def test_a_budget_that_is_to_last_holds_back_rows_and_no_queries(here: dict[str, Any]) -> None:
    held = place(Path(here["directory"]))
    held.close()
    if held.mount.is_ram:
        pytest.skip("the kernel does not count what is written to memory")
    with burning(MODULE, connections=2, budget_lasts_s=600.0, **here) as burner:
        paced = [burner.line_with(state="paced to the wear budget") for _ in range(3)][-1]
        burner.order("stop")
        last = burner.rest()[-1]
    assert paced["queries_per_s"] > 20 * paced["rows_per_s"]
    assert paced["reached"] > 0.5
    assert 0.8 < paced["paced_to_mb_per_s"] < 1.0
    assert (last["ended_by"], last["state"]) == ("", "paced to the wear budget")
    assert (paced["held_by"], last["held_by"]) == ("wear", "wear")


def test_it_stops_before_the_budget_is_passed(here: dict[str, Any]) -> None:
    held = place(Path(here["directory"]))
    held.close()
    if held.mount.is_ram:
        pytest.skip("the kernel does not count what is written to memory")
    tight = {**here, "budget_bytes": 30 * MIB}
    with burning(MODULE, **tight) as burner:
        last = burner.rest()[-1]
        assert burner.child.returncode == 0
    assert "may be written are used up" in last["ended_by"]
    assert 0 < last["written_bytes"] <= 30 * MIB


@pytest.mark.parametrize("end", ["kill", "terminate", "stop"])
def test_whatever_ends_it_leaves_no_process_and_no_name(end: str, here: dict[str, Any]) -> None:
    with burning(MODULE, **here) as burner:
        burner.line()
        if end == "kill":
            burner.child.kill()
        elif end == "terminate":
            burner.child.leave(5.0)
        else:
            burner.order("stop")
        burner.rest()
        eventually(lambda: not is_alive(burner.pid))
        assert list(Path(here["directory"]).iterdir()) == []


def test_killed_at_any_moment_it_leaves_nothing_that_a_sweep_does_not_take(
    here: dict[str, Any],
) -> None:
    chance = random.Random(5)
    for _ in range(12):
        with burning(MODULE, **here) as burner:
            time.sleep(chance.uniform(0.0, 0.4))
            burner.child.kill()
            eventually(lambda pid=burner.pid: not is_alive(pid))  # type: ignore[misc]
        sweep(here["directory"])
        assert list(Path(here["directory"]).iterdir()) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"directory": "/proc"}, "is on proc"),
        ({"directory": "/dev/null"}, "is a device"),
        ({"directory": "here"}, "absolute"),
        ({"budget_bytes": MIB}, "more than the budget"),
        ({"budget_bytes": 0}, "budget_bytes"),
        ({"connections": 0}, "connections"),
        ({"batch": 20_000}, "batch"),
        ({"wipe": True}, "wipe"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    change: dict[str, Any], why: str, here: dict[str, Any]
) -> None:
    with burning(MODULE, **{**here, **change}) as burner:
        (line,) = burner.rest()
        assert burner.child.returncode == 2
    assert why in line["error"]


@contextmanager
def clients(
    where: Path, schema: str = SCHEMA, count: int = 1, busy_s: float = 2.0
) -> Iterator[tuple[Shared, list[Client]]]:
    """Clients of one database, at their full rate."""
    shared = Shared(batch=20, budget_bytes=2**40, level=lambda: 1.0)
    found = [
        Client(each, shared, seed)
        for seed, each in enumerate(open_nameless(str(where), schema, count, busy_s))
    ]
    yield shared, found
    for each in found:
        each.close()


def worked(shared: Shared, found: list[Client], until: int) -> Work:
    """What they did, until so many queries were asked or all of them ended."""
    threads = [threading.Thread(target=each.work) for each in found]
    for thread in threads:
        thread.start()
    done = Work()
    while done.queries.count < until and any(thread.is_alive() for thread in threads):
        time.sleep(0.02)
        for each in found:
            done.merge(each.take())
    shared.stop()
    for thread in threads:
        thread.join()
    return done


def test_clients_see_each_others_rows_though_the_files_have_no_name(tmp_path: Path) -> None:
    with clients(tmp_path, count=3) as (shared, found):
        done = worked(shared, found, until=600)
        rows = {
            each._connection.execute("SELECT count(*) FROM results").fetchone() for each in found
        }
        checked = found[1]._connection.execute("PRAGMA integrity_check").fetchone()
    assert (len(rows), checked) == (1, ("ok",))
    assert (done.bad, shared.ended_by) == (0, "")


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE results SET score = 2 WHERE number = new.number;",
        "DELETE FROM results WHERE number = new.number;",
    ],
)
def test_a_row_that_is_not_what_was_written_is_bad(fault: str, tmp_path: Path) -> None:
    trigger = f"CREATE TRIGGER t AFTER INSERT ON results WHEN new.number % 3 = 0 BEGIN {fault} END;"
    with clients(tmp_path, SCHEMA + trigger) as (shared, found):
        done = worked(shared, found, until=200)
    assert done.verified > done.bad > 0


def test_the_oldest_rows_go_and_are_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results_client, "KEPT_ROWS", 100)
    monkeypatch.setattr(results_client, "KEPT_BATCHES", 5)
    with clients(tmp_path, count=3) as (shared, found):
        done = worked(shared, found, until=3000)
        (rows,) = found[0]._connection.execute("SELECT count(*) FROM results").fetchone()
    assert done.rows > 2 * rows
    # Those that are kept, and a block of each that was late.
    assert rows <= 100 + 20 * 4
    assert (done.bad, done.verified > 0) == (0, True)


def test_a_database_that_another_holds_is_busy_and_not_broken(tmp_path: Path) -> None:
    with clients(tmp_path, count=2, busy_s=0.0) as (shared, (holder, other)):
        holder._connection.execute("BEGIN IMMEDIATE")
        thread = threading.Thread(target=other.work)
        thread.start()
        time.sleep(0.3)
        shared.stop()
        thread.join()
        holder._connection.execute("ROLLBACK")
        done = other.take()
    assert done.busy_errors > 0
    assert (done.rows, done.bad, shared.ended_by) == (0, 0, "")


def left_behind(where: Path) -> Path:
    """What one leaves that was killed while its files had names."""
    directory = where / "jetproof-metadata-0123456789abcdef"
    directory.mkdir()
    for name in ("results.db", "results.db-wal", "results.db-shm"):
        (directory / name).write_bytes(b"x")
    return directory


def test_a_sweep_takes_what_the_dead_left(tmp_path: Path) -> None:
    directory = left_behind(tmp_path)
    (tmp_path / "other").mkdir()
    assert sweep(str(tmp_path)) == [str(directory)]
    assert [each.name for each in tmp_path.iterdir()] == ["other"]
    assert sweep(str(tmp_path)) == sweep(str(tmp_path / "none")) == []


HOLDER = """
import sys, time
from tui.stress.nameless import _Room
with _Room(sys.argv[1]) as room:
    (room.path / "results.db").touch()
    print(room.path, flush=True)
    time.sleep(60)
"""


def test_a_sweep_leaves_what_lives_and_takes_it_when_it_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        try:
            assert holder.stdout is not None
            path = holder.stdout.readline().strip()
            assert sweep(str(tmp_path)) == []
            assert os.listdir(path) == ["results.db"]
            holder.kill()
            holder.wait(30)
            assert sweep(str(tmp_path)) == [path]
        finally:
            holder.kill()


def test_a_sweep_takes_no_file_that_is_not_ours(tmp_path: Path) -> None:
    directory = left_behind(tmp_path)
    (directory / "precious").touch()
    (tmp_path / "jetproof-metadata-link").symlink_to(tmp_path / "other")
    assert sweep(str(tmp_path)) == []
    assert [each.name for each in directory.iterdir()] == ["precious"]
    assert (tmp_path / "jetproof-metadata-link").is_symlink()
