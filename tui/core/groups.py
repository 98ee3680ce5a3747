"""Failures gathered into groups, and the slowest requests: both bounded."""

from __future__ import annotations

import heapq

from tui.core.events import FailureCount, SlowRequest
from tui.core.model import FailureGroup
from tui.core.tally import MEASURED

MAX_GROUPS = 200
MAX_SLOW = 50


class _Group:
    __slots__ = ("count", "first_s", "last_s", "sample")

    def __init__(self, at_s: float) -> None:
        self.first_s = self.last_s = at_s
        self.count = 0
        self.sample = ""


class FailureGroups:
    """Failures of the measured phase by endpoint, class and message."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str, str], _Group] = {}
        self.unmeasured_error = ""
        """The last failure outside the measured phase."""

    def add(self, failure: FailureCount, at_s: float) -> None:
        """Add failures seen around `at_s` seconds after the load began."""
        if failure.phase != MEASURED:
            self.unmeasured_error = failure.error
            return
        key = (failure.method, failure.name, failure.failure_class, failure.error)
        if key not in self._groups and len(self._groups) >= MAX_GROUPS:
            key = ("", "(other)", failure.failure_class, "(other)")
        group = self._groups.setdefault(key, _Group(at_s))
        group.count += failure.count
        group.last_s = max(group.last_s, at_s)
        group.sample = group.sample or failure.sample

    def groups(self) -> tuple[FailureGroup, ...]:
        """The most frequent first."""
        found = [
            FailureGroup(
                *key,
                count=group.count,
                first_s=group.first_s,
                last_s=group.last_s,
                sample=group.sample,
            )
            for key, group in self._groups.items()
        ]
        return tuple(sorted(found, key=lambda group: -group.count))


class Slowest:
    """The slowest requests seen."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, SlowRequest]] = []
        self._seen = 0

    def add(self, request: SlowRequest) -> None:
        """Keep it if it is among the slowest."""
        self._seen += 1
        item = (request.ms, self._seen, request)
        if len(self._heap) < MAX_SLOW:
            heapq.heappush(self._heap, item)
        else:
            heapq.heappushpop(self._heap, item)

    def requests(self) -> tuple[SlowRequest, ...]:
        """Slowest first."""
        return tuple(item[2] for item in sorted(self._heap, reverse=True))
