"""Scenario files: what they may say, and what is wrong with one that says something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from pathlib import PurePath
from typing import Any, Literal

import msgspec

from tui.core.duration import duration_text, parse_duration_s
from tui.core.format import load_level, load_plan
from tui.core.limits import STRESS_METRICS, Limit, parse_limit
from tui.core.load import Load, Stage
from tui.core.load_table import ArrivalTable, LoadTable, read_load
from tui.core.problem import InputError, Problem, quoted
from tui.core.stress.plan import Stress, stress_plan
from tui.core.stress.table import StressTable, read_stress
from tui.core.toml import typed, unknown_keys

Kind = Literal["load", "stress"]
KINDS: tuple[Kind, ...] = ("load", "stress")
PREFIXES: dict[Kind, str] = {"stress": "stress-"}
"""What the ids of a kind begin with."""
MOST_WARM_UP_S = 600.0
"""Beside a stress the load may take this long to reach its level."""
MAX_MEMORY_GB = 4096
_KNOWN_KINDS = ", ".join((*KINDS, "campaign"))
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


class _LimitTable(msgspec.Struct, forbid_unknown_fields=True):
    limit: str
    abort: bool = False
    after: str = "0s"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    kind: Kind
    title: str
    load: LoadTable | None = None
    stress: StressTable | None = None
    summary: str = ""
    cool_down: str = "5m"
    ask_below_memory_gb: float = 0.0
    thresholds: dict[str, str | _LimitTable] = {}
    goals: dict[str, str] = {}


class Scenario(msgspec.Struct, frozen=True):
    """A scenario file, understood."""

    id: str
    kind: Kind
    title: str
    summary: str
    thresholds: tuple[Limit, ...]
    goals: tuple[Limit, ...]
    load: Load | None = None
    """What it puts on the service; None: nothing."""
    stress: Stress | None = None
    """What it does to the board; None: nothing."""
    path: str = ""
    """Where it was read."""
    cool_down_s: float = 0.0
    """The longest wait between its run and one that follows; 0: none."""
    ask_below_memory_gb: float = 0.0
    """A board with less memory is asked for consent first; 0: none is."""

    @property
    def duration_s(self) -> float:
        """How long its work takes, at most."""
        if self.stress is None:
            return self.load.duration_s if self.load is not None else 0.0
        if self.load is None:
            return self.stress.total_s
        warm_up_s = self.load.spawn_s if self.load.warm_up_s is None else self.load.warm_up_s
        return warm_up_s + self.stress.total_s

    @property
    def is_open(self) -> bool:
        """Whether operations begin by the clock, not by users."""
        return self.load is not None and self.load.arrival is not None

    @property
    def users(self) -> int:
        """The highest level; 0 without a load."""
        return self.load.users if self.load is not None else 0

    @property
    def slow_ms(self) -> float:
        """Requests from here on are kept as slow ones; infinite without a load."""
        return self.load.slow_ms if self.load is not None else inf

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Of a staged load; empty where there is one level all along."""
        return self.load.stages if self.load is not None else ()

    @property
    def plan(self) -> str:
        """What it does, in short: `20 users for 5 m`, `cpu and memory for 3 m`."""
        if self.stress is None:
            return load_plan(self.load) if self.load is not None else ""
        beside = f" under {load_level(self.load)}" if self.load is not None else ""
        return f"{stress_plan(self.stress)}{beside}"

    @property
    def judges_stages(self) -> bool:
        """Whether the limits hold for each stage by itself."""
        return self.load is not None and self.load.judge == "stage"


def parse_scenario(path: PurePath, data: dict[str, Any], changes: Mapping[str, Any]) -> Scenario:
    """The scenario in a decoded TOML file with `changes` (dotted key to value) laid over it.

    Raises InputError that lists everything that is wrong with it.
    """
    where = path.name
    scenario_id = checked_id(path)
    data = _with_changes(where, data, changes)
    file, problems = _read_file(where, data)
    stress = _read_stress(where, file, scenario_id, problems)
    load = _read_load(where, file, stress, problems)
    thresholds = _read_limits(where, "thresholds", file.thresholds, problems)
    goals = _read_limits(where, "goals", file.goals, problems)
    problems += _unjudgeable(where, file, load, (*thresholds, *goals))
    cool_down_s = _seconds(where, "cool_down", file.cool_down, problems)
    if not 0 <= file.ask_below_memory_gb <= MAX_MEMORY_GB:
        what = f"gigabytes from 0 (never asks) to {MAX_MEMORY_GB}"
        problems.append(Problem(where, "ask_below_memory_gb", what))
    if problems:
        raise InputError(problems)
    return Scenario(
        id=scenario_id,
        kind=file.kind,
        title=file.title,
        summary=file.summary,
        load=load,
        stress=stress,
        thresholds=thresholds,
        goals=goals,
        path=str(path),
        cool_down_s=cool_down_s,
        ask_below_memory_gb=file.ask_below_memory_gb,
    )


def checked_id(path: PurePath) -> str:
    """The id that a file's name is. InputError when it can't be one."""
    if not _ID.fullmatch(path.stem):
        what = "a scenario's file name is its id: lower case letters, digits and dashes"
        raise InputError.of(path.name, "", what)
    return path.stem


