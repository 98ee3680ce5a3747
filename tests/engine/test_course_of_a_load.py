"""Loads whose level changes by themselves, is held, or ends with the work."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.core.script import scenario
from tests.engine.bench import DEMO, Bench, verdict
from tests.lib.eventually import eventually
from tui.core import events as ev
from tui.core.tally import WARM_UP
from tui.engine.lease import EXTEND_S
from tui.ports import RunRequest, as_rungs

STEPS = [{"users": 5, "duration": "10s"}, {"users": 10, "duration": "20s"}]


def request(target: Any = DEMO, limits: dict[str, Any] | None = None, **load: Any) -> RunRequest:
    asked = scenario("steps", load={"spawn_rate": 50.0, **load}, thresholds=limits or {})
    return RunRequest(asked, target, workers=1)


class TestStages:
    def test_follow_one_another_and_end_the_run(self, bench: Bench) -> None:
        bench.start(request(stages=STEPS))
        assert bench.run.users_asked == 5
        bench.run_s(10)
        eventually(lambda: bench.run.users_asked == 10)
        bench.run_s(20)
        view = bench.end()
        assert verdict(view)[0] == "PASS"
        assert [stage.users for stage in view.stages] == [5, 10]
        assert [call for call in bench.driver.calls if call[0] == "rescale"] == [("rescale", 10)]
        assert bench.levels() == [5, 10]

    def test_that_break_a_limit_end_the_run_when_they_are_judged(self, bench: Bench) -> None:
        bench.start(request(stages=STEPS, judge="stage", limits={"p95_ms": "< 50"}))
        bench.run_s(12)
        word, reason = verdict(bench.end())
        assert word == "FAIL"
        assert reason.endswith("at 5 users; no level was within the limits")

    def test_stand_still_in_a_pause(self, bench: Bench) -> None:
        bench.start(request(stages=STEPS))
        bench.run_s(9)
        bench.supervisor.pause()
        bench.await_phase("paused")
        bench.clock.pass_s(100.0)
        bench.supervisor.resume()
        bench.await_phase("measuring")
        assert bench.run.users_asked == 5
        bench.run_s(2)
        eventually(lambda: bench.run.users_asked == 10)


def test_a_warm_up_that_was_paused_goes_on_as_one(bench: Bench) -> None:
    bench.supervisor.start_run(request(users=10, duration="1m", warm_up="20s"))
    bench.await_phase("warm-up")
    bench.run_s(5)
    bench.supervisor.pause()
    bench.await_phase("paused")
    bench.supervisor.resume()
    eventually(lambda: bench.driver.calls[-1] == ("set_phase", WARM_UP))
    assert bench.run.phase == "warm-up"
    bench.run_s(15)
    bench.await_phase("measuring")


def test_a_measured_load_that_was_paused_is_measured_once_its_level_is_back(bench: Bench) -> None:
    bench.start(request(users=10, duration="1m", warm_up="0s"))
    bench.driver.keeps_levels = False
    bench.supervisor.pause()
    bench.await_phase("paused")
    bench.supervisor.resume()
    bench.await_phase("warm-up")
    bench.run_s(3)
    assert bench.run.phase == "warm-up"
    bench.driver.say(ev.LevelReached(users=10))
    bench.await_phase("measuring")


class TestAHeldLevel:
    def test_goes_on_for_as_long_as_it_is_held(self, bench: Bench) -> None:
        bench.start(request(stages=STEPS))
        bench.run_s(5)
        bench.supervisor.hold()
        eventually(lambda: bench.run.is_holding)
        bench.run_s(60)
        assert bench.run.users_asked == 5
        assert bench.run.held_s == pytest.approx(60.0)
        assert bench.run.total_s == pytest.approx(90.0)
        bench.supervisor.release()
        eventually(lambda: not bench.run.is_holding)
        bench.run_s(5)
        eventually(lambda: bench.run.users_asked == 10)
        bench.run_s(20)
        view = bench.end()
        assert verdict(view)[0] == "PASS"
        assert view.measured_s == pytest.approx(90.0)

    def test_puts_off_the_end_of_a_steady_load(self, bench: Bench) -> None:
        bench.start(request(users=10, duration="10s"))
        bench.supervisor.hold()
        eventually(lambda: bench.run.is_holding)
        bench.run_s(30)
        assert bench.run.phase == "measuring"
        bench.supervisor.stop_run()
        bench.end()

    def test_keeps_the_workers_alive(self, bench: Bench) -> None:
        bench.start(request(users=10, duration="10s"))
        bench.supervisor.hold()
        bench.await_turn()
        for _ in range(3):
            bench.clock.pass_s(EXTEND_S + 1)
            bench.await_turn()
        held = [call[1] for call in bench.driver.calls if call[0] == "extend"]
        assert len(held) == 4, "as long as it is held they hear of it again and again"
        assert min(held) > 2 * EXTEND_S
        bench.supervisor.release()
        bench.await_turn()
        planned = [call[1] for call in bench.driver.calls if call[0] == "extend"][-1]
        assert 10 < planned < EXTEND_S
        assert [call[1] for call in bench.driver.calls if call[0] == "hold"] == [True, False]


class TestAShape:
    def test_says_how_many_users_there_are(self, bench: Bench) -> None:
        bench.supervisor.start_run(request(users=20, duration="1m", shape="Steps"))
        bench.await_phase("warm-up")
        assert bench.driver.plan is not None
        assert bench.driver.plan.users == 0
        bench.driver.say(ev.LevelAsked(users=4, spawn_rate=2.0))
        bench.await_phase("measuring")
        assert bench.run.users_asked == 4

    def test_gets_no_more_than_the_scenario_allows_and_is_told(self, bench: Bench) -> None:
        bench.supervisor.start_run(request(users=20, duration="1m", shape="Steps"))
        bench.await_phase("warm-up")
        bench.driver.say(ev.LevelAsked(users=500))
        eventually(lambda: ("rescale", 20) in bench.driver.calls)
        eventually(lambda: any("500" in text and "20" in text for text in bench.run.warnings))

    def test_that_fails_proves_nothing(self, bench: Bench) -> None:
        bench.supervisor.start_run(request(users=20, duration="1m", shape="Steps"))
        bench.await_phase("warm-up")
        bench.driver.say(ev.LevelAsked(users=4))
        bench.await_phase("measuring")
        bench.run_s(5)
        bench.driver.say(ev.LevelAsked(users=None, failed="ValueError: no more"))
        assert verdict(bench.end()) == ("INVALID", "the shape failed: ValueError: no more")

    def test_ends_the_run_when_it_is_done(self, bench: Bench) -> None:
        bench.supervisor.start_run(request(users=20, duration="1m", shape="Steps"))
        bench.await_phase("warm-up")
        bench.driver.say(ev.LevelAsked(users=4))
        bench.await_phase("measuring")
        bench.run_s(5)
        bench.driver.say(ev.LevelAsked(users=None))
        assert verdict(bench.end())[0] == "PASS"


def test_a_run_is_over_when_every_user_has_done_its_operations(bench: Bench) -> None:
    bench.start(request(users=10, duration="1m", operations_per_user=5))
    bench.run_s(3)
    reported = ev.LoadReported(users=1, in_flight=0, oldest_s=0.0, silent_s=0.0, done=9)
    bench.driver.say(reported)
    bench.await_turn()
    assert bench.run.phase == "measuring"
    bench.driver.say(msgspec.structs.replace(reported, users=0, done=10))
    assert verdict(bench.end())[0] == "PASS"


def test_users_added_by_hand_have_their_operations_too(bench: Bench) -> None:
    bench.start(request(users=10, duration="1m", operations_per_user=5))
    bench.supervisor.rescale(20)
    eventually(lambda: bench.run.users_asked == 20)
    bench.driver.say(ev.LoadReported(users=10, in_flight=0, oldest_s=0, silent_s=0, done=10))
    bench.await_turn()
    assert bench.run.phase == "measuring"
    bench.driver.say(ev.LoadReported(users=0, in_flight=0, oldest_s=0, silent_s=0, done=20))
    bench.end()


def test_nobody_gets_more_users_by_hand_than_the_target_may_get(bench: Bench) -> None:
    target = msgspec.structs.replace(DEMO, max_users=12)
    bench.start(request(target, users=10, duration="1m"))
    bench.supervisor.rescale(500)
    eventually(lambda: bench.run.users_asked == 12)


def test_an_instrument_with_a_high_floor_makes_a_run_invalid(bench: Bench) -> None:
    bench.start(request(users=10, duration="10s"))
    bench.driver.say(ev.InstrumentCalibrated(p50_ms=3.1, p99_ms=4.0, requests=100))
    bench.run_s(10)
    view = bench.end()
    assert verdict(view)[0] == "INVALID"
    assert "3.1 ms" in verdict(view)[1]
    assert view.floor is not None


class TestACampaign:
    def test_goes_on_while_its_rungs_pass(self, bench: Bench) -> None:
        for each in as_rungs("ladder", [bench.request("one"), bench.request("two")]):
            bench.supervisor.start_run(each)
        bench.await_phase("measuring")
        bench.run_s(59)
        bench.clock.pass_s(1.0)
        bench.await_run("two")
        assert (bench.run.facts.campaign, bench.run.facts.rung) == ("ladder", 2)

    def test_ends_with_the_first_that_does_not(self, bench: Bench) -> None:
        bench.driver.failing = True
        rungs = [bench.request("one", thresholds={"error_rate": "< 0.01"}), bench.request("two")]
        for each in as_rungs("ladder", rungs):
            bench.supervisor.start_run(each)
        bench.await_phase("measuring")
        bench.run_s(60)
        assert verdict(bench.end())[0] == "FAIL"
        bench.await_turn()
        assert bench.newest.queued == ()
        assert any("rung 1 of 2" in entry.text for entry in bench.newest.log)

    def test_waits_for_the_board_between_its_rungs_until_it_is_told_not_to(
        self, bench: Bench
    ) -> None:
        bench.board.readings["load_1m"] = ev.Reading(3.0, "replay")
        bench.await_gauge("load_1m")
        for each in as_rungs("ladder", [bench.request("one"), bench.request("two")]):
            bench.supervisor.start_run(each)
        bench.await_phase("measuring")
        bench.run_s(60)
        eventually(lambda: bench.newest.cooling)
        assert bench.newest.cooling is not None
        assert bench.newest.cooling.next == "two"
        bench.supervisor.skip_cool_down()
        bench.await_run("two")
        assert bench.newest.cooling is None
