"""A load judged stage by stage says of which one it speaks; an arrival rate speaks of no users."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import Script, scenario
from tests.console.sight import SMALL, WIDE, console, drawn, rows, scene
from tests.lib.loads import load_of
from tui.console.footers import footer_commands
from tui.console.scene import Scene
from tui.console.widgets.detail import draw_detail
from tui.console.widgets.strip import draw_strip
from tui.console.widgets.throughput_chart import ThroughputChart
from tui.core.load import Arrival, Load, Stage
from tui.core.model import RunView, StageView
from tui.core.scenario import Scenario

STAGES = tuple(Stage(users, 10.0, 20.0) for users in (10, 20, 30))


def with_load(**changes: object) -> Scenario:
    usual = scenario(minutes=1)
    load: Load = msgspec.structs.replace(load_of(usual), **changes)
    return msgspec.structs.replace(usual, load=load)


def with_run(frame: Scene, **changes: object) -> Scene:
    assert frame.run is not None
    run: RunView = msgspec.structs.replace(frame.run, **changes)
    return msgspec.structs.replace(frame, snapshot=msgspec.structs.replace(frame.snapshot, run=run))


def staged(judge: str, *, is_over: bool = False) -> Scene:
    """The second of three stages breaks a limit."""
    what = with_load(stages=STAGES, users=30, judge=judge)
    # Judged as a whole, so that the scripted seconds count without the events of its stages.
    script = Script(with_load(stages=STAGES, users=30))
    engine = FakeEngine().play(script.whole() if is_over else script.until(45))
    frame = scene(engine, scenarios=(what,))
    assert frame.run is not None
    stages = tuple(
        StageView(number, each.users, 20.0 * number, 19.0, frame.run.total, passed)
        for number, (each, passed) in enumerate(zip(STAGES, (True, False, None), strict=True))
    )
    facts = msgspec.structs.replace(frame.run.facts, scenario=what)
    judged_stage = 1 if judge == "stage" else None
    return with_run(frame, facts=facts, stages=stages, judged_stage=judged_stage)


@pytest.mark.parametrize("is_over", [False, True])
def test_the_strip_says_of_which_stage_its_limits_speak(is_over: bool) -> None:
    frame = staged("stage", is_over=is_over)
    assert "stage 2 of 3, 20 users  ✓ p95" in drawn(draw_strip, frame, 120, 3).text()
    small = drawn(draw_strip, frame, 80, 3).text().split("\n")[1]
    assert "stage 2  ✓ p95" in small
    assert small.rstrip().endswith("valid")


def test_limits_of_a_whole_run_name_no_stage() -> None:
    assert "stage" not in drawn(draw_strip, staged("run"), 120, 3).text()
    assert "✗" not in drawn(draw_detail, staged("run"), 40, 22).text()


def test_the_detail_says_which_stages_held() -> None:
    shown = drawn(draw_detail, staged("stage"), 40, 22).text()
    assert "✓ 10 × 20 s  ✗ 20 × 20 s" in shown
    assert "  30 × 20 s" in shown or "│ 30 × 20 s" in shown
    assert "each stage passes if" in shown


def test_an_arrival_rate_speaks_of_operations_and_of_those_it_missed() -> None:
    what = with_load(arrival=Arrival(20.0, 80.0), users=57)
    frame = scene(FakeEngine().play(Script(what).until(30)), scenarios=(what,))
    title = drawn(ThroughputChart(), frame, 100, 12).text().split("\n")[0]
    assert "50 operations/s due   9 in flight, oldest 0.6 s" in title.replace(".0 op", " op")
    assert "users" not in title
    assert "missed" not in title
    assert frame.run is not None
    validity = msgspec.structs.replace(frame.run.validity, missed_sends=1234)
    late = drawn(ThroughputChart(), with_run(frame, validity=validity), 100, 12).text()
    assert "   1 234 missed   9 in flight" in late.split("\n")[0]
    held = drawn(ThroughputChart(), with_run(frame, held_s=20.0), 100, 12).text()
    assert "30.0 operations/s due" in held.split("\n")[0].replace("30 op", "30.0 op")
    assert ("+ -", "slots") in footer_commands(frame)[0]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_users_are_still_users_where_they_wait_for_their_answers(
    size: tuple[int, int],
) -> None:
    app = console(FakeEngine().play(Script(scenario(minutes=1)).until(30)))
    async with app.run_test(size=size):
        assert "+ - users" in rows(app)[-1]
