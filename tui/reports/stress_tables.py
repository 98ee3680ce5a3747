"""The tables of a stress: rows of text, alike in every form of a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui.core import format as text
from tui.core.gauges import label_of
from tui.core.stress.view import FaultView, FoundLimit, Left, PartView, StressView
from tui.reports import stress_words as words
from tui.reports.gauge_words import figure

MAX_ROWS = 20
BURNERS = ("burner", "asked %", "reached %", "of what", "verified", "wrong", "its own figures")
LIMITS = ("what", "reached", "ended by")
FAULTS = ("fault", "what", "from", "until", "undone")
LEFT = ("of the service", "before", "after", "in order to", "given back")


class Table(NamedTuple):
    """Heads, and rows as wide as they are."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]
    """The columns that hold figures."""


def burners(stress: StressView) -> Table:
    """What each was asked for and reached; its own words where it could not burn or ended early."""
    rows = []
    for each in stress.burners:
        own = words.figures_words(each)
        if each.why_not:
            own = f"not burnt: {words.said(each.why_not)}"
        elif each.ended_by:
            own = f"ended early: {words.said(each.ended_by)}{own and '; '}{own}"
        rows.append(
            (
                words.said(each.name),
                text.percent(each.mean_asked),
                text.percent(each.mean_reached),
                words.said(each.unit) or text.NOTHING,
                text.count(each.verified),
                text.count(each.bad),
                own or text.NOTHING,
            )
        )
    return Table(BURNERS, tuple(rows), frozenset({1, 2, 4, 5}))


def service(stress: StressView) -> Table:
    """A column for each part; rows of which nothing is known in any part are left out."""
    parts = stress.parts
    every: Sequence[tuple[str, Callable[[PartView], str]]] = (
        ("from", lambda part: text.clock(part.from_s)),
        ("until", lambda part: _clock(part.until_s)),
        ("seconds of load", lambda part: _count(part.seconds)),
        ("disturbed, left out", lambda part: _count(part.disturbed_s)),
        ("requests", lambda part: _count(part.requests)),
        ("p95 ms", lambda part: text.ms(part.p95_ms)),
        ("rps", lambda part: text.rate(part.rps)),
        ("errors %", lambda part: text.percent(part.error_rate)),
        ("health p95 ms", lambda part: text.ms(part.health_p95_ms)),
        ("Tj max °C", lambda part: _fixed(part.tj_max_c)),
        ("power W", lambda part: _fixed(part.power_mean_mw, 1000.0)),
    )
    rows = [(name, *(cell(part) for part in parts)) for name, cell in every]
    kept = tuple(row for row in rows if any(cell != text.NOTHING for cell in row[1:]))
    heads = ("", *(words.PARTS[part.part] for part in parts))
    return Table(heads, kept if parts else (), frozenset(range(1, len(heads))))


def limits(stress: StressView) -> Table:
    """How far something went."""
    return Table(LIMITS, tuple(map(_limit, stress.limits[:MAX_ROWS])), frozenset({1}))


def faults(stress: StressView) -> Table:
    """What was done on purpose, and whether it was undone."""
    return Table(FAULTS, tuple(map(_fault, stress.faults[:MAX_ROWS])), frozenset({2, 3}))


def left(stress: StressView) -> Table:
    """What the service had before and has after."""
    return Table(LEFT, tuple(map(_left, stress.left)), frozenset({1, 2, 3}))


def _limit(found: FoundLimit) -> tuple[str, ...]:
    unit = f" {words.said(found.unit)}" if found.unit else ""
    by = words.said(found.by) or text.NOTHING
    is_told = found.by.startswith("our own cap")
    cap = "; our own cap" if found.is_own_cap and not is_told else ""
    cap += ", it could have gone further" if found.is_own_cap else ""
    return words.said(found.name), f"{words.figure(found.reached)}{unit}", f"{by}{cap}"


def _fault(fault: FaultView) -> tuple[str, ...]:
    undone = f"by {words.said(fault.cause)}" if fault.cause else "as planned"
    if fault.trouble:
        undone = f"NO: {words.said(fault.trouble)}"
    elif fault.until_s is None:
        undone = "not yet"
    return (
        words.said(fault.name),
        words.said(fault.text),
        text.clock(fault.from_s),
        _clock(fault.until_s),
        undone,
    )


def _left(left: Left) -> tuple[str, ...]:
    values = (left.before, left.after, left.before + left.margin)
    shown = (figure(left.gauge, value) for value in values)
    return words.said(label_of(left.gauge)), *shown, "yes" if left.is_back else "NO"


def _clock(at_s: float | None) -> str:
    return text.NOTHING if at_s is None else text.clock(at_s)


def _count(number: int) -> str:
    return text.count(number) if number else text.NOTHING


def _fixed(value: float | None, per: float = 1.0) -> str:
    return text.NOTHING if value is None else text.fixed(value / per, 1)
