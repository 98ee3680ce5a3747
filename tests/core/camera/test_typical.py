"""What a run's pictures were like as a rule, whatever the newest of them is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.camera.streams import (
    BLACK,
    broken,
    came,
    failed,
    quality,
    second,
    told,
    tried,
    view,
    watched,
    whats,
)
from tests.core.camera.test_picture import reference
from tui.core.camera.grade import figure_of
from tui.core.camera.typical import MOST, Typical
from tui.core.camera.view import CameraView


def over(*each: dict[str, Any], **keys: Any) -> CameraView:
    return view(*watched(*each), is_of_all=True, **keys)


DARK = {"quality": quality(brightness=5.0, clipped_dark_percent=40.0, noise=20.0)}


def test_the_newest_picture_alone_fails_no_run_and_saves_none() -> None:
    assert broken(over({}, {}, {}, {}, DARK)) == set()
    assert broken(over(DARK, DARK, DARK, DARK, {})) == {"brightness", "clipped_percent", "noise"}


def test_for_the_screen_the_newest_is_judged() -> None:
    assert "brightness" in broken(view(*watched({}, {}, {}, {}, DARK)))


def test_each_figure_is_the_median_of_its_own() -> None:
    seconds = [
        {"quality": quality(brightness=light, noise=noise), "age_ms": age_ms}
        for light, noise, age_ms in ((100.0, 3.0, 30.0), (120.0, 1.0, 900.0), (90.0, 2.0, 20.0))
    ]
    found = over(*seconds)
    figures = [figure_of(metric, found) for metric in ("brightness", "noise", "age_ms")]
    assert figures == [100.0, 2.0, 30.0]


def test_what_came_while_it_settled_is_left_out() -> None:
    found = over(DARK, DARK, DARK, {}, settle_s=2.0)
    assert figure_of("brightness", found) == 118.0
    assert over(DARK, settle_s=2.0).quality is None


def test_focus_and_aim_beside_the_reference_are_those_of_most_pictures() -> None:
    sharp = {"quality": quality(focus=400.0), "moved": (0.0, 0.0)}
    passed_by = {"quality": quality(focus=40.0), "moved": None}
    found = over(sharp, sharp, sharp, passed_by, reference=reference())
    assert figure_of("focus_percent", found) == 100.0
    assert figure_of("moved_percent", found) == 0.0
    lost = over(sharp, passed_by, passed_by, reference=reference())
    assert figure_of("moved_percent", lost) is None


def test_an_outage_takes_nothing_away_and_adds_nothing() -> None:
    before = [told(second(n + 1.0, quality=BLACK if n == 9 else quality())) for n in range(10)]
    events = [tried(), came(), *before, failed("unplugged", 10.0)]
    found = view(*events, is_of_all=True)
    assert figure_of("brightness", found) == 118.0
    assert not [what for what in whats(found) if "brightness" in what]


@pytest.mark.parametrize("number", [10, 10 * MOST + 1])
def test_the_middle_of_a_long_series_is_right_and_takes_no_more_room(number: int) -> None:
    typical = Typical()
    for n in range(number):
        typical.add(second(n + 1.0, quality=quality(brightness=float(n)), age_ms=float(n)))
    assert typical.quality is not None
    assert typical.quality.brightness == pytest.approx((number - 1) / 2, rel=0.02)
    assert typical.age_ms == pytest.approx((number - 1) / 2, rel=0.02)
