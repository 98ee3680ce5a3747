"""The tables of a stress: rows of text, alike in every form of a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui.core import format as text
from tui.core.gauge_figure import figure
from tui.core.gauges import label_of
from tui.core.stress.levels import asked_text, reached_text
from tui.core.stress.unheard import NOT_HEARD
from tui.core.stress.view import FaultView, FoundLimit, Left, PartView, StressView
from tui.core.stress.way import told_name
from tui.reports import stress_words as words

BURNERS = ("burner", "asked %", "reached %", "of what", "verified", "wrong", "its own figures")
LIMITS = ("what", "reached", "ended by")
FAULTS = ("fault", "what", "from", "until", "lasted", "undone")
LEFT = ("of the service", "before", "after", "in order to", "given back")


Column = tuple[str, Callable[[PartView], str]]
"""A head, and the cell under it."""


class Table(NamedTuple):
    """Heads, and rows as wide as they are."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]
    """The columns that hold figures."""


SERVICE: tuple[Column, ...] = (
    ("p50 ms", lambda part: text.ms(part.p50_ms)),
    ("p95 ms", lambda part: text.ms(part.p95_ms)),
    ("rps", lambda part: text.rate(part.rps)),
    ("errors %", lambda part: text.percent(part.error_rate)),
)
HEALTH: Column = ("health p95 ms (answered)", lambda part: text.ms(part.health_p95_ms))
BOARD: tuple[Column, ...] = (
    ("Tj max °C", lambda part: _fixed(part.tj_max_c)),
    ("power W", lambda part: _fixed(part.power_mean_mw, 1000.0)),
)
BRIEF = {"errors %": "err %", "Tj max °C": "Tj °C", "power W": "W"}
"""Heads where there are many columns."""


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
                asked_text(each),
                reached_text(each),
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
    every: Sequence[Column] = (
        ("from", lambda part: text.clock(part.from_s)),
        ("until", lambda part: _clock(part.until_s)),
        ("seconds of load", lambda part: _count(part.seconds)),
        ("disturbed, left out", lambda part: _count(part.disturbed_s)),
        ("requests", lambda part: _count(part.requests)),
        *SERVICE,
        HEALTH,
        *BOARD,
    )
    rows = [(name, *(cell(part) for part in parts)) for name, cell in every]
    kept = tuple(row for row in rows if any(cell != text.NOTHING for cell in row[1:]))
    heads = ("", *(words.PARTS[part.part] for part in parts))
    return Table(heads, kept if parts else (), frozenset(range(1, len(heads))))


def steps(stress: StressView) -> Table:
    """A row for each step, with what each burner reached of what it was asked for, and the service
    and the board in it alone; nothing where one step is all there was.

    Columns of which nothing is known are left out. The health check tells where no load does.
    """
    told = words.steps_told(stress)
    if not told:
        return Table((), (), frozenset())
    levels = {each.name: {one.step: one for one in each.levels} for each in stress.burners}
    columns: list[tuple[str, list[str]]] = [
        ("step", [words.said(step.text) for step in told]),
        ("from", [text.clock(step.figures.from_s) for step in told]),
        ("lasted", [_lasted(step.figures.from_s, step.figures.until_s) for step in told]),
    ]
    for name, by_step in levels.items():
        reached = [words.level_words(by_step.get(step.step)) for step in told]
        columns.append((f"{words.said(name)} %", reached))
    columns.append(("left out", [_left_out(step.figures) for step in told]))
    is_loaded = any(step.figures.requests for step in told)
    for head, cell in (*(SERVICE if is_loaded else (HEALTH,)), *BOARD):
        columns.append((BRIEF.get(head, head), [cell(step.figures) for step in told]))
    kept = [column for column in columns if any(cell != text.NOTHING for cell in column[1])]
    rows = tuple(zip(*(cells for _, cells in kept), strict=True))
    return Table(tuple(head for head, _ in kept), rows, frozenset(range(1, len(kept))))


def steps_head(stress: StressView) -> str:
    """What `steps` is called."""
    is_burnt = any(each.levels for each in stress.burners)
    return f"Step by step{' (levels: % reached of asked)' if is_burnt else ''}"


def limits(stress: StressView) -> Table:
    """How far something went."""
    return Table(LIMITS, tuple(map(_limit, stress.limits[: words.MAX_ROWS])), frozenset({1}))


def faults(stress: StressView) -> Table:
    """What was done on purpose, and whether it was undone."""
    rows = tuple(_fault(stress, fault) for fault in stress.faults[: words.MAX_ROWS])
    return Table(FAULTS, rows, frozenset({2, 3, 4}))


def undone(stress: StressView, fault: FaultView) -> tuple[str, str]:
    """A mark, and how a fault was undone: whether it was is not known of one nobody told of."""
    if fault.trouble:
        return "✗", f"NO: {words.said(fault.trouble)}"
    if fault in stress.unheard:
        return "!", NOT_HEARD
    if fault.until_s is None:
        return "!", "not yet"
    return "✓", f"by {words.said(fault.cause)}" if fault.cause else "as planned"


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


def _fault(stress: StressView, fault: FaultView) -> tuple[str, ...]:
    return (
        words.said(told_name(fault.name)),
        words.said(fault.text),
        text.clock(fault.from_s),
        _clock(fault.until_s),
        _lasted(fault.from_s, fault.until_s),
        " ".join(undone(stress, fault)),
    )


def _left(left: Left) -> tuple[str, ...]:
    values = (left.before, left.after, left.before + left.margin)
    shown = (figure(left.gauge, value) for value in values)
    return words.said(label_of(left.gauge)), *shown, "yes" if left.is_back else "NO"


def _lasted(from_s: float, until_s: float | None) -> str:
    return text.NOTHING if until_s is None else words.seconds(until_s - from_s)


def _clock(at_s: float | None) -> str:
    return text.NOTHING if at_s is None else text.clock(at_s)


def _left_out(figures: PartView) -> str:
    return f"{text.count(figures.disturbed_s)} s" if figures.disturbed_s else text.NOTHING


def _count(number: int) -> str:
    return text.count(number) if number else text.NOTHING


def _fixed(value: float | None, per: float = 1.0) -> str:
    return text.NOTHING if value is None else text.fixed(value / per, 1)
