from __future__ import annotations

import random
from collections.abc import Sequence
from math import exp

import pytest
from msgspec.structs import replace

from tests.core.stress.services import COUNTED, arrivals, refusing, slow, well
from tui.core.events import Reading
from tui.core.stress.degradation import DegradationFold
from tui.core.stress.view import Change
from tui.core.stress.windows import Second


def folded(seconds: Sequence[Second] = ()) -> DegradationFold:
    """A minute before, from 60 the stress, from 120.5 what is after, up to 180."""
    fold = DegradationFold(COUNTED)
    fold.enter("before", 0.0)
    fold.enter("stress", 60.0)
    fold.enter("after", 120.5)
    fold.end(180.0)
    for second in seconds:
        fold.add(second)
    return fold


def change(fold: DegradationFold, part: str, metric: str) -> Change:
    (found,) = [each for each in fold.changes() if (each.part, each.metric) == (part, metric)]
    return found


def test_each_part_has_its_own_figures() -> None:
    before, stress, after = folded(arrivals(slow(60.0, 120.0, 0.01), 30, 180)).parts()
    assert (before.from_s, before.until_s, stress.until_s, after.until_s) == (0, 60, 120.5, 180)
    assert before.rps == pytest.approx(30, rel=0.02)
    assert before.p95_ms == pytest.approx(33, rel=0.1)
    assert stress.p95_ms == pytest.approx(330, rel=0.1)
    assert before.error_rate == 0
    assert before.requests + stress.requests + after.requests < 30 * 180


def test_a_second_that_lies_in_two_parts_counts_in_none() -> None:
    before, stress, after = folded(arrivals(well, 30, 180)).parts()
    assert (before.seconds, stress.seconds, after.seconds) == (60, 60, 59)


def test_disturbed_seconds_are_left_out_and_counted() -> None:
    seconds = [
        replace(each, is_disturbed=70 <= each.second < 80)
        for each in arrivals(slow(70.0, 80.0, 0.01), 30, 180)
    ]
    _, stress, _ = folded(seconds).parts()
    assert (stress.seconds, stress.disturbed_s) == (50, 10)
    assert stress.p95_ms == pytest.approx(33, rel=0.1)


def test_a_part_that_has_begun_has_no_figures_yet() -> None:
    fold = DegradationFold(())
    fold.enter("before", 0.0)
    (part,) = fold.parts()
    assert (part.until_s, part.rps, part.p95_ms, part.error_rate) == (None,) * 4
    assert fold.changes() == ()


def test_a_change_is_a_ratio_within_its_interval() -> None:
    fold = folded(arrivals(slow(60.0, 120.0, 0.01), 30, 180))
    worse = change(fold, "stress", "p95_ms")
    assert worse.low is not None
    assert worse.high is not None
    assert worse.low < 10 < worse.high
    assert worse.low < worse.ratio < worse.high
    back = change(fold, "after", "p95_ms")
    assert back.low is not None
    assert back.high is not None
    assert back.low < 1 < back.high
    assert change(fold, "stress", "rps").ratio == pytest.approx(1, rel=0.02)


def test_a_service_without_answers_has_no_p95_to_compare_and_no_rate() -> None:
    seconds = [each for each in arrivals(well, 30, 180) if each.second < 60]
    dead = [each for each in arrivals(refusing(0, 1), 0.001, 180) if 60 <= each.second < 120]
    found = [each for each in folded([*seconds, *dead]).changes() if each.part == "stress"]
    assert found == [Change("rps", "stress", 0.0)]


def test_few_seconds_have_a_ratio_and_no_interval() -> None:
    seconds = [each for each in arrivals(well, 30, 180) if not 80 <= each.second < 160]
    found = change(folded(seconds), "stress", "p95_ms")
    assert found.ratio == pytest.approx(1, rel=0.2)
    assert (found.low, found.high) == (None, None)


def test_the_interval_is_the_same_however_often_it_is_asked_for() -> None:
    seconds = arrivals(well, 30, 180)
    fold, asked = folded(), folded()
    for second in seconds:
        fold.add(second)
        asked.add(second)
        asked.changes()
    assert asked.changes() == fold.changes()


