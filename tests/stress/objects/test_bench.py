"""Storage measured by the real process, against a real server."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import msgspec

from tests.lib.eventually import eventually
from tests.lib.processes import children_of, command_line
from tests.lib.s3 import Server, needs_s3
from tests.stress.objects.benching import (
    BUCKET,
    SMALL,
    begun,
    job,
    measured,
    put,
    run_of,
    storage_of,
)
from tui.core import events as ev
from tui.core.storage.plan import MB


def test_without_a_store_the_local_half_is_measured_all_the_same(place: Path) -> None:
    run = run_of(measured(job(place), place))
    view = run.storage
    assert view is not None
    assert [cell.place for cell in view.cells] == ["local"] * 4
    assert view.no_store == "no endpoint is configured ([storage] in config.toml)"
    assert all(cell.read is not None and cell.read.mb_per_s > 0 for cell in view.cells)
    assert run.judgement is not None
    assert run.judgement.verdict == "PASS"
    assert "object store n/a" in run.judgement.reason


def test_nothing_stays_in_the_directory(place: Path) -> None:
    plan = msgspec.structs.replace(SMALL, records=200)
    (place / "mine").write_text("kept")
    measured(job(place, plan=plan), place.parent)
    assert [each.name for each in place.iterdir()] == ["mine"]


def test_rows_are_stored_and_asked_for(place: Path) -> None:
    plan = msgspec.structs.replace(SMALL, records=250)
    records = storage_of(measured(job(place, plan=plan), place), plan).records
    assert records is not None
    assert (records.rows, records.bad) == (250, 0)
    assert records.per_s is not None
    assert records.per_s > 0
    assert records.query_p95_ms is not None


def test_what_may_not_be_written_is_not(place: Path) -> None:
    plan = msgspec.structs.replace(SMALL, records=200)
    # Enough for cells of 1 MB, of two objects each, and for none of 2 MB.
    heard = measured(job(place, plan=plan, allowed_bytes=7 * MB), place)
    view = storage_of(heard, plan)
    done = {(cell.size_mb, cell.parallel): cell.read is not None for cell in view.cells}
    assert done == {(1, 1): True, (1, 2): True, (2, 1): False, (2, 2): False}
    written = [event.written_bytes for event in heard if isinstance(event, ev.CellBegan)]
    assert max(written) <= 7 * MB
    assert view.records is not None
    assert view.records.why_not == "the wear budget of this device is used up"


def test_a_directory_that_is_not_there_says_so(tmp_path: Path) -> None:
    run = run_of(measured(job(tmp_path / "gone"), tmp_path))
    assert run.judgement is not None
    assert run.judgement.verdict == "INVALID"
    assert "local path: " in run.judgement.reason


@needs_s3()
def test_every_cell_is_measured_in_both_places_and_every_hash_is_right(
    s3: Server, place: Path
) -> None:
    view = storage_of(measured(job(place, s3.url), place))
    assert [(cell.place, cell.size_mb, cell.parallel) for cell in view.cells] == [
        (where, size, parallel)
        for size in (1, 2)
        for parallel in (1, 2)
        for where in ("local", "store")
    ]
    assert (view.objects, view.bad) == (16, 0)
    for cell in view.cells:
        for told in (cell.write, cell.read):
            assert told is not None
            assert told.objects == 2
            assert told.bytes == 2 * cell.size_mb * MB
            assert 0 < told.p50_ms <= told.p95_ms <= told.longest_ms


@needs_s3()
def test_a_bucket_that_was_not_there_is_made_and_removed_again(s3: Server, place: Path) -> None:
    view = storage_of(measured(job(place, s3.url), place))
    assert view.store is not None
    assert view.store.made_bucket
    assert view.cleaned is not None
    assert (view.cleaned.removed, view.cleaned.left, view.cleaned.bucket_removed) == (8, 0, True)
    assert not s3.has(BUCKET)


@needs_s3()
def test_what_others_keep_in_the_bucket_stays(s3: Server, place: Path) -> None:
    put(s3, "theirs/1", make=True)
    view = storage_of(measured(job(place, s3.url), place))
    assert view.cleaned is not None
    assert not view.cleaned.bucket_removed
    assert s3.names(BUCKET) == ["theirs/1"]


@needs_s3()
def test_what_a_killed_run_left_is_named_and_removed_by_the_next(s3: Server, place: Path) -> None:
    is_going = threading.Event()

    def look(event: ev.Event) -> None:
        if isinstance(event, ev.CellMeasured) and event.cell.place == "store":
            is_going.set()

    many = msgspec.structs.replace(SMALL, sizes_mb=(1, 8), per_cell=40)
    with begun(job(place, s3.url, many, run_id="killed"), place, look) as (_, wait):
        assert is_going.wait(30)
        eventually(lambda: any("killed" in name for name in s3.names(BUCKET)))
        (bench,) = [
            each for each in children_of(os.getpid()) if "objects.program" in command_line(each)
        ]
        os.kill(bench, signal.SIGKILL)
        ended = wait()[-1]
    assert isinstance(ended, ev.StorageEnded)
    assert ended.why == "it was ended by signal 9"
    left = [name for name in s3.names(BUCKET) if "/killed/" in name]
    assert left
    view = storage_of(measured(job(place, s3.url, run_id="next"), place))
    assert view.store is not None
    assert len(view.store.swept) + view.store.swept_more == len(left)
    assert set(view.store.swept) <= set(left)
    assert view.cleaned is not None
    # The bucket that the killed run made is removed by the one after it, too.
    assert view.cleaned.bucket_removed
    assert not s3.has(BUCKET)


@needs_s3()
def test_one_that_is_stopped_cleans_up(s3: Server, place: Path) -> None:
    is_going = threading.Event()
    many = msgspec.structs.replace(SMALL, per_cell=200)
    with begun(job(place, s3.url, many), place, lambda event: is_going.set()) as (watch, wait):
        assert is_going.wait(30)
        watch.stop()
        heard = wait()
    view = storage_of(heard, many)
    assert view.cleaned is not None
    assert view.cleaned.left == 0
    assert not s3.has(BUCKET)
