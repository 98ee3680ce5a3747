"""Faults of a stress: on the way of the load, and on the disk."""

from __future__ import annotations

import pytest

from tests.engine.bench import verdict
from tests.engine.stress_bench import FAULTS, STRESS_S, USERS, StressBench, stressed
from tui.core import events as ev
from tui.ports import FaultFailed, LoadFailed


class TestFaults:
    def test_are_done_on_the_way_of_the_load_step_by_step(self, bench: StressBench) -> None:
        bench.stress(load=USERS, faults=[{"latency_ms": 80}, {"cut": "reset"}])
        assert bench.faults.led == ["http://127.0.0.1:40001"]
        assert bench.driver.plan is not None
        assert bench.driver.plan.url == "http://127.0.0.1:40001"
        assert bench.driver.plan.way_url == "http://127.0.0.1:40099"
        bench.await_part("after")
        done = [event.text for event in bench.kept(ev.FaultDone)]  # type: ignore[attr-defined]
        assert done == ["latency 80 ms", "reset"]
        assert bench.undone() == ["network"] * 2
        bench.to_the_end()
        assert [fault.until_s is None for fault in bench.view.faults] == [False] * 2

    def test_that_lose_the_way_end_the_stress_and_blame_nobody_else(
        self, bench: StressBench
    ) -> None:
        bench.stress(load=USERS, faults=[{"latency_ms": 80}], duration="60s")
        bench.await_part("stress")
        bench.faults.gone = "the fault proxy ended"
        bench.to_the_end()
        said = "the stress was cut short: the fault proxy ended"
        assert verdict(bench.run) == ("INVALID", said)

    def test_that_lose_the_way_before_the_stress_let_it_not_begin(self, bench: StressBench) -> None:
        bench.stress(load=USERS, faults=[{"latency_ms": 80}])
        bench.await_part("before")
        bench.faults.gone = "the fault proxy ended"
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("after", "the fault proxy ended")]
        said = "the stress was cut short: the fault proxy ended"
        assert verdict(bench.run) == ("INVALID", said)

    def test_that_lose_the_way_back_end_the_run_and_cut_no_stress_short(
        self, bench: StressBench
    ) -> None:
        bench.stress(load=USERS, faults=[{"latency_ms": 80}], after="60s")
        bench.await_part("after")
        bench.pass_s(3)
        bench.faults.gone = "the fault proxy ended"
        bench.pass_s(4)
        assert verdict(bench.end())[0] == "PASS"
        assert bench.parts() == [("before", ""), ("stress", ""), ("after", "")]
        said = "the way back was not watched to its end: the fault proxy ended"
        assert said in bench.run.warnings
        assert not any("before its time" in text for text in bench.run.warnings)

    def test_whose_undo_loses_the_way_begin_the_way_back_once(
        self, bench: StressBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        undo = bench.faults.undo

        def lose(*, at_once: bool = False) -> list[ev.FaultUndone]:
            bench.faults.gone = "the fault proxy does not answer"
            bench.clock.pass_s(5)
            return undo(at_once=at_once)

        monkeypatch.setattr(bench.faults, "undo", lose)
        bench.stress(load=USERS, faults=[{"latency_ms": 80}], limits={"recovery_s": "< 30"})
        bench.to_the_end()
        assert bench.parts() == [("before", ""), ("stress", ""), ("after", "")]
        recovery = bench.view.recovery
        assert recovery is not None
        assert recovery.recovered_s is None
        assert verdict(bench.run)[0] == "INVALID"
        began, released = (event.at_s for event in bench.kept(ev.StressEntered)[1:])
        assert released - began == STRESS_S, "the undo is no part of the stress"

    def test_are_nothing_that_the_health_check_suffers_from(self, bench: StressBench) -> None:
        bench.stress(load=USERS, faults=FAULTS)
        assert [asked.url for asked in bench.health.asked] == ["http://127.0.0.1:40001"]

    def test_that_can_not_be_done_end_the_stress_and_say_why(self, bench: StressBench) -> None:
        bench.faults.fail_on["suffer"] = FaultFailed("the proxy has gone")
        bench.stress(load=USERS, faults=FAULTS)
        bench.await_part("after")
        assert bench.parts()[-1] == ("after", "the proxy has gone")
        bench.to_the_end()
        said = "the stress was cut short: the proxy has gone"
        assert verdict(bench.run) == ("INVALID", said)

    def test_without_a_way_to_do_them_are_a_refusal(self, bench: StressBench) -> None:
        bench.faults.fail_on["lead"] = FaultFailed("no port is free")
        bench.ask(stressed(load=USERS, faults=FAULTS))
        assert bench.await_refusal() == "failed"
        assert bench.newest.refusal is not None
        assert bench.newest.refusal.what == "no port is free"
        assert not bench.lock.is_held
        assert bench.store.kept == []

    def test_are_closed_where_the_load_can_not_start(self, bench: StressBench) -> None:
        bench.driver.fail_on["start"] = LoadFailed("port in use", is_input=False)
        bench.ask(stressed(load=USERS, faults=FAULTS))
        assert bench.await_refusal() == "failed"
        assert bench.faults.is_closed

    def test_fill_the_disk_for_the_length_of_the_stress(self, bench: StressBench) -> None:
        bench.stress(disk={})
        bench.await_part("stress")
        assert bench.faults.holding == ["disk"]
        (call,) = (call for call in bench.faults.calls if call[0] == "fill")
        assert call[1] == "/scratch"
        assert call[2] >= STRESS_S
        bench.pass_s(2)
        assert bench.view.part == "stress"
        bench.await_part("after")
        assert bench.undone() == ["disk"]

    def test_that_can_not_fill_the_disk_say_why_and_the_others_burn(
        self, bench: StressBench
    ) -> None:
        bench.faults.fail_on["fill"] = FaultFailed("/scratch has no room above its floor")
        bench.stress(disk={}, cpu={})
        bench.to_the_end()
        assert verdict(bench.run)[0] == "PASS"
        assert next(each for each in bench.view.burners if each.name == "cpu").mean_reached
        assert "disk was not burnt: /scratch has no room above its floor" in bench.run.warnings
