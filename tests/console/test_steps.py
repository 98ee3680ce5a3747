"""A workflow on the Bench: its steps before, during and after the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import CATALOGUE, DEMO
from tests.console.sight import console, drawn, rows, scene, text, tick
from tests.lib import workflows as w
from tui.console.appearance import Appearance
from tui.console.commands import offered_views, why_not, works
from tui.console.glyphs import CHOICES, TierName
from tui.console.scene import Scene
from tui.console.screens.overrides import changes_of, written
from tui.console.theme import Ink
from tui.console.tiles import arrange
from tui.console.title import title_of
from tui.console.widgets.axis import planned_s
from tui.console.widgets.scenarios import draw_scenarios, grouped
from tui.console.widgets.steps import draw_steps
from tui.console.widgets.strip import draw_strip
from tui.core import events as ev
from tui.core.e2e.deed import Make, Simulate
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Poll, Step, Workflow

STEPS = tuple(
    msgspec.structs.replace(step, within_ms=100.0) if step.name == "predict" else step
    for step in w.WORKFLOW.steps
)
SCENARIO = w.scenario(msgspec.structs.replace(w.WORKFLOW, steps=STEPS))
MADE = w.facts(scenario=SCENARIO, target=DEMO)
UNDER_WAY = [*w.beginning(MADE), *w.round_events(1), *w.round_events(2)[:6]]
"""The second round stores its picture."""
FAILED = w.whole(3, "store", made=MADE)


def frame(events: Sequence[ev.Event] = (), what: Any = SCENARIO, **changes: Any) -> Scene:
    engine = FakeEngine().play(events)
    changes.setdefault("view", "steps")
    return scene(engine, selected=what.id, scenarios=(*CATALOGUE, what), **changes)


def panel(shown: Scene, width: int = 90, height: int = 20) -> list[str]:
    return drawn(draw_steps, shown, width, height).text().split("\n")


def row_of(name: str, found: Sequence[str]) -> str:
    return next(row for row in found if name in row.split())


def bar_of(row: str, fill: str = "━") -> tuple[int, int]:
    return row.index(fill), row.rindex(fill)


def test_each_step_begins_where_the_one_before_it_ended() -> None:
    found = panel(frame(UNDER_WAY))
    first, second = bar_of(row_of("capture", found)), bar_of(row_of("predict", found))
    third = bar_of(row_of("store", found), "╍")
    assert first[0] < first[1] < second[0] < second[1] < third[0]
    # 120 ms and 80 ms.
    assert first[1] - first[0] > second[1] - second[0]


def test_a_row_tells_how_long_it_took_and_its_limit() -> None:
    found = panel(frame(UNDER_WAY))
    assert "120 ms" in row_of("capture", found)
    assert "80 / 100 ms" in row_of("predict", found)


def test_the_signs_tell_how_each_step_stands() -> None:
    found = panel(frame(UNDER_WAY))
    signs = {name: row_of(name, found)[2] for name in ("capture", "store", "retrieve")}
    assert signs == {"capture": "✓", "store": "●", "retrieve": "·"}
    found = panel(frame(FAILED))
    signs = {name: row_of(name, found)[2] for name in ("store", "retrieve", "delete")}
    assert signs == {"store": "✗", "retrieve": "–", "delete": "✓"}


def test_the_title_and_the_foot_tell_of_the_rounds() -> None:
    found = panel(frame(UNDER_WAY))
    assert "steps  round 2 of 3  r1-2" in found[0]
    assert "1 complete · p95 270 ms" in found[-1]
    found = panel(frame(FAILED))
    assert "round 2 of 3 failed" in found[0]
    assert "1 failed · 2 complete" in found[-1]


def test_beneath_a_failed_step_stands_why() -> None:
    found = panel(frame(FAILED))
    at = found.index(row_of("store", found))
    told = [row.strip("│ ") for row in found[at + 1 : at + 5]]
    assert told[0] == w.WHY
    assert told[1].split() == ["wanted", "c0ffee"]
    assert told[2].split() == ["got", "beef"]
    assert told[3].startswith("POST /images?name=r1-2.jpg: 201, ")


def test_what_failed_in_other_rounds_is_told_once_for_each_cause() -> None:
    made = w.facts(scenario=w.scenario(msgspec.structs.replace(w.WORKFLOW, rounds=9)), target=DEMO)
    events = w.whole(9, "store", (2, 3, 5, 8), made=made)
    told = "\n".join(panel(frame(events), 90, 30))
    assert told.count("store failed in") == 1
    assert "store failed in 3 other rounds, first in round 2: " in told


def test_what_is_left_on_the_service_is_told() -> None:
    events = w.whole(3, "store", made=MADE, left=1)
    assert "1 thing it made could not be cleaned up" in "\n".join(panel(frame(events)))


def test_a_made_picture_says_so() -> None:
    events = w.whole(1, made=MADE, label="simulated")
    assert "simulated" in panel(frame(events))[0]


def test_waits_are_drawn_otherwise_than_requests() -> None:
    slow: dict[str, Any] = {"ms": 400.0, "request_ms": 100.0, "wait_ms": 290.0}
    events = [*w.beginning(MADE), *w.round_events(1, "store", **slow)]
    row = row_of("store", panel(frame(events)))
    assert row.count("╍") > row.count("━") > 0


def test_a_failed_step_is_red_and_one_near_its_limit_yellow() -> None:
    canvas = drawn(draw_steps, frame(FAILED), 90, 20)
    for name, ink in (("capture", Ink.P50), ("predict", Ink.WARN), ("store", Ink.FAIL)):
        y = next(y for y in range(20) if name in canvas.row(y).split())
        assert canvas.looks[y][canvas.row(y).index("━")] & 0xFF == ink


@pytest.mark.parametrize("width", [44, 58, 78, 120])
@pytest.mark.parametrize("events", [UNDER_WAY, FAILED], ids=["under-way", "failed"])
def test_a_narrow_panel_keeps_name_and_figure(width: int, events: Sequence[ev.Event]) -> None:
    found = panel(frame(events), width)
    assert all(len(row) <= width for row in found)
    assert row_of("capture", found).rstrip("│ ").endswith(("120 ms", "p95 120"))


def test_a_wide_panel_tells_what_is_asked_for() -> None:
    row = row_of("store", panel(frame(FAILED), 110))
    assert "POST /images" in row
    assert "p95 40" in row


def test_more_than_there_is_room_for_is_counted_and_scrolled_to() -> None:
    found = panel(frame(FAILED, panel="endpoints"), 60, 8)
    assert "more" in found[-1]
    assert "delete" not in "\n".join(found)
    assert "delete" in "\n".join(panel(frame(FAILED, panel="endpoints", scroll=9), 60, 8))


LONG = w.scenario(Workflow(tuple(Step(f"step-{number}", "health") for number in range(1, 26))))


def long_round(done: int, failed: int | None = None) -> list[ev.Event]:
    """A round of 25 steps of which `done` are over and the next one goes on."""
    events = [*w.beginning(w.facts(scenario=LONG, target=DEMO))]
    events.append(ev.RoundBegan(at_s=1.0, number=1, correlation="r1-1"))
    for index in range(done):
        state = "passed" if failed is None or index < failed else "skipped"
        state = "failed" if index == failed else state
        told: dict[str, Any] = {"state": state, "began_s": index / 10, "ms": 100.0, "why": w.WHY}
        events.append(ev.StepBegan(at_s=1.0 + index / 10, round=1, step=index))
        events.append(ev.StepEnded(at_s=1.1 + index / 10, round=1, step=index, **told))
    if done < 25:
        events.append(ev.StepBegan(at_s=1.0 + done / 10, round=1, step=done))
    return events


@pytest.mark.parametrize("done", [0, 3, 12, 24])
def test_of_many_steps_the_one_that_goes_on_is_in_sight(done: int) -> None:
    found = panel(frame(long_round(done), LONG, narrow=True), 80, 15)
    assert row_of(f"step-{done + 1}", found)[2] == "●"
    assert "more" in found[-1]


def test_of_many_steps_the_one_that_failed_is_in_sight_with_why() -> None:
    found = panel(frame(long_round(25, failed=16), LONG, narrow=True), 80, 15)
    assert row_of("step-17", found)[2] == "✗"
    assert w.WHY in "\n".join(found)


class TestItems:
    def moved(self, done: int, at_s: float) -> list[ev.Event]:
        events = [*w.beginning(MADE), ev.RoundBegan(at_s=1.0, number=1, correlation="r1-1")]
        events.append(ev.StepBegan(at_s=1.0, round=1, step=2))
        return [*events, ev.StepMoved(at_s=at_s, round=1, step=2, done=done, of=10_000)]

    def test_are_counted_with_their_pace_while_they_go_on(self) -> None:
        # The work began a second into the run.
        found = panel(frame(self.moved(4210, 11.0)))
        assert "4 210 of 10 000, 421/s" in "\n".join(found)

    def test_of_a_step_that_goes_on_are_in_its_bar(self) -> None:
        shares = []
        for done in (1000, 5000, 9000):
            row = row_of("store", panel(frame(self.moved(done, 1.0 + done / 100))))
            shares.append(row.count("━") / (row.count("━") + row.count("╍")))
        assert shares == pytest.approx([0.1, 0.5, 0.9], abs=0.05)

    def test_are_told_at_the_end_with_what_was_found(self) -> None:
        told: dict[str, Any] = {"state": "passed", "ms": 500.0, "request_ms": 400.0}
        events = [
            *w.beginning(MADE),
            ev.RoundBegan(at_s=1.0, number=1, correlation="r1-1"),
            ev.StepEnded(at_s=2.0, round=1, step=2, items=200, items_failed=1, **told),
            ev.StepEnded(at_s=3.0, round=1, step=3, note="200 of 200 there, 0 twice", **told),
        ]
        found = panel(frame(events))
        assert "200 items, 1 failed, 400/s" in found[found.index(row_of("store", found)) + 1]
        again = ev.StepEnded(at_s=4.0, round=2, step=2, items=200, **told)
        events += [ev.RoundBegan(at_s=3.5, number=2, correlation="r1-2"), again]
        assert "400 items in all, 1 failed" in "\n".join(panel(frame(events)))
        assert "200 of 200 there" in found[found.index(row_of("retrieve", found)) + 1]


def test_a_step_that_does_not_apply_says_why_in_its_row() -> None:
    events = [*w.beginning(MADE), ev.RoundBegan(at_s=1.0, number=1, correlation="r1-1")]
    why = "the target has no restart in config.toml"
    events.append(ev.StepEnded(at_s=1.0, round=1, step=1, state="omitted", why=why))
    for width in (58, 80, 110):
        row = row_of("predict", panel(frame(events), width))
        assert row[2] == "·"
        assert "n/a: the target has no restart" in row


def test_what_was_wanted_and_came_is_not_told_twice() -> None:
    why = "status 500, not 200"
    told = "\n".join(panel(frame(w.whole(1, "store", (1,), why=why, wanted="200", got="500"))))
    assert why in told
    assert "wanted" not in told


def test_a_text_of_the_service_can_not_act_on_the_screen() -> None:
    evil: dict[str, Any] = {"why": "\x1b[2Jstatus", "wanted": "\x1b]0;x\x07", "got": "a\nb\u202e"}
    told = "\n".join(panel(frame(w.whole(1, "store", (1,), made=MADE, **evil))))
    assert "[2Jstatus" in told
    assert not {"\x1b", "\x07", "\u202e"} & set(told)


class TestBeforeTheRun:
    def test_each_step_says_what_it_will_ask_for(self) -> None:
        found = panel(frame())
        names = [row.strip("│ ").split()[1] for row in found[1:] if "· " in row[:4]]
        assert names == ["capture", "predict", "store", "retrieve", "delete"]
        assert "picture of the first camera" in row_of("capture", found)
        assert "POST /predict" in row_of("predict", found)
        assert "objects checked, within 100 ms" in row_of("predict", found)

    def test_an_operation_that_the_target_lacks_is_told(self) -> None:
        odd = w.scenario(Workflow((Step("tag", "label", poll=Poll(1.0, 10.0)),)))
        row = row_of("tag", panel(frame(what=odd)))
        assert "label: not known here" in row
        assert "asked every 1 s until right, 10 s at most" in row

    def test_a_target_that_has_it_by_configuration_is_asked_its_own_way(self) -> None:
        moved = [msgspec.structs.replace(each, path="/v2/things") for each in DEMO.operations]
        target = msgspec.structs.replace(DEMO, operations=tuple(moved))
        assert "POST /v2/things" in row_of("store", panel(frame(target=target)))

    def test_deeds_and_items_are_told_in_words(self) -> None:
        steps = (
            Step("half", deed=Make(of="capture", keep=0.5)),
            Step("gate", deed=Simulate("gate 3 opened")),
            Step("many", "store", repeat=200, at_once=4, most_failed=0.01),
            Step("all", "list", pages=Pages("items", "id", of="many")),
            Step("refused", "list", bearer="", status=(401, 403)),
        )
        found = panel(frame(what=w.scenario(Workflow(steps))), 110)
        assert "damaged copy of capture" in row_of("half", found)
        assert "its first 50 %" in row_of("half", found)
        assert "gate 3 opened" in row_of("gate", found)
        assert "200 times, 4 at once, up to 1 % may fail" in row_of("many", found)
        assert "all that many made is there" in row_of("all", found)
        assert "without a token, status 401 or 403" in row_of("refused", found)

    def test_the_steps_of_a_document_are_the_services_own(self) -> None:
        open_api = w.scenario(Workflow((), openapi="/openapi.json"))
        told = " ".join(" ".join(row.strip("│ ") for row in panel(frame(what=open_api))).split())
        assert "each operation of /openapi.json" in told
        assert "the service's own document" in told
        assert "OpenAPI" in drawn(draw_scenarios, frame(what=open_api), 40, 30).text()

    def test_the_strip_says_how_much_it_is(self) -> None:
        told = drawn(draw_strip, frame(), 120, 3).text()
        assert "5 steps, 3 rounds, on demo. Passes if:" in told
        assert "0 users" not in told

    def test_the_list_has_it_in_a_group_behind_the_load(self) -> None:
        ordered = grouped([SCENARIO, *CATALOGUE])
        assert ordered[-1] is SCENARIO
        told = drawn(draw_scenarios, frame(), 40, 20).text()
        assert "End to end" in told
        assert "3 rounds" in told

    def test_its_rounds_can_be_changed(self) -> None:
        values = written(SCENARIO, SCENARIO)
        assert values == {"e2e.rounds": "3"}
        assert changes_of(SCENARIO, {**values, "e2e.rounds": "40"}) == {"e2e.rounds": 40}


class TestTheStrip:
    def test_tells_of_rounds_where_others_tell_of_time(self) -> None:
        told = drawn(draw_strip, frame(UNDER_WAY), 120, 3).text()
        assert "round 2 of 3" in told
        assert "within limits so far" in told
        assert "left" not in told
        assert " / 00" not in told

    def test_says_which_step_failed(self) -> None:
        events = [*w.beginning(MADE), *w.round_events(1, "store"), *w.round_events(2)[:3]]
        told = drawn(draw_strip, frame(events), 120, 3).text().split("\n")[0]
        assert "store failed in round 1" in told
        assert "within limits" not in told

    def test_a_bar_grows_with_the_steps(self) -> None:
        lengths = []
        for events in (UNDER_WAY[:-4], UNDER_WAY, [*w.beginning(MADE), *w.round_events(1)]):
            row = drawn(draw_strip, frame(events), 120, 3).row(0)
            lengths.append((row.count("━"), row.count("─")))
        assert lengths[0][0] < lengths[1][0]
        assert len({sum(pair) for pair in lengths[:2]}) == 1

    def test_a_failed_run_says_what_was_wanted_and_came(self) -> None:
        assert "store: wanted c0ffee, got beef" in drawn(draw_strip, frame(FAILED), 120, 3).text()


def test_the_terminals_title_tells_the_round() -> None:
    assert title_of(frame(UNDER_WAY).snapshot).endswith("capture-to-storage round 2 of 3")


class TestTheKeys:
    def test_that_hold_a_load_do_nothing_and_say_why(self) -> None:
        shown = frame(UNDER_WAY)
        assert not works("pause", shown)
        assert "cleans up" in why_not("pause", shown)
        assert works("stop", shown)

    def test_that_change_the_chart_have_another_one_in_a_narrow_window_alone(self) -> None:
        assert offered_views(frame(FAILED)) == ()
        assert "board" in offered_views(frame(FAILED, narrow=True))


def test_there_is_no_chart_of_latency() -> None:
    wide = arrange(120, 36, "steps", is_list_open=False, work="workflow")
    assert {"steps", "board-chart", "board", "log"} <= set(wide)
    assert not {"latency", "throughput", "endpoints"} & set(wide)
    assert "steps" in arrange(80, 24, "steps", is_list_open=False, work="workflow")


def test_the_time_axis_of_a_run_of_unknown_length_holds_it_and_grows_seldom() -> None:
    lengths = [planned_s(0.0, float(second)) for second in range(600)]
    assert all(length >= second for second, length in enumerate(lengths))
    assert len(set(lengths)) < 10
    assert planned_s(300.0, 900.0) == 300.0


@pytest.mark.parametrize("tier", CHOICES)
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 36), (160, 50)])
async def test_the_bench_holds_at_every_size(tier: TierName, size: tuple[int, int]) -> None:
    engine = FakeEngine().play(UNDER_WAY)
    app = console(engine, scenarios=(*CATALOGUE, SCENARIO), appearance=Appearance(glyphs=tier))
    async with app.run_test(size=size) as pilot:
        assert "steps  round 2 of 3" in text(app)
        for event in FAILED[len(UNDER_WAY) :]:
            engine.play([event])
        await tick(app, pilot)
        for _ in range(6 if size[0] < 100 else 2):
            await pilot.press("c")
            assert all(len(row) <= size[0] for row in rows(app))
