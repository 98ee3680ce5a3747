from __future__ import annotations

from typing import Any

import pytest

from tests.lib.fakes import FakeDriver
from tui.core.search import Search, Wish
from tui.engine.search_course import SearchCourse


class Bench:
    """A course, and in which order it told and asked."""

    def __init__(self, search: Search) -> None:
        self.driver = FakeDriver()
        self.driver.keeps_levels = False
        self.said: list[Any] = self.driver.calls
        self.course = SearchCourse(search, self.driver, 4.0, self._tell)

    def _tell(self, level: float) -> None:
        self.said.append(("told", level))


@pytest.fixture
def users() -> Bench:
    return Bench(Search(to=50.0))


@pytest.fixture
def rate() -> Bench:
    return Bench(Search(to=50.0, by="rate"))


def test_the_first_level_is_only_told_of(users: Bench) -> None:
    users.course.begin()
    users.course.follow(Wish(0, 5.0))
    assert users.said == [("told", 5.0)]


def test_a_level_is_told_of_before_it_can_be_reached(users: Bench) -> None:
    users.course.follow(Wish(1, 8.0))
    assert users.said == [("told", 8.0), ("rescale", 8)]


def test_a_wish_is_followed_once(users: Bench) -> None:
    for _ in range(3):
        users.course.follow(Wish(1, 8.0))
    users.course.follow(Wish(2, 13.0))
    assert [call for call in users.said if call[0] == "rescale"] == [
        ("rescale", 8),
        ("rescale", 13),
    ]


def test_another_wish_for_the_same_level_is_told_of_and_asks_for_nothing(users: Bench) -> None:
    users.course.follow(Wish(1, 8.0))
    users.course.follow(Wish(2, 8.0))
    assert users.said == [("told", 8.0), ("rescale", 8), ("told", 8.0)]


def test_a_rate_changes_and_the_users_do_not(rate: Bench) -> None:
    for number, level in enumerate([8.0, 0.0, 6.5], start=1):
        rate.course.follow(Wish(number, level))
    assert [call for call in rate.said if call[0] != "told"] == [
        ("rerate", 8.0),
        ("rerate", 0.0),
        ("rerate", 6.5),
    ]
