"""One camera as lines of text with inks: what opened, at what rate, what the picture is like."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from tui.cli.board_table import INKS, SIGNS, Line
from tui.core.camera.faults import CameraFault
from tui.core.camera.measures import Quality
from tui.core.camera.view import CameraFinding, CameraView
from tui.core.format import counted, duration, fixed
from tui.reports.camera_words import camera_words
from tui.reports.clean import shortened

LABEL = 14
GRADES = {"good": "ok", "warn": "warn", "fail": "fail", "unknown": "info"}
"""As the signs and inks of a finding."""
_TILES_IN_A_ROW = 3
_GROUPED = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
"""Within a figure, `1 439`: no place for the end of a line."""


def block(view: CameraView, width: int) -> list[Line]:
    """Everything of it, its grade first."""
    lines = [_title(view, width)]
    if view.opened is not None:
        for name, words in camera_words(view):
            # The title has the source, and the findings why there is no picture.
            if name not in ("source", "state"):
                lines += _row(name, words, width)
            if name == "picture" and view.quality is not None:
                lines += _picture(view, view.quality, width)
    return [*lines, *_findings(view.findings, view.fault, width)]


def progress_line(view: CameraView, left_s: float) -> str:
    """`dock-3  25.0 fps, 50 pictures, 3 s left`."""
    if view.fault is not None:
        said = view.findings[0].what
    elif view.state != "live":
        said = "is being opened"
    else:
        rate = f"{fixed(view.fps_now, 1)} fps, " if view.fps_now is not None else ""
        said = f"{rate}{counted(view.frames, 'picture')}, {duration(round(left_s))} left"
    return f"{view.name:<{LABEL - 2}}  {said}"


def wrapped(head: str, said: str, width: int, ink: str = "") -> Iterator[Line]:
    """A text beside its head, on as many lines as it takes."""
    whole = _GROUPED.sub("\N{NO-BREAK SPACE}", said)
    parts = textwrap.wrap(whole, max(width - len(head), 20), break_on_hyphens=False) or [""]
    for number, part in enumerate(parts):
        text = part.replace("\N{NO-BREAK SPACE}", " ")
        yield ((head if not number else " " * len(head), "dim"), (text, ink))


def tile_rows(quality: Quality) -> list[str]:
    """Focus of the nine tiles in percent of the sharpest, a line for each row of them."""
    best = max(quality.tiles, default=0.0)
    if best <= 0:
        return []
    told = [f"{fixed(100 * each / best):>4}" for each in quality.tiles]
    starts = range(0, len(told), _TILES_IN_A_ROW)
    return ["".join(told[start : start + _TILES_IN_A_ROW]) for start in starts]


def _title(view: CameraView, width: int) -> Line:
    sign = GRADES[view.grade]
    word = view.grade if view.opened is not None else "no picture"
    label = f" [{view.source.label}]" if view.source.label else ""
    beside = len(f"{SIGNS[sign]}   {word}  {label}")
    head = f"{SIGNS[sign]} {shortened(view.name, max(width - beside, LABEL))}  {word}"
    room = width - len(head) - len(label) - 2
    where = view.source.text if view.name != view.source.text and room > 0 else ""
    where = shortened(where, room)
    gap = " " * max(room - len(where) + 2, 2)
    return ((head, INKS[sign] or "head"), (gap, ""), (where, "dim"), (label, "warn"))


def _picture(view: CameraView, quality: Quality, width: int) -> Iterator[Line]:
    spread = f"p1 {fixed(quality.p1)}, p50 {fixed(quality.p50)}, p99 {fixed(quality.p99)} of 255"
    yield from _row("light", spread, width)
    if view.peak_percent is None:
        yield from _row("focus", "the picture is too flat to tell", width)
        return
    tiles = tile_rows(quality)
    beside = "; by tile, % of the sharpest:" if tiles else ""
    yield from _row("focus", f"{fixed(view.peak_percent)} % of the best seen here{beside}", width)
    for row in tiles:
        yield ((" " * LABEL, ""), (row, ""))


def _findings(
    findings: Sequence[CameraFinding], fault: CameraFault | None, width: int
) -> Iterator[Line]:
    for number, one in enumerate(findings):
        yield from wrapped(f"  {SIGNS[one.level]} ", one.what, width, INKS[one.level])
        if not number and fault is not None and fault.detail and fault.detail not in one.what:
            yield from wrapped("    it said: ", fault.detail, width, "dim")
        if one.next:
            yield from wrapped("    next: ", one.next, width, "head")


def _row(label: str, said: str, width: int) -> Iterator[Line]:
    yield from wrapped(f"  {label:<{LABEL - 2}}", said, width)
