"""The rules of the search: when a level is good or bad, what comes next, and what ends it."""

from __future__ import annotations

import msgspec
import pytest

from tests.core import script
from tests.core.searching import (
    ERRORS,
    P95,
    QUICK_MS,
    SLOW_MS,
    Answers,
    Searched,
    knee_at,
    second_of,
)
from tui.core.events import Reading
from tui.core.limits import Limit
from tui.core.search import Search
from tui.core.search_fold import SearchFold
from tui.core.search_window import LONGEST
from tui.core.tally import WARM_UP, Row

SEARCH = Search(to=200.0)
NEAR_MS = 1900.0
"""Within the limit, and so near that one window is not believed."""


def answering(*windows_ms: float) -> Answers:
    """At 8 users these latencies, window by window; below quick, above slow."""

    def answers(level: float, since_s: int) -> Row:
        if level != 8.0:
            return second_of(*[QUICK_MS if level < 8.0 else SLOW_MS] * 10)
        number = max(since_s - 10, 0) // 20
        return second_of(*[windows_ms[min(number, len(windows_ms) - 1)]] * 10)

    return answers


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


class TestALevel:
    @pytest.mark.parametrize(
        ("windows_ms", "passed", "windows"),
        [
            ((QUICK_MS,), True, 1),
            ((SLOW_MS,), False, 2),
            ((NEAR_MS,), True, 2),
            ((NEAR_MS, SLOW_MS, NEAR_MS), True, 3),
            ((NEAR_MS, SLOW_MS, SLOW_MS), False, 3),
            ((SLOW_MS, QUICK_MS, SLOW_MS), False, 3),
            ((SLOW_MS, QUICK_MS, QUICK_MS), True, 3),
            ((SLOW_MS, SLOW_MS, QUICK_MS), False, 2),
        ],
    )
    def test_is_judged_again_while_its_windows_differ(
        self, windows_ms: tuple[float, ...], passed: bool, windows: int
    ) -> None:
        searched = Searched(SEARCH, answering(*windows_ms)).go()
        step = searched.step(8.0)
        assert (step.passed, step.windows, step.seconds) == (passed, windows, 20 * windows)

    def test_of_many_errors_needs_one_window(self) -> None:
        def failing(level: float, _: int) -> Row:
            return second_of(*[QUICK_MS] * 10, failed=4 if level >= 8 else 0)

        step = Searched(SEARCH, failing).go().step(8.0)
        assert (step.passed, step.windows, step.which) == (False, 1, "error_rate")

    def test_of_some_errors_needs_two(self) -> None:
        def failing(level: float, _: int) -> Row:
            return second_of(*[QUICK_MS] * 10, failed=1 if level >= 8 else 0)

        step = Searched(SEARCH, failing).go().step(8.0)
        assert (step.passed, step.windows, step.which) == (False, 2, "error_rate")

    def test_that_never_answers_is_bad(self) -> None:
        def silent(level: float, _: int) -> Row | None:
            return None if level >= 8 else second_of(*[QUICK_MS] * 10)

        searched = Searched(SEARCH, silent).go()
        assert searched.step(8.0).passed is False
        assert searched.step(8.0).requests == 0
        assert searched.good == 7.0

    def test_with_few_requests_is_watched_for_longer(self) -> None:
        def seldom(_: float, since_s: int) -> Row | None:
            return None if since_s % 2 else second_of(QUICK_MS)

        searched = Searched(Search(to=8.0), seldom).go()
        assert searched.step(5.0).seconds == 39
        assert searched.step(5.0).requests == 20

    def test_that_asks_nothing_says_nothing(self) -> None:
        searched = Searched(SEARCH, lambda _level, _since: None)
        searched.changes = {"in_flight": 0}
        found = searched.go().found
        assert (found.ended_by, found.last_good, found.first_bad) == ("generator", None, None)
        assert found.why_ended == "the users asked for nothing in 60 s"

    def test_counts_nothing_before_the_measured_phase(self) -> None:
        def late(_: float, since_s: int) -> Row:
            return second_of(*[SLOW_MS] * 10, phase=WARM_UP) if since_s < 40 else quick

        quick = second_of(*[QUICK_MS] * 10)
        searched = Searched(Search(to=6.0), late)
        searched.go()
        step = searched.step(5.0)
        assert (step.passed, step.seconds) == (True, 20)
        assert step.until_s == step.from_s + 60

    def test_has_the_board_at_it(self) -> None:
        searched = Searched(SEARCH, knee_at(76))
        searched.follow()
        for gpu_percent in (0.0, 90.0, 94.0):
            # The first reading comes while the level settles.
            readings = {
                "gpu_percent": Reading(gpu_percent, "sysfs"),
                "cpu_percent": Reading(None, "sysfs", "not here"),
                "hottest_c": Reading(61.0, "sysfs"),
                "ram_used_mb": Reading(2000.0, "sysfs", limit=8000.0),
                "vdd_in_mw": Reading(9000.0, "sysfs"),
            }
            searched.fold.board(readings, float(searched.now_s))
            searched.pass_s(12)
        board = searched.step(5.0).board
        assert (board.gpu_percent, board.cpu_percent) == (92.0, None)
        assert (board.tj_c, board.ram_mb, board.ram_percent) == (61.0, 2000.0, 25.0)
        assert (board.power_mw, board.in_flight) == (9000.0, 3.0)


