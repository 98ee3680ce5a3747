"""Limits on what a camera delivers: how they are written, and how its figures are judged."""

from __future__ import annotations

import re

import pytest

from tests.core.camera.streams import (
    broken,
    came,
    camera,
    quality,
    second,
    told,
    tried,
    view,
    watched,
    whats,
)
from tui.core import format
from tui.core.camera.grade import ADVICE
from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.camera.metrics import figure_text, limit_text, parse_camera_limit
from tui.core.limits import Limit
from tui.reports.camera_explain import MEANINGS


@pytest.mark.parametrize(
    ("metric", "text", "limits"),
    [
        ("first_frame_ms", "< 2000", [("<", 2000.0)]),
        ("fps_ratio", ">=0.95", [(">=", 0.95)]),
        ("brightness", "20 to 235", [(">=", 20.0), ("<=", 235.0)]),
        ("brightness", " 20.5to235 ", [(">=", 20.5), ("<=", 235.0)]),
        ("brightness", "> 20", [(">", 20.0)]),
        ("bitrate_kbps", "500 to 4000", [(">=", 500.0), ("<=", 4000.0)]),
        ("drop_rate", "<= 1", [("<=", 1.0)]),
    ],
)
def test_a_limit_is_read(metric: str, text: str, limits: list[tuple[str, float]]) -> None:
    found = parse_camera_limit(metric, text)
    assert [(each.operator, each.value) for each in found] == limits
    assert {each.metric for each in found} == {metric}


@pytest.mark.parametrize(
    ("metric", "text", "told"),
    [
        ("fps", ">= 25", "unknown metric; known: first_frame_ms, fps_ratio, "),
        ("nois", "< 3", 'unknown metric (did you mean "noise"?)'),
        ("noise", "8", '"8" is not a limit (meant as in "< 10"?)'),
        ("brightness", "dark", '(meant as in "20 to 235"?)'),
        ("brightness", "235 to 20", '(meant "20 to 235"?)'),
        ("brightness", "20 to 20", '"20 to 20" is no range'),
        ("brightness", "20 to 300", "brightness is at most 255"),
        ("noise", "2 to 8", "is not a limit"),
        ("noise", ">= 8", 'of noise less is better (meant "< 8"?)'),
        ("fps_ratio", "< 0.95", 'of fps_ratio more is better (meant "> 0.95"?)'),
        ("fps_ratio", ">= 95", 'is a fraction from 0 to 1 (meant ">= 0.95"?)'),
        ("drop_rate", "< 5", '(meant "< 0.05"?)'),
        ("drop_rate", "< 500", "is a fraction from 0 to 1"),
        ("clipped_percent", "< 101", "clipped_percent is at most 100"),
        ("noise", "< 9999999999", "beyond anything measured"),
        ("noise", "< -1", "is not a limit"),
        ("noise", "< nan", "is not a limit"),
    ],
)
def test_a_mistake_is_told_with_what_was_meant(metric: str, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        parse_camera_limit(metric, text)


@pytest.mark.parametrize("metric", CAMERA_METRICS)
def test_every_metric_can_be_shown_explained_and_acted_on(metric: str) -> None:
    known = CAMERA_METRICS[metric]
    assert known.label
    assert ADVICE[metric]
    assert metric in MEANINGS
    assert figure_text(metric, None) == "–"
    for text in filter(None, (known.threshold, known.goal)):
        assert all(limit_text(limit) for limit in parse_camera_limit(metric, text))


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("first_frame_ms", 1234.5, "1 234 ms"),
        ("fps_ratio", 0.94449, "94.4 %"),
        ("clipped_percent", 5.04, "5.0 %"),
        ("brightness", 19.6, "20"),
    ],
)
def test_a_figure_has_its_unit(metric: str, value: float, text: str) -> None:
    assert figure_text(metric, value) == text


def test_a_limit_has_its_unit_where_that_is_one() -> None:
    texts = {limit_text(Limit(metric, "<", 2.0)) for metric in ("age_ms", "fps_ratio", "noise")}
    assert texts == {"< 2 ms", "< 200 %", "< 2"}


@pytest.mark.parametrize(
    ("metric", "observed", "limit", "figure", "bound"),
    [
        ("fps_ratio", 0.9497, 0.95, "94.97", "95"),
        ("fps_ratio", 0.9512, 0.95, "95.1", "95"),
        ("fps_ratio", 0.95, 0.95, "95.0", "95"),
        ("fps_ratio", 0.98, 0.9995, "98.0", "99.95"),
        ("drop_rate", 0.00003, 0.00004, "0.003", "0.004"),
        ("first_frame_ms", 2500.4, 2000.0, "2 500", "2 000"),
    ],
)
def test_a_figure_never_looks_like_the_limit_that_it_breaks(
    metric: str, observed: float, limit: float, figure: str, bound: str
) -> None:
    assert format.metric(metric, observed, limit) == figure
    assert format.metric_limit(metric, limit) == bound


class TestTheGrade:
    @pytest.mark.parametrize(
        ("told", "metric"),
        [
            ({"brightness": 19.0}, "brightness"),
            ({"brightness": 236.0}, "brightness"),
            ({"clipped_bright_percent": 5.0}, "clipped_percent"),
            ({"noise": 8.0}, "noise"),
        ],
    )
    def test_fails_by_a_threshold(self, told: dict[str, float], metric: str) -> None:
        found = view(*watched({"quality": quality(**told)}))
        assert (broken(found), found.grade) == ({metric}, "fail")
        assert len(whats(found)) == 1, "its goal says nothing more"
        assert found.findings[0].next == ADVICE[metric]

    @pytest.mark.parametrize(
        "told",
        [
            {"brightness": 59.0},
            {"brightness": 191.0},
            {"clipped_dark_percent": 1.0},
            {"noise": 3.0},
            {"contrast": 7.0, "focus": 0.0},
        ],
    )
    def test_warns_by_a_goal(self, told: dict[str, float]) -> None:
        found = view(*watched({"quality": quality(**told)}))
        assert (broken(found), found.grade) == (set(), "warn")

    def test_is_good_within_all_of_them(self) -> None:
        found = view(*watched({}, {}))
        assert (found.findings, found.grade) == ((), "good")

    def test_is_by_the_camera_s_own_limits(self) -> None:
        dark = camera(thresholds={"brightness": "2 to 235"}, goals={"brightness": "2 to 190"})
        seconds = watched({"quality": quality(brightness=10.0)})
        assert view(*seconds, camera=dark).grade == "good"
        assert view(*seconds).grade == "fail"

    def test_has_the_weightiest_finding_first(self) -> None:
        seconds = watched({"quality": quality(brightness=59.0, noise=9.0), "corrupt": 1})
        found = view(*seconds)
        assert [one.level for one in found.findings] == ["fail", "warn", "warn"]

    @pytest.mark.parametrize(("first_ms", "grade"), [(1999.0, "good"), (2000.0, "fail")])
    def test_asks_for_a_first_picture_within_two_seconds(self, first_ms: float, grade: str) -> None:
        events = [tried(), came(first_frame_ms=first_ms), told(second(4.0))]
        assert view(*events).grade == grade
