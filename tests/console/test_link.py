"""The way to the terminal: when it is behind, when it is slow, and when it is well again."""

from __future__ import annotations

import pytest

from tests.console.fakes import FakeClock
from tui.console.driver import FALLBACK, usable_size
from tui.console.link import BEHIND_S, MOST_QUEUED, QUICK_TO_RECOVER, SLOW_S, Link
from tui.core.camera.pace import Sent


@pytest.fixture
def link(clock: FakeClock) -> Link:
    return Link(clock)


def send(link: Link, clock: FakeClock, took_s: float) -> None:
    """A frame that takes so long to leave."""
    link.queued()
    clock.pass_s(took_s)
    link.left(1)


def test_what_leaves_at_once_holds_nothing_back(link: Link, clock: FakeClock) -> None:
    for _ in range(100):
        send(link, clock, 0.01)
        assert not link.holds_back()
        assert not link.is_slow()


def test_a_frame_waits_for_the_one_before_it(link: Link, clock: FakeClock) -> None:
    link.queued()
    assert not link.holds_back()
    clock.pass_s(BEHIND_S + 0.01)
    assert link.holds_back()
    link.left(1)
    assert not link.holds_back()


def test_many_writes_at_once_wait_too(link: Link) -> None:
    for _ in range(MOST_QUEUED):
        link.queued()
    assert link.holds_back()


def test_whoever_missed_a_frame_is_told_once_when_all_has_left(
    link: Link, clock: FakeClock
) -> None:
    told: list[float] = []
    link.on_caught_up = lambda: told.append(clock.now_s)
    link.queued()
    link.queued()
    clock.pass_s(1)
    assert link.holds_back()
    assert link.holds_back()
    link.left(1)
    assert told == []
    link.left(1)
    assert told == [clock.now_s]
    send(link, clock, 1)
    assert len(told) == 1


def test_a_link_is_slow_while_it_takes_long_and_until_it_was_quick_for_a_while(
    link: Link, clock: FakeClock
) -> None:
    link.queued()
    clock.pass_s(SLOW_S + 0.01)
    assert link.is_slow()
    link.left(1)
    for _ in range(QUICK_TO_RECOVER - 1):
        send(link, clock, 0.01)
        assert link.is_slow()
    send(link, clock, 0.01)
    assert not link.is_slow()


def test_one_slow_frame_among_quick_ones_starts_the_count_again(
    link: Link, clock: FakeClock
) -> None:
    send(link, clock, SLOW_S * 2)
    for _ in range(QUICK_TO_RECOVER - 1):
        send(link, clock, 0.01)
    send(link, clock, SLOW_S * 2)
    send(link, clock, 0.01)
    assert link.is_slow()


@pytest.mark.parametrize("size", [(0, 0), (0, 24), (80, 0), (-1, 5)])
def test_a_terminal_without_a_size_has_the_usual_one(size: tuple[int, int]) -> None:
    assert usable_size(*size) == FALLBACK == (80, 24)
    assert usable_size(132, 43) == (132, 43)


def test_what_left_and_how_long_it_waited_is_counted_since_the_last_question(
    link: Link, clock: FakeClock
) -> None:
    link.sent()
    link.queued()
    clock.pass_s(0.25)
    link.left(1, 500)
    clock.pass_s(1)
    link.queued()
    clock.pass_s(0.5)
    assert link.sent() == Sent(500, 0.75, 1.75), "what still waits counts as far as it has"
    clock.pass_s(0.5)
    link.left(1, 900)
    assert link.sent() == Sent(900, 0.5, 0.5)
