"""The [smoke] table of a scenario file, read and checked."""

from __future__ import annotations

import re

import msgspec

from tui.core.e2e.known_words import KnownWords
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.step_table import StepTable, read_step
from tui.core.e2e.values_table import ValuesTable, read_values
from tui.core.e2e.workflow import Step, Workflow
from tui.core.mistakes import Mistakes
from tui.core.problem import quoted

MOST_TESTS = 50
MOST_STEPS = 200
LEAST_TIMEOUT_S, MOST_TIMEOUT_S = 1.0, 600.0
MOST_TITLE, MOST_GROUP = 60, 20
"""In characters."""
_ID = re.compile(r"[A-Z][A-Z0-9-]{0,15}", re.ASCII)


class SmokeTestTable(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    group: str
    steps: list[StepTable] = []


class SmokeTable(msgspec.Struct, forbid_unknown_fields=True):
    timeout: str = "60s"
    values: ValuesTable = {}
    tests: list[SmokeTestTable] = []
    cleanup: list[StepTable] = []


def read_smoke(mistakes: Mistakes, table: SmokeTable) -> Workflow | None:
    """The suite as a workflow with tests; None where `mistakes`, of this table, has any."""
    timeout_s = mistakes.seconds("timeout", table.timeout, LEAST_TIMEOUT_S, MOST_TIMEOUT_S)
    values = read_values(mistakes.within("values"), table.values)
    if not 1 <= len(table.tests) <= MOST_TESTS:
        mistakes.add("tests", f"a suite has 1 to {MOST_TESTS}")
    known = KnownWords("smoke", table.values)
    steps: list[Step] = []
    tests: list[SmokeTest] = []
    for number, each in enumerate(table.tests, 1):
        inside = mistakes.within(f"tests.{number}")
        _check_test(inside, each, {test.id for test in tests})
        own = [
            read_step(inside.within(f"steps.{place}"), step, known, is_cleanup=False)
            for place, step in enumerate(each.steps, 1)
        ]
        steps += own
        names = tuple(step.name for step in own)
        tests.append(SmokeTest(each.id, each.title, each.group, names))
    cleanup = tuple(
        read_step(mistakes.within(f"cleanup.{number}"), step, known, is_cleanup=True)
        for number, step in enumerate(table.cleanup, 1)
    )
    if len(steps) + len(cleanup) > MOST_STEPS:
        mistakes.add("tests", f"at most {MOST_STEPS} steps in all, the clean-up counted in")
    if not mistakes.is_clean:
        return None
    return Workflow(
        tuple(steps),
        cleanup,
        values=values,
        tests=tuple(tests),
        test_timeout_s=timeout_s,
    )


def _check_test(mistakes: Mistakes, table: SmokeTestTable, ids: set[str]) -> None:
    """Whether it can be told from those before it, `ids`, and does something."""
    if not _ID.fullmatch(table.id):
        what = f"{quoted(table.id)}: capitals, digits and dashes, a capital first, as in SMK-01"
        mistakes.add("id", what)
    elif table.id in ids:
        mistakes.add("id", f"there is a test {table.id} already")
    for key, most in (("title", MOST_TITLE), ("group", MOST_GROUP)):
        text = getattr(table, key)
        if not text.strip() or len(text) > most or not text.isprintable():
            mistakes.add(key, f"1 to {most} characters on one line")
    if not table.steps:
        mistakes.add("steps", "a test has at least one")