def _read_file(where: str, data: dict[str, Any]) -> tuple[_File, list[Problem]]:
    """The tables, and what is wrong with the kind: that hides no other mistake."""
    unknown = unknown_keys(where, data, _File)
    problems = []
    kind = data.get("kind")
    if isinstance(kind, str) and kind not in KINDS:
        problems.append(
            Problem(where, "kind", f"unknown kind {quoted(kind)} (known: {_KNOWN_KINDS})")
        )
        data = {**data, "kind": KINDS[0]}
    if unknown:
        raise InputError([*unknown, *problems])
    try:
        return typed(where, data, _File), problems
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None


def _with_changes(where: str, data: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    result = _copy(data)
    for dotted, value in changes.items():
        *path, key = dotted.split(".")
        if not all((*path, key)):
            raise InputError.of(where, dotted, "is no key (meant as in load.users?)")
        table = result
        for depth, part in enumerate(path):
            inner = table.setdefault(part, {})
            if isinstance(inner, str) and depth == 1 and path[0] == "thresholds":
                # `p99_ms = "< 5000"` is short for a table with a limit.
                inner = table[part] = {"limit": inner}
            if not isinstance(inner, dict):
                name = ".".join(path[: depth + 1])
                raise InputError.of(where, dotted, f"{name} is not a table")
            table = inner
        table[key] = value
    return result


def _copy(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copy(value) if isinstance(value, dict) else value for key, value in table.items()}


def _read_stress(
    where: str, file: _File, scenario_id: str, problems: list[Problem]
) -> Stress | None:
    prefix = PREFIXES.get(file.kind, "")
    others = [each for kind, each in PREFIXES.items() if kind != file.kind]
    if not scenario_id.startswith(prefix):
        what = f"the id of a {file.kind} scenario begins with {prefix} (its file's name)"
        problems.append(Problem(where, "kind", what))
    if scenario_id.startswith(tuple(others)):
        what = f"a name that begins so is for another kind than {file.kind}"
        problems.append(Problem(where, "kind", what))
    if file.kind != "stress":
        if file.stress is not None:
            what = f'is no part of a {file.kind} scenario (meant kind = "stress"?)'
            problems.append(Problem(where, "stress", what))
        return None
    if file.stress is None:
        problems.append(Problem(where, "stress", "is missing"))
        return None
    return read_stress(where, file.stress, problems, is_loaded=file.load is not None)


def _read_load(
    where: str, file: _File, stress: Stress | None, problems: list[Problem]
) -> Load | None:
    if file.load is None:
        if file.kind == "load":
            problems.append(Problem(where, "load", "is missing"))
        return None
    if file.kind != "stress":
        return read_load(where, file.load, problems)
    if file.load.duration is not None:
        what = "a load beside a stress lasts as long as that does: leave it out"
        problems.append(Problem(where, "load.duration", what))
        return None
    for key in ("stages", "pattern", "shape", "search", "operations_per_user"):
        if getattr(file.load, key):
            _wavers(where, key, problems)
            return None
    if isinstance(file.load.arrival_rate, ArrivalTable):
        _wavers(where, "arrival_rate", problems)
        return None
    if stress is None:
        return None
    lasts = duration_text(stress.total_s + MOST_WARM_UP_S)
    return read_load(where, msgspec.structs.replace(file.load, duration=lasts), problems)


def _wavers(where: str, key: str, problems: list[Problem]) -> None:
    what = "beside a stress there is one level all along: else nobody knows what did it"
    problems.append(Problem(where, f"load.{key}", what))


def _seconds(where: str, key: str, text: str, problems: list[Problem]) -> float:
    try:
        return parse_duration_s(text)
    except ValueError as error:
        problems.append(Problem(where, key, str(error)))
        return 0.0


def _unjudgeable(
    where: str, file: _File, load: Load | None, limits: tuple[Limit, ...]
) -> list[Problem]:
    """Limits on a figure that this scenario can't have. `load` is None where it is wrong, too."""
    names = {limit.metric for limit in limits}
    found: dict[str, str] = {}
    is_wrong = file.load is not None and load is None
    if not is_wrong and not (load is not None and load.stages and load.judge == "run"):
        what = "is the variation over stages: needs load.stages or load.pattern, judged as a whole"
        found |= dict.fromkeys(names & {"p95_variation"}, what)
    if file.kind != "stress":
        found |= dict.fromkeys(names & set(STRESS_METRICS), "needs a stress to judge")
    elif file.load is None:
        what = "needs requests to judge: [load] is missing"
        found |= dict.fromkeys(names - set(STRESS_METRICS) - {"p95_variation"}, what)
    return [
        Problem(where, f"thresholds.{name}", what, (f"goals.{name}",))
        for name, what in found.items()
    ]


def _read_limits(
    where: str,
    section: str,
    table: Mapping[str, str | _LimitTable],
    problems: list[Problem],
) -> tuple[Limit, ...]:
    limits = []
    for metric, entry in table.items():
        try:
            if isinstance(entry, str):
                limits.append(parse_limit(metric, entry))
            else:
                limits.append(
                    parse_limit(metric, entry.limit, abort=entry.abort, after=entry.after)
                )
        except ValueError as error:
            problems.append(Problem(where, f"{section}.{metric}", str(error)))
    return tuple(limits)
