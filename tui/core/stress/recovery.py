"""The way back of a service: how long it takes once the stress is taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, inf
from typing import Literal

from tui.core.limits import Limit
from tui.core.stress.load_windows import LoadWindows
from tui.core.stress.probe_windows import ProbeWindows
from tui.core.stress.unjudged import BAD_BEFORE, DISTURBED, TOO_BRIEF
from tui.core.stress.view import HeldTo, Recovery
from tui.core.stress.windows import LONGEST_GAP_S, WINDOW_S, Second, Window
from tui.core.stress.yardstick import RPS_SHARE

IN_A_ROW = 3
UNSEEN_S = 7.0
"""Windows of five seconds, told two seconds later, do not reach to the end of the watch."""


class RecoveryFold:
    """Fed with both; what `by` names tells. Times are seconds since the work began.

    Recovered is the service from the first second on from which three successive windows are good.
    A second counts by its own time, so it may be told of after the part that it lies in.
    """

    def __init__(
        self,
        by: Literal["load", "health"],
        thresholds: Sequence[Limit] = (),
        counted: Sequence[Limit] = (),
    ) -> None:
        """`counted` are the limits that the columns of each row's `over` are of."""
        self._by = by
        self._load = LoadWindows(thresholds, counted)
        self._probes = ProbeWindows()
        self._stressed_s: float | None = None
        self._released_s: float | None = None
        self._good: list[Window] = []
        """The last ones, without a bad one among them."""
        self._recovered: Window | None = None
        self._first_bad_s: float | None = None
        self._worst_p95_ms: float | None = None
        self._disturbed_before = 0

    def stressed(self, at_s: float) -> None:
        """The stress begins."""
        self._stressed_s = at_s
        self._load.stressed(at_s)
        self._probes.stressed(at_s)

    def released(self, at_s: float) -> None:
        """It is taken away."""
        self._released_s = at_s
        self._disturbed_before = self._load.disturbed

    def add(self, second: Second) -> None:
        """One second of load."""
        if self._by == "load":
            self._take(self._load.add(second))

    def probe(
        self, sent_s: float, ended_s: float, ms: float | None, *, is_disturbed: bool = False
    ) -> None:
        """One health check; `ms` is None without a proper answer."""
        if self._by == "health":
            self._take(self._probes.add(sent_s, ended_s, ms, is_disturbed=is_disturbed))

    @property
    def is_recovered(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self._recovered is not None

    def measured_s(self, limit_s: float) -> float | None:
        """How long it took; None where nobody knows yet, infinite where it is over `limit_s`."""
        view = self.view()
        if view is None:
            return None
        if view.recovered_s is not None or view.why:
            return view.recovered_s
        # Short of its limit nobody knows whether it would have come back in time.
        return inf if view.watched_s + UNSEEN_S >= limit_s else None

    def view(self) -> Recovery | None:
        """None before the release."""
        released_s = self._released_s
        if released_s is None:
            return None
        back = self._recovered
        lost = self._load.failed if back is None else back.failed_before
        return Recovery(
            released_s=released_s,
            by=self._by,
            recovered_s=None if back is None else max(back.start_s - released_s, 0.0),
            watched_s=self._watched_s(released_s),
            first_bad_s=self._first_bad_s,
            worst_p95_ms=self._worst_p95_ms,
            lost_requests=lost,
            why="" if back is not None else self._why(released_s),
            held_to=None if self._source.why else self._held_to(),
        )

    def _held_to(self) -> HeldTo:
        if self._by == "health":
            return HeldTo(p95_ms=self._probes.allowed_ms)
        yardstick = self._load.yardstick
        return HeldTo(
            limits=yardstick.limits,
            rps=RPS_SHARE * yardstick.rps,
            p95_ms=yardstick.allowed_ms,
            error_rate=yardstick.allowed_error_rate,
        )

    def _take(self, windows: Iterable[Window]) -> None:
        for window in windows:
            if self._stressed_s is None or self._recovered is not None or self._source.why:
                continue
            self._note(window, self._stressed_s)
            if self._released_s is not None and window.start_s >= floor(self._released_s):
                self._count(window)

    def _note(self, window: Window, stressed_s: float) -> None:
        if window.p95_ms is not None:
            self._worst_p95_ms = max(self._worst_p95_ms or 0.0, window.p95_ms)
        if not window.is_good and self._first_bad_s is None:
            self._first_bad_s = max(window.last_s - stressed_s, 0.0)

    def _count(self, window: Window) -> None:
        if not window.is_good:
            self._good.clear()
            return
        if self._good and window.start_s - self._good[-1].start_s > LONGEST_GAP_S:
            self._good.clear()
        self._good.append(window)
        if len(self._good) == IN_A_ROW:
            self._recovered = self._good[0]

    def _watched_s(self, released_s: float) -> float:
        return max(self._source.watched_until_s - released_s, 0.0)

    @property
    def _source(self) -> LoadWindows | ProbeWindows:
        return self._load if self._by == "load" else self._probes

    def _why(self, released_s: float) -> str:
        if self._source.why:
            return self._source.why
        # A window that begins in the release's own second may count.
        if self._watched_s(released_s) < WINDOW_S + IN_A_ROW - 1:
            return TOO_BRIEF
        if self._by == "health":
            return ""
        if not self._load.yardstick.was_within:
            return BAD_BEFORE
        disturbed = self._load.disturbed - self._disturbed_before
        if disturbed * 2 > self._watched_s(released_s):
            return DISTURBED
        return ""
