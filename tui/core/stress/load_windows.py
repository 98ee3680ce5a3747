"""The windows of load that slide over a stress, judged by what was before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from math import floor

from tui.core.limits import Limit
from tui.core.stress.windows import LONGEST_GAP_S, WINDOW_S, Second, Window, tally_of
from tui.core.stress.yardstick import LEAST_REQUESTS, Yardstick, yardstick_of
from tui.core.tally import Tally


class LoadWindows:
    """Seconds in, in order; judged windows out, each once and in order. Memory is bounded.

    A window is as many seconds as it takes to hold twenty requests, five at least; disturbed ones
    are skipped.
    """

    def __init__(self, thresholds: Sequence[Limit], counted: Sequence[Limit]) -> None:
        self._thresholds = tuple(thresholds)
        self._counted = tuple(counted)
        self._before = Tally(len(counted))
        self._before_s = 0
        self._stressed_s: float | None = None
        self._yardstick: Yardstick | None = None
        self._kept: deque[tuple[Second, int]] = deque()
        """Those that a window still needs, each with the failures before it."""
        self.failed = 0
        """Requests, since the stress began."""
        self.watched_until_s = 0.0
        self.disturbed = 0
        """Seconds, since the stress began."""

    def stressed(self, at_s: float) -> None:
        """The stress begins."""
        self._stressed_s = at_s

    def add(self, second: Second) -> Iterator[Window]:
        """The windows that this second makes whole."""
        self.watched_until_s = second.second + 1.0
        if self._stressed_s is None or second.second < floor(self._stressed_s):
            self._add_before(second)
            return
        failed = self.failed
        self.failed += second.failures
        if second.is_disturbed:
            self.disturbed += 1
            return
        if self._kept and second.second - self._kept[-1][0].second > LONGEST_GAP_S:
            self._kept.clear()
        self._kept.append((second, failed))
        yield from self._judged(self.yardstick)

    @property
    def yardstick(self) -> Yardstick:
        """What windows are held to; it stands from the first second of the stress on."""
        if self._yardstick is not None:
            return self._yardstick
        found = yardstick_of(self._thresholds, self._counted, self._before, self._before_s)
        if self.watched_until_s > (self._stressed_s or float("inf")):
            self._yardstick = found
        return found

    @property
    def why(self) -> str:
        """Why nothing can be judged; empty where it can."""
        return self.yardstick.why

    def _add_before(self, second: Second) -> None:
        if second.is_disturbed:
            return
        self._before.add(second.row)
        self._before_s += 1
        self._kept.append((second, 0))
        if len(self._kept) >= WINDOW_S:
            self._kept.popleft()

    def _judged(self, yardstick: Yardstick) -> Iterator[Window]:
        while len(self._kept) >= WINDOW_S:
            requests, width = 0, 0
            for second, _ in self._kept:
                requests, width = requests + second.requests, width + 1
                if width >= WINDOW_S and requests >= LEAST_REQUESTS:
                    break
            if requests < LEAST_REQUESTS and width < yardstick.widest_s:
                return
            first, failed = self._kept[0]
            seconds = [second for second, _ in islice(self._kept, width)]
            total = tally_of(seconds, len(self._counted))
            yield Window(
                start_s=first.second,
                last_s=seconds[-1].second,
                is_good=yardstick.is_met_by(total, width),
                p95_ms=total.percentile_ms(0.95),
                failed_before=failed,
            )
            self._kept.popleft()
