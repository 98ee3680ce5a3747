"""The course of a search: what comes next, what ends it, and what it says of that."""

from __future__ import annotations

import pytest

from tests.core import script
from tests.core.searching import (
    ERRORS,
    P95,
    QUICK_MS,
    SEARCH,
    SLOW_MS,
    Searched,
    knee_at,
    second_of,
)
from tui.core.limits import Limit
from tui.core.search import Search
from tui.core.search_fold import SearchFold
from tui.core.tally import Row


class TestTheSearch:
    def test_climbs_to_the_first_break_and_halves_from_there(self) -> None:
        searched = Searched(SEARCH, knee_at(76)).go()
        assert searched.asked == [5, 8, 13, 21, 34, 54, 86, 70, 78, 74, 59]
        assert (searched.good, searched.bad) == (74.0, 78.0)
        assert [step.purpose for step in searched.found.steps[-5:]] == [
            "climb",
            "bisect",
            "bisect",
            "bisect",
            "confirm",
        ]

    def test_says_what_it_is_at(self) -> None:
        searched = Searched(SEARCH, knee_at(76))
        seen = [searched.found.state]
        while searched.fold.wish is not None:
            searched.go(lambda fold: fold.state != seen[-1])
            seen.append(searched.found.state)
        assert seen == ["searching", "bisecting", "confirming", "done"]

    def test_says_what_broke_and_where(self) -> None:
        found = Searched(SEARCH, knee_at(76)).go().found
        assert found.first_bad is not None
        assert (found.first_bad.which, found.first_bad.passed) == ("p95_ms", False)
        assert found.first_bad.text == "p95 4 000 ms, limit 2 000 ms"
        assert found.ended_by == "target"
        assert found.why_ended == "p95 4 000 ms, limit 2 000 ms at 78 users"

    def test_has_the_figures_of_each_level(self) -> None:
        searched = Searched(SEARCH, knee_at(76)).go()
        good = searched.found.last_good
        assert good is not None
        assert (good.seconds, good.windows, good.error_rate) == (20, 1, 0.0)
        assert good.rps == 74.0
        assert good.p95_ms == pytest.approx(QUICK_MS, rel=0.01)
        assert good.until_s == good.from_s + 30

    def test_ends_at_its_cap_where_nothing_breaks(self) -> None:
        searched = Searched(Search(to=30.0), knee_at(500)).go()
        assert (searched.good, searched.found.first_bad) == (30.0, None)
        assert (searched.found.ended_by, searched.found.confirmed) == ("cap", True)
        assert searched.found.why_ended == "30 users, the highest level asked for, held"

    def test_looks_below_a_first_level_that_breaks(self) -> None:
        searched = Searched(SEARCH, knee_at(3)).go()
        assert searched.asked == [5, 2, 4, 3, 2]
        assert (searched.good, searched.bad) == (3.0, 4.0)

    @pytest.mark.parametrize("by", ["users", "rate"])
    def test_ends_where_no_level_holds(self, by: str) -> None:
        searched = Searched(Search(to=200.0, by=by), knee_at(0)).go()  # type: ignore[arg-type]
        assert searched.found.last_good is None
        assert searched.found.confirmed is None
        assert searched.found.ended_by == "target"

    def test_confirms_nothing_where_it_is_not_asked_to(self) -> None:
        searched = Searched(Search(to=200.0, confirm_s=0.0), knee_at(76)).go()
        assert searched.asked[-1] == 74.0
        assert searched.found.confirmed is None

    def test_tells_a_hold_that_breaks(self) -> None:
        def tires(level: float, _: int) -> Row:
            ms = SLOW_MS if level in (59.0, 78.0, 86.0) else QUICK_MS
            return second_of(*[ms] * round(level))

        found = Searched(SEARCH, tires).go().found
        assert (found.confirmed, found.ended_by) == (False, "target")
        assert found.steps[-1].seconds == SEARCH.confirm_s
        assert found.steps[-1].text == "p95 4 000 ms, limit 2 000 ms"

    def test_judges_a_level_on_its_own_requests_alone(self) -> None:
        def uneasy(level: float, since_s: int) -> Row:
            return second_of(*[SLOW_MS if since_s < 10 else QUICK_MS] * round(level))

        assert Searched(Search(to=30.0), uneasy).go().good == 30.0

    def test_needs_no_threshold_to_find_errors(self) -> None:
        def failing(level: float, _: int) -> Row:
            failed = round(level) if level > 40 else 0
            return second_of(*[QUICK_MS] * (round(level) - failed), failed=failed, limits=())

        searched = Searched(SEARCH, failing, limits=()).go()
        assert 36 <= searched.good <= 40
        assert searched.found.why_ended.startswith("errors 100 %, limit 20 % at ")

    def test_blames_no_level_for_few_answers(self) -> None:
        limits = (P95, Limit("rps", ">=", 1000.0))
        assert Searched(Search(to=30.0), knee_at(500), limits=limits).go().good == 30.0

    def test_has_the_limits_beside_the_last_good_level(self) -> None:
        searched = Searched(SEARCH, knee_at(76)).go()
        (p95, errors) = searched.fold.judged((P95, ERRORS))
        assert (p95.passed, errors.passed) == (True, True)
        never = Searched(SEARCH, knee_at(0)).go()
        assert never.fold.judged((P95,))[0].passed is False
        assert SearchFold(SEARCH, (P95,), (P95,)).judged((P95,))[0].passed is None


