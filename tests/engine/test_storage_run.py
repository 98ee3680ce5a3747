"""A run that measures storage, as the engine drives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.core.storage import measured as made
from tests.engine.bench import DEMO, Bench, verdict
from tests.lib.eventually import eventually
from tests.lib.fake_storage import FakeStorageWatch
from tui.core import events as ev
from tui.core.config import parse_config
from tui.core.problem import InputError
from tui.core.storage.settings import StorageSettings
from tui.engine.storage_run import CLEAN_UP_S
from tui.ports import RunRequest

SITE = {
    "endpoint": "http://store:9000",
    "bucket": "pictures",
    "access_key": "env:A",
    "secret_key": "env:S",
    "local": "/data",
}


class StorageBenching(Bench):
    """An engine that is asked for a benchmark of storage."""

    def go(self, **table: Any) -> FakeStorageWatch:
        """The measurement, under way."""
        self.supervisor.start_run(RunRequest(made.scenario(**table), DEMO, workers=1))
        self.await_phase("measuring")
        return eventually(lambda: self.storage.watches)[-1]


def engine(**real: Any) -> StorageBenching:
    config = parse_config("config.toml", {"storage": SITE})
    return StorageBenching(config=config, **real)


@pytest.fixture
def bench(eager: None) -> Iterator[StorageBenching]:
    found = engine()
    found.supervisor.start()
    yield found
    found.supervisor.close()


def test_it_runs_from_the_first_cell_to_its_verdict(bench: StorageBenching) -> None:
    watch = bench.go()
    for event in made.GOOD:
        watch.tell(event)
    assert verdict(bench.end())[0] == "PASS"
    assert bench.run.storage is not None
    assert len(bench.run.storage.cells) == 8
    eventually(lambda: watch.is_closed)


def test_it_is_told_where_and_with_which_keys_which_nothing_keeps(bench: StorageBenching) -> None:
    job = bench.go().job
    assert (job.directory, job.run_id) == ("/data", bench.run.facts.id)
    assert (job.access_key, job.secret_key) == ("key", "secret")
    assert job.settings.endpoint == SITE["endpoint"]
    assert '"secret"' not in repr(bench.store.kept)


def test_it_asks_nothing_of_any_service(bench: StorageBenching) -> None:
    watch = bench.go()
    watch.end()
    bench.end()
    assert not bench.embedded.is_running
    assert bench.run.facts.target.name == ""


def test_keys_that_are_not_there_refuse_it(eager: None) -> None:
    def read(settings: StorageSettings) -> tuple[str, str]:
        raise InputError.of("config", "storage.secret_key", "environment variable S is not set")

    bench = engine(read_storage_keys=read)
    bench.supervisor.start()
    bench.supervisor.start_run(RunRequest(made.scenario(), DEMO, workers=1))
    assert bench.await_refusal() == "input"
    assert not bench.storage.watches
    bench.supervisor.close()


def test_without_a_store_no_keys_are_asked_for(eager: None) -> None:
    def read(settings: StorageSettings) -> tuple[str, str]:
        raise AssertionError("nobody needs them")

    bench = engine(read_storage_keys=read)
    bench.supervisor.start()
    job = bench.go(objects=False).job
    assert (job.access_key, job.secret_key) == ("", "")
    bench.supervisor.close()


def test_what_is_written_is_kept_as_wear_of_its_device(bench: StorageBenching) -> None:
    watch = bench.go()
    watch.tell(ev.CellBegan(place="local", size_mb=1, parallel=1, written_bytes=4_000))
    watch.tell(ev.CellBegan(place="store", size_mb=1, parallel=1))
    watch.tell(ev.RecordsMeasured(records=made.RECORDS, written_bytes=9_000))
    watch.end()
    bench.end()
    eventually(lambda: sum(bench.wear.kept) == 9_000)


def test_one_that_is_stopped_cleans_up_first(bench: StorageBenching) -> None:
    bench.storage.ends_by_itself = False
    watch = bench.go()
    bench.supervisor.stop_run("stopped by hand")
    eventually(lambda: watch.is_stopped)
    assert bench.run.phase == "cleaning"
    watch.tell(made.GOOD[-2])
    watch.end()
    assert verdict(bench.end())[0] == "INTERRUPTED"


def test_one_that_does_not_end_its_clean_up_is_ended(bench: StorageBenching) -> None:
    bench.storage.ends_by_itself = False
    watch = bench.go()
    bench.supervisor.stop_run("stopped by hand")
    eventually(lambda: watch.is_stopped)
    bench.clock.pass_s(CLEAN_UP_S + 1)
    assert verdict(bench.end())[0] == "INTERRUPTED"
    eventually(lambda: watch.is_closed)


def test_a_guard_that_trips_while_it_cleans_up_is_the_end_that_counts(
    bench: StorageBenching,
) -> None:
    bench.storage.ends_by_itself = False
    watch = bench.go()
    bench.supervisor.stop_run("stopped by hand")
    eventually(lambda: watch.is_stopped)
    watch.is_stopped = False
    bench.board.readings["tj_c"] = ev.Reading(102.0, "sysfs", limit=99.0, critical=104.5)
    eventually(lambda: watch.is_stopped)
    watch.end()
    assert verdict(bench.end())[0] == "ABORTED"


def test_a_process_that_dies_makes_it_invalid(bench: StorageBenching) -> None:
    watch = bench.go()
    watch.end("it was ended by signal 9")
    found = verdict(bench.end())
    assert found[0] == "INVALID"
    assert "signal 9" in found[1]


def test_a_stored_run_looks_the_same() -> None:
    events = made.events_of(made.GOOD)
    again = [msgspec.json.decode(msgspec.json.encode(each), type=ev.AnyEvent) for each in events]
    assert made.run_of(made.GOOD).storage == script.view_of(again).storage


def test_a_refusal_names_no_service_that_it_would_not_have_asked(bench: StorageBenching) -> None:
    bench.lock.holder = "another run drives this board"
    bench.supervisor.start_run(RunRequest(made.scenario(), DEMO, workers=1))
    assert bench.await_refusal() == "busy"
    refusal = bench.snapshots[-1].refusal
    assert refusal is not None
    assert refusal.target == ""
