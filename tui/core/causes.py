"""What stands before a rise of p95: what the run did itself, else the load, else the board."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tui.core.alerts import LOAD_METRICS
from tui.core.deeds import Deed, deed_behind
from tui.core.events import Reading
from tui.core.format import count, fixed
from tui.core.incidents import Incident, Rise

LOOK_BACK_S = 60.0
LATE_S = 3.0
"""A sensor may tell of a cause this much after its effect."""
ONSET_S = 2.0
"""So well is it known when a rise began."""
SOON_S = 10.0
"""What the run did longer ago explains less than more load does now."""
MORE_LOAD = 1.1
BUSY_PERCENT = 50.0
SLOWER = 0.85
"""A busy processor whose mean clock falls below this share of what it was, was held back."""
CROWDED = 25.0
"""Points by which the load of all cores rises when something else takes them."""
KEPT_S = 75.0
AS_CAUSES = {"service.down": "the service went down", "sensors": "the sensors fell silent"}
"""Incidents whose words are no noun: as what happened."""
WEIGHTS = ("throttle", "change", "alert")
_WATCHED = ("tj_c", "hottest_c", "ram_used_mb", "gpu_mhz", "cpu_mhz", "gpu_percent", "cpu_percent")


class Level(msgspec.Struct, frozen=True):
    """How much load there was in a second."""

    amount: float
    unit: str
    """`users`, or `operations/s` where they begin by the clock."""


class BoardTrail:
    """The last minute of the few gauges that explain a rise."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, dict[str, float]]] = deque()

    def add(self, readings: Mapping[str, Reading], load_s: float) -> None:
        """One sample of the board, on the load's clock."""
        values = {}
        for name in _WATCHED:
            reading = readings.get(name)
            if reading is not None and reading.value is not None:
                values[name] = reading.value
        self._kept.append((load_s, values))
        while self._kept[0][0] < load_s - KEPT_S:
            self._kept.popleft()

    def means(self, from_s: float, to_s: float) -> dict[str, float]:
        """Mean of each gauge over that stretch; one without a value in it is not there."""
        sums: dict[str, list[float]] = {}
        for at_s, values in self._kept:
            if from_s <= at_s < to_s:
                for name, value in values.items():
                    sums.setdefault(name, []).append(value)
        return {name: sum(values) / len(values) for name, values in sums.items()}


def cause_of(
    rise: Rise,
    incidents: Iterable[Incident],
    trail: BoardTrail,
    level_before: float,
    level: Level,
    deeds: Sequence[Deed] = (),
) -> Rise:
    """The rise with the likeliest event before it, or with none; all on the load's clock.

    `deeds` are what the run did on purpose: that outweighs all that the board shows of it.
    """
    before = trail.means(rise.began_s - 30, rise.began_s - 2)
    since = trail.means(rise.began_s, rise.began_s + 10)
    rise = msgspec.structs.replace(rise, unchanged=_unchanged(before, since))
    is_more = bool(level_before) and level.amount > level_before * MORE_LOAD
    deed = deed_behind(deeds, rise.began_s, ONSET_S)
    if deed is not None and not (is_more and rise.began_s - deed.began_s > SOON_S):
        # Nothing shows before it is done: only the second is not known so well.
        lag_s = max(rise.began_s - deed.began_s, 0.0)
        return msgspec.structs.replace(rise, cause=deed.text, lag_s=lag_s, by=deed.by)
    if is_more:
        # More load is reason enough: what the board does then follows from it.
        return msgspec.structs.replace(
            rise,
            cause="the load rose",
            label="load",
            detail=f"{count(level_before)} to {count(level.amount)} {level.unit}",
            by="load",
        )
    found = _event_before(rise.began_s, incidents)
    if found is not None:
        return msgspec.structs.replace(
            rise,
            cause=AS_CAUSES.get(found.key, found.text),
            label=found.label,
            lag_s=rise.began_s - found.began_s,
            detail=found.detail,
            by="change" if found.is_change or found.key in AS_CAUSES else "incident",
        )
    what = _slower("gpu", before, since) or _slower("cpu", before, since)
    what = what or _crowded(before, since)
    if what is not None:
        return msgspec.structs.replace(
            rise, cause=what[0], label=what[1], detail=what[2], by="gauge"
        )
    return rise


def _event_before(began_s: float, incidents: Iterable[Incident]) -> Incident | None:
    fitting = [
        incident
        for incident in incidents
        if incident.kind in WEIGHTS
        and incident.key not in (*LOAD_METRICS, "health_ms")
        and began_s - LOOK_BACK_S <= incident.began_s <= began_s + LATE_S
        # What was over long before the rise did not cause it; a change stays.
        and (
            incident.kind == "change" or incident.ended_s is None or incident.ended_s >= began_s - 5
        )
    ]
    return min(
        fitting,
        # A service that was gone explains all; what is as expected only what nothing else does.
        key=lambda one: (
            not one.key.startswith("service."),
            one.level == "info",
            WEIGHTS.index(one.kind),
            abs(began_s - one.began_s),
        ),
        default=None,
    )


def _slower(
    chip: str, before: Mapping[str, float], since: Mapping[str, float]
) -> tuple[str, str, str] | None:
    clock, load = f"{chip}_mhz", f"{chip}_percent"
    if clock not in before or clock not in since or since.get(load, 0.0) < BUSY_PERCENT:
        return None
    if since[clock] >= before[clock] * SLOWER:
        return None
    detail = f"{count(before[clock])} to {count(since[clock])} MHz"
    return f"{chip.upper()} clock fell", chip.upper(), detail


def _crowded(
    before: Mapping[str, float], since: Mapping[str, float]
) -> tuple[str, str, str] | None:
    gauge = "cpu_percent"
    if gauge not in before or gauge not in since or since[gauge] - before[gauge] < CROWDED:
        return None
    detail = f"{fixed(before[gauge])} to {fixed(since[gauge])} %"
    return "CPU load rose", "CPU", detail


def _unchanged(before: Mapping[str, float], since: Mapping[str, float]) -> tuple[str, ...]:
    heat = "tj_c" if "tj_c" in before else "hottest_c"
    looked: Sequence[tuple[str, Sequence[str], float]] = (
        ("heat", (heat,), 0.05),
        ("memory", ("ram_used_mb",), 0.05),
        ("clocks", ("gpu_mhz", "cpu_mhz"), 0.05),
    )
    return tuple(
        word
        for word, gauges, share in looked
        if (known := [gauge for gauge in gauges if gauge in before and gauge in since])
        and all(abs(since[gauge] - before[gauge]) <= share * before[gauge] for gauge in known)
    )
