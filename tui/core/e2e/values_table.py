"""Values by name, of a scenario and of a target: what `{target.NAME}` stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.core.e2e.words import words_in
from tui.core.mistakes import Mistakes

ValuesTable = dict[str, str | int | float]
MOST_VALUES = 100
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""What may stand behind the dot of a word."""


def read_values(
    mistakes: Mistakes, table: Mapping[str, str | int | float]
) -> tuple[tuple[str, str], ...]:
    """Name by name, as texts; `mistakes` are those of `values`."""
    if len(table) > MOST_VALUES:
        mistakes.add("", f"at most {MOST_VALUES}")
    for name, value in table.items():
        check_value_name(mistakes, name)
        if isinstance(value, str) and words_in(value):
            mistakes.add(name, "a value is what words stand for, and has none in braces itself")
    return tuple((name, f"{value}") for name, value in table.items())


def check_value_name(mistakes: Mistakes, name: str) -> None:
    """Whether a word in braces can name it."""
    if not _NAME.fullmatch(name):
        mistakes.add(name, "a name in braces has letters, digits, - and _")
