"""A stress as blocks of the headless summary: plain lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from tui.core import format as text
from tui.core.model import RunView
from tui.core.stress.view import FaultView, StressView
from tui.core.stress.way import told_name
from tui.reports import stress_tables as tables
from tui.reports import stress_words as words

WIDTH = 80
GAP = 2
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
            *_burners(stress),
            *_end(stress),
        ],
        _steps(stress),
        _block("Price of it:", (f"{name}: {said}" for name, said in words.price_words(stress))),
        _service(stress),
        _block(
            "Limits found:", (f"{row[0]} {row[1]}, {row[2]}" for row in tables.limits(stress).rows)
        ),
        _block("Faults:", (_fault(stress, fault) for fault in stress.faults[: words.MAX_ROWS])),
        _block("Given back by the service:", _all_left(stress)),
    )


def jitter_line(stress: StressView | None) -> Lines:
    """How late the engine's own clock was."""
    return [] if stress is None else [f"  Engine's clock: {words.jitter_words(stress.jitter)}"]


def _burners(stress: StressView) -> Lines:
    lines = []
    for burner in stress.burners:
        lines += _items([words.reached_words(burner)])
        lines += _items([words.figures_words(burner)], indent=4)
    return lines


def _steps(stress: StressView) -> Lines:
    table = tables.steps(stress)
    return [f"{tables.steps_head(stress)}:", *_table(table)] if table.rows else []


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
    """Aligned; where a row has no room in a line its first cell stands above the others."""
    if not table.rows:
        return []
    every = (table.heads, *table.rows)
    widths = [max(len(row[column]) for row in every) for column in range(len(table.heads))]
    if sum(widths) + GAP * len(widths) <= WIDTH:
        return [_row(row[0].ljust(widths[0]), row[1:], widths[1:]) for row in every]
    spans = _spans(widths)
    return [
        line
        for row in every
        for line in (
            f"  {row[0]}",
            *(_row("", row[begin:end], widths[begin:end]) for begin, end in spans),
        )
    ]


def _row(first: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    return f"  {'  '.join((first, *(cell.rjust(width) for cell, width in pairs)))}"


def _spans(widths: Sequence[int]) -> list[tuple[int, int]]:
    """Columns from the second on that have room in a line together."""
    spans, begin, used = [], 1, GAP
    for column in range(1, len(widths)):
        if column > begin and used + GAP + widths[column] > WIDTH:
            spans.append((begin, column))
            begin, used = column, GAP
        used += GAP + widths[column]
    return [*spans, (begin, len(widths))]


def _fault(stress: StressView, fault: FaultView) -> str:
    mark, undone = tables.undone(stress, fault)
    since = text.clock(fault.from_s)
    when = f"since {since}"
    if fault.until_s is not None:
        lasted = words.seconds(fault.until_s - fault.from_s)
        when = f"{since} to {text.clock(fault.until_s)} ({lasted})"
    name, what = words.said(told_name(fault.name)), words.said(fault.text)
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


def _items(lines: Iterable[str], indent: int = 2) -> Lines:
    first, more = " " * indent, " " * (indent + 2)
    wrapped = (
        textwrap.wrap(line, WIDTH, initial_indent=first, subsequent_indent=more) for line in lines
    )
    return [each for lines in wrapped for each in lines]
