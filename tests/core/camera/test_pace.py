"""How many pictures a link is sent: fewer where it takes them slowly, more once it has room."""

from __future__ import annotations

import pytest

from tui.core.camera.pace import CALM_S, MOST_BYTES_S, LinkPace, Sent, paced

ROOM = (118, 30)
QUICK = Sent(bytes=2_000, busy_s=0.01, over_s=1.0)
SLOW = Sent(bytes=2_000, busy_s=0.9, over_s=1.0)


def after(pace: LinkPace, sent: Sent, seconds: int, room: tuple[int, int] = ROOM) -> LinkPace:
    for _ in range(seconds):
        pace = paced(pace, sent, *room)
    return pace


def test_a_quick_link_is_sent_two_whole_pictures_a_second() -> None:
    pace = after(LinkPace(), QUICK, 100)
    assert (pace.fps, pace.size(*ROOM), pace.text) == (2.0, ROOM, "2 fps")


def test_a_slow_link_is_sent_fewer_then_smaller_then_fewer_again() -> None:
    seen = [after(LinkPace(), SLOW, seconds) for seconds in range(1, 5)]
    assert [(pace.fps, *pace.size(*ROOM)) for pace in seen] == [
        (1.0, *ROOM),
        (1.0, 60, 20),
        (0.5, 60, 20),
        (0.5, 60, 20),
    ]
    assert seen[0].text == "1 fps, slow link"


def test_a_picture_that_needs_too_many_bytes_is_sent_less_often_on_any_link() -> None:
    many = Sent(bytes=round(MOST_BYTES_S * 2) + 2, busy_s=0.0, over_s=2.0)
    pace = paced(LinkPace(), many, *ROOM)
    assert pace.fps < LinkPace().fps
    assert pace.text == "1 fps, much to send"


def test_a_small_window_is_never_asked_for_more_than_it_has_room_for() -> None:
    assert after(LinkPace(), SLOW, 9).size(40, 12) == (40, 12)


def test_more_is_tried_after_a_calm_while_only() -> None:
    slow = after(LinkPace(), SLOW, 3)
    assert after(slow, QUICK, int(CALM_S) - 1).level == slow.level
    assert after(slow, QUICK, int(CALM_S)).level == slow.level - 1
    assert after(slow, QUICK, 4 * int(CALM_S)) == LinkPace()


@pytest.mark.parametrize("level", [1, 2, 3])
def test_what_would_be_too_much_again_is_not_tried(level: int) -> None:
    # Just below what is too much now: any better pace would be above it.
    full = Sent(bytes=round(0.9 * MOST_BYTES_S), busy_s=0.0, over_s=1.0)
    pace = LinkPace(level, 0.0, "slow link")
    assert after(pace, full, 10 * int(CALM_S)).level == level


def test_no_time_says_nothing() -> None:
    assert paced(LinkPace(1), Sent(0, 0.0, 0.0), *ROOM) == LinkPace(1)
