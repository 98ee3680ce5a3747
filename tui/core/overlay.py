"""Changes laid over a decoded file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.core.problem import InputError, did_you_mean

_NAMES = ("name", "id")
"""The keys by which a table of a list is known."""


def with_changes(where: str, data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with dotted keys set, tables made where there are none; `data` itself stays.

    A table of a list goes by its name, as in `e2e.steps.store.timeout`. InputError for what is no
    key, or leads through what is no table.
    """
    result: dict[str, Any] = _copy(data)
    for dotted, value in changes.items():
        *path, key = dotted.split(".")
        if not all((*path, key)):
            raise InputError.of(where, dotted, "is no key (meant as in load.users?)")
        table: Any = result
        for depth, part in enumerate(path):
            name = ".".join(path[: depth + 1])
            inner = _inner(where, dotted, name, table, part)
            if isinstance(inner, str) and depth == 1 and path[0] == "thresholds":
                # `p99_ms = "< 5000"` is short for a table with a limit.
                inner = table[part] = {"limit": inner}
            if not isinstance(inner, (dict, list)):
                raise InputError.of(where, dotted, f"{name} is not a table")
            table = inner
        if isinstance(table, list):
            raise InputError.of(where, dotted, f"{key} is a table of a list, and has keys itself")
        table[key] = value
    return result


def _inner(where: str, dotted: str, name: str, table: Any, part: str) -> Any:
    """What stands under one part of a key, `name` up to there; of a list the table of that name."""
    if not isinstance(table, list):
        return table.setdefault(part, {})
    tables = {
        str(each[key]): each
        for each in table
        if isinstance(each, dict)
        for key in _NAMES
        if key in each
    }
    if part not in tables:
        what = f"there is no {name}{did_you_mean(part, tables)}"
        raise InputError.of(where, dotted, what)
    return tables[part]


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value
