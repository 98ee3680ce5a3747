"""The charts of cameras: how many pictures a second each delivered, and how many were missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui.core import format as text
from tui.reports.camera_course import CameraPoint
from tui.reports.panel import (
    MAX_NAMES,
    Curve,
    Maker,
    Panel,
    Place,
    fails_path,
    more_words,
    ticks_of,
)
from tui.reports.scale import Scale, line_path, round_up
from tui.reports.stress_words import said

Courses = Mapping[str, Sequence[CameraPoint]]


def camera_makers(courses: Courses, time: Scale) -> tuple[Maker, ...]:
    """Heights, and what makes a panel between two of them."""
    return ((96, lambda top, bottom: _rates(courses, time, top, bottom)),)


def _rates(courses: Courses, time: Scale, top: float, bottom: float) -> Panel | None:
    shown = {
        name: [each for each in course if each.start_s >= 0] for name, course in courses.items()
    }
    rates = [_rate(point) for course in shown.values() for point in course]
    known = [rate for rate in rates if rate is not None]
    if not known:
        return None
    scale = Scale(0.0, round_up(max(known) * 1.04), bottom, top)
    curves = [
        Curve("line", f"g{number}", line_path(_places(course, time, scale)), said(name))
        for number, (name, course) in enumerate(list(shown.items())[:MAX_NAMES])
    ]
    losses = (
        time.place(point.start_s + point.width_s / 2)
        for course in shown.values()
        for point in course
        if point.dropped or point.fault
    )
    lost = fails_path(losses, bottom)
    if lost:
        curves.append(Curve("ticks", "fail", lost, "missing or failed"))
    return Panel(
        title="cameras",
        unit="pictures/s",
        top=top,
        bottom=bottom,
        ticks=ticks_of(scale, 2, text.count),
        curves=tuple(curves),
        lines=(),
        beyond=more_words(len(shown)),
    )


def _rate(point: CameraPoint) -> float | None:
    return point.frames / point.seconds if point.seconds else None


def _places(course: Sequence[CameraPoint], time: Scale, scale: Scale) -> Iterable[Place]:
    before_s: float | None = None
    for point in course:
        if before_s is not None and point.start_s > before_s + 2 * point.width_s:
            yield None
        before_s = point.start_s
        rate = _rate(point)
        middle_s = point.start_s + point.width_s / 2
        yield None if rate is None else (time.place(middle_s), scale.place(rate))