class TestTheEndOfTheRun:
    def test_before_its_own_keeps_what_was_found(self) -> None:
        searched = Searched(SEARCH, knee_at(76)).go(lambda fold: fold.state == "bisecting")
        searched.fold.stop("stopped by hand")
        found = searched.found
        assert (found.state, found.ended_by) == ("done", "stop")
        assert (searched.good, searched.bad) == (54.0, 86.0)
        assert found.why_ended == "stopped by hand"

    def test_in_the_hold_keeps_what_ended_the_search(self) -> None:
        searched = Searched(SEARCH, knee_at(76)).go(lambda fold: fold.state == "confirming")
        searched.fold.stop("stopped by hand")
        assert (searched.found.ended_by, searched.found.confirmed) == ("target", None)

    def test_afterwards_changes_nothing(self) -> None:
        searched = Searched(SEARCH, knee_at(76)).go()
        before = searched.found
        searched.fold.stop("stopped by hand")
        searched.pass_s(60)
        assert searched.found == before


def test_news_of_another_level_are_no_news() -> None:
    searched = Searched(SEARCH, knee_at(76))
    searched.fold.enter(5.0, 0.0)
    searched.fold.reach(1.0, 8.0)
    searched.level = 5.0
    searched.pass_s(60)
    assert searched.step(5.0).seconds == 0


def test_a_level_that_the_load_is_at_already_is_reached() -> None:
    searched = Searched(Search(to=2.0, from_=1.0), knee_at(1)).go()
    # Found at one user, it is confirmed at one user.
    assert searched.asked == [1, 2, 1]
    again = SearchFold(Search(to=9.0), (P95,), (P95,))
    again.enter(5.0, 0.0)
    again.reach(1.0, 5.0)
    again.enter(5.0, 20.0)
    again.add(script.window(35, second_of(*[QUICK_MS] * 10)))
    assert again.view().steps[-1].seconds == 1


def test_a_stored_search_that_lost_seconds_goes_on_with_the_levels_that_were() -> None:
    live = Searched(SEARCH, knee_at(76)).go()
    again = SearchFold(SEARCH, (P95, ERRORS), (P95,))
    for step in live.found.steps:
        again.enter(step.level, step.from_s - 1)
        again.reach(step.from_s, step.level)
        for second in range(int(step.from_s), int(step.until_s or 0)):
            # All seconds of one level are lost.
            if step.level != 21.0:
                row = live.answers(step.level, second - int(step.from_s))
                assert row is not None
                again.add(script.window(second, row))
    found, were = again.view(), live.found
    assert [step.level for step in found.steps] == [step.level for step in were.steps]
    assert found.steps[3].passed is None
    assert (found.last_good, found.first_bad) == (were.last_good, were.first_bad)
