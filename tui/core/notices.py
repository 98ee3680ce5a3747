"""What is worth a word beside the figures: warnings, and marks on the charts' time axis."""

from __future__ import annotations

from tui.core.events import Level
from tui.core.model import Mark

MAX_MARKS = 60
MAX_WARNINGS = 50


class Notices:
    """Bounded, however long the run is."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._warnings: list[str] = []

    @property
    def marks(self) -> tuple[Mark, ...]:
        """In order of time."""
        return tuple(self._marks)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Each once, in the order in which they came."""
        return tuple(self._warnings)

    def mark(self, load_s: float, label: str, level: Level) -> None:
        """Something happened so long after the load began."""
        self._marks.append(Mark(load_s, label, level))
        if len(self._marks) > MAX_MARKS:
            # A level more or less is drawn by the users' curve too; a lost worker is not.
            told = (mark for mark in self._marks if mark.level == "info")
            self._marks.remove(next(told, self._marks[0]))

    def warn(self, text: str) -> None:
        """Something that a reader of the figures must know."""
        if text not in self._warnings and len(self._warnings) < MAX_WARNINGS:
            self._warnings.append(text)
