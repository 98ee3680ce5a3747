"""Ends of a stress before its time: by hand, by a terminal that goes, by a mistake of ours."""

from __future__ import annotations

import pytest

from tests.engine.bench import verdict
from tests.engine.stress_bench import (
    AFTER_S,
    BEFORE_S,
    FAULTS,
    STRESS_S,
    USERS,
    StressBench,
    kept_waiting,
    stressed,
)
from tests.lib import processes
from tests.lib.eventually import eventually
from tui.core.stress.plan import Part
from tui.engine.stress_run import GRACE_S, UNWATCHED


class TestCalm:
    def test_ends_the_stress_and_the_run_watches_the_way_back(self, bench: StressBench) -> None:
        bench.stress(cpu={}, duration="60s")
        bench.await_part("stress")
        bench.supervisor.calm()
        eventually(lambda: bench.view.part == "after")
        assert bench.burners.is_over
        assert not bench.run.is_over
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "by hand")
        assert verdict(bench.run) == ("INTERRUPTED", "the stress was cut short: by hand")
        assert "the stress ended before its time: by hand" in bench.run.warnings

    def test_undoes_what_the_way_to_the_service_suffers_from(self, bench: StressBench) -> None:
        bench.stress(load=USERS, faults=FAULTS)
        bench.await_part("stress")
        assert bench.faults.holding == ["network"]
        bench.supervisor.calm()
        eventually(lambda: bench.view.part == "after")
        assert bench.faults.holding == []
        assert bench.undone() == ["network"]

    @pytest.mark.parametrize("part", ["before", "after"])
    def test_has_nothing_to_end_in_another_part(self, bench: StressBench, part: Part) -> None:
        bench.stress()
        bench.await_part(part)
        parts = bench.parts()
        bench.supervisor.calm()
        bench.await_turn()
        assert bench.parts() == parts

    def test_is_nothing_to_a_load(self, bench: StressBench) -> None:
        bench.start()
        bench.supervisor.calm()
        bench.await_turn()
        assert bench.run.phase == "measuring"


class TestATerminalThatIsGone:
    @pytest.mark.parametrize(
        "keys", [{"cpu": {}}, {"cpu": {}, "intent": "soak", "disk": {}}], ids=["contend", "disk"]
    )
    def test_ends_what_competes_with_the_service(
        self, bench: StressBench, keys: dict[str, object]
    ) -> None:
        bench.stress(duration="60s", **keys)
        bench.await_part("stress")
        bench.supervisor.hang_up()
        eventually(lambda: bench.view.part == "after")
        assert bench.burners.is_over
        assert bench.faults.holding == []
        assert bench.parts()[-1] == ("after", UNWATCHED)

    def test_ends_it_although_the_engine_waits_for_something(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={}, disk={}, duration="60s")
        bench.await_part("stress")
        with kept_waiting(bench):
            bench.supervisor.hang_up()
            eventually(lambda: bench.burners.is_over)
            eventually(lambda: not bench.faults.holding)
        eventually(lambda: bench.view.part == "after")
        assert bench.parts()[-1] == ("after", UNWATCHED)
        bench.to_the_end()
        assert verdict(bench.run) == ("INTERRUPTED", f"the stress was cut short: {UNWATCHED}")
        assert not any("burner" in text for text in bench.run.warnings)

    def test_ends_what_takes_without_standing_back_in_a_soak_too(self, bench: StressBench) -> None:
        bench.stress(cpu={}, exhaust={}, intent="soak", duration="60s")
        bench.await_part("stress")
        bench.supervisor.hang_up()
        eventually(lambda: bench.view.part == "after")
        assert bench.burners.is_over
        assert bench.parts()[-1] == ("after", UNWATCHED)

    def test_leaves_a_soak_alone(self, bench: StressBench) -> None:
        bench.stress(cpu={}, intent="soak")
        bench.await_part("stress")
        bench.supervisor.hang_up()
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "")

    def test_before_the_stress_lets_it_not_begin(self, bench: StressBench) -> None:
        bench.stress()
        bench.supervisor.hang_up()
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("after", UNWATCHED)]
        assert "start" not in bench.burners.names()

    def test_lets_no_later_run_do_harm_either(self, bench: StressBench) -> None:
        bench.start()
        bench.supervisor.hang_up()
        bench.ask(stressed(cpu={}))
        bench.supervisor.stop_run("enough")
        bench.end()
        bench.stress(cpu={})
        bench.to_the_end()
        assert "start" not in bench.burners.names()
        assert verdict(bench.run)[0] == "INTERRUPTED"


