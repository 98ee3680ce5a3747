"""A smoke suite on the Bench: its tests before, during and after the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import CATALOGUE, DEMO
from tests.console.sight import SMALL, WIDE, console, drawn, rows, scene, text, tick
from tests.lib import workflows as w
from tui.console.appearance import Appearance
from tui.console.glyphs import CHOICES, TierName
from tui.console.scene import Scene
from tui.console.screens.confirm import Confirm
from tui.console.screens.overrides import written
from tui.console.theme import Ink
from tui.console.title import title_of
from tui.console.widgets.detail import draw_detail
from tui.console.widgets.scenarios import draw_scenarios, grouped
from tui.console.widgets.steps import draw_steps
from tui.console.widgets.strip import draw_strip
from tui.core import events as ev
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Step, Workflow

SCENARIO = w.suite_scenario()
MADE = w.facts(scenario=SCENARIO, target=DEMO)
PASSED = w.suite()
DIFFERENT = {"wanted": "c0ffee", "got": "beef"}
FAILED = w.suite("ppppfsopp", store=DIFFERENT)
UNDER_WAY = [
    *w.beginning(MADE),
    *w.told_round("ppfsppo", {}),
    ev.StepBegan(at_s=2.0, round=1, step=7),
    ev.StepMoved(at_s=4.0, round=1, step=7, done=12, of=20),
]
"""The last test is at the twelfth of its twenty pictures; the second has failed."""
SIXTEEN = Workflow(
    steps=tuple(Step(f"step-{number}", "health") for number in range(1, 17)),
    tests=tuple(
        SmokeTest(f"SMK-{number:02}", f"what must hold, {number}", group, (f"step-{number}",))
        for number, group in enumerate(
            ["health"] * 4
            + ["journeys"] * 4
            + ["integrity"] * 2
            + ["security"] * 4
            + ["speed"] * 2,
            1,
        )
    ),
)


def frame(events: Sequence[ev.Event] = (), what: Any = SCENARIO, **changes: Any) -> Scene:
    engine = FakeEngine().play(events)
    changes.setdefault("view", "steps")
    return scene(engine, selected=what.id, scenarios=(*CATALOGUE, what), **changes)


def panel(shown: Scene, width: int = 80, height: int = 40) -> list[str]:
    return drawn(draw_steps, shown, width, height).text().split("\n")


def row_of(words: str, found: Sequence[str]) -> str:
    return next(row for row in found if words in row)


def sixteen(bad: Sequence[int] = (), done: int = 16) -> list[ev.Event]:
    """A run of sixteen tests, of which `done` are over."""
    made = w.facts(scenario=w.suite_scenario(SIXTEEN))
    events = w.beginning(made)
    events.append(ev.RoundBegan(at_s=1.0, number=1, correlation="r1-1"))
    for index in range(done):
        told: dict[str, Any] = {"state": "passed", "ms": 100.0, "request_ms": 90.0}
        if index + 1 in bad:
            told |= {"state": "failed", "why": f"fault {index + 1}"}
        at_s = 1.0 + index / 10
        events.append(ev.StepBegan(at_s=at_s, round=1, step=index))
        events.append(
            ev.StepEnded(at_s=at_s + 0.1, round=1, step=index, began_s=index / 10, **told)
        )
    if done < 16:
        events.append(ev.StepBegan(at_s=1.0 + done / 10, round=1, step=done))
    return events


def test_tests_of_a_group_stand_together_wherever_they_are() -> None:
    groups = ["images", "health", "images", "login", "images"]
    plan = Workflow(
        steps=tuple(Step(f"step-{number}", "health") for number in range(5)),
        tests=tuple(
            SmokeTest(f"API-{number}", "a path", group, (f"step-{number}",))
            for number, group in enumerate(groups)
        ),
    )
    shown = "\n".join(panel(frame(what=w.suite_scenario(plan))))
    assert shown.count("images") == 1
    assert shown.index("API-4") < shown.index("health")


class TestTheTests:
    def test_stand_in_their_groups_with_sign_title_and_time(self) -> None:
        found = panel(frame(PASSED))
        heads = [row.strip("│ ") for row in found if row[2:].startswith(("health", "journeys"))]
        assert heads == ["health 1/1", "journeys 3/3"]
        row = row_of("SMK-02", found)
        assert row[2] == "✓"
        assert "a picture is understood" in row
        assert row.rstrip("│ ").endswith(" 70 ms")

    def test_tell_of_their_steps_where_there_is_room(self) -> None:
        told = "\n".join(panel(frame(PASSED)))
        assert "POST /predict" in told
        assert "POST /predict" not in "\n".join(panel(frame(PASSED), height=14))

    def test_that_do_not_apply_say_why(self) -> None:
        for height in (40, 18, 13):
            found = panel(frame(PASSED), 90, height)
            assert row_of("SMK-05", found).rstrip("│ ").endswith("n/a")
            assert w.SECRETLESS[:30] in "\n".join(found)

    def test_that_failed_say_what_is_wrong_and_others_which_were_skipped(self) -> None:
        found = panel(frame(FAILED))
        assert row_of("SMK-03", found)[2] == "✗"
        told = "\n".join(found)
        assert w.WHY in told
        assert "wanted c0ffee" in told
        assert row_of("SMK-04", found).rstrip("│ ").endswith("skipped")

    def test_say_how_far_the_items_are(self) -> None:
        found = panel(frame(UNDER_WAY), height=14)
        row = row_of("SMK-06", found)
        assert row[2] == "●"
        assert "12 of 20" in row
        assert row_of("SMK-02", found)[2] == "✗"

    def test_are_counted_in_the_title(self) -> None:
        assert "tests  5/5 passed, 1 n/a" in panel(frame(PASSED))[0]
        assert "tests  3/5 passed, 1 failed, 1 skipped, 1 n/a" in panel(frame(FAILED))[0]

    def test_of_a_failed_one_name_and_reason_are_red(self) -> None:
        canvas = drawn(draw_steps, frame(FAILED), 80, 14)
        y = next(y for y in range(14) if "SMK-03" in canvas.row(y))
        assert canvas.looks[y][2] & 0xFF == Ink.FAIL
        x = canvas.row(y + 1).index(w.WHY)
        assert canvas.looks[y + 1][x] & 0xFF == Ink.FAIL

    def test_take_nothing_from_the_service_that_acts_on_the_screen(self) -> None:
        evil = {"why": "\x1b[2Jstatus", "wanted": "\x1b]0;x\x07", "got": "a\u202e"}
        shown = frame(w.suite("ppppfsopp", store=evil, refused={"why": "\x1b[1mnone"}))
        for height in (40, 18, 12):
            told = "\n".join(panel(shown, 80, height))
            assert "[2Jstatus" in told
            assert not {"\x1b", "\x07", "\u202e"} & set(told)

    def test_a_clean_up_that_failed_is_told_behind_them(self) -> None:
        found = panel(frame(w.suite("ppppppopf")))
        assert "✗ clean-up: delete" in "\n".join(found)


class TestSixteenTests:
    def test_are_all_in_sight_in_a_small_window(self) -> None:
        for events in ((), sixteen(done=7), sixteen()):
            found = panel(frame(events, w.suite_scenario(SIXTEEN)), 80, 15)
            told = "\n".join(found)
            assert all(f"SMK-{number:02}" in told for number in range(1, 17))
            assert not {"↑", "↓"} & set(told)

    def test_a_group_is_not_torn_into_two_columns(self) -> None:
        found = panel(frame(sixteen(), w.suite_scenario(SIXTEEN)), 80, 15)
        assert row_of("SMK-05", found).index("SMK-05") == row_of("SMK-08", found).index("SMK-08")

    @pytest.mark.parametrize("size", [(80, 12), (58, 9), (58, 23)])
    @pytest.mark.parametrize("done", [0, 5, 12, 15])
    def test_where_they_do_not_fit_the_one_that_goes_on_is_in_sight(
        self, size: tuple[int, int], done: int
    ) -> None:
        shown = frame(sixteen(bad=(1,), done=done), w.suite_scenario(SIXTEEN))
        assert row_of(f"SMK-{done + 1:02}", panel(shown, *size))[2] == "●"

    def test_and_at_the_end_the_first_that_failed(self) -> None:
        shown = frame(sixteen(bad=(11, 13, 15)), w.suite_scenario(SIXTEEN))
        told = "\n".join(panel(shown, 58, 9))
        assert "SMK-11" in told
        assert "fault 11" in told
        assert {"↑", "↓"} <= set(told)

    def test_between_two_steps_nothing_jumps(self) -> None:
        what = w.suite_scenario(SIXTEEN)
        going = sixteen(bad=(2,), done=11)
        assert "SMK-12" in "\n".join(panel(frame(going, what), 58, 9))
        assert "SMK-11" in "\n".join(panel(frame(going[:-1], what), 58, 9))

    def test_whoever_scrolls_goes_where_they_like(self) -> None:
        shown = frame(sixteen(bad=(11,)), w.suite_scenario(SIXTEEN), narrow=True)
        top = msgspec.structs.replace(shown, scroll=0)
        assert "SMK-01" in "\n".join(panel(top, 58, 9))
        last = msgspec.structs.replace(shown, scroll=99)
        assert "SMK-16" in "\n".join(panel(last, 58, 9))


async def test_the_arrows_scroll_from_where_the_panel_stands() -> None:
    engine = FakeEngine().play(sixteen(bad=(11,)))
    app = console(engine, scenarios=(*CATALOGUE, w.suite_scenario(SIXTEEN)))
    async with app.run_test(size=(60, 18)) as pilot:
        while "scenarios" in text(app):
            await pilot.press("tab")
        first = rows(app)[5]
        await pilot.press("down")
        assert rows(app)[5] != first
        await pilot.press("up")
        assert rows(app)[5] == first
        # What goes beyond an end is not owed on the way back.
        await pilot.press("end", "up")
        assert "SMK-16" not in text(app)
        await pilot.press("home", "down")
        assert "SMK-01" in text(app)
        assert "health" not in text(app).split("\n")[5]


class TestBeforeTheRun:
    def test_all_tests_are_named(self) -> None:
        found = panel(frame())
        assert "tests  6 tests" in found[0]
        assert "the service is up" in row_of("SMK-01", found)
        assert "security 1 test" in "\n".join(found)

    def test_the_list_has_it_first(self) -> None:
        assert grouped([*CATALOGUE, w.SCENARIO, SCENARIO])[0] is SCENARIO
        told = drawn(draw_scenarios, frame(), 40, 30).text()
        assert "Smoke" in told
        assert "6 tests" in told

    def test_the_strip_says_what_it_takes_to_pass(self) -> None:
        told = drawn(draw_strip, frame(), 80, 3).text()
        assert "6 tests, on demo. Passes if:" in told
        assert "no test fails" in told
        assert "any answer passes" not in told

    def test_its_groups_stand_in_the_details(self) -> None:
        told = drawn(draw_detail, frame(), 60, 14).text()
        assert "health 1, journeys 3, security 1" in told
        assert "no test fails" in told

    def test_it_has_no_rounds_to_change(self) -> None:
        assert written(SCENARIO, SCENARIO) == {}

    def test_a_protected_target_hears_how_many(self) -> None:
        dialog = Confirm(SCENARIO.id, (SCENARIO,), DEMO)
        told = "".join(piece[0] for piece in dialog.lines()[0])
        assert told == "critical-path goes through 6 tests on"


class TestTheStrip:
    def test_counts_the_tests_that_are_over(self) -> None:
        told = drawn(draw_strip, frame(UNDER_WAY), 120, 3).text()
        assert "5 of 6 tests" in told
        assert "SMK-02 failed" in told.split("\n")[0]
        assert "round" not in told.split("\n")[0]

    def test_a_suite_without_limits_fails_nothing_so_far(self) -> None:
        events = [*w.beginning(MADE), *w.told_round("pp", {})]
        assert "nothing failed so far" in drawn(draw_strip, frame(events), 120, 3).text()

    def test_at_the_end_it_counts_how_they_ended(self) -> None:
        told = drawn(draw_strip, frame(FAILED), 120, 3).text()
        assert "3 passed, 1 failed, 1 skipped, 1 n/a" in told
        assert "SMK-03 store: wanted c0ffee, got beef" in told


def test_the_terminals_title_tells_how_many_tests_are_over() -> None:
    assert title_of(frame(UNDER_WAY).snapshot).endswith("critical-path 5 of 6 tests")


@pytest.mark.parametrize("tier", CHOICES)
@pytest.mark.parametrize("size", [(60, 18), SMALL, WIDE, (160, 50)])
async def test_the_bench_holds_at_every_size(tier: TierName, size: tuple[int, int]) -> None:
    engine = FakeEngine()
    app = console(engine, FakeClock(), appearance=Appearance(glyphs=tier))
    async with app.run_test(size=size) as pilot:
        for events in (UNDER_WAY, FAILED):
            engine.play(events)
            await tick(app, pilot)
            assert "tests  " in text(app)
            assert all(len(row) <= size[0] for row in rows(app))
