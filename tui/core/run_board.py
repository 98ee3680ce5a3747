"""The board during one run: its statistics, its course, its incidents, and why p95 rose."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import msgspec

from tui.core.alerts import AlertRule
from tui.core.board_series import CHARTED, BoardFold, BoardPoint
from tui.core.board_watch import BoardWatch
from tui.core.causes import Level
from tui.core.deeds import Deed
from tui.core.events import BoardSampled, Event, WindowClosed
from tui.core.histogram import merged, percentile_ms
from tui.core.incidents import Incident, Rise, shifted
from tui.core.leak import Leak
from tui.core.memory_watch import MemoryWatch
from tui.core.rises import LEAST_REQUESTS, RECENT_S, RisesFold
from tui.core.telemetry import TelemetryFold

SHARES = {"p50_ms": 0.50, "p95_ms": 0.95, "p99_ms": 0.99}


class RunBoard:
    """Fed with a run's events; times come out on the load's clock."""

    def __init__(
        self, alerts: Sequence[AlertRule], *, is_open: bool = False, is_replayed: bool = False
    ) -> None:
        """`is_open`: operations begin by the clock, not by users. `is_replayed`: the gauges are of
        another board, or of another time."""
        self._is_replayed = is_replayed
        self._is_open = is_open
        self._began_s = 0.0
        self._watch = BoardWatch(alerts)
        self._series = BoardFold(only=CHARTED)
        self._rises = RisesFold()
        self._windows: deque[WindowClosed] = deque(maxlen=RECENT_S)
        self._memory = MemoryWatch()
        self.telemetry = TelemetryFold()
        self.news: list[Incident | Rise] = []
        """What began or ended with the last event."""

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """In the order in which they began; those before the load have a negative time."""
        return tuple(self._on_load_clock(one) for one in self._watch.incidents)

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        """Those that go on, the weightiest first."""
        return tuple(self._on_load_clock(one) for one in self._watch.open)

    @property
    def rises(self) -> tuple[Rise, ...]:
        """Of p95, in the measured phase."""
        return tuple(map(self._labelled, self._rises.rises))

    @property
    def open_rise(self) -> Rise | None:
        """The one that goes on."""
        rise = self._rises.open
        return None if rise is None else self._labelled(rise)

    @property
    def points(self) -> tuple[BoardPoint, ...]:
        """The course of the gauges that are charted beside the latency."""
        return self._series.points()

    @property
    def is_throttled(self) -> bool | None:
        """Now; None: nothing here can tell."""
        return self._watch.is_throttled

    @property
    def was_throttled(self) -> bool | None:
        """At any time; None: nothing here can tell."""
        return self._watch.was_throttled

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """Whether the service's memory leaks. Costly: not for a run that goes on."""
        return self._memory.leaks()

    @property
    def incomparable(self) -> tuple[str, ...]:
        """Why the run should not be compared with others, each reason once."""
        return tuple(self._watch.incomparable)

    def apply(self, event: Event) -> None:
        """Phases and samples; windows come through `window`."""
        self.news = []
        self._series.apply(event)
        if isinstance(event, BoardSampled):
            self.telemetry.add(event.readings, event.at_s)
            self._memory.add(event.readings, event.at_s)
            self._rises.trail.add(event.readings, event.at_s - self._began_s)
            found = self._watch.sample(event.readings, event.lost, event.at_s)
            self.news = [self._on_load_clock(one) for one in found]

    def begin(self, at_s: float) -> None:
        """The load begins."""
        self._began_s = at_s

    def window(self, event: WindowClosed, deeds: Sequence[Deed] = ()) -> None:
        """One measured second of results; `deeds` are what the run did on purpose so far."""
        self._windows.append(event)
        found = self._watch.load(self._figures(), self._began_s + event.second + 1)
        self.news = [self._on_load_clock(one) for one in found]
        before = self._rises.rises
        buckets = merged(row.buckets for row in event.rows)
        # In the open model the users are only as many as it may need: what comes due is the load.
        amount, unit = (event.due, "operations/s") if self._is_open else (event.users, "users")
        self._rises.add(event.second, buckets, Level(amount, unit), self.incidents, deeds)
        self.news += [self._labelled(one) for one in self._rises.rises if _is_news(one, before)]

    def _figures(self) -> Mapping[str, float]:
        rows = [row for window in self._windows for row in window.rows]
        requests = sum(row.requests for row in rows)
        if len(self._windows) < RECENT_S or requests < LEAST_REQUESTS:
            return {}
        buckets = merged(row.buckets for row in rows)
        found = {name: percentile_ms(buckets, share) for name, share in SHARES.items()}
        figures = {name: value for name, value in found.items() if value is not None}
        return {**figures, "error_rate": sum(row.failures for row in rows) / requests}

    def _labelled(self, rise: Rise) -> Rise:
        is_replayed = self._is_replayed and rise.is_of_the_board
        return msgspec.structs.replace(rise, is_replayed=is_replayed)

    def _on_load_clock(self, incident: Incident) -> Incident:
        return shifted(incident, -self._began_s)


def _is_news(rise: Rise, before: Sequence[Rise]) -> bool:
    """Whether it has just begun, ended, or found its cause."""
    known = next((one for one in before if one.began_s == rise.began_s), None)
    return known is None or (known.ended_s, known.cause) != (rise.ended_s, rise.cause)
