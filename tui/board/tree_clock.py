"""Whether time passes in a tree. In a recording it stands still, and nothing there has a rate."""

from __future__ import annotations

import time

from tui.board.tree import Tree, Unreadable

UPTIME = "/proc/uptime"
STILL_S = 2.0
"""A tree that somebody writes may be a moment behind; one that is silent for longer is dead."""
NO_RATES = "a recording has no rates"


class TreeClock:
    """A tree's own clock. This machine's always goes."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._before = ""
        self._moved_s: float | None = None
        self.is_same_moment = False
        """Whether it stood still since the look before."""

    def look(self) -> None:
        """Once for each sample, before anything else is read."""
        if not self._tree.is_other:
            return
        try:
            now = self._tree.text(UPTIME)
        except Unreadable:
            now = self._before
        has_moved = bool(self._before) and now != self._before
        if has_moved:
            self._moved_s = time.monotonic()
        self.is_same_moment = not has_moved
        self._before = now

    @property
    def is_still(self) -> bool:
        """Whether it never went, or stands still for too long."""
        if not self._tree.is_other:
            return False
        return self._moved_s is None or time.monotonic() - self._moved_s > STILL_S
