"""Samples of boards that never were, and guards fed with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui.core.events import Reading
from tui.core.guards.halt import Guard, Halt
from tui.core.stress.plan import Step, Stress

EVERY_S = 0.5
Sample = dict[str, Reading]


def zone(
    value: float | None,
    source: str = "sysfs",
    *,
    critical: float | None = 104.5,
    limit: float | None = 99.0,
) -> Reading:
    why = "" if value is not None else "switched off"
    return Reading(value, source, why, limit=limit, critical=critical)


def plain(value: float | None, limit: float | None = None, age_s: float = 0.0) -> Reading:
    return Reading(value, "sysfs", limit=limit, age_s=age_s)


def stress(
    *, duration_s: float = 60.0, allow_throttle: bool = False, max_c: float | None = None
) -> Stress:
    return Stress(
        "soak",
        before_s=0.0,
        ramp_s=0.0,
        steps=(Step(duration_s),),
        after_s=0.0,
        allow_throttle=allow_throttle,
        max_c=max_c,
    )


def feed(
    guard: Guard, samples: Iterable[Sample], every_s: float = EVERY_S, from_s: float = 0.0
) -> Halt | None:
    """The first reason that it finds."""
    for number, sample in enumerate(samples):
        found = guard.sample(sample, from_s + number * every_s)
        if found is not None:
            return found
    return None


def times(until_s: float, every_s: float = EVERY_S) -> list[float]:
    return [number * every_s for number in range(int(until_s / every_s) + 1)]


def course(
    gauge: str, at: Callable[[float], Reading], until_s: float, every_s: float = EVERY_S
) -> list[Sample]:
    """One gauge over time."""
    return [{gauge: at(at_s)} for at_s in times(until_s, every_s)]
