"""A stress as blocks of the headless summary: plain lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from tui.core import format as text
from tui.core.model import RunView
from tui.core.stress.view import StressView
from tui.reports import stress_tables as tables
from tui.reports import stress_words as words

WIDTH = 80
Lines = list[str]


def stress_blocks(view: RunView) -> Sequence[Lines]:
    """What was asked and reached, the service under it, and what was found; none without one."""
    stress, plan = view.stress, view.facts.scenario.stress
    if stress is None or plan is None:
        return ()
    asked = [f"{name}: {said}" for name, said in words.plan_words(plan) if name != "burners"]
    return (
        [
            "Stress:",
            *_items(asked),
            *_items(map(words.reached_words, stress.burners)),
            *_end(stress),
        ],
        _block("Price of it:", (f"{name}: {said}" for name, said in words.price_words(stress))),
        _service(stress),
        _block(
            "Limits found:", (f"{row[0]} {row[1]}, {row[2]}" for row in tables.limits(stress).rows)
        ),
        _block("Faults:", map(_fault, tables.faults(stress).rows)),
        _block("Given back by the service:", _all_left(stress)),
    )


def jitter_line(stress: StressView | None) -> Lines:
    """How late the engine's own clock was."""
    return [] if stress is None else [f"  Engine's clock: {words.jitter_words(stress.jitter)}"]


def _end(stress: StressView) -> Lines:
    ended = f"ended before its time: {words.said(stress.ended_by)}" if stress.ended_by else ""
    return _items([ended]) if ended else []


def _service(stress: StressView) -> Lines:
    found = [
        *map(words.change_words, stress.changes),
        f"Health: {words.health_words(stress)}",
        f"Outage: {words.outage_words(stress)}" if stress.health.probes else "",
        f"Recovery: {words.recovery_words(stress)}" if stress.recovery is not None else "",
        words.overloaded_words(stress),
    ]
    table = tables.service(stress)
    return ["Service under stress:", *_table(table), *_items(filter(None, found))]


def _table(table: tables.Table) -> Lines:
    if not table.rows:
        return []
    widths = [
        max(len(row[column]) for row in (table.heads, *table.rows))
        for column in range(len(table.heads))
    ]
    return [
        "  "
        + "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in (table.heads, *table.rows)
    ]


def _fault(row: Sequence[str]) -> str:
    name, what, since, until, undone = row
    when = f"{since} to {until}" if until != text.NOTHING else f"since {since}"
    mark = "✗" if undone.startswith("NO") else "✓"
    return f"{mark} {name} ({what}) {when}, undone {undone}"


def _all_left(stress: StressView) -> Lines:
    why = f"not compared: {words.said(stress.left_why)}" if stress.left_why else ""
    return [*map(_left, tables.left(stress).rows), *([why] if why else [])]


def _left(row: Sequence[str]) -> str:
    name, before, after, most, back = row
    mark = "✓" if back == "yes" else "✗"
    return f"{mark} {name} {before} before, {after} after (in order to {most})"


def _block(head: str, lines: Iterable[str]) -> Lines:
    found = _items(lines)
    return [head, *found] if found else []


def _items(lines: Iterable[str]) -> Lines:
    wrapped = (
        textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines
    )
    return [each for lines in wrapped for each in lines]