def test_without_load_the_health_check_tells() -> None:
    fold, dice = folded(), random.Random(4)
    for at_s in range(180):
        ms = 10 * dice.lognormvariate(0, 0.2) * (3 if 60 <= at_s < 120 else 1)
        fold.probe(at_s, at_s + ms / 1000, ms)
    worse, back = fold.changes()
    assert (worse.metric, back.metric) == ("health_p95_ms", "health_p95_ms")
    assert worse.low is not None
    assert worse.high is not None
    assert 2 < worse.low < 3 < worse.high < 4
    assert back.ratio == pytest.approx(1, rel=0.2)
    assert fold.parts()[0].health_p95_ms == pytest.approx(10 * exp(0.2 * 1.645), rel=0.1)


class TestARatioOfHealthChecks:
    """A check a second; of those under stress some have no answer."""

    def fold(self, lost: int, disturbed: int = 0) -> DegradationFold:
        fold = folded()
        for at_s in range(120):
            ms = None if 60 <= at_s < 60 + lost else 10.0
            is_disturbed = 60 <= at_s < 60 + disturbed
            fold.probe(at_s, at_s + 0.01, ms, is_disturbed=is_disturbed)
        return fold

    @pytest.mark.parametrize(("lost", "is_known"), [(0, True), (3, True), (4, False), (60, False)])
    def test_is_not_known_where_many_were_not_answered(self, lost: int, is_known: bool) -> None:
        fold = self.fold(lost)
        assert (fold.ratios()["p95_ratio"] is not None) is is_known
        assert ("p95_ratio" not in fold.lacks(is_loaded=False)) is is_known

    def test_says_how_many_were_not(self) -> None:
        lacks = self.fold(30).lacks(is_loaded=False)["p95_ratio"]
        assert lacks.reason == "30 of 60 health checks were not answered"
        assert "see why" in lacks.advice

    def test_is_not_known_where_most_answers_were_measured_wrong(self) -> None:
        fold = self.fold(0, disturbed=31)
        assert fold.ratios()["p95_ratio"] is None
        assert fold.lacks(is_loaded=False)["p95_ratio"].reason.endswith("was disturbed")
        assert self.fold(0, disturbed=30).ratios()["p95_ratio"] is not None

    def test_is_not_known_where_none_was_answered_before(self) -> None:
        fold = folded()
        fold.probe(70.0, 70.01, 10.0)
        assert "before" in fold.lacks(is_loaded=False)["p95_ratio"].reason


def test_a_load_that_was_disturbed_all_along_lacks_its_latencies() -> None:
    seconds = [
        replace(each, is_disturbed=60 <= each.second < 121) for each in arrivals(well, 30, 180)
    ]
    lacks = folded(seconds).lacks(is_loaded=True)
    assert {"p95_ms", "p99_ms", "p95_ratio"} <= set(lacks)
    assert {each.reason for each in lacks.values()} == {"the measurement itself was disturbed"}
    assert not any("longer" in each.advice for each in lacks.values())
    assert folded(arrivals(well, 30, 180)).lacks(is_loaded=True) == {}


def test_a_check_without_an_answer_has_no_time() -> None:
    fold = folded()
    fold.probe(10.0, 20.0, None)
    fold.probe(20.0, 20.01, 10.0)
    assert fold.parts()[0].health_p95_ms == pytest.approx(10, rel=0.01)


def test_a_disturbed_answer_of_the_health_check_is_left_out() -> None:
    fold = folded()
    fold.probe(10.0, 10.01, 10.0)
    fold.probe(11.0, 11.9, 900.0, is_disturbed=True)
    assert fold.parts()[0].health_p95_ms == pytest.approx(10, rel=0.01)


def test_the_board_s_heat_and_power_are_those_of_the_part() -> None:
    fold = folded()
    for at_s, heat_c, power_mw in ((10, 45, 6000), (20, 47, 8000), (70, 80, 20000)):
        readings = {
            "tj_c": Reading(heat_c, "sysfs"),
            "hottest_c": Reading(99, "sysfs"),
            "vdd_in_mw": Reading(power_mw, "sysfs"),
        }
        fold.sample(at_s, readings)
    fold.sample(75, {"tj_c": Reading(95, "sysfs", age_s=60)})
    before, stress, after = fold.parts()
    assert (before.tj_max_c, before.power_mean_mw) == (47, 7000)
    assert (stress.tj_max_c, stress.power_mean_mw) == (80, 20000)
    assert (after.tj_max_c, after.power_mean_mw) == (None, None)
