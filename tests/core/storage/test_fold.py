"""A benchmark of storage from its events to its verdict."""

from __future__ import annotations

import pytest

from tests.core.storage import measured as made
from tui.core import events as ev
from tui.core.model import RunView
from tui.core.storage.measures import Cell, Cleaned, Opened, Records
from tui.core.verdict import Judgement


def judgement(run: RunView) -> Judgement:
    assert run.judgement is not None
    return run.judgement


def observed(run: RunView) -> dict[str, float | None]:
    return {state.limit.metric: state.observed for state in run.thresholds}


def test_the_slowest_cell_is_judged() -> None:
    run = made.run_of(made.GOOD)
    assert judgement(run).verdict == "PASS"
    found = observed(run)
    assert found["upload_mb_per_s"] == pytest.approx(40.0)
    assert found["local_write_mb_per_s"] == pytest.approx(400.0)
    assert found["metadata_records_per_s"] == 10_000
    assert found["metadata_query_ms"] == 1.5


def test_a_missed_goal_warns_and_a_broken_threshold_fails() -> None:
    told = made.GOOD[:2]
    warns = made.run_of(
        [*told, *made.cells((90.0,) * 4, (60.0, 10.0, 60.0, 60.0)), *made.GOOD[-3:]]
    )
    fails = made.run_of([*told, *made.cells((90.0,) * 4, (60.0, 3.0, 60.0, 60.0)), *made.GOOD[-3:]])
    assert judgement(warns).verdict == "PASS"
    assert "goal missed: upload_mb_per_s > 20" in warns.warnings
    assert judgement(fails).verdict == "FAIL"
    assert "upload 3.0 MB/s" in judgement(fails).reason


def test_without_a_store_its_limits_fail_nothing_and_it_is_said() -> None:
    local = [each for each in made.GOOD if not is_of_store(each)]
    run = made.run_of([ev.StorageOpened(opened=made.NO_STORE), *local])
    assert judgement(run).verdict == "PASS"
    assert judgement(run).reason.startswith("4 cells measured")
    assert "object store n/a" in judgement(run).reason
    assert observed(run)["upload_mb_per_s"] is None
    assert any("no endpoint is configured" in each for each in run.warnings)
    assert run.storage is not None
    assert run.storage.asked == 4


def test_what_a_scenario_leaves_out_fails_nothing_either() -> None:
    store = [each for each in made.GOOD if is_of_store(each)]
    run = made.run_of([*store, ev.StorageEnded()], local=False)
    assert judgement(run).verdict == "PASS"
    assert observed(run)["local_write_mb_per_s"] is None
    bare = [each for each in made.GOOD if not isinstance(each, ev.RecordsMeasured)]
    assert judgement(made.run_of(bare, records=0)).verdict == "PASS"
    assert judgement(made.run_of(bare)).verdict == "INVALID"


def test_one_that_did_not_come_to_clean_up_says_what_may_be_left() -> None:
    run = made.run_of(made.GOOD[:5])
    assert any("may be left there; the next run removes them" in each for each in run.warnings)
    shut = [each for each in made.failing("refused") if not isinstance(each, ev.StoreCleaned)]
    for told in (made.GOOD, shut):
        assert not any("may be left" in each for each in made.run_of(told).warnings)


def test_a_store_that_gave_no_figure_is_no_pass() -> None:
    local = [each for each in made.GOOD if not is_of_store(each)]
    run = made.run_of([ev.StorageOpened(opened=made.STORE), *local])
    assert judgement(run).verdict == "INVALID"


def test_an_object_that_came_back_changed_fails_whatever_the_limits_are() -> None:
    changed = ev.CellMeasured(cell=made.cell("store", 20, 8, bad=1))
    run = made.run_of([*made.GOOD[:-4], changed, *made.GOOD[-3:]])
    assert judgement(run).verdict == "FAIL"
    assert "object store: 1 of 8 objects came back changed (20 MB, 8 at once)" in (
        judgement(run).reason
    )
    assert run.storage is not None
    assert run.storage.integrity_rate == pytest.approx(1 - 1 / (8 * 8))


def test_a_store_that_goes_away_fails_it_and_says_where() -> None:
    run = made.run_of(made.failing("gone", (5, 4)))
    assert judgement(run).verdict == "FAIL"
    assert "broke the connection off (5 MB, 4 at once)" in judgement(run).reason
    assert judgement(run).advice


