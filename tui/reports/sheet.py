"""The charts of a run under each other on one time axis: where everything lies, in SVG units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.core import format as text
from tui.core.board_series import BoardSeries
from tui.core.model import Mark, RunView
from tui.reports.bouts import spans_of
from tui.reports.camera_panels import Courses
from tui.reports.clean import shortened, visible
from tui.reports.health_course import HealthPoint
from tui.reports.panel import Panel
from tui.reports.panels import panels_of
from tui.reports.readouts import readouts_of
from tui.reports.scale import Scale, time_ticks
from tui.reports.stress_panels import spans_of_stress

WIDTH = 1000
LEFT, RIGHT = 58, 18
GAP = 30
"""Above each panel, for its title."""
MARK_ROWS = 2
MARK_ROW_HEIGHT = 13
CHARACTER_WIDTH = 5.8
LONGEST_LABEL = 26


class Tick(NamedTuple):
    """A labelled place on an axis."""

    at: float
    label: str


class MarkLine(NamedTuple):
    """An event through all panels; without a row there was no room for its word."""

    x: float
    label: str
    level: str
    row: int | None
    is_left: bool
    """Whether the word stands left of its line, for want of room on the right."""

    @property
    def y(self) -> float:
        """Where its line begins."""
        return (self.row or 0) * MARK_ROW_HEIGHT + 2.0


class Sheet(NamedTuple):
    """All panels. Every place is in SVG units, every word is free of what acts unseen."""

    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    panels: tuple[Panel, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[MarkLine, ...]
    held_back: tuple[tuple[float, float], ...]
    """From where to where the board held itself back."""
    warm_up: float | None
    """Where the warm-up ends; None without one."""
    readouts: tuple[tuple[float, str], ...]
    """What a pointer reads at each place of the time axis."""
    stressed: tuple[tuple[float, float], ...] = ()
    """From where to where the board was under stress."""


def sheet_of(
    view: RunView,
    board: BoardSeries,
    health: Sequence[HealthPoint] = (),
    cameras: Courses | None = None,
) -> Sheet | None:
    """The charts of a run; None when there is no course to draw."""
    told: Sequence[Sequence[object]] = ()
    if view.stress is not None:
        told = (view.stress.points, board.points)
    if view.cameras:
        told = (*(cameras or {}).values(), board.points)
    if view.workflow is not None:
        told = (board.points,)
    if max(map(len, (view.points, *told))) < 2:
        return None
    last_s = view.points[-1].start_s + view.points[-1].width_s if view.points else 0.0
    length_s = max(last_s, view.elapsed_s + view.paused_s, 1.0)
    time = Scale(0.0, length_s, LEFT, WIDTH - RIGHT)
    marks = _mark_lines(view.marks, time)
    rows = 1 + max((mark.row for mark in marks if mark.row is not None), default=-1)
    top = 2.0 + rows * MARK_ROW_HEIGHT
    panels, bottom = panels_of(view, board, time, top, GAP, health, cameras)
    if not panels:
        return None
    measured_from_s = view.measured_from_s if view.measured_from_s is not None else length_s
    return Sheet(
        width=WIDTH,
        height=bottom + 20,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=top,
        bottom=bottom,
        panels=panels,
        ticks=tuple(Tick(time.place(at), text.short_clock(at)) for at in time_ticks(length_s)),
        marks=marks,
        held_back=_held_back(view, time),
        warm_up=time.place(measured_from_s) if measured_from_s >= 1 else None,
        readouts=readouts_of(view, board, time),
        stressed=spans_of_stress(view.stress, time) if view.stress is not None else (),
    )


def _held_back(view: RunView, time: Scale) -> tuple[tuple[float, float], ...]:
    reasons = [one for one in view.incidents if one.kind == "throttle"]
    return tuple(
        # A bout of a second in a run of a day is seen, too.
        (time.place(since_s), max(time.place(until_s), time.place(since_s) + 1.0))
        for since_s, until_s in spans_of(view, reasons)
        if until_s >= 0
    )


def _mark_lines(marks: Sequence[Mark], time: Scale) -> tuple[MarkLine, ...]:
    """Each word in the first row where it covers no other."""
    free_from = [float("-inf")] * MARK_ROWS
    lines = []
    for mark in sorted(marks, key=lambda mark: mark.at_s):
        x = time.place(mark.at_s)
        label = shortened(visible(mark.label), LONGEST_LABEL)
        width = len(label) * CHARACTER_WIDTH + 8
        is_left = x + width > WIDTH
        start = x - width if is_left else x
        row = next((row for row in range(MARK_ROWS) if free_from[row] <= start), None)
        if row is not None:
            free_from[row] = x if is_left else x + width
        lines.append(MarkLine(x, label, mark.level, row, is_left))
    return tuple(lines)
