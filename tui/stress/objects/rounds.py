"""Transfers that begin together, and what came of them."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Callable, Sequence
from math import ceil

from tui.core.storage.measures import Transfers

Deed = Callable[[], None]


class TooSlow(Exception):
    """A round that is no longer waited for; its threads may still be at it."""


class Rounds:
    """One way of a cell: rounds one after the other, what lies between them left out."""

    def __init__(self) -> None:
        self._lengths_s: list[float] = []
        self._bytes = 0
        self._seconds = self._cpu_s = 0.0

    def do(self, deeds: Sequence[Deed], size_bytes: int, patience_s: float) -> None:
        """All begin at the same moment, each on a thread of its own. Raises what the first that
        failed raised, or TooSlow; then the round counts for nothing."""
        before_s = _cpu_s()
        spans = _together(deeds, patience_s)
        self._cpu_s += _cpu_s() - before_s
        self._lengths_s += [ended_s - began_s for began_s, ended_s in spans]
        self._seconds += max(span[1] for span in spans) - min(span[0] for span in spans)
        self._bytes += len(spans) * size_bytes

    def told(self) -> Transfers:
        """Of all rounds, at least one."""
        ordered = sorted(self._lengths_s)
        return Transfers(
            objects=len(ordered),
            bytes=self._bytes,
            seconds=self._seconds,
            p50_ms=1000 * ranked(ordered, 0.50),
            p95_ms=1000 * ranked(ordered, 0.95),
            longest_ms=1000 * ordered[-1],
            cpu_percent=100 * self._cpu_s / self._seconds if self._seconds else 0.0,
        )


def ranked(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: one of few is one that was measured."""
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]


def _together(deeds: Sequence[Deed], patience_s: float) -> list[tuple[float, float]]:
    spans: list[tuple[float, float] | None] = [None] * len(deeds)
    errors: list[BaseException] = []
    gate = threading.Barrier(len(deeds))

    def work(number: int, deed: Deed) -> None:
        gate.wait()
        began_s = time.perf_counter()
        try:
            deed()
        except BaseException as error:
            errors.append(error)
        else:
            spans[number] = began_s, time.perf_counter()

    # Daemons: one that waits for a store that hangs must not keep the process.
    threads = [threading.Thread(target=work, args=each, daemon=True) for each in enumerate(deeds)]
    ends_s = time.monotonic() + patience_s
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(ends_s - time.monotonic(), 0.0))
        if thread.is_alive():
            raise TooSlow
    if errors:
        raise errors[0]
    return [span for span in spans if span is not None]


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
