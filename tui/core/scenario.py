"""Scenario files: what they may say, and what is wrong with one that says something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from pathlib import PurePath
from typing import Any, Literal

import msgspec

from tui.core.duration import MAX_DURATION_S, parse_duration_s
from tui.core.limits import Limit, parse_limit
from tui.core.problem import InputError, Problem, quoted
from tui.core.toml import typed, unknown_keys

Kind = Literal["load"]
KINDS: tuple[Kind, ...] = ("load",)
MAX_USERS = 100_000
MAX_SPAWN_RATE = 10_000
MAX_WEIGHT = 1_000_000
MAX_SLOW_MS = MAX_DURATION_S * 1000
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


class _LoadTable(msgspec.Struct, forbid_unknown_fields=True):
    users: int
    duration: str
    spawn_rate: float = 1.0
    locustfile: str = "users.py"
    user_classes: dict[str, int] = {}
    warm_up: str | None = None
    timeout: str = "10s"
    slow_ms: float = 1000.0


class _LimitTable(msgspec.Struct, forbid_unknown_fields=True):
    limit: str
    abort: bool = False
    after: str = "0s"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    kind: Kind
    title: str
    load: _LoadTable
    summary: str = ""
    thresholds: dict[str, str | _LimitTable] = {}
    goals: dict[str, str] = {}


class Load(msgspec.Struct, frozen=True):
    """How much load, for how long, by which users."""

    users: int
    spawn_rate: float
    """Users started per second."""
    duration_s: float
    """From the first user to the stop, warm-up included."""
    locustfile: str
    """Beside the scenario's file, or absolute."""
    user_classes: dict[str, int]
    """Class name to weight; empty means all classes of the locustfile with their own weights."""
    warm_up_s: float | None
    """None: until the first moment at full level."""
    timeout_s: float
    """A request that gets no answer for this long is a failure."""
    slow_ms: float
    """Requests from here on are kept as slow ones."""

    @property
    def spawn_s(self) -> float:
        """How long it takes to reach full level."""
        return self.users / self.spawn_rate


class Scenario(msgspec.Struct, frozen=True):
    """A scenario file, understood."""

    id: str
    kind: Kind
    title: str
    summary: str
    load: Load
    thresholds: tuple[Limit, ...]
    goals: tuple[Limit, ...]
    path: str = ""
    """Where it was read."""


def parse_scenario(path: PurePath, data: dict[str, Any], changes: Mapping[str, Any]) -> Scenario:
    """The scenario in a decoded TOML file with `changes` (dotted key to value) laid over it.

    Raises InputError that lists everything that is wrong with it.
    """
    where = path.name
    if not _ID.fullmatch(path.stem):
        what = "a scenario's file name is its id: lower case letters, digits and dashes"
        raise InputError.of(where, "", what)
    data = _with_changes(where, data, changes)
    file, problems = _read_file(where, data)
    load = _read_load(where, file.load, problems)
    thresholds = _read_limits(where, "thresholds", file.thresholds, problems)
    goals = _read_limits(where, "goals", file.goals, problems)
    if load is None or problems:
        raise InputError(problems)
    return Scenario(
        id=path.stem,
        kind=file.kind,
        title=file.title,
        summary=file.summary,
        load=load,
        thresholds=thresholds,
        goals=goals,
        path=str(path),
    )


def _read_file(where: str, data: dict[str, Any]) -> tuple[_File, list[Problem]]:
    """The tables, and what is wrong with the kind: that hides no other mistake."""
    unknown = unknown_keys(where, data, _File)
    problems = []
    kind = data.get("kind")
    if isinstance(kind, str) and kind not in KINDS:
        problems.append(Problem(where, "kind", f"unknown kind {quoted(kind)} (known: load)"))
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


def _read_load(where: str, table: _LoadTable, problems: list[Problem]) -> Load | None:
    found: list[Problem] = _number_problems(where, table)

    def wrong(key: str, what: str, *beside: str) -> None:
        found.append(Problem(where, f"load.{key}", what, beside))

    def seconds(key: str, text: str) -> float:
        try:
            return parse_duration_s(text)
        except ValueError as error:
            wrong(key, str(error))
            return 0.0

    duration_s = seconds("duration", table.duration)
    timeout_s = seconds("timeout", table.timeout)
    warm_up_s = None if table.warm_up is None else seconds("warm_up", table.warm_up)
    if not found:
        if duration_s < 1:
            what = f"{table.duration} is too short to measure anything (at least 1s)"
            wrong("duration", what)
        if timeout_s <= 0:
            wrong("timeout", "must be above 0")
        found += _length_problems(where, table, duration_s, warm_up_s)
    problems += found
    if found:
        return None
    return Load(
        users=table.users,
        spawn_rate=table.spawn_rate,
        duration_s=duration_s,
        locustfile=table.locustfile,
        user_classes=table.user_classes,
        warm_up_s=warm_up_s,
        timeout_s=timeout_s,
        slow_ms=table.slow_ms,
    )


def _number_problems(where: str, table: _LoadTable) -> list[Problem]:
    problems: list[Problem] = []

    def wrong(key: str, what: str) -> None:
        problems.append(Problem(where, f"load.{key}", what))

    # Numbers that are too large are not repeated: Python refuses to write some of them.
    if table.users < 1:
        wrong("users", f"{table.users} users can't load anything (at least 1)")
    elif table.users > MAX_USERS:
        wrong("users", f"more users than a generator can be (at most {MAX_USERS})")
    # TOML writes nan and inf as numbers, and no comparison holds for nan.
    if not 0 < table.spawn_rate < inf:
        wrong("spawn_rate", f"{table.spawn_rate:g} users per second never start (above 0)")
    elif table.spawn_rate > MAX_SPAWN_RATE:
        what = f"{table.spawn_rate:g} users per second are too many (at most {MAX_SPAWN_RATE})"
        wrong("spawn_rate", what)
    for name, weight in table.user_classes.items():
        if weight < 1:
            wrong(f"user_classes.{name}", f"a weight is at least 1, not {weight}")
        elif weight > MAX_WEIGHT:
            wrong(f"user_classes.{name}", f"a weight is at most {MAX_WEIGHT}")
    if not 0 < table.slow_ms < inf:
        wrong("slow_ms", "must be above 0")
    elif table.slow_ms > MAX_SLOW_MS:
        wrong("slow_ms", f"{table.slow_ms:g} ms are too long (at most {MAX_SLOW_MS:.0f})")
    return problems


def _length_problems(
    where: str, table: _LoadTable, duration_s: float, warm_up_s: float | None
) -> list[Problem]:
    """Whether anything is left to measure once all users run."""
    spawn_s = table.users / table.spawn_rate
    if (spawn_s if warm_up_s is None else warm_up_s) < duration_s:
        return []
    if warm_up_s is None:
        start = f"{table.users} users at {table.spawn_rate:g}/s need {spawn_s:g} s"
        beside: tuple[str, ...] = ("load.users", "load.spawn_rate")
    else:
        start, beside = f"warm_up takes {table.warm_up}", ("load.warm_up",)
    what = f"nothing would be measured: {start}, the run ends after {table.duration}"
    return [Problem(where, "load.duration", what, beside)]


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