class TestTheKnee:
    def saturating(self, most: float) -> Answers:
        """Never slow, and never more answers than that."""
        return lambda level, _: second_of(*[QUICK_MS] * round(min(level, most)))

    def test_ends_a_search_that_no_threshold_ends(self) -> None:
        searched = Searched(SEARCH, self.saturating(20)).go()
        assert (searched.found.knee, searched.good, searched.found.first_bad) == (21.0, 54.0, None)
        assert searched.found.ended_by == "saturation"
        assert searched.found.why_ended.startswith("from 21 users on, twice the load brought less")

    def test_stands_beside_a_break(self) -> None:
        def answers(level: float, _: int) -> Row:
            return second_of(*[QUICK_MS if level < 50 else SLOW_MS] * round(min(level, 20.0)))

        found = Searched(SEARCH, answers).go().found
        assert (found.knee, found.ended_by) == (21.0, "target")

    def test_is_not_made_by_a_level_that_collapsed(self) -> None:
        def answers(level: float, _: int) -> Row:
            return second_of(*[QUICK_MS] * round(level)) if level < 50 else second_of(SLOW_MS)

        assert Searched(SEARCH, answers).go().found.knee is None

    def test_is_no_matter_of_chance(self) -> None:
        def answers(level: float, since_s: int) -> Row | None:
            return None if since_s % 2 else second_of(QUICK_MS)

        assert Searched(Search(to=13.0), answers).go().found.ended_by == "cap"


class TestByRate:
    SEARCH = Search(to=200.0, by="rate")

    def test_waits_after_a_break_until_the_target_has_drained(self) -> None:
        searched = Searched(self.SEARCH, knee_at(76))
        searched.go(lambda fold: fold.wish is not None and not fold.wish.level)
        searched.follow()
        assert searched.asked[-1] == 0.0
        searched.changes = {"in_flight": 40, "oldest_s": 2.0}
        searched.pass_s(5)
        searched.follow()
        assert searched.asked[-1] == 0.0
        searched.changes = {}
        searched.pass_s()
        searched.follow()
        assert 60.0 < searched.asked[-1] < 76.0

    @pytest.mark.parametrize("most_rps", [31.0, 76.0, 140.0])
    def test_a_queue_that_a_bad_level_left_behind_spoils_no_good_one(self, most_rps: float) -> None:
        backlog, answered = 0.0, 0.0

        def before_second() -> None:
            nonlocal backlog, answered
            backlog += searched.level
            answered = min(backlog, most_rps)
            backlog -= answered
            waits_s = backlog / most_rps
            searched.changes = {"in_flight": round(backlog), "oldest_s": waits_s}
            searched.changes |= {"due": round(searched.level), "operations": round(answered)}

        def answers(_level: float, _since_s: int) -> Row:
            return second_of(*[QUICK_MS + 1000 * backlog / most_rps] * round(answered))

        searched = Searched(self.SEARCH, answers)
        searched.before_second = before_second
        searched.go()
        assert 0.9 * most_rps <= searched.good <= 1.03 * most_rps
        assert searched.found.confirmed

    def test_a_target_that_falls_behind_is_broken_before_it_is_slow(self) -> None:
        searched = Searched(self.SEARCH, knee_at(500))

        def before_second() -> None:
            done = round(min(searched.level, 40.0))
            searched.changes = {"due": round(searched.level), "operations": done}

        searched.before_second = before_second
        found = searched.go().found
        assert 36.0 <= searched.good <= 41.0
        assert found.first_bad is not None
        assert (found.first_bad.which, found.first_bad.windows) == ("rps", 2)
        assert found.first_bad.text.startswith("40.0 of 4")
        assert found.first_bad.text.endswith(" operations/s were done")

    def test_does_not_wait_for_ever(self) -> None:
        searched = Searched(self.SEARCH, knee_at(76))
        searched.changes = {"in_flight": 40, "oldest_s": 2.0}
        assert 70.0 <= searched.go().good <= 76.0

    def test_levels_are_no_whole_numbers(self) -> None:
        searched = Searched(self.SEARCH, knee_at(76)).go()
        good, bad = searched.good, searched.bad
        assert good <= 76.0 < bad
        assert bad - good <= 0.08 * bad
        assert searched.asked[-1] == pytest.approx(0.8 * good)
        assert searched.found.why_ended.endswith(f" at {bad:.1f} operations/s")


