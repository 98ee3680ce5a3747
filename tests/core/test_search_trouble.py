"""What spoils a search: its own generator, and others that disturb it."""

from __future__ import annotations

import msgspec
import pytest

from tests.core.searching import QUICK_MS, SEARCH, SLOW_MS, Searched, knee_at, second_of
from tui.core.search import Search
from tui.core.search_window import LONGEST
from tui.core.tally import Row


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
