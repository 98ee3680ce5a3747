"""Readers that no signal reaches: their drivers hold them in the kernel."""

from __future__ import annotations

import threading

from tui.child.group import end_group, members
from tui.core.camera.source import Source


class Stuck:
    """Known by what they read: a second one beside them would be held as they are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: dict[Source, int] = {}

    def end(self, source: Source, reader: int) -> None:
        """End what a reader that was ended left behind; what stays is remembered."""
        if not end_group(reader):
            with self._lock:
                self._readers[source] = reader

    def pid(self, source: Source) -> int | None:
        """Of the reader of a source that is stuck, or of what it started; None: there is none."""
        with self._lock:
            reader = self._readers.get(source)
            left = members(reader) if reader is not None else ()
            if not left:
                self._readers.pop(source, None)
        return left[0] if left else None
