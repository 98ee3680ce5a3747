"""Cameras as blocks of the headless summary: plain lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from tui.core.camera.verdict import findings_in
from tui.core.camera.view import CameraView
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.reports import camera_words as words
from tui.reports.stress_words import said

WIDTH = 80
SIGNS = {"fail": "✗", "warn": "!", "info": "·"}
Lines = list[str]


def cameras_line(view: RunView) -> Lines:
    """Which were watched, in place of a target."""
    names = ", ".join(map(words.name_words, view.cameras))
    return textwrap.wrap(f"Cameras: {names or 'none'}", WIDTH, subsequent_indent="  ")


def camera_blocks(view: RunView) -> Sequence[Lines]:
    """One for each camera: what it delivered, what is wrong, and the next thing to try."""
    return [_lines(each, view.thresholds) for each in view.cameras]


def _lines(view: CameraView, thresholds: Sequence[LimitState]) -> Lines:
    return [
        f"Camera {words.name_words(view)}: {words.GRADES[view.grade]}",
        *(
            line
            for name, text in words.camera_words(view)
            if name != "state" or view.fault is None  # a finding says it, with what to do
            for line in _wrapped(f"{name}: {text}", "  ")
        ),
        *_findings(view, thresholds),
    ]


def _findings(view: CameraView, thresholds: Sequence[LimitState]) -> Iterator[str]:
    for one in findings_in(view, thresholds):
        yield from _wrapped(f"{SIGNS[one.level]} {said(one.what)}", "  ")
        if one.next:
            yield from _wrapped(f"next: {said(one.next)}", "    ")


def _wrapped(line: str, indent: str) -> Lines:
    return textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
