"""Whether the service gave back what it took under stress: memory, descriptors, threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from tui.core.events import Reading
from tui.core.gauge_figure import figure
from tui.core.memory_watch import MEMORIES
from tui.core.stress.heat import fresh
from tui.core.stress.plan import Part
from tui.core.stress.view import Fate, Left

BEFORE_S = 10.0
"""The last of the part before."""
AFTER_S = 5.0
"""The last of the part after: the service had as much time as there was."""
SHARE = 0.05
LEAST = {"service_descriptors": 5.0, "service_threads": 5.0, **dict.fromkeys(MEMORIES, 50.0)}
"""Margins in the gauge's own unit, where five percent are less."""
PROCESSES = "service_processes"


class _Moment(msgspec.Struct, frozen=True):
    at_s: float
    process: str
    """The main one, such as `python3 1841`; empty: none was there."""
    values: dict[str, float]


class LeftFold:
    """Fed with parts and samples of the board, in order of time."""

    def __init__(self) -> None:
        self._part: Part | None = None
        self._part_s = 0.0
        self._moments: dict[Part, deque[_Moment]] = {"before": deque(), "after": deque()}

    def enter(self, part: Part, at_s: float) -> None:
        """Another part begins."""
        self._part, self._part_s = part, at_s

    def add(self, at_s: float, readings: Mapping[str, Reading]) -> None:
        """One sample; what was read before the part began says nothing of it."""
        named = readings.get(PROCESSES)
        moments = self._moments.get(self._part) if self._part is not None else None
        if moments is None or named is None or named.value is None:
            return
        values = {
            name: value
            for name in LEAST
            if (value := fresh(readings, name)) is not None
            and at_s - readings[name].age_s >= self._part_s
        }
        moments.append(_Moment(at_s, named.text if named.value else "", values))
        kept_s = BEFORE_S if self._part == "before" else AFTER_S
        while moments[0].at_s < at_s - kept_s:
            moments.popleft()

    @property
    def fate(self) -> Fate:
        """What became of the service from before to after, by its processes."""
        if not self._moments["before"] or not self._moments["after"]:
            return "unseen"
        was, now = self._processes
        if not now:
            return "gone" if was else "absent"
        return "same" if was == now else "restarted"

    @property
    def why(self) -> str:
        """Why nothing can be compared, such as another process; empty where it can."""
        match self.fate:
            case "unseen":
                return "the service's processes were not seen both before and after"
            case "absent":
                return "the service did not run"
            case "gone":
                return "the service is gone"
            case "restarted":
                was, now = self._processes
                return f"the service restarted: {was or 'nothing'} before, {now} after"
            case "same":
                return ""

    @property
    def _processes(self) -> tuple[str, str]:
        """The main one before and after."""
        return self._moments["before"][-1].process, self._moments["after"][-1].process

    def left(self) -> tuple[Left, ...]:
        """What is known of both; memory by its better figure alone."""
        if self.fate != "same":
            return ()
        before = _medians(self._moments["before"])
        after = _medians(self._moments["after"])
        both = [name for name in LEAST if name in before and name in after]
        memory = next((name for name in MEMORIES if name in both), None)
        return tuple(
            Left(name, before[name], after[name], max(LEAST[name], SHARE * before[name]))
            for name in both
            if name == memory or name not in MEMORIES
        )


def left_text(left: Left) -> str:
    """`210 MiB before, 915 MiB after`."""
    return f"{figure(left.gauge, left.before)} before, {figure(left.gauge, left.after)} after"


def _medians(moments: Sequence[_Moment]) -> dict[str, float]:
    # Another process had the service's place for a while: its figures are not compared.
    same = [moment for moment in moments if moment.process == moments[-1].process]
    names = {name for moment in same for name in moment.values}
    return {
        name: median(moment.values[name] for moment in same if name in moment.values)
        for name in names
    }
