"""What a stress did, so far or at its end: what screens and reports show of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.limits import Limit
from tui.core.stress.plan import Part

Cut = Literal["", "asked", "lost"]
"""Why less was done than was asked for; empty: all of it was."""
HeldBy = Literal["", "floor", "wear"]
"""What of ours keeps a burner from its level: memory that must stay available, or a budget of
writes; empty: nothing does."""
Fate = Literal["unseen", "absent", "same", "restarted", "gone"]
"""What became of the service's processes between the part before and the one after."""
Outage = tuple[float, float]
"""From and until, in seconds since the work began: the service did not answer."""


class Level(msgspec.Struct, frozen=True):
    """What a burner was asked for and reached in one step, as means over its reports of it."""

    step: int
    """Counted from 0."""
    asked: float
    reached: float
    excused: float = 0.0
    """Share that something of ours kept it from, in the seconds in which it was held."""


class BurnerView(msgspec.Struct, frozen=True):
    """One burner, all its processes together."""

    name: str
    """`cpu`, `memory`, `storage`, …"""
    unit: str
    """What `asked` and `reached` are a share of, in words."""
    asked: float | None = None
    """Share, now; None while it does not burn."""
    reached: float | None = None
    mean_asked: float | None = None
    """Over its reports."""
    mean_reached: float | None = None
    verified: int = 0
    bad: int = 0
    """Results that were not what they must be."""
    figures: dict[str, float | str] = {}
    """Its own, now; units in the names."""
    totals: dict[str, float | str] = {}
    """Its own, at its end."""
    ended_by: str = ""
    """Why it ended before its time; empty: it did not."""
    is_early: bool = False
    """Whether it had not done all that it was asked for then."""
    why_not: str = ""
    """Why it can't burn here; empty: it can."""
    advice: str = ""
    """What helps against `ended_by` or `why_not`, where that is known."""
    held_by: HeldBy = ""
    """What held it, if anything did."""
    told_s: int = 0
    """Seconds that it told of."""
    held_s: int = 0  # of them
    mean_excused: float = 0.0
    """As `Level.excused`, over all its reports."""
    levels: tuple[Level, ...] = ()
    """Of each step of which it told, in their order."""


class StressPoint(msgspec.Struct, frozen=True):
    """Asked and reached shares in one stretch of time, by the burners' names."""

    at_s: float
    asked: dict[str, float]
    reached: dict[str, float]


class HealthView(msgspec.Struct, frozen=True):
    """The service's health check, asked once a second beside the stress."""

    probes: int = 0
    answered: int = 0
    ms: float | None = None
    """The last answer."""
    # Of the answered checks; those that were measured wrong are left out of the first two.
    p50_ms: float | None = None
    p95_ms: float | None = None
    worst_ms: float | None = None
    outages: tuple[Outage, ...] = ()
    """Bounded, those before the stress too; the last one may go on."""
    outage_s: float = 0.0
    """All together, since the stress began."""
    detail: str = ""
    """What was wrong with the last one that failed."""
    gone_since_s: float | None = None
    """Since then nothing was answered; None: the last check was."""
    outage_before_s: float = 0.0
    """All together, before the stress."""


class PartView(msgspec.Struct, frozen=True):
    """The service in one part of the stress.

    Disturbed seconds are left out of latencies and of what is compared with them, not of errors.
    """

    part: Part
    from_s: float
    """Since the work began, like `until_s`."""
    until_s: float | None
    seconds: int = 0
    """Of load that count."""
    disturbed_s: int = 0
    """Left out, because the measurement itself was disturbed."""
    requests: int = 0
    """All of them, like those of `error_rate`: disturbed seconds too."""
    p95_ms: float | None = None
    rps: float | None = None
    error_rate: float | None = None
    health_p95_ms: float | None = None
    """Of the answered checks alone."""
    tj_max_c: float | None = None
    power_mean_mw: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None


class StepView(msgspec.Struct, frozen=True):
    """One step of the stress: what was asked, and how service and board fared in it alone."""

    step: int
    """Counted from 0."""
    text: str
    """`50 %`, or what the way to the service suffered from."""
    is_fault: bool
    """Whether it was a fault on that way: the times are its own, else those at the step's level."""
    figures: PartView


class Change(msgspec.Struct, frozen=True):
    """A figure in one part beside the part before, as a ratio with its 95 % interval."""

    metric: Literal["p95_ms", "rps", "health_p95_ms"]
    part: Part
    ratio: float
    low: float | None = None
    high: float | None = None
    """None where there is too little for an interval."""


