"""A workflow under load on the Bench: the load's charts, and its steps beneath them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import CATALOGUE
from tests.console.sight import SMALL, WIDE, console, drawn, scene, text, tick
from tests.lib import under_load as u
from tui.console.commands import offered_views, why_not, works
from tui.console.scene import VIEWS_OF, Scene, view_after
from tui.console.screens.overrides import changes_of, written
from tui.console.tiles import arrange
from tui.console.widgets.scenarios import draw_scenarios
from tui.console.widgets.steps import draw_steps
from tui.console.widgets.strip import draw_strip
from tui.core import events as ev
from tui.core.load import Arrival, Stage
from tui.core.scenario import Scenario

SCENARIO = u.scenario()


def frame(events: Sequence[ev.Event] = (), what: Scenario = SCENARIO, **changes: Any) -> Scene:
    engine = FakeEngine().play(events)
    changes.setdefault("view", "steps")
    return scene(engine, selected=SCENARIO.id, scenarios=(*CATALOGUE, what), **changes)


def test_a_wide_window_has_the_loads_charts_and_the_steps() -> None:
    shown = frame(u.going())
    assert shown.work == "loaded"
    for width, height in ((100, 30), WIDE, (160, 50), (220, 60)):
        tiles = arrange(width, height, shown.view, False, shown.work)
        assert {"latency", "steps", "board", "log"} <= set(tiles), (width, height)
        assert "endpoints" not in tiles
        assert tiles["steps"].height >= 8


def test_a_small_window_goes_round_steps_and_charts() -> None:
    seen, view = ["steps"], view_after("steps", "loaded")
    while view != "steps":
        seen.append(view)
        view = view_after(view, "loaded")
    assert seen == list(VIEWS_OF["loaded"])
    assert {"latency", "throughput", "endpoints"} <= set(seen)
    assert set(arrange(*SMALL, "endpoints", False, "loaded")) >= {"endpoints"}


def test_the_lower_chart_changes_places_with_the_boards() -> None:
    assert offered_views(frame(u.going())) == ("board",)
    assert offered_views(frame(u.going(), view="board")) == ("throughput",)


def test_the_strip_tells_the_round_and_the_limits_of_both() -> None:
    told = drawn(draw_strip, frame(u.going()), 120, 3).text()
    assert "round 2 of 3" in told
    assert "p95" in told
    assert "rounds complete" in told


def test_before_it_runs_the_strip_says_under_how_many() -> None:
    told = drawn(draw_strip, frame(), 120, 3).text()
    assert "5 steps, 3 rounds under 20 users, on demo." in told


def test_the_steps_are_those_of_the_round() -> None:
    told = drawn(draw_steps, frame(u.going()), 80, 10).text()
    assert "round 2 of 3" in told
    assert "capture" in told


def test_users_can_be_changed_and_nothing_stands_still() -> None:
    shown = frame(u.going())
    assert works("more", shown)
    assert works("fewer", shown)
    for command in ("pause", "hold"):
        assert not works(command, shown)
        assert "neither paused nor held" in why_not(command, shown)


def test_a_rate_is_no_size_of_a_workflow() -> None:
    paced = msgspec.structs.replace(
        SCENARIO, load=msgspec.structs.replace(u.LOAD, arrival=Arrival(4.0, 4.0))
    )
    told = drawn(draw_scenarios, frame(what=paced), 40, 60).text()
    row = next(row for row in told.split("\n") if SCENARIO.id in row)
    assert "3 rounds" in row
    assert "/s" not in row


class TestTheNextStart:
    def test_may_have_other_rounds_users_and_limits(self) -> None:
        fields = written(SCENARIO, SCENARIO)
        assert fields["e2e.rounds"] == "3"
        assert (fields["load.users"], fields["load.spawn_rate"]) == ("20", "10")
        assert "load.duration" not in fields
        assert changes_of(SCENARIO, {**fields, "load.users": "7"}) == {"load.users": 7}

    def test_has_stages_that_keep_their_pace(self) -> None:
        stages = (Stage(10, 10.0, 30.0), Stage(20, 10.0, 30.0))
        staged = msgspec.structs.replace(
            SCENARIO, load=msgspec.structs.replace(u.LOAD, stages=stages)
        )
        assert "load.spawn_rate" not in written(staged, staged)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_it_is_seen_from_its_warm_up_to_its_verdict(size: tuple[int, int]) -> None:
    engine = FakeEngine()
    app = console(engine, scenarios=(*CATALOGUE, SCENARIO))
    async with app.run_test(size=size) as pilot:
        for events, said in (
            (u.going()[:5], "WARM-UP"),
            (u.going(), "round 2 of 3"),
            (u.whole(), "steps complete"),
        ):
            engine.play(events)
            await tick(app, pilot)
            assert said in text(app)
            assert "capture" in text(app)
