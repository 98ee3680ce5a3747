"""A stress as the words that a run's HTML page shows: all of them clean."""

from __future__ import annotations

from typing import NamedTuple

from tui.core.model import RunView
from tui.reports import stress_tables as tables
from tui.reports import stress_words as words


class Section(NamedTuple):
    """A table under its own head."""

    head: str
    table: tables.Table


class StressPart(NamedTuple):
    """The stress's part of a run's page."""

    sections: tuple[Section, ...]
    service: tables.Table
    lines: tuple[str, ...]
    """What became of the service."""
    price: tuple[words.Named, ...]
    note: str


def stress_part(view: RunView) -> StressPart | None:
    """None for a run without a stress."""
    stress = view.stress
    if stress is None:
        return None
    recovery = words.recovery_words(stress)
    lines = (
        *map(words.change_words, stress.changes),
        f"Health: {words.health_words(stress)}",
        f"Outage: {words.outage_words(stress)}" if stress.health.probes else "",
        f"Recovery: {recovery}" if recovery else "",
        words.overloaded_words(stress),
    )
    sections = (
        Section("Asked and reached", tables.burners(stress)),
        Section(tables.steps_head(stress), tables.steps(stress)),
        Section("Limits found", tables.limits(stress)),
        Section("Faults", tables.faults(stress)),
        Section("Given back by the service", tables.left(stress)),
    )
    notes = (
        f"Ended before its time: {words.said(stress.ended_by)}." if stress.ended_by else "",
        f"What the service gave back was not compared: {words.said(stress.left_why)}."
        if stress.left_why
        else "",
    )
    return StressPart(
        sections=tuple(section for section in sections if section.table.rows),
        service=tables.service(stress),
        lines=tuple(line for line in lines if line),
        price=words.price_words(stress),
        note=" ".join(filter(None, notes)),
    )
