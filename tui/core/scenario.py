"""Scenario files: what they may say, and what is wrong with one that says something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Literal

import msgspec

from tui.core.limits import Limit, parse_limit
from tui.core.load import Load
from tui.core.load_table import LoadTable, read_load
from tui.core.problem import InputError, Problem, quoted
from tui.core.toml import typed, unknown_keys

Kind = Literal["load"]
KINDS: tuple[Kind, ...] = ("load",)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


class _LimitTable(msgspec.Struct, forbid_unknown_fields=True):
    limit: str
    abort: bool = False
    after: str = "0s"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    kind: Kind
    title: str
    load: LoadTable
    summary: str = ""
    thresholds: dict[str, str | _LimitTable] = {}
    goals: dict[str, str] = {}


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
    scenario_id = checked_id(path)
    data = _with_changes(where, data, changes)
    file, problems = _read_file(where, data)
    load = read_load(where, file.load, problems)
    thresholds = _read_limits(where, "thresholds", file.thresholds, problems)
    goals = _read_limits(where, "goals", file.goals, problems)
    if load is not None:
        problems += _unjudgeable(where, load, (*thresholds, *goals))
    if load is None or problems:
        raise InputError(problems)
    return Scenario(
        id=scenario_id,
        kind=file.kind,
        title=file.title,
        summary=file.summary,
        load=load,
        thresholds=thresholds,
        goals=goals,
        path=str(path),
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
            Problem(where, "kind", f"unknown kind {quoted(kind)} (known: load, campaign)")
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


def _unjudgeable(where: str, load: Load, limits: tuple[Limit, ...]) -> list[Problem]:
    """Limits on a figure that this load can't have."""
    if load.stages and load.judge == "run":
        return []
    what = "is the variation over stages: it needs load.stages or load.pattern, judged as a whole"
    names = {limit.metric for limit in limits} & {"p95_variation"}
    return [Problem(where, f"thresholds.{name}", what, (f"goals.{name}",)) for name in names]


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