def test_without_the_package_nothing_is_proven_and_the_command_is_named() -> None:
    run = made.run_of(made.failing("no-package"))
    assert judgement(run).verdict == "INVALID"
    assert judgement(run).advice == "pip install 'jetproof[s3]'"


def test_a_process_that_died_proves_nothing() -> None:
    run = made.run_of([*made.GOOD[:-2], ev.StorageEnded(why="it was ended by signal 9")])
    assert judgement(run).verdict == "INVALID"
    assert "signal 9" in judgement(run).reason


def test_what_came_from_memory_is_no_rate_of_a_device() -> None:
    cached = ev.CellMeasured(cell=made.cell("local", 1, 1, 9_000.0, cached=True))
    run = made.run_of([made.GOOD[0], cached], sizes_mb=[1], parallel=[1], objects=False)
    assert run.storage is not None
    assert run.storage.rates("local", "read") is None
    assert run.storage.rates("local", "write") is not None
    assert any("came from memory" in each for each in run.warnings)


def test_memory_is_not_called_storage() -> None:
    ram = Opened(place="local", where="/dev/shm", medium="RAM, not storage", filesystem="tmpfs")
    run = made.run_of([ev.StorageOpened(opened=ram), *made.GOOD[1:]])
    assert "local path: /dev/shm is RAM, not storage" in run.warnings


def test_objects_of_earlier_runs_are_named() -> None:
    swept = Opened(place="store", where=made.WHERE, swept=("jetproof/b/old/1",), swept_more=2)
    run = made.run_of([made.GOOD[0], ev.StorageOpened(opened=swept), *made.GOOD[2:]])
    assert "object store: 3 objects of earlier runs removed, jetproof/b/old/1 first" in run.warnings


def test_objects_that_stay_behind_fail_it() -> None:
    left = ev.StoreCleaned(cleaned=Cleaned(30, 2, why="S3Error"))
    run = made.run_of([*made.GOOD[:-2], left, made.GOOD[-1]])
    assert judgement(run).verdict == "FAIL"
    assert "2 objects could not be removed" in judgement(run).reason


def test_rows_that_are_wrong_fail_it() -> None:
    records = ev.RecordsMeasured(records=Records(100, 100, 100, 1.0, bad=3))
    run = made.run_of([*made.GOOD[:-3], records, *made.GOOD[-2:]])
    assert "3 rows wrong or missing" in judgement(run).reason


def test_cells_beyond_the_wear_budget_are_told_as_not_measured() -> None:
    worn = ev.CellMeasured(
        cell=Cell("local", 20, 8, 8, why_not="the wear budget of this device is used up")
    )
    run = made.run_of([*made.GOOD[:2], worn, *made.GOOD[2:]])
    assert any("1 cell not measured: the wear budget" in each for each in run.warnings)


def test_a_local_cell_that_could_not_be_measured_is_no_pass() -> None:
    broken = ev.CellMeasured(cell=Cell("local", 20, 8, 8, why_not="the device failed: i/o error"))
    run = made.run_of([*made.GOOD[:2], broken, *made.GOOD[2:]])
    assert judgement(run).verdict == "INVALID"
    assert "the device failed: i/o error (20 MB, 8 at once)" in judgement(run).reason


@pytest.mark.parametrize(
    ("endpoint", "is_told"), [("https://s3.example.com", True), ("http://192.168.7.9:9000", False)]
)
def test_a_store_that_may_be_far_away_is_told(endpoint: str, is_told: bool) -> None:
    opened = Opened(place="store", where=f"{endpoint}, bucket pictures")
    run = made.run_of([made.GOOD[0], ev.StorageOpened(opened=opened), *made.GOOD[2:]])
    assert any("somebody may pay" in each for each in run.warnings) == is_told


def test_its_headline_tells_what_is_measured_and_how_far_it_is() -> None:
    now = ev.CellBegan(place="store", size_mb=1, parallel=8)
    run = made.run_of([*made.GOOD[:4], now], ended=False)
    assert run.headline.strong == "1 MB, 8 at once, object store"
    assert run.headline.rest == ": cell 3 of 8"


def is_of_store(event: ev.Event) -> bool:
    if isinstance(event, ev.CellMeasured):
        return event.cell.place == "store"
    if isinstance(event, ev.StorageOpened):
        return event.opened.place == "store"
    return isinstance(event, ev.StoreCleaned)
