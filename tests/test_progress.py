from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.lib import workflows
from tests.reports.runs import STRESSED, stress_events, stress_facts, stress_view
from tui.core import events as ev
from tui.core.model import RunView
from tui.core.stress.view import BurnerView, HealthView
from tui.progress import ended_lines, is_long, progress_line, stretch_of

BURNING = msgspec.structs.replace(
    STRESSED,
    part="stress",
    left_s=24.0,
    burners=(BurnerView("cpu", "", asked=0.5, reached=0.48),),
    health=HealthView(4, 4, ms=12.0),
)


def going(stress: Any = BURNING, *, is_loaded: bool = False) -> RunView:
    view = script.view_of(stress_events(stress_facts(is_loaded=is_loaded))[:-1])
    return msgspec.structs.replace(view, stress=stress, phase="measuring", elapsed_s=42.0)


def test_a_stress_that_goes_on_is_told_in_a_line() -> None:
    line = progress_line(going())
    assert line.startswith("00:42  stress 2/2 100 %, 00:24 left  cpu 48 %  tj 60 °C  health 12 ms")
    assert "rps" not in line


@pytest.mark.parametrize(
    ("part", "words"), [("before", "before, 00:24 left"), ("after", "after, at most 00:24 left")]
)
def test_the_other_parts_are_told_by_their_names(part: Any, words: str) -> None:
    assert words in progress_line(going(msgspec.structs.replace(BURNING, part=part)))


def test_the_load_beside_a_stress_is_told_too() -> None:
    assert " rps  p95 " in progress_line(going(is_loaded=True))


@pytest.mark.parametrize(("since_s", "words"), [(10.0, "no answer"), (None, "health 12 ms")])
def test_an_answer_from_before_an_outage_is_not_told_as_news(
    since_s: float | None, words: str
) -> None:
    health = HealthView(9, 5, ms=12.0, outages=((10.0, 41.5),), gone_since_s=since_s)
    assert words in progress_line(going(msgspec.structs.replace(BURNING, health=health)))


def test_a_line_is_due_when_a_part_begins() -> None:
    before = msgspec.structs.replace(BURNING, part="before")
    assert stretch_of(going(before)) != stretch_of(going())


def test_a_stress_without_a_part_yet_says_nothing_of_users() -> None:
    assert "users" not in progress_line(going(msgspec.structs.replace(BURNING, part=None)))


def test_a_run_that_is_over_has_no_part() -> None:
    assert stretch_of(stress_view()).endswith("None")


def test_what_burnt_before_is_not_told_afterwards() -> None:
    assert "cpu 48 %" not in progress_line(going(msgspec.structs.replace(BURNING, part="after")))


class TestAWorkflow:
    def test_its_round_and_step_are_told(self) -> None:
        events = [*workflows.beginning(), *workflows.round_events(1)]
        view = script.view_of([*events, *workflows.round_events(2)[:6]])
        assert progress_line(view) == "00:01  round 2 of 3  store…  1 complete"

    def test_a_step_that_failed_says_why_at_once(self) -> None:
        events = [*workflows.beginning(), *workflows.round_events(1, "store")[:-3]]
        line = progress_line(script.view_of(events))
        assert f"round 1 of 3  store failed: {workflows.WHY}" in line

    def test_a_failed_round_is_counted_in_the_next_one(self) -> None:
        events = [*workflows.beginning(), *workflows.round_events(1, "store")]
        line = progress_line(script.view_of([*events, *workflows.round_events(2)[:3]]))
        assert line.endswith("round 2 of 3  1 failed")

    def test_rounds_beside_each_other_are_counted(self) -> None:
        events = [*workflows.beginning(), *workflows.round_events(1)]
        events += [*workflows.round_events(2)[:3], *workflows.round_events(3)[:2]]
        assert "1 of 3 rounds over, 2 under way" in progress_line(script.view_of(events))

    def test_a_line_is_due_with_each_round_of_a_few(self) -> None:
        events = [*workflows.beginning(), *workflows.round_events(1)]
        later = [*events, *workflows.round_events(2)[:2]]
        assert stretch_of(script.view_of(events)) != stretch_of(script.view_of(later))

    def test_many_rounds_make_no_line_each(self) -> None:
        many = msgspec.structs.replace(workflows.WORKFLOW, rounds=500)
        events = workflows.beginning(workflows.facts(scenario=workflows.scenario(many)))
        stretches = set()
        for number in range(1, 40):
            events += workflows.round_events(number, "store" if number % 2 else "")
            stretches.add(stretch_of(script.view_of(events)))
        assert len(stretches) < 6

    @pytest.mark.parametrize(("every_s", "expected"), [(0.0, False), (60.0, True)])
    def test_rounds_that_are_far_apart_are_a_long_run(self, every_s: float, expected: bool) -> None:
        paced = msgspec.structs.replace(workflows.WORKFLOW, rounds=30, every_s=every_s)
        made = workflows.facts(scenario=workflows.scenario(paced))
        assert is_long(script.view_of(workflows.beginning(made))) is expected

    def test_says_nothing_before_there_is_something_to_say(self) -> None:
        begun = script.view_of(workflows.beginning())
        assert progress_line(msgspec.structs.replace(begun, elapsed_s=0.2)) == ""
        later = progress_line(msgspec.structs.replace(begun, elapsed_s=5.0))
        assert later == "00:05  no round yet"


class TestASuite:
    def test_has_a_line_for_each_test_that_is_over(self) -> None:
        view = script.view_of(workflows.suite("ppppfsopp"))
        assert ended_lines(view) == (
            "PASS SMK-01 the service is up  200 ms",
            "PASS SMK-02 a picture is understood  70 ms",
            f"FAIL SMK-03 a picture is stored  20 ms  store: {workflows.WHY}",
            "SKIP SMK-04 a picture comes back  before failed",
            f"n/a  SMK-05 viewers may not write  {workflows.SECRETLESS}",
            "PASS SMK-06 twenty pictures in a row  40 ms",
        )

    def test_has_none_for_a_test_that_goes_on(self) -> None:
        begun = workflows.beginning(workflows.facts(scenario=workflows.suite_scenario()))
        view = script.view_of([*begun, *workflows.told_round("ppp", {})])
        assert [line[:11] for line in ended_lines(view)] == ["PASS SMK-01"]

    def test_tells_the_step_and_how_far_it_is(self) -> None:
        begun = workflows.beginning(workflows.facts(scenario=workflows.suite_scenario()))
        moving = ev.StepMoved(round=1, step=7, done=5, of=20, at_s=2.0)
        going = [*workflows.told_round("pppppfo", {}), ev.StepBegan(round=1, step=7, at_s=2.0)]
        line = progress_line(script.view_of([*begun, *going, moving]))
        assert line.endswith("5 of 6 tests  SMK-06 many 5 of 20…  3 passed, 1 failed, 1 n/a")

    def test_has_no_other_line_for_each_test(self) -> None:
        begun = workflows.beginning(workflows.facts(scenario=workflows.suite_scenario()))
        stretches = {
            stretch_of(script.view_of([*begun, *workflows.told_round(steps, {})]))
            for steps in ("p", "ppp", "ppppf", "ppppfs")
        }
        assert len(stretches) == 1


def test_a_workflow_without_tests_has_no_lines_of_them() -> None:
    assert ended_lines(script.view_of(workflows.whole())) == ()
