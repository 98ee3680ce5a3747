"""One level of a search: when it is good or bad, and when more load brings nothing more."""

from __future__ import annotations

import pytest

from tests.core.searching import QUICK_MS, SEARCH, SLOW_MS, Answers, Searched, knee_at, second_of
from tui.core.events import Reading
from tui.core.search import Search
from tui.core.tally import WARM_UP, Row

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
