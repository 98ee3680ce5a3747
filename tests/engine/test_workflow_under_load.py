"""A workflow with a load beside it, from its first user to its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.core.script import scenario
from tests.engine.bench import DEMO, Bench, verdict
from tests.lib.eventually import eventually
from tests.lib.fake_workflows import FakeWorkflowWatch
from tui.core import events as ev
from tui.engine.e2e_run import CLEAN_UP_S, LEAST_LOAD_S
from tui.engine.lease import EXTEND_S
from tui.ports import RunRequest

TABLE: dict[str, Any] = {
    "steps": [
        {"name": "alive", "operation": "health"},
        {"name": "listed", "operation": "list", "values": {"limit": "1", "offset": "0"}},
    ],
    "cleanup": [{"name": "settled", "operation": "health"}],
}
LOAD: dict[str, Any] = {"users": 10, "spawn_rate": 10.0}
STAGES = [{"users": 10, "duration": "30s"}, {"users": 20, "duration": "30s"}]


class LoadedBench(Bench):
    """An engine that is asked for a workflow under load."""

    def ask(self, **load: Any) -> None:
        keys = load if "stages" in load else {**LOAD, **load}
        limits = {"p95_ms": "< 500", "completion_rate": ">= 1"}
        made = scenario("day", kind="e2e", e2e=TABLE, load=keys, thresholds=limits, goals={})
        self.supervisor.start_run(RunRequest(made, DEMO, workers=1))

    def go(self, **load: Any) -> FakeWorkflowWatch:
        """It, with its rounds under way."""
        self.ask(**load)
        self.await_phase("measuring")
        return eventually(lambda: self.workflows.watches)[-1]

    def finish(self, watch: FakeWorkflowWatch) -> None:
        """Every step passes, and the last round is over."""
        for _ in watch.steps:
            watch.pass_step()
        watch.end()
        self.await_turn()


@pytest.fixture
def bench(eager: None) -> Iterator[LoadedBench]:
    made = LoadedBench()
    made.supervisor.start()
    yield made
    made.supervisor.close()


class TestItsCourse:
    def test_is_over_when_the_rounds_are_and_the_load_has_drained(self, bench: LoadedBench) -> None:
        watch = bench.go()
        bench.run_s(20)
        bench.finish(watch)
        view = bench.end()
        told = verdict(view)
        assert told[0] == "PASS"
        assert "1 round of 3 steps complete under 2 000 requests" in told[1]
        assert [state.limit.metric for state in view.thresholds] == ["p95_ms", "completion_rate"]
        assert all(state.passed for state in view.thresholds)
        assert "draining" in bench.phases()
        assert watch.is_closed
        assert "close" in bench.driver.names()

    def test_has_its_first_round_once_the_level_is_reached(self, bench: LoadedBench) -> None:
        bench.driver.keeps_levels = False
        bench.ask()
        bench.await_phase("warm-up")
        bench.await_turn()
        assert not bench.workflows.watches
        bench.driver.say(ev.LevelReached(users=10))
        eventually(lambda: bench.workflows.watches)

    def test_goes_on_under_its_load_as_long_as_the_rounds_take(self, bench: LoadedBench) -> None:
        watch = bench.go()
        bench.run_s(3)
        bench.clock.pass_s(EXTEND_S + 1.0)
        eventually(lambda: "extend" in bench.driver.names(), "the workers would die of old age")
        assert bench.run.phase == "measuring"
        bench.finish(watch)
        assert verdict(bench.end())[0] == "PASS"

    def test_has_a_load_of_some_seconds_though_its_rounds_are_quicker(
        self, bench: LoadedBench
    ) -> None:
        watch = bench.go()
        bench.run_s(1)
        bench.finish(watch)
        assert bench.run.phase == "measuring"
        bench.clock.pass_s(LEAST_LOAD_S)
        assert verdict(bench.end())[0] == "PASS"

    def test_lasts_as_long_as_its_stages_do(self, bench: LoadedBench) -> None:
        watch = bench.go(stages=STAGES, spawn_rate=20.0)
        bench.run_s(10)
        bench.finish(watch)
        assert bench.run.phase == "measuring"
        bench.run_s(25)
        eventually(lambda: bench.run.users_asked == 20)
        bench.clock.pass_s(30.0)
        assert verdict(bench.end())[0] == "PASS"

    def test_keeps_the_last_stage_until_the_rounds_are_over(self, bench: LoadedBench) -> None:
        watch = bench.go(stages=STAGES, spawn_rate=20.0)
        bench.run_s(31)
        eventually(lambda: bench.run.users_asked == 20)
        bench.run_s(60)
        assert bench.run.phase == "measuring"
        bench.finish(watch)
        assert verdict(bench.end())[0] == "PASS"

    def test_may_have_another_number_of_users(self, bench: LoadedBench) -> None:
        watch = bench.go()
        bench.supervisor.rescale(25)
        eventually(lambda: bench.run.users_asked == 25)
        bench.run_s(10)
        bench.finish(watch)
        assert "users changed by hand: 10 to 25" in verdict(bench.end())[1]


class TestTheVerdict:
    def test_a_step_that_fails_fails_the_run(self, bench: LoadedBench) -> None:
        watch = bench.go()
        bench.run_s(10)
        watch.fail_step("status 500, not 200")
        watch.end(is_complete=False)
        told = verdict(bench.end())
        assert told == ("FAIL", "alive failed in round 1: status 500, not 200")

    def test_a_limit_of_the_requests_fails_it_too(self, bench: LoadedBench) -> None:
        bench.driver.ms = 900.0
        watch = bench.go()
        bench.run_s(10)
        bench.finish(watch)
        told = verdict(bench.end())
        assert told[0] == "FAIL"
        assert told[1].startswith("p95 9")

    def test_an_instrument_that_was_the_limit_proves_nothing(self, bench: LoadedBench) -> None:
        watch = bench.go()
        bench.run_s(10)
        for _ in watch.steps:
            watch.pass_step()
        bench.driver.say(ev.WorkerLost(name="w1", reason="was killed", users=10))
        assert verdict(bench.end())[0] == "INVALID"
        assert watch.is_stopped


class TestAnEndBeforeItsTime:
    def test_by_hand_is_that_of_both(self, bench: LoadedBench) -> None:
        bench.workflows.ends_by_itself = False
        watch = bench.go()
        bench.run_s(5)
        bench.supervisor.stop_run("stopped by hand")
        bench.await_phase("cleaning")
        assert watch.is_stopped
        assert "drain" in bench.driver.names()
        watch.end(is_complete=False)
        assert verdict(bench.end()) == ("INTERRUPTED", "stopped by hand")

    def test_waits_for_a_clean_up_no_longer_than_it_may_take(self, bench: LoadedBench) -> None:
        bench.workflows.ends_by_itself = False
        bench.go()
        bench.supervisor.stop_run("stopped by hand")
        bench.await_phase("cleaning")
        bench.clock.pass_s(CLEAN_UP_S + 1.0)
        assert verdict(bench.end())[0] == "INTERRUPTED"

    def test_in_the_warm_up_begins_no_round(self, bench: LoadedBench) -> None:
        bench.driver.keeps_levels = False
        bench.ask()
        bench.await_phase("warm-up")
        bench.supervisor.stop_run("stopped by hand")
        assert verdict(bench.end())[0] == "INTERRUPTED"
        assert not bench.workflows.watches

    def test_by_a_limit_stops_the_rounds(self, bench: LoadedBench) -> None:
        made = scenario(
            "day",
            kind="e2e",
            e2e=TABLE,
            load=LOAD,
            thresholds={"error_rate": {"limit": "< 0.1", "abort": True}},
            goals={},
        )
        bench.driver.failing = True
        bench.supervisor.start_run(RunRequest(made, DEMO, workers=1))
        bench.await_phase("measuring")
        bench.run_s(10)
        view = bench.end()
        assert verdict(view)[0] == "FAIL"
        assert "ended early" in verdict(view)[1]
        assert bench.workflows.watches[-1].is_stopped

    def test_leaves_nothing_of_the_users_behind(self, bench: LoadedBench) -> None:
        bench.driver.created_paths = ("/images/1", "/images/2")
        bench.go()
        bench.run_s(5)
        bench.supervisor.stop_run("stopped by hand")
        view = bench.end()
        assert view.clean_up is not None
        assert (view.clean_up.created, view.clean_up.left) == (2, 0)


def test_a_guard_ends_both(bench: LoadedBench) -> None:
    watch = bench.go()
    bench.run_s(5)
    bench.board.readings["tj_c"] = ev.Reading(102.0, "sysfs", limit=99.0, critical=104.5)
    assert verdict(bench.end())[0] == "ABORTED"
    assert "drain" in bench.driver.names()
    assert watch.is_stopped
