"""Stored runs as a screen asks for them: any second, quickly, and deletion with a way back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from tests.console.runs import STARTED_AT, Script, scenario
from tests.core import script
from tui.core import events as ev
from tui.core.problem import InputError
from tui.core.session import Session
from tui.store import replay
from tui.store.archive import StoredRuns
from tui.store.database import SqliteStore
from tui.store.history import History
from tui.store.paths import DATABASE
from tui.store.schema import connect

MINUTE = Script(scenario(minutes=1), failures=lambda second: int(second % 7 == 0))
LONG = Script(scenario(minutes=12))


def keep(state_dir: Path, run_id: str, events: Iterable[ev.Event]) -> StoredRuns:
    """An archive that holds these events of a run of this process."""
    store = SqliteStore(state_dir, commit_s=3600.0)
    for event in events:
        store.put(run_id, event, STARTED_AT + event.at_s)
    assert store.flush() == ""
    store.close()
    return StoredRuns(state_dir)


def delete_elsewhere(state_dir: Path, run_id: str) -> str:
    """In a process that is gone when this returns; what it was answered."""
    program = (
        "import sys; from pathlib import Path; from tui.store.archive import StoredRuns;"
        "print(StoredRuns(Path(sys.argv[1])).delete(sys.argv[2]))"
    )
    words = [sys.executable, "-c", program, str(state_dir), run_id]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def always(done: float) -> bool:
    return True


def test_a_moment_is_the_screen_as_it_stood(tmp_path: Path) -> None:
    events = list(MINUTE.whole())
    archive = keep(tmp_path, "run-1", events)
    session = Session("Orin Nano Super", "demo")
    for event in events:
        if event.at_s <= 31.0 and not isinstance(event, ev.LoadReported):
            session.apply(event, STARTED_AT + event.at_s)
    moment = archive.moment("run-1", 30.0, always)
    assert moment is not None
    live = session.snapshot(31.0, STARTED_AT + 31.0)
    run = moment.snapshot.run
    assert run is not None
    assert live.run is not None
    assert run.total == live.run.total
    assert run.endpoints == live.run.endpoints
    assert run.elapsed_s == live.run.elapsed_s
    assert moment.snapshot.board == live.board
    assert moment.snapshot.log == live.log
    assert (run.now.users, run.now.in_flight) == (20, 9)


def test_every_way_to_a_second_leads_to_the_same_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "BATCH", 40)
    archive = keep(tmp_path, "run-1", LONG.whole())
    fresh = [StoredRuns(tmp_path).moment("run-1", at_s, always) for at_s in (100.0, 101.0, 700.0)]
    order = (700.0, 100.0, 101.0, 1e9, 101.0, 700.0, 100.0)
    for at_s in order:
        moment = archive.moment("run-1", at_s, always)
        if at_s < 1e9:
            assert moment == fresh[(100.0, 101.0, 700.0).index(at_s)]


def test_a_step_back_folds_only_what_lies_near(tmp_path: Path) -> None:
    archive = keep(tmp_path, "run-1", LONG.whole())
    archive.moment("run-1", 700.0, always)
    folded = 0
    apply = replay._Player.apply

    def counting(self: replay._Player, event: ev.AnyEvent, seq: int, at_utc: float) -> None:
        nonlocal folded
        folded += 1
        apply(self, event, seq, at_utc)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay._Player, "apply", counting)
        archive.moment("run-1", 699.0, always)
        archive.moment("run-1", 698.0, always)
    assert 0 < folded < 200


def test_memory_is_bounded_however_long_the_run_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "BATCH", 10)
    archive = keep(tmp_path, "run-1", LONG.whole())
    archive.moment("run-1", 1e9, always)
    assert archive._replay is not None
    assert 8 < len(archive._replay._checkpoints) <= replay.MOST_CHECKPOINTS


def test_a_second_that_is_not_kept_yet_is_clamped_and_comes_later(tmp_path: Path) -> None:
    events = list(MINUTE.until(40))
    archive = keep(tmp_path, "run-1", events[:80])
    early = archive.moment("run-1", 60.0, always)
    assert early is not None
    assert early.load_s == early.last_s < 40
    with pytest.raises(InputError, match="nothing of run nobody is kept"):
        archive.moment("nobody", 0.0, always)


def test_the_end_is_the_verdict(tmp_path: Path) -> None:
    moment = keep(tmp_path, "run-1", MINUTE.whole()).moment("run-1", 1e12, always)
    assert moment is not None
    assert moment.snapshot.run is not None
    assert moment.snapshot.run == History(tmp_path).view("run-1")


def test_nobody_waits_for_a_reading_that_nobody_wants(tmp_path: Path) -> None:
    archive = keep(tmp_path, "run-1", LONG.whole())
    told: list[float] = []

    def give_up(done: float) -> bool:
        told.append(done)
        return False

    assert archive.moment("run-1", 1e9, give_up) is None
    assert archive.points("run-1", 0.0, 700.0, give_up) is None
    assert len(told) == 2
    assert all(0 < done < 1 for done in told)
    moment = archive.moment("run-1", 1e9, always)
    assert moment is not None
    assert moment.snapshot.run is not None
    assert moment.snapshot.run.is_over


def test_points_of_a_stretch_are_seconds_where_the_whole_run_has_longer_steps(
    tmp_path: Path,
) -> None:
    archive = keep(tmp_path, "run-1", LONG.whole())
    points = archive.points("run-1", 300.0, 360.0, always)
    assert points is not None
    assert [point.start_s for point in points] == [float(second) for second in range(300, 360)]
    assert {point.width_s for point in points} == {1.0}
    whole = History(tmp_path).view("run-1").points
    assert whole[0].width_s > 1
    at_300 = next(point for point in whole if point.start_s == 300)
    assert sum(point.rps for point in points[: int(at_300.width_s)]) == pytest.approx(
        at_300.rps * at_300.width_s
    )


def test_a_deleted_run_is_out_of_every_list_until_it_is_taken_back(tmp_path: Path) -> None:
    archive = keep(tmp_path, "r1", script.run("r1").events)
    assert archive.delete("r1")
    assert not archive.delete("r1")
    assert archive.runs(10) == ()
    assert History(tmp_path).past() == {}
    assert archive.restore("r1")
    assert [run.run_id for run in archive.runs(10)] == ["r1"]


def test_a_run_that_goes_on_is_not_deleted(tmp_path: Path) -> None:
    archive = keep(tmp_path, "run-1", MINUTE.until(20))
    assert not archive.delete("run-1")
    assert [run.run_id for run in archive.runs(10)] == ["run-1"]


def test_the_next_start_removes_what_was_deleted_and_nothing_else(tmp_path: Path) -> None:
    keep(tmp_path, "r1", script.run("r1", hour=1).events)
    archive = keep(tmp_path, "r2", script.run("r2", hour=2).events)
    assert delete_elsewhere(tmp_path, "r1") == "True\n"
    assert archive.purge() == 1
    assert not archive.restore("r1")
    assert [run.run_id for run in archive.runs(10)] == ["r2"]
    assert not tuple(History(tmp_path).events("r1"))
    assert tuple(History(tmp_path).events("r2"))


def test_what_a_living_console_deleted_can_be_taken_back_whoever_starts_beside_it(
    tmp_path: Path,
) -> None:
    archive = keep(tmp_path, "r1", script.run("r1").events)
    archive.delete("r1")
    assert StoredRuns(tmp_path).purge() == 0
    assert archive.restore("r1")
    assert [run.run_id for run in archive.runs(10)] == ["r1"]


def test_what_was_deleted_before_it_was_known_by_whom_goes_at_the_next_start(
    tmp_path: Path,
) -> None:
    archive = keep(tmp_path, "r1", script.run("r1").events)
    archive.delete("r1")
    with closing(connect(tmp_path / DATABASE)) as connection:
        connection.execute("UPDATE runs SET deleter_pid = NULL, deleter_started = NULL")
    assert archive.purge() == 1


def test_the_hottest_junction_stands_in_the_list_where_a_source_told_it(tmp_path: Path) -> None:
    run = script.run("r1")
    events = [*run.events[:7], script.sample(3.2, tj_c=71.5), *run.events[7:]]
    assert keep(tmp_path, "r1", events).runs(1)[0].tj_max_c == 71.5
    assert keep(tmp_path, "r2", script.run("r2", hour=1).events).runs(1)[0].tj_max_c is None
