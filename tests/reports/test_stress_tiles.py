"""The large figures of a stress: each is of what its limit judges."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.reports.runs import STRESSED, stress_events, stress_facts, stress_view
from tui.core.limits import Limit, LimitState
from tui.core.stress.view import Level
from tui.reports.course import course
from tui.reports.html import html
from tui.reports.tile import Tile
from tui.reports.tiles import tiles_of

LIMITS = {"p95_ms": "< 2000", "error_rate": "< 0.05", "rps": ">= 10"}


def tiles(*, is_loaded: bool = True, **changes: Any) -> dict[str, Tile]:
    found = tiles_of(stress_view(is_loaded=is_loaded, **changes))
    assert len({tile.name for tile in found}) == len(found)
    return {tile.name: tile for tile in found}


def test_figures_of_requests_are_of_the_stress_alone() -> None:
    part = msgspec.structs.replace(STRESSED.parts[1], p50_ms=14.0, p99_ms=31.0)
    parts = (STRESSED.parts[0], part, STRESSED.parts[2])
    found = tiles(stress=msgspec.structs.replace(STRESSED, parts=parts))
    assert [found[f"{name} under stress"].figure for name in ("p50", "p95", "p99")] == [
        "14",
        "22",
        "31",
    ]
    assert found["errors under stress"].figure == "1.2"
    assert found["throughput under it"].figure == "40.0"
    assert "p95" not in found


def test_a_figure_with_a_limit_is_the_one_that_is_judged() -> None:
    states = (
        LimitState(Limit("p95_ms", "<", 2000.0), 1900.0, passed=True),
        LimitState(Limit("rps", ">=", 10.0), 39.0, passed=True),
    )
    found = tiles(thresholds=states)
    assert found["p95 under stress"][1:] == ("1 900", "ms", "limit < 2 000 ms")
    assert found["throughput under it"][1:] == ("39.0", "rps", "limit >= 10.0")


def test_before_the_stress_the_whole_run_has_the_figures() -> None:
    found = tiles(stress=msgspec.structs.replace(STRESSED, parts=STRESSED.parts[:1]))
    assert "p95" in found
    assert "p95 under stress" not in found


def test_of_a_stepped_burner_the_highest_step_is_shown() -> None:
    assert tiles()["cpu reached"][1:] == ("95", "%", "asked 100 %, the highest step")
    cpu = msgspec.structs.replace(STRESSED.burners[0], levels=(Level(0, 0.75, 0.72),))
    flat = msgspec.structs.replace(STRESSED, burners=(cpu,))
    assert tiles(stress=flat)["cpu reached"][1:] == ("72", "%", "asked 75 %")


def page(thresholds: dict[str, str]) -> str:
    facts = stress_facts(is_loaded=True, thresholds=thresholds)
    view = stress_view(is_loaded=True)
    view = msgspec.structs.replace(view, facts=facts)
    return html([(view, course(stress_events(facts)))])


def test_no_limit_of_the_stress_is_drawn_over_the_whole_runs_distribution() -> None:
    text = page(LIMITS)
    drawn = text.split("<h2>Latency distribution</h2>")[1].split("</section>")[0]
    assert "<svg" in drawn
    assert "limit" not in drawn
