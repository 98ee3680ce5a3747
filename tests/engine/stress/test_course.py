"""A stress from its start to its verdict, and what its burners make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.bench import verdict
from tests.engine.stress_bench import AFTER_S, BEFORE_S, STRESS_S, StressBench
from tests.lib import processes
from tui.core import events as ev
from tui.core.stress.plan import PARTS
from tui.core.stress.view import FoundLimit
from tui.engine.stress_run import GRACE_S
from tui.store.database import SqliteStore
from tui.store.history import History


class TestAStress:
    def test_goes_through_its_parts_to_a_verdict(self, bench: StressBench) -> None:
        bench.stress(steps_percent=[50, 100], cpu={})
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("stress", ""), ("after", "")]
        assert [event.step for event in bench.kept(ev.StressStepped)] == [0, 1]  # type: ignore[attr-defined]
        assert bench.burners.asked() == [0.5, 1.0]
        assert bench.phases() == ["preparing", "measuring", "cleaning", "ended"]
        assert verdict(bench.run) == ("PASS", "cpu 50 · 100 % for 6 s, within all limits")

    def test_lasts_as_long_as_its_scenario_says(self, bench: StressBench) -> None:
        bench.stress()
        bench.to_the_end()
        began, released = (event.at_s for event in bench.kept(ev.StressEntered)[1:])
        assert released - began == pytest.approx(STRESS_S)
        assert bench.run.total_s == BEFORE_S + STRESS_S + AFTER_S

    def test_burns_nothing_before_and_after(self, bench: StressBench) -> None:
        bench.stress()
        bench.await_part("before")
        assert bench.burners.names() == ["prepare"]
        bench.await_part("after")
        assert bench.burners.is_over
        assert set(bench.burners.names()) == {"prepare", "start", "ask", "release"}

    def test_rises_to_its_level(self, bench: StressBench) -> None:
        bench.stress(cpu={}, ramp="4s")
        bench.await_part("after")
        assert bench.burners.asked() == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0])

    def test_asks_for_no_worker_and_puts_no_load_on_anything(self, bench: StressBench) -> None:
        bench.stress()
        bench.to_the_end()
        assert bench.driver.names() == []
        assert bench.run.total.requests == 0

    def test_leaves_nothing_behind(self, bench: StressBench) -> None:
        threads = processes.python_threads()
        bench.stress()
        bench.to_the_end()
        assert bench.burners.is_over
        assert bench.faults.is_closed
        assert bench.health.open == 0
        assert not bench.lock.is_held
        assert processes.python_threads() == threads

    def test_asks_the_service_how_it_is_all_along(self, bench: StressBench) -> None:
        bench.embedded.token = "s3cret"
        bench.stress()
        for part in PARTS:
            bench.await_part(part)
            bench.health.answer()
            bench.await_turn()
        (asked,) = bench.health.asked
        assert (asked.url, asked.token) == ("http://127.0.0.1:40001", "s3cret")
        assert bench.view.health.answered == 3
        bench.to_the_end()
        assert "s3cret" not in repr(bench.snapshots) + repr(bench.store.kept)

    def test_tells_what_its_burners_reach_each_second(self, bench: StressBench) -> None:
        bench.stress(cpu={}, memory={})
        bench.await_part("stress")
        bench.pass_s(2)
        assert [(each.name, each.reached) for each in bench.view.burners] == [
            ("cpu", 1.0),
            ("memory", 1.0),
        ]
        reports = len(bench.kept(ev.BurnersReported))
        bench.await_turn()
        assert len(bench.kept(ev.BurnersReported)) == reports
        bench.pass_s(1)
        assert len(bench.kept(ev.BurnersReported)) == reports + 1

    def test_tells_how_far_something_could_be_taken(self, bench: StressBench) -> None:
        bench.stress(exhaust={})
        bench.await_part("stress")
        bench.burners.found = [FoundLimit("threads", 4000.0, by="the kernel")]
        bench.pass_s(1)
        assert [limit.name for limit in bench.view.limits] == ["threads"]

    def test_is_neither_paused_nor_held(self, bench: StressBench) -> None:
        bench.stress()
        bench.await_part("stress")
        for act in (bench.supervisor.pause, bench.supervisor.hold, bench.supervisor.release):
            act()
        bench.await_turn()
        assert bench.run.phase == "measuring"
        assert not bench.run.is_holding

    def test_looks_live_as_it_does_when_it_is_read_back(self, eager: None, tmp_path: Path) -> None:
        bench = StressBench(store=SqliteStore(tmp_path))
        bench.supervisor.start()
        bench.stress(cpu={}, storage={}, steps_percent=[50, 100], limits={"outage_s": "< 5"})
        bench.burners.why_not["storage"] = "no room"
        for _ in range(6):
            bench.pass_s(1)
            bench.health.answer()
        bench.to_the_end()
        live = bench.run
        bench.supervisor.close()
        assert History(tmp_path).view(live.facts.id) == live


class TestABurner:
    def test_that_can_t_burn_says_why_and_the_others_burn(self, bench: StressBench) -> None:
        bench.burners.why_not["gpu"] = "no program for it is installed"
        bench.stress(cpu={}, gpu={})
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "")
        assert verdict(bench.run)[0] == "PASS"
        assert "gpu was not burnt: no program for it is installed" in bench.run.warnings

    def test_that_ends_before_its_time_is_told_and_the_others_burn_on(
        self, bench: StressBench
    ) -> None:
        bench.stress(cpu={}, storage={})
        bench.await_part("stress")
        bench.burners.die("storage", by="its budget was written")
        bench.to_the_end()
        assert bench.parts()[-1] == ("after", "")
        said = "storage ended before its time: its budget was written"
        assert said in bench.run.warnings

    @pytest.mark.parametrize("why_not", ["", "no cores here"])
    def test_that_was_the_last_one_ends_the_stress_early(
        self, bench: StressBench, why_not: str
    ) -> None:
        if why_not:
            bench.burners.why_not["cpu"] = why_not
        bench.stress(cpu={}, duration="60s")
        bench.await_part("stress")
        bench.burners.die()
        bench.await_part("after")
        assert bench.parts()[-1] == ("after", "every burner was at its end")
        bench.to_the_end()
        assert verdict(bench.run)[0] == ("INVALID" if why_not else "PASS")

    def test_that_does_not_end_when_it_is_told_to_is_ended(self, bench: StressBench) -> None:
        bench.burners.stays = True
        bench.stress()
        bench.await_part("after")
        assert "halt" not in bench.burners.names()
        bench.to_the_end()
        assert bench.burners.names()[-1] == "halt"

    def test_that_survives_even_that_keeps_the_run_from_its_end(self, bench: StressBench) -> None:
        bench.burners.stays = bench.burners.survives = True
        bench.stress()
        bench.await_part("after")
        bench.pass_s(AFTER_S + 3 * GRACE_S)
        assert not bench.run.is_over
        bench.burners.die()
        bench.to_the_end()
