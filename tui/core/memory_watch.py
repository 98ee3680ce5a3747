"""The service's memory over a run or a watch, and whether it leaks."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.events import STALE_S, Reading
from tui.core.leak import Leak, LeakFold

MEMORIES = ("service_pss_mb", "service_rss_mb")
"""What a leak is looked for in, the better one first: PSS counts shared pages once."""


class MemoryWatch:
    """Samples in, verdicts out; bounded however long the watch is."""

    def __init__(self) -> None:
        self._folds = {name: LeakFold() for name in MEMORIES}

    def add(self, readings: Mapping[str, Reading], at_s: float) -> None:
        """One sample, in order of time; nothing where no process of the service is seen."""
        named = readings.get("service_processes")
        if named is None or not named.value:
            return
        for name, fold in self._folds.items():
            reading = readings.get(name)
            if reading is not None and reading.value and reading.age_s <= STALE_S:
                fold.add(at_s, reading.value, named.text)

    def leaks(self) -> tuple[Leak, ...]:
        """The verdict on each main process, by the better figure that there is."""
        return next((found for fold in self._folds.values() if (found := fold.leaks())), ())
