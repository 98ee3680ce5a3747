"""Who waits for a still picture of a camera."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from tui.ports.camera import NoStill, Still

Done = Callable[[Still | NoStill], None]


class Stills:
    """Each that waits is answered once. Belongs to one thread."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._waiting: dict[str, tuple[Done, float]] = {}
        self._count = 0

    def add(self, done: Done) -> str:
        """By what name the reader is asked."""
        self._count += 1
        name = str(self._count)
        self._waiting[name] = (done, time.monotonic() + self._limit_s)
        return name

    def give(self, names: Iterable[str], still: Still | NoStill) -> None:
        """Answer these, as far as they still wait."""
        for name in names:
            found = self._waiting.pop(name, None)
            if found is not None:
                found[0](still)

    def refuse(self, why: str) -> None:
        """Answer all that wait."""
        self.give(list(self._waiting), NoStill(why))

    def refuse_late(self) -> None:
        """Answer those whose time is up."""
        now_s = time.monotonic()
        late = [name for name, (_, ends_s) in self._waiting.items() if ends_s <= now_s]
        self.give(late, NoStill(f"no picture came within {self._limit_s:g} s"))

    @property
    def due_s(self) -> float:
        """When the first one's time is up, monotonic."""
        return min((ends_s for _, ends_s in self._waiting.values()), default=float("inf"))
