"""What began, lasted and ended on the board: throttling, alerts, changes, lost sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from tui.core.events import Level

IncidentKind = Literal["throttle", "alert", "change", "source"]


class Incident(msgspec.Struct, frozen=True):
    """Something on the board or the service that began, and perhaps has ended.

    Times are seconds on the clock of whoever folded the samples: in a run since its load began
    (negative: before), outside one since the epoch.
    """

    key: str
    """What it is, for machines: `oc3`, `heat`, `cpu_percent`, `power_mode`, `source.jtop`."""
    kind: IncidentKind
    text: str
    """What it is, in words without figures: `oc3 over-current`, `CPU above 85 %`."""
    label: str
    """One or two short words for a mark on a chart: `oc3`, `heat`, `15W`."""
    level: Level
    began_s: float
    ended_s: float | None = None
    """None while it goes on. A change is over as soon as it has happened."""
    detail: str = ""
    """The figure that belongs to it now, ready to read: `12/s`, `91.4 °C`, `MAXN_SUPER to 15W`."""
    gauge: str = ""
    """Whose figures `peak` and `limit` are; empty where it has none."""
    peak: float | None = None
    """The worst value while it lasted, in the gauge's unit."""
    peak_s: float | None = None
    """When that was."""
    peak_detail: str = ""
    """What `detail` was then."""
    limit: float | None = None
    is_floor: bool = False
    """Whether less is worse, for `peak`."""
    times: int = 1
    """More than one: the oldest of many, told as one from the first beginning to the last end."""
    spent_s: float = 0.0
    """With `times`: how long they lasted in all, which is less than from `began_s` to `ended_s`."""

    @property
    def lasted_s(self) -> float | None:
        """How long it lasted; None while it goes on."""
        if self.ended_s is None:
            return None
        return self.spent_s if self.times > 1 else self.ended_s - self.began_s

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.ended_s is None

    def worst(self, other: float | None) -> float | None:
        """The worse of its peak and another value; None where there is neither."""
        if self.peak is None or other is None:
            return other if self.peak is None else self.peak
        return min(self.peak, other) if self.is_floor else max(self.peak, other)

    @property
    def is_change(self) -> bool:
        """Whether it is over in the moment in which it happens."""
        return self.ended_s == self.began_s


def shifted(incident: Incident, by_s: float) -> Incident:
    """The incident on another clock, which shows so much more."""
    ended_s = None if incident.ended_s is None else incident.ended_s + by_s
    peak_s = None if incident.peak_s is None else incident.peak_s + by_s
    return msgspec.structs.replace(
        incident, began_s=incident.began_s + by_s, ended_s=ended_s, peak_s=peak_s
    )


def worst_of(incidents: Sequence[Incident]) -> Incident:
    """The one of a key whose peak is the worst, else the last."""
    worst = incidents[-1]
    for one in incidents:
        if one.peak != worst.peak and worst.worst(one.peak) == one.peak:
            worst = one
    return worst


class Rise(msgspec.Struct, frozen=True):
    """A lasting rise of p95, and what came before it. Times are since the load began."""

    began_s: float
    ended_s: float | None
    """None while p95 stays up."""
    before_ms: float
    """p95 before the rise."""
    peak_ms: float
    """The highest p95 of ten seconds since."""
    now_ms: float
    """p95 of the last ten seconds of it."""
    cause: str = ""
    """The board event, or the change of load, before it, in words; empty: none was found."""
    label: str = ""
    """The same, short."""
    lag_s: float = 0.0
    """How long after its cause it began; negative: that much before, as far as seconds tell."""
    detail: str = ""
    """The figure that belongs to the cause: `12/s`."""
    unchanged: tuple[str, ...] = ()
    """What of the board was looked at and did not change: `heat`, `memory`, `clocks`."""
    is_replayed: bool = False
    """Whether the cause was read off another board, or off this one at another time."""
    by: Literal["", "incident", "change", "gauge", "load", "fault", "stress"] = ""
    """What the cause is: an incident that began, a change, a gauge that moved by itself, or not
    the board: the load itself (more users), a fault or a step of a stress, done on purpose."""
    peak_under: str = ""
    """The fault or the step that held all the time in which p95 was highest; empty: none did."""
    own_ms: float = 0.0
    """How much of the peak that one adds to every answer by itself; 0: nobody can tell."""

    @property
    def is_of_the_board(self) -> bool:
        """Whether its cause was read off the board."""
        return self.by in ("incident", "change", "gauge")

    @property
    def is_on_purpose(self) -> bool:
        """Whether it comes of what the run did to the service or the board."""
        return self.by in ("fault", "stress")

    @property
    def is_asked_for(self) -> bool:
        """Whether nobody has to look for a cause: the run itself is, by its load or on purpose."""
        return self.by == "load" or self.is_on_purpose

    @property
    def percent(self) -> float:
        """How far p95 rose, at its peak."""
        return (self.peak_ms / self.before_ms - 1) * 100