class TestAStop:
    @pytest.mark.parametrize(("at_once", "last"), [(False, "release"), (True, "halt")])
    def test_ends_burners_faults_and_the_run(
        self, bench: StressBench, at_once: bool, last: str
    ) -> None:
        bench.stress(cpu={}, disk={})
        bench.await_part("stress")
        bench.supervisor.stop_run("enough", at_once=at_once)
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert last in bench.burners.names()
        assert bench.undone() == ["disk"]
        assert bench.health.open == 0

    @pytest.mark.parametrize("keys", [{}, {"disk": {}}], ids=["burners", "and a fault"])
    def test_at_once_ends_them_although_the_engine_waits_for_something(
        self, bench: StressBench, keys: dict[str, object]
    ) -> None:
        bench.stress(cpu={}, duration="60s", **keys)
        bench.await_part("stress")
        bench.pass_s(3)
        with kept_waiting(bench):
            bench.supervisor.note("info", "this comes first")
            bench.supervisor.stop_run("enough", at_once=True)
            eventually(lambda: bench.burners.is_over)
            eventually(lambda: not bench.faults.holding)
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert ("after", "every burner was at its end") not in bench.parts()

    def test_at_once_is_nothing_to_the_run_behind_it(self, bench: StressBench) -> None:
        bench.stress()
        bench.supervisor.stop_run("enough", at_once=True)
        bench.end()
        bench.stress()
        bench.to_the_end()
        assert verdict(bench.run)[0] == "PASS"

    def test_in_the_grace_of_another_end_leaves_that_one(self, bench: StressBench) -> None:
        bench.burners.stays = True
        bench.stress(cpu={})
        bench.await_part("after")
        bench.pass_s(AFTER_S + GRACE_S + 1)
        assert bench.run.phase == "cleaning"
        bench.supervisor.stop_run("enough")
        bench.burners.die()
        assert verdict(bench.end())[0] == "PASS"

    def test_counts_before_the_stress_as_well(self, bench: StressBench) -> None:
        bench.stress()
        bench.supervisor.stop_run("enough")
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert "start" not in bench.burners.names()

    def test_ends_the_load_beside_it_too(self, bench: StressBench) -> None:
        bench.stress(load=USERS, cpu={})
        bench.await_part("stress")
        bench.supervisor.stop_run("enough")
        assert verdict(bench.end()) == ("INTERRUPTED", "enough")
        assert bench.driver.names()[-1] == "close"

    def test_is_what_closing_the_engine_is(self, eager: None) -> None:
        bench = StressBench()
        before = processes.python_threads()
        bench.supervisor.start()
        bench.stress(load=USERS, faults=FAULTS, memory={})
        bench.await_part("stress")
        bench.supervisor.close()
        assert verdict(bench.run)[0] == "INTERRUPTED"
        assert bench.burners.is_over
        assert bench.faults.is_closed
        assert processes.python_threads() == before


class TestAMistakeOfOurs:
    @pytest.mark.parametrize("call", ["start", "ask", "release"])
    def test_in_mid_stress_closes_everything(self, bench: StressBench, call: str) -> None:
        bench.burners.fail_on[call] = RuntimeError("boom")
        bench.stress(load=USERS, faults=FAULTS, cpu={})
        bench.clock.pass_s(BEFORE_S + 0.5)
        if call == "release":
            bench.await_part("stress")
            bench.clock.pass_s(STRESS_S)
        assert verdict(bench.end()) == ("INTERRUPTED", "internal error: RuntimeError: boom")
        assert bench.burners.names()[-1] == "halt"
        assert bench.burners.is_over
        assert bench.faults.is_closed
        assert bench.faults.holding == []
        assert bench.health.open == 0
        assert bench.driver.names()[-1] == "close"
        assert not bench.lock.is_held

    def test_in_closing_itself_leaves_nothing_else_open(self, bench: StressBench) -> None:
        bench.burners.fail_on |= {"ask": RuntimeError("boom"), "halt": RuntimeError("boom")}
        bench.stress(load=USERS, faults=FAULTS, cpu={})
        bench.clock.pass_s(BEFORE_S + 0.5)
        assert verdict(bench.end())[0] == "INTERRUPTED"
        assert bench.faults.is_closed
        assert bench.health.open == 0
        assert bench.driver.names()[-1] == "close"

    def test_is_over_with_the_next_run(self, bench: StressBench) -> None:
        bench.burners.fail_on["ask"] = RuntimeError("boom")
        bench.stress()
        bench.clock.pass_s(BEFORE_S + 0.5)
        bench.end()
        bench.burners.fail_on.clear()
        bench.stress()
        bench.to_the_end()
        assert verdict(bench.run)[0] == "PASS"
