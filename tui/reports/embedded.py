"""A run's data inside its page: links that hold a whole file, so that it needs no other."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import NamedTuple

from tui.core.model import RunView
from tui.reports.course import Course
from tui.reports.csv_files import csv_files
from tui.reports.report import report

FILES_CHARACTERS = 600_000
"""Embedded files of all runs together: the page stays under a megabyte."""


class File(NamedTuple):
    """A file inside the page."""

    name: str
    href: str


def files_of(view: RunView, course: Course, room: int) -> tuple[tuple[File, ...], Sequence[str]]:
    """The run's data as links that hold it, smallest first, and what there was no room for."""
    compact = json.dumps(report(view, course.conditions), ensure_ascii=False, allow_nan=False)
    texts = {f"{view.facts.id}.json": compact}
    texts |= {f"{view.facts.id}{end}": body for end, body in csv_files(view, course).items()}
    kept, left_out = [], []
    for name, body in sorted(texts.items(), key=lambda item: len(item[1])):
        kind = "application/json" if name.endswith(".json") else "text/csv"
        encoded = base64.b64encode(body.encode("utf-8", "backslashreplace")).decode()
        href = f"data:{kind};charset=utf-8;base64,{encoded}"
        room -= len(href)
        if room >= 0:
            kept.append(File(name, href))
        else:
            left_out.append(name)
    return tuple(kept), left_out
