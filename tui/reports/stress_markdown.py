"""A stress in a ticket: tables as GitHub and GitLab draw them."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.model import RunView
from tui.core.stress.view import StressView
from tui.reports import stress_tables as tables
from tui.reports import stress_words as words
from tui.reports.ticket import bullets, code, prose, table


def stress_sections(view: RunView) -> list[str]:
    """What was asked and reached, the service under it, the price, and what was found."""
    stress = view.stress
    if stress is None:
        return []
    found = [
        *_section("### Asked and reached", tables.burners(stress), own=(0, 6)),
        *_section(f"### {tables.steps_head(stress)}", tables.steps(stress)),
        *_section("### Service under stress", tables.service(stress)),
        *bullets(_service(stress)),
    ]
    price = words.price_words(stress)
    if price:
        found += ["### Price of it", *bullets(f"{name}: {said}" for name, said in price)]
    found += _section("### Limits found", tables.limits(stress), own=(0, 2))
    found += _section("### Faults", tables.faults(stress), own=(0, 1, 5))
    found += _section("### Given back", tables.left(stress))
    if stress.left_why:
        found += ["### Given back", *bullets([f"not compared: {words.said(stress.left_why)}"])]
    return found


def _service(stress: StressView) -> list[str]:
    every = (
        *map(words.change_words, stress.changes),
        f"health: {words.health_words(stress)}",
        f"outage: {words.outage_words(stress)}" if stress.health.probes else "",
        f"recovery: {words.recovery_words(stress)}" if stress.recovery is not None else "",
        words.overloaded_words(stress),
        f"its end: {words.said(stress.ended_by)}" if stress.ended_by else "",
    )
    return [each for each in every if each]


def _section(head: str, drawn: tables.Table, own: Sequence[int] = ()) -> list[str]:
    """`own` are the columns with words that are not ours."""
    if not drawn.rows:
        return []
    rows = [
        tuple(code(cell) if column in own else prose(cell) for column, cell in enumerate(row))
        for row in drawn.rows
    ]
    return [head, table(drawn.heads, rows, right=set(drawn.numbers))]
