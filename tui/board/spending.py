"""What a family of processes used between two looks, exact across children that end."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Use(msgspec.Struct, frozen=True):
    """What one process has used since it started, in any unit."""

    parent: int
    started: int
    own: float
    reaped: float
    """By children that ended and were waited for, and theirs."""


def spent(before: Mapping[int, Use], now: Mapping[int, Use], looked_at: int) -> float:
    """What was used between two looks at the same family, both by pid.

    `looked_at`: when the first look was, on the clock of `started`. What is new and started before
    it joined the family with a past that is not counted. A child that ended between the looks
    hands all it ever used to the parent that waited for it; of this only what was not counted
    before is new. What a child used that nobody waited for is lost after the last look.
    """
    total = 0.0
    handed: dict[int, float] = {}
    for pid, use in now.items():
        known = before.get(pid)
        if known is not None and known.started == use.started:
            total += use.own - known.own
            handed[pid] = use.reaped - known.reaped
        elif use.started >= looked_at:
            total += use.own
            handed[pid] = use.reaped
    for pid, use in before.items():
        if pid in now and now[pid].started == use.started:
            continue
        heir = use.parent
        while heir in before and heir not in now:
            heir = before[heir].parent
        if heir in handed:
            handed[heir] -= use.own + use.reaped
    return total + sum(max(share, 0.0) for share in handed.values())