class HeldTo(msgspec.Struct, frozen=True):
    """What each window of five seconds and more must keep to; None: it is not asked of it."""

    limits: tuple[Limit, ...] = ()
    """Thresholds of latency and errors."""
    rps: float | None = None
    """At least."""
    p95_ms: float | None = None
    """At most; of the load, or of the health check where that tells."""
    error_rate: float | None = None
    """At most."""


class Recovery(msgspec.Struct, frozen=True):
    """The way back of the service once the stress was taken away."""

    released_s: float
    """Since the work began."""
    by: Literal["load", "health"]
    """What tells: the load's windows, or the health check alone."""
    recovered_s: float | None = None
    """From the release on; None: not yet, or never."""
    watched_s: float = 0.0
    first_bad_s: float | None = None
    """From the begin of the stress to the first bad window; None: there was none."""
    worst_p95_ms: float | None = None
    lost_requests: int = 0
    """Failed between the begin of the stress and the recovery."""
    why: str = ""
    """Why it can't be told."""
    held_to: HeldTo | None = None
    """None: there was nothing before to hold it to."""


class Left(msgspec.Struct, frozen=True):
    """Something of the service before and after: what stress must give back."""

    gauge: str
    before: float
    after: float
    margin: float
    """How much more is still in order."""

    @property
    def is_back(self) -> bool:
        """Whether it was given back."""
        return self.after <= self.before + self.margin


class FoundLimit(msgspec.Struct, frozen=True):
    """How far something went."""

    name: str
    """`connections`, `descriptors`, `threads`, `RPS`, `memory`, …"""
    reached: float
    unit: str = ""
    by: str = ""
    """What ended it: the service's refusal, a limit of the kernel, our own cap."""
    is_own_cap: bool = False
    """Whether it could have gone further."""


class FaultView(msgspec.Struct, frozen=True):
    """A fault that was done on purpose."""

    name: str
    text: str
    from_s: float
    until_s: float | None = None
    """None: it still holds, or nobody told of its end."""
    cause: str = ""
    """Who undid it; empty: it ended as planned."""
    trouble: str = ""
    """Why it could not be undone; empty: it was."""


class Price(msgspec.Struct, frozen=True):
    """What the stress cost the board."""

    tj_before_c: float | None = None
    tj_max_c: float | None = None
    tj_rise_c_per_min: float | None = None
    """Over the first minute of the stress."""
    power_before_mw: float | None = None
    power_mean_mw: float | None = None
    power_max_mw: float | None = None
    energy_j: float | None = None
    """During the stress; all that the board took."""
    written_bytes: int = 0
    throttled_s: float | None = None
    """None: nothing here can tell."""
    memory_least_mb: float | None = None
    """MiB that were available, at worst."""


class Jitter(msgspec.Struct, frozen=True):
    """How late the engine's own clock was, in its worst seconds."""

    seconds: int = 0
    disturbed_s: int = 0
    p99_ms: float | None = None
    """The median of all seconds' p99."""
    worst_ms: float | None = None


class StressView(msgspec.Struct, frozen=True):
    """A stress, live or ended."""

    part: Part | None
    """None before the first one and after the last."""
    step: int
    """Counted from 0."""
    left_s: float
    """Of the part, at most."""
    burners: tuple[BurnerView, ...] = ()
    points: tuple[StressPoint, ...] = ()
    parts: tuple[PartView, ...] = ()
    steps: tuple[StepView, ...] = ()
    """Those that have begun."""
    changes: tuple[Change, ...] = ()
    health: HealthView = HealthView()
    recovery: Recovery | None = None
    left: tuple[Left, ...] = ()
    left_why: str = ""
    """Why `left` is empty: what was not seen, or that the service restarted or is gone."""
    service_fate: Fate = "unseen"
    limits: tuple[FoundLimit, ...] = ()
    faults: tuple[FaultView, ...] = ()
    price: Price = Price()
    jitter: Jitter = Jitter()
    steady_after_s: float | None = None
    """When the board grew no warmer, since the stress began; None: not (yet)."""
    ended_by: str = ""
    """Why the stress itself ended before its time; empty: it did not."""
    cut: Cut = ""
    """Whether that time was still needed: `asked` by somebody, or `lost` by us."""
    blind: tuple[str, ...] = ()
    """Guards that could not watch here, and why; known once the stress is over."""
    overloaded_share: float | None = None
    """Of the failures: 429 and 503 answers, which are in order; None without failures."""
    is_over: bool = False
    """Whether the run has ended: nothing more will be told."""

    @property
    def unheard(self) -> tuple[FaultView, ...]:
        """Faults of whose end nobody told, and now nobody will."""
        return tuple(fault for fault in self.faults if self.is_over and fault.until_s is None)