class TestTheGenerator:
    def test_that_is_busy_ends_it_and_is_named(self) -> None:
        searched = Searched(SEARCH, knee_at(500))
        searched.go(lambda fold: len(fold.view().steps) == 4)
        searched.changes = {"generator_cpu_percent": 97.0}
        found = searched.go().found
        assert (searched.good, found.first_bad, found.confirmed) == (13.0, None, None)
        assert found.ended_by == "generator"
        assert found.why_ended == (
            "the generator is the limit: a worker above 90 % of a core in 20 of 20 s"
        )

    def test_that_disturbs_itself_is_named_too(self) -> None:
        searched = Searched(SEARCH, knee_at(500))
        searched.changes = {"generator_cpu_percent": 97.0}
        searched.is_disturbed = lambda _: True
        assert searched.go().found.ended_by == "generator"

    @pytest.mark.parametrize(
        ("service_ms", "ended_by"), [(QUICK_MS, "generator"), (SLOW_MS, "target")]
    )
    def test_is_to_blame_for_missed_sends_only_where_the_target_is_quick(
        self, service_ms: float, ended_by: str
    ) -> None:
        def answers(level: float, _: int) -> Row:
            late = second_of(*[SLOW_MS if level > 10 else QUICK_MS] * 10)
            service = second_of(*[service_ms] * 10).buckets
            return msgspec.structs.replace(late, service_buckets=service)

        searched = Searched(Search(to=200.0, by="rate"), answers)
        searched.go(lambda fold: fold.wish is not None and fold.wish.level > 10)
        searched.changes = {"missed_sends": 3, "due": 13}
        searched.go(lambda fold: fold.wish is None or fold.wish.level < 10)
        searched.changes = {}
        found = searched.go().found
        assert found.ended_by == ended_by
        if ended_by == "generator":
            assert found.why_ended.endswith("60 of 260 operations found no free user in time")


class TestADisturbance:
    def test_makes_a_window_longer_and_counts_for_nothing(self) -> None:
        def answers(level: float, since_s: int) -> Row:
            return second_of(*[SLOW_MS if since_s % 3 == 0 else QUICK_MS] * round(level))

        searched = Searched(Search(to=6.0), answers)
        searched.is_disturbed = lambda second: (second - searched._reached_s) % 3 == 0
        searched.go()
        step = searched.step(5.0)
        assert (step.passed, step.seconds, step.disturbed_s) == (True, 20, 9)

    def test_without_end_ends_the_search(self) -> None:
        searched = Searched(SEARCH, knee_at(76))
        searched.is_disturbed = lambda _: True
        found = searched.go().found
        assert (found.ended_by, found.last_good) == ("disturbance", None)
        assert found.why_ended == f"the measurement was disturbed in {LONGEST * 20} of 60 s"

    def test_by_hand_has_the_level_counted_anew(self) -> None:
        searched = Searched(SEARCH, knee_at(76))
        searched.follow()
        searched.pass_s(25)
        searched.fold.spoil()
        searched.pass_s(100)
        assert searched.step(5.0).passed is None
        searched.fold.reach(float(searched.now_s))
        searched.pass_s(29)
        assert (searched.step(5.0).passed, searched.step(5.0).seconds) == (None, 19)
        searched.pass_s()
        assert searched.step(5.0).passed is True


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
