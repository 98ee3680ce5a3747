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
from tui.core.limits import Limit
from tui.core.load import Arrival, Load
from tui.core.problem import InputError
from tui.core.scenario import Scenario
from tui.core.stress.plan import Stress

USE, SAVE, RESET = "use", "save", "reset"
Change = Callable[[Scenario, Mapping[str, Any]], Scenario]
_LABELS = {
    "load.users": "users",
    "load.spawn_rate": "started per s",
    "load.arrival_rate": "per second",
    "load.arrival_rate.from": "per s at first",
    "load.arrival_rate.to": "per s at the end",
    "load.duration": "duration",
    "stress.before": "before",
    "stress.duration": "stressed for",
    "stress.after": "after, at most",
    "cameras.duration": "watched for",
    "cameras.settle": "settle",
    "e2e.rounds": "rounds",
    "thresholds.p95_ms": "p95, ms",
    "thresholds.p99_ms": "p99, ms",
    "thresholds.error_rate": "errors, 0 to 1",
}
_LIMITS = ("p95_ms", "p99_ms", "error_rate")
_RATE = "load.arrival_rate"
_WHOLE = ("load.users", "e2e.rounds")


def overrides_form(
    usual: Scenario,
    now: Scenario,
    workers: int,
    targets: Sequence[Target],
    target: Target,
    change: Change,
) -> Form:
    """The scenario as it would start `now`, beside its `usual` file. Answers USE, SAVE, RESET."""
    before = written(usual, usual)
    fields = [
        Field(key, _LABELS[key], text, most=12, is_short=True, hint=_was(text, before[key]))
        for key, text in written(now, usual).items()
        if key in before
    ]
    if usual.load is not None:
        fields.append(Field("workers", "load workers", str(workers), most=3, is_short=True))
    names = tuple(each.name for each in targets)
    fields.append(Field("target", "target", target.name, "option", names))
    choices = [Choice(USE, "use it"), Choice(SAVE, "save as a scenario")]
    if now is not usual:
        choices.append(Choice(RESET, "as it was"))

    def check(values: Values) -> str:
        return trouble_with(usual, values, change)

    lines: list[list[Piece]] = [[("in its file: ", Ink.MUTE), (usual.plan, Ink.TEXT)]]
    # Of a stress its length is what one changes; what is watched before it stands above that.
    start = "stress.duration" if usual.stress is not None else ""
    title = f"next start of {usual.id}"
    return Form(title, fields, choices, check=check, lines=lines, start=start)


def written(scenario: Scenario, usual: Scenario) -> dict[str, str]:
    """What of a scenario can be changed here, by dotted key, as its `usual` file writes it."""
    limits = _simple_limits(scenario.thresholds)
    if scenario.stress is not None:
        load = _level(scenario.load) if scenario.load is not None else {}
        return {**_lengths(scenario.stress), **load, **limits}
    if scenario.cameras is not None:
        plan = scenario.cameras
        lengths = {"cameras.duration": plan.duration_s, "cameras.settle": plan.settle_s}
        return {key: duration_text(length_s) for key, length_s in lengths.items()}
    if scenario.workflow is not None:
        if scenario.kind == "smoke":
            return limits
        rounds = {"e2e.rounds": str(scenario.workflow.rounds)}
        if scenario.load is None:
            return rounds
        return {**rounds, **_level(scenario.load), **limits}
    if scenario.load is None or usual.load is None:
        return limits
    return {**_course(scenario.load, usual.load.arrival), **limits}


def _course(load: Load, usual: Arrival | None) -> dict[str, str]:
    length = {"load.duration": duration_text(load.duration_s)}
    if load.arrival is not None and usual is not None:
        first, last = f"{load.arrival.from_rps:g}", f"{load.arrival.to_rps:g}"
        is_level = usual.from_rps == usual.to_rps
        rates = {_RATE: last} if is_level else {f"{_RATE}.from": first, f"{_RATE}.to": last}
        return {**rates, **length}
    return {**_level(load), **length}


def _level(load: Load) -> dict[str, str]:
    if load.arrival is not None:
        return {}
    # Stages keep their ramps, and a shape says how fast its users start.
    if load.stages or load.shape:
        return {"load.users": str(load.users)}
    return {"load.users": str(load.users), "load.spawn_rate": f"{load.spawn_rate:g}"}


def _lengths(stress: Stress) -> dict[str, str]:
    parts = {"stress.before": stress.before_s, "stress.duration": stress.duration_s}
    parts["stress.after"] = stress.after_s
    return {key: duration_text(length_s) for key, length_s in parts.items()}


def _simple_limits(thresholds: Sequence[Limit]) -> dict[str, str]:
    """Those that are a line in the file: what aborts a run is not loosened in passing."""
    texts = {each.metric: each.text for each in thresholds if not each.abort}
    return {f"thresholds.{metric}": texts[metric] for metric in _LIMITS if metric in texts}


def _was(now: str, usual: str) -> str:
    return "" if now == usual else f"file: {usual}"


def changes_of(usual: Scenario, values: Values) -> dict[str, Any]:
    """The keys that differ from the scenario's file, by dotted name. ValueError in one line."""
    changes: dict[str, Any] = {}
    for key, before in written(usual, usual).items():
        if key not in values:
            # Somebody took the limit out of the file since the console read it.
            continue
        value = _value(key, values[key].strip(), before)
        if value != _value(key, before, before):
            changes[key] = value
    return changes


def _value(key: str, text: str, before: str) -> str | int | float:
    """What stands in a file for a text; a limit without its operator keeps the one `before`."""
    if key == "load.duration" or key.startswith(("stress.", "cameras.")):
        return text
    if key.startswith("thresholds."):
        is_whole = not text or not text[0].isdigit()
        return text if is_whole else f"{before.split()[0]} {text}"
    try:
        return int(text) if key in _WHOLE else float(text)
    except ValueError:
        kind = "a whole number" if key in _WHOLE else "a number"
        raise ValueError(f"{_LABELS[key]}: {text or 'nothing'} is not {kind}") from None


def workers_of(values: Values, usual: int = 1) -> int:
    """How many load workers, the `usual` where none are asked for; ValueError in one line."""
    if "workers" not in values:
        return usual
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
        _, _, key = problem.key.partition(".")
        return f"{key}: {problem.what}"
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
        [(scenario.plan, Ink.TEXT, True)],
        [("Lower case letters, digits and dashes; the file is named after it.", Ink.MUTE)],
    ]
    field = Field("name", "its name", f"{scenario.id}-own", most=40, is_short=True)
    choices = [Choice(SAVE, "save it")]
    return Form("a scenario of one's own", [field], choices, check=check, lines=lines)
