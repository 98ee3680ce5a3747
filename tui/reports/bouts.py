"""What happened on the board in a run, told together: a hundred short bouts are one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.core.incidents import Incident, IncidentKind, worst_of
from tui.core.model import RunView


class Bout(NamedTuple):
    """All incidents of one key. Times are seconds since the load began."""

    last: Incident
    """The last one speaks for all."""
    times: int
    began_s: float
    ended_s: float | None
    """None: it went on as long as the run did."""
    lasted_s: float
    """All of them together, counted to the end of the run where one goes on."""
    peak: float | None
    peak_s: float | None
    """When it was at its worst; None: that is not known."""


def bouts_of(view: RunView, kind: IncidentKind) -> tuple[Bout, ...]:
    """Those of a kind, in the order in which they first began."""
    by_key: dict[str, list[Incident]] = {}
    for incident in view.incidents:
        if incident.kind == kind:
            by_key.setdefault(incident.key, []).append(incident)
    return tuple(_bout(view, each) for each in by_key.values())


def lasted_s(view: RunView, incidents: Iterable[Incident]) -> float:
    """How long at least one of them was there; seconds that two share count once."""
    found = list(incidents)
    # One that stands for many was not there all the time from its first to its last.
    idle_s = sum(
        one.ended_s - one.began_s - one.spent_s
        for one in found
        if one.times > 1 and one.ended_s is not None
    )
    whole_s = sum(until_s - since_s for since_s, until_s in spans_of(view, found))
    return max(whole_s - idle_s, 0.0)


def spans_of(view: RunView, incidents: Iterable[Incident]) -> tuple[tuple[float, float], ...]:
    """From when to when at least one of them was there, in order of time and apart."""
    end_s = load_end_s(view)
    merged: list[tuple[float, float]] = []
    ends = ((one.began_s, end_s if one.ended_s is None else one.ended_s) for one in incidents)
    for since_s, until_s in sorted(ends):
        if merged and since_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until_s))
        else:
            merged.append((since_s, max(since_s, until_s)))
    return tuple(merged)


def load_end_s(view: RunView) -> float:
    """How far the run has come on the load's own clock."""
    if view.ended_s is not None and view.began_s is not None:
        return view.ended_s - view.began_s
    return view.elapsed_s + view.paused_s


def _bout(view: RunView, incidents: list[Incident]) -> Bout:
    last = incidents[-1]
    worst = worst_of(incidents)
    return Bout(
        last=last,
        times=sum(one.times for one in incidents),
        began_s=incidents[0].began_s,
        ended_s=last.ended_s,
        lasted_s=lasted_s(view, incidents),
        peak=worst.peak,
        peak_s=worst.peak_s,
    )
