"""A load beside a stress: level, parts, and what happens where one of them ends alone."""

from __future__ import annotations

from tests.engine.bench import verdict
from tests.engine.stress_bench import AFTER_S, BEFORE_S, STRESS_S, USERS, StressBench, stressed
from tests.lib.eventually import eventually
from tui.core import events as ev

ABORTING = {"p95_ms": {"limit": "< 50", "abort": True, "after": f"{BEFORE_S + 2}s"}}


class TestALoadBeside:
    def test_is_at_its_level_before_anything_is_compared(self, bench: StressBench) -> None:
        bench.driver.keeps_levels = False
        bench.ask(stressed(load=USERS, cpu={}))
        bench.await_phase("warm-up")
        bench.pass_s(BEFORE_S + 1)
        assert bench.parts() == []
        bench.driver.say(ev.LevelReached(users=10))
        bench.await_phase("measuring")
        bench.await_part("before")

    def test_goes_on_in_all_three_parts_and_is_the_runs_end(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={}, limits={"p95_ms": "< 2000"})
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("stress", ""), ("after", "")]
        word, reason = verdict(bench.run)
        assert word == "PASS"
        assert reason.endswith("requests within all limits under cpu 100 % for 6 s")
        assert bench.run.total.requests >= 100 * (BEFORE_S + STRESS_S + AFTER_S - 1)
        assert bench.run.phase == "ended"

    def test_that_ends_by_itself_waits_for_the_burners_end(self, bench: StressBench) -> None:
        bench.burners.stays = True
        bench.stress(load=USERS, cpu={}, limits=ABORTING)
        bench.await_part("stress")
        while "close" not in bench.driver.names():
            assert bench.view.part == "stress"
            bench.pass_s(1)
        assert not bench.run.is_over
        assert bench.kept(ev.RunEnded) == []
        bench.burners.die()
        word, reason = verdict(bench.end())
        assert word == "FAIL"
        assert reason.startswith("p95 100 ms, limit 50 ms")
        assert [event.name for event in bench.kept(ev.BurnerEnded)] == ["cpu"]  # type: ignore[attr-defined]

    def test_that_ends_by_itself_has_burners_ended_that_do_not_end(
        self, bench: StressBench
    ) -> None:
        bench.burners.stays = True
        bench.stress(load=USERS, cpu={}, limits=ABORTING)
        bench.await_part("stress")
        bench.to_the_end()
        assert verdict(bench.run)[0] == "FAIL"
        assert "halt" in bench.burners.names()

    def test_is_a_stress_of_its_own_where_nothing_can_burn(self, bench: StressBench) -> None:
        bench.burners.why_not["gpu"] = "no program for it is installed"
        bench.stress(load=USERS, gpu={})
        bench.to_the_end()
        _before, stress, _after = bench.view.parts
        assert stress.until_s is not None
        assert stress.until_s - stress.from_s >= STRESS_S
        assert verdict(bench.run)[0] == "PASS"

    def test_that_drains_is_cut_off_by_a_guard(self, bench: StressBench) -> None:
        bench.driver.drains = False
        bench.stress(load=USERS, cpu={}, limits=ABORTING)
        bench.await_part("stress")
        while bench.run.phase == "measuring":
            bench.pass_s(1)
        assert bench.run.phase == "draining"
        bench.heat()
        bench.pass_s(3)
        word, reason = verdict(bench.end())
        assert word == "ABORTED"
        assert "heat" in reason

    def test_that_loses_its_workers_ends_the_stress(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.await_part("stress")
        bench.driver.say(ev.WorkerLost(name="w1", reason="was killed", users=10))
        assert verdict(bench.end()) == ("INVALID", "worker w1 lost with 10 users: was killed")
        assert bench.burners.is_over

    def test_can_be_changed_by_hand(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.supervisor.rescale(3)
        eventually(lambda: bench.run.users_asked == 3)
