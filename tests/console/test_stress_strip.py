"""The verdict strip of a run with a stress, live and at its end."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import CATALOGUE
from tests.console.sight import drawn
from tests.console.stressed import (
    CPU,
    LOADED,
    MIXED,
    TELLING,
    burning,
    frame,
    over,
    stress_ending,
    stress_events,
    with_run,
    with_stress,
)
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.title import title_of
from tui.console.widgets.strip_frame import draw_framed_strip
from tui.core.limits import LimitState, parse_limit
from tui.core.stress.view import HealthView

SIZES = (60, 80, 120, 160)


def strip(scene: Scene, width: int) -> list[str]:
    small = msgspec.structs.replace(scene, is_narrow=width < 100)
    return drawn(draw_framed_strip, small, width, 3).text().split("\n")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "before  00:10 left"), (90, "stress 3/4"), (150, "after  00:50 left")],
)
def test_the_strip_names_part_step_and_what_is_left_of_it(
    width: int, seconds: int, words: str
) -> None:
    first = strip(frame(burning(seconds=seconds)), width)[0]
    assert words in first
    assert first.rstrip().endswith("/ 03:20")
    # Two that are left would be mistaken for each other.
    assert first.count("left") == 1


@pytest.mark.parametrize("width", [80, 120])
def test_without_a_load_levels_limits_and_heat_stand_where_latency_would(width: int) -> None:
    second = strip(frame(burning()), width)[1]
    assert "cpu 74 / 75 %" in second
    assert "recovery –" in second
    assert "✓ outage 0 " in second
    assert "tj 60.0 °C   16.7 W" in second
    for word in ("p95", "rps", "errors", "valid"):
        assert word not in second


def test_no_limit_gives_way_to_a_level() -> None:
    second = strip(frame(burning(MIXED, 130), MIXED), 80)[1]
    assert "recovery" in second
    assert "outage" in second
    assert "+2 more" in second


def test_a_way_back_that_may_still_come_is_not_missed_yet() -> None:
    limit = LimitState(parse_limit("recovery_s", "< 60"), None, False)
    live = with_run(frame(burning()), thresholds=(limit,))
    assert "· recovery –" in strip(live, 120)[1]
    assert "over its limit" not in strip(live, 120)[0]
    ended = with_run(frame(over()), thresholds=(limit,))
    assert "✗ recovery never < 60 s" in strip(ended, 120)[1]


def test_an_outage_over_its_limit_is_named_beside_the_part() -> None:
    limit = LimitState(parse_limit("outage_s", "< 5"), 9.0, False)
    first = strip(with_run(frame(burning()), thresholds=(limit,)), 120)[0]
    assert "stress 3/4  75 %  00:50 left  outage over its limit" in first


@pytest.mark.parametrize("seconds", [90, None])
def test_limits_of_requests_say_that_they_are_of_the_stress_alone(seconds: int | None) -> None:
    engine = over(LOADED) if seconds is None else burning(LOADED, seconds)
    assert "under stress" in strip(frame(engine, LOADED), 120)[1]


def test_limits_of_the_stress_itself_need_no_such_words() -> None:
    assert "under stress" not in strip(frame(burning()), 120)[1]


def test_outage_and_recovery_without_limits_are_figures() -> None:
    bare = with_run(frame(burning()), thresholds=())
    health = HealthView(probes=30, answered=28, outage_s=2.0)
    second = strip(with_stress(bare, health=health), 120)[1]
    assert "cpu 74 / 75 %   outage 2 s   tj" in second


def test_the_bar_tells_before_stress_and_after_apart() -> None:
    early, late = strip(frame(burning()), 120)[0], strip(frame(burning(seconds=190)), 120)[0]
    assert early.count("╍") < early.count("━")
    assert "━╍" in late
    assert "━╍" not in early


@pytest.mark.parametrize("width", SIZES)
def test_the_verdict_says_what_it_did_to_the_service_and_what_it_cost(width: int) -> None:
    fields = {name: getattr(TELLING, name) for name in TELLING.__struct_fields__}
    third = strip(with_stress(frame(over()), **fields), width)[2]
    assert ("p95 ×1.40 (1.20–1.70) under stress" in third) == (width >= 80)
    assert ("outage 3 s" in third) == (width >= 120)
    assert ("peak 71.2 °C (+21.2)   15.2 W mean   1.8 kJ" in third) == (width >= 160)
    assert "…" not in third


def test_a_stress_that_a_guard_ended_tells_its_price_too() -> None:
    engine = FakeEngine().play([*stress_events(CPU, 90), *stress_ending(90, "guard")])
    rows = strip(frame(engine), 160)
    assert "ABORTED" in drawn(draw_framed_strip, frame(engine), 160, 1).text()
    assert "peak 60.0 °C (+9.6)" in rows[2]


def test_idle_the_strip_says_what_would_burn() -> None:
    engine = FakeEngine()
    first = strip(frame(engine), 120)[0]
    assert "stress-cpu  cpu for 2 min, on demo. Passes if:" in first
    assert "users" not in first


@pytest.mark.parametrize(("calmed", "says"), [(True, "the stress is undone: "), (False, "")])
def test_an_armed_stop_says_what_the_first_press_did(calmed: bool, says: str) -> None:
    third = strip(frame(burning(), armed=True, calmed=calmed), 80)[2]
    assert third.strip() == f"! {says}s again within 3 s ends the run"


def test_the_title_of_the_terminal_tells_levels_instead_of_latency() -> None:
    assert title_of(burning().snapshot()) == "● 01:29 stress-cpu cpu 74 %"


def test_a_level_has_its_burners_colour_in_every_place() -> None:
    canvas = drawn(draw_framed_strip, frame(burning()), 120, 3)
    assert canvas.looks[1][1] & 0xFF == Ink.P95
    assert CATALOGUE[0].stress is None
