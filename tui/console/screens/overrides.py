"""`e`: what is to be different about the next start, and a scenario of one's own from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice
from tui.console.screens.form import Field, Form, Values
from tui.console.theme import Ink
from tui.core.config import MAX_WORKERS, Target
from tui.core.duration import duration_text
from tui.core.format import load_plan
from tui.core.problem import InputError
from tui.core.scenario import Scenario

USE, SAVE, RESET = "use", "save", "reset"
Change = Callable[[Scenario, Mapping[str, Any]], Scenario]
_LABELS = {"users": "users", "spawn_rate": "started per s", "duration": "duration"}


def overrides_form(
    usual: Scenario,
    now: Scenario,
    workers: int,
    targets: Sequence[Target],
    target: Target,
    change: Change,
) -> Form:
    """The scenario as it would start `now`, beside its `usual` file. Answers USE, SAVE, RESET."""
    fields = [
        Field(key, _LABELS[key], text, most=12, is_short=True, hint=_was(text, written(usual)[key]))
        for key, text in written(now).items()
    ]
    fields.append(Field("workers", "load workers", str(workers), most=3, is_short=True))
    names = tuple(each.name for each in targets)
    fields.append(Field("target", "target", target.name, "option", names))
    choices = [Choice(USE, "use it"), Choice(SAVE, "save as a scenario")]
    if now is not usual:
        choices.append(Choice(RESET, "as it was"))

    def check(values: Values) -> str:
        return trouble_with(usual, values, change)

    lines: list[list[Piece]] = [[("in its file: ", Ink.MUTE), (load_plan(usual.load), Ink.TEXT)]]
    return Form(f"next start of {usual.id}", fields, choices, check=check, lines=lines)


def written(scenario: Scenario) -> dict[str, str]:
    """What of a scenario's load can be changed here, as its file writes it."""
    load = scenario.load
    if load.stages:
        return {}
    length = {"duration": duration_text(load.duration_s)}
    if load.arrival is not None or load.shape:
        return length
    return {"users": str(load.users), "spawn_rate": f"{load.spawn_rate:g}", **length}


def _was(now: str, usual: str) -> str:
    return "" if now == usual else f"file: {usual}"


def changes_of(usual: Scenario, values: Values) -> dict[str, Any]:
    """The keys that differ from the scenario's file, by dotted name. ValueError in one line."""
    changes: dict[str, Any] = {}
    for key, before in written(usual).items():
        text = values[key].strip()
        if text != before:
            changes[f"load.{key}"] = text if key == "duration" else _number(key, text)
    return changes


def _number(key: str, text: str) -> int | float:
    try:
        return int(text) if key == "users" else float(text)
    except ValueError:
        kind = "a whole number" if key == "users" else "a number"
        raise ValueError(f"{_LABELS[key]}: {text or 'nothing'} is not {kind}") from None


def workers_of(values: Values) -> int:
    """How many load workers; ValueError in one line."""
    text = values["workers"].strip()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_WORKERS:
        raise ValueError(f"load workers: a number from 1 to {MAX_WORKERS}")
    return int(text)


def trouble_with(usual: Scenario, values: Values, change: Change) -> str:
    """What is wrong with the values, in one line; empty when they can be used."""
    try:
        workers_of(values)
        changes = changes_of(usual, values)
        if changes:
            change(usual, changes)
    except InputError as error:
        problem = error.problems[0]
        return f"{problem.key.removeprefix('load.')}: {problem.what}"
    except ValueError as error:
        return str(error)
    return ""


def name_form(scenario: Scenario, taken: Collection[str]) -> Form:
    """What the scenario of one's own is to be called: no name that another has."""

    def check(values: Values) -> str:
        name = values["name"].strip()
        if name in taken:
            return f"{name} is taken: nothing is overwritten"
        return "" if name else "it needs a name"

    lines: list[list[Piece]] = [
        [(load_plan(scenario.load), Ink.TEXT, True)],
        [("Lower case letters, digits and dashes; the file is named after it.", Ink.MUTE)],
    ]
    field = Field("name", "its name", f"{scenario.id}-own", most=40, is_short=True)
    choices = [Choice(SAVE, "save it")]
    return Form("a scenario of one's own", [field], choices, check=check, lines=lines)
