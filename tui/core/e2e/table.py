"""The [e2e] table of a scenario file, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.e2e.known_words import KnownWords
from tui.core.e2e.operation_table import wrong_path
from tui.core.e2e.step_table import StepTable, read_step
from tui.core.e2e.values_table import ValuesTable, read_values
from tui.core.e2e.workflow import Step, Workflow
from tui.core.mistakes import Mistakes

MOST_STEPS = 50
MOST_ROUNDS = 100_000
MOST_AT_ONCE = 16
MOST_EVERY_S = 3600.0


class WorkflowTable(msgspec.Struct, forbid_unknown_fields=True):
    rounds: int = 1
    at_once: int = 1
    every: str = "0s"
    openapi: str = ""
    values: ValuesTable = {}
    steps: list[StepTable] = []
    cleanup: list[StepTable] = []


def read_workflow(mistakes: Mistakes, table: WorkflowTable) -> Workflow | None:
    """The workflow; None where `mistakes`, of this table, has any."""
    mistakes.check("rounds", table.rounds, 1, MOST_ROUNDS)
    mistakes.check("at_once", table.at_once, 1, MOST_AT_ONCE)
    if table.at_once > table.rounds:
        what = "more than there are rounds"
        mistakes.add("at_once", what, "rounds")
    every_s = mistakes.seconds("every", table.every, 0.0, MOST_EVERY_S)
    wrong = wrong_path(table.openapi) if table.openapi else ""
    if wrong:
        mistakes.add("openapi", wrong)
    values = read_values(mistakes.within("values"), table.values)
    steps, cleanup = _steps(mistakes, table)
    if not mistakes.is_clean:
        return None
    return Workflow(
        steps, cleanup, table.rounds, table.at_once, every_s, values=values, openapi=table.openapi
    )


def _steps(mistakes: Mistakes, table: WorkflowTable) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Those of a round, and those of its clean-up; each knows what the ones before it save."""
    if not table.steps and not table.openapi:
        mistakes.add("steps", "a workflow has at least one", unless=["openapi"])
    if len(table.steps) + len(table.cleanup) > MOST_STEPS:
        mistakes.add("steps", f"at most {MOST_STEPS}, the clean-up counted in", "cleanup")
    known = KnownWords("e2e", table.values)
    found: list[tuple[Step, ...]] = []
    for key, tables in (("steps", table.steps), ("cleanup", table.cleanup)):
        found.append(
            tuple(
                read_step(
                    mistakes.within(f"{key}.{number}"), each, known, is_cleanup=key == "cleanup"
                )
                for number, each in enumerate(tables, 1)
            )
        )
    return found[0], found[1]
