"""A search by rate: it waits for what a level left behind, and sees who falls behind."""

from __future__ import annotations

import pytest

from tests.core.searching import QUICK_MS, Searched, knee_at, second_of
from tui.core.search import Search
from tui.core.tally import Row


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
