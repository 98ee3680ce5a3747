"""The charts of a stress: how much of each burner was asked and reached, and the health check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.core import format as text
from tui.core.stress.view import StressPoint, StressView
from tui.reports.health_course import HealthPoint
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

GAP_S = 3.0
"""So long without a word is a gap, not a slope."""


def stress_makers(
    stress: StressView, health: Sequence[HealthPoint], time: Scale
) -> tuple[Maker, ...]:
    """Heights, and what makes a panel between two of them, or none where nothing was told."""
    return (
        (72, lambda top, bottom: _levels(stress.points, time, top, bottom)),
        (72, lambda top, bottom: _health(health, time, top, bottom)),
    )


def spans_of_stress(stress: StressView, time: Scale) -> tuple[tuple[float, float], ...]:
    """From where to where the board was under stress."""
    return tuple(
        (time.place(part.from_s), time.place(time.high if part.until_s is None else part.until_s))
        for part in stress.parts
        if part.part == "stress"
    )


def _levels(points: Sequence[StressPoint], time: Scale, top: float, bottom: float) -> Panel | None:
    names = list(dict.fromkeys(name for point in points for name in point.asked))
    if not names:
        return None
    most = max(
        share for point in points for share in (*point.asked.values(), *point.reached.values())
    )
    # A burner may reach more than it was asked for.
    scale = Scale(0.0, max(100.0, round_up(most * 100)), bottom, top)
    curves: list[Curve] = []
    for number, name in enumerate(names[:MAX_NAMES]):
        asked = ((point.at_s, point.asked.get(name)) for point in points)
        reached = ((point.at_s, point.reached.get(name)) for point in points)
        curves.append(Curve("asked", f"g{number}", line_path(_places(asked, time, scale)), ""))
        path = line_path(_places(reached, time, scale))
        curves.append(Curve("line", f"g{number}", path, said(name)))
    return Panel(
        title="level",
        unit="%, dashed: asked",
        top=top,
        bottom=bottom,
        ticks=ticks_of(scale, 2, text.count),
        curves=tuple(curves),
        lines=(),
        beyond=more_words(len(names)),
    )


def _places(
    course: Iterable[tuple[float, float | None]], time: Scale, scale: Scale
) -> Iterable[Place]:
    before_s: float | None = None
    for at_s, share in course:
        if before_s is not None and at_s > before_s + max(GAP_S, time.high / 100):
            yield None
        before_s = at_s
        yield None if share is None else (time.place(at_s), scale.place(share * 100))


def _health(points: Sequence[HealthPoint], time: Scale, top: float, bottom: float) -> Panel | None:
    if not points:
        return None
    highest = max((point.ms for point in points if point.ms is not None), default=0.0)
    scale = Scale(0.0, round_up(highest * 1.04), bottom, top)
    answers = (
        None
        if point.ms is None
        else (time.place(point.start_s + point.width_s / 2), scale.place(point.ms))
        for point in points
    )
    curves = [Curve("line", "g1", line_path(answers), "slowest answer")]
    fails = (time.place(point.start_s + point.width_s / 2) for point in points if point.failed)
    failed = fails_path(fails, bottom)
    if failed:
        curves.append(Curve("ticks", "fail", failed, "no answer"))
    return Panel(
        title="health check",
        unit="ms",
        top=top,
        bottom=bottom,
        ticks=ticks_of(scale, 2, _tick_ms),
        curves=tuple(curves),
        lines=(),
        beyond="",
    )


def _tick_ms(value: float) -> str:
    return text.ms(value) if value else "0"
