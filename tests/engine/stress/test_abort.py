"""Limits that end a stress before its time, with stand-ins for burners and health check."""

from __future__ import annotations

import pytest

from tests.engine.bench import verdict
from tests.engine.stress_bench import USERS, StressBench
from tests.lib.eventually import eventually
from tui.core import events as ev

SILENT = {"outage_s": {"limit": "< 3", "abort": True}}


def silent_for(bench: StressBench, seconds: int) -> None:
    """So long the health check is not answered, once a second."""
    for _ in range(seconds):
        bench.health.answer(None)
        bench.pass_s(1)


def stress_s(bench: StressBench) -> float:
    """How long the stress itself lasted: until what is after it, or the end of the run."""
    began = next(one.at_s for one in bench.kept(ev.StressEntered) if one.part == "stress")  # type: ignore[attr-defined]
    ends = [*bench.kept(ev.StressEntered), *bench.kept(ev.PhaseEntered)]
    return min(one.at_s for one in ends if one.at_s > began) - began


@pytest.mark.parametrize("load", [None, USERS], ids=["alone", "beside a load"])
def test_an_outage_that_is_too_long_ends_the_stress_at_once(
    bench: StressBench, load: object
) -> None:
    bench.stress(load=load, limits=SILENT, duration="60s", cpu={})
    bench.health.answer()
    bench.await_part("stress")
    silent_for(bench, 6)
    eventually(lambda: bench.burners.is_over)
    bench.to_the_end()
    found, reason = verdict(bench.run)
    assert found == "FAIL"
    assert reason.startswith("outage ")
    assert reason.endswith("limit 3 s, ended early")


def test_one_that_is_short_enough_lets_it_go_on(bench: StressBench) -> None:
    bench.stress(limits=SILENT, cpu={})
    bench.health.answer()
    bench.await_part("stress")
    silent_for(bench, 2)
    bench.health.answer()
    bench.to_the_end()
    assert [part for part, _ in bench.parts()] == ["before", "stress", "after"]
    assert 0 < bench.view.health.outage_s < 3
    assert verdict(bench.run)[0] == "PASS"


def test_one_before_the_stress_lets_it_go_on(bench: StressBench) -> None:
    bench.stress(limits=SILENT, before="8s", cpu={})
    silent_for(bench, 5)
    bench.health.answer()
    bench.to_the_end()
    assert [part for part, _ in bench.parts()] == ["before", "stress", "after"]
    assert bench.view.health.outage_before_s > 3
    assert bench.view.health.outage_s == 0
    assert verdict(bench.run)[0] == "PASS"


@pytest.mark.parametrize(("after", "least_s", "most_s"), [("0s", 3, 5), ("9s", 9, 11)])
def test_an_abort_waits_for_its_time_under_stress(
    bench: StressBench, after: str, least_s: int, most_s: int
) -> None:
    limits = {"outage_s": {"limit": "< 3", "abort": True, "after": after}}
    bench.stress(limits=limits, duration="20s", cpu={})
    bench.health.answer()
    bench.await_part("stress")
    silent_for(bench, 14)
    bench.to_the_end()
    assert least_s <= stress_s(bench) <= most_s
    assert verdict(bench.run)[0] == "FAIL"
