"""Changes laid over a decoded file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.core.problem import InputError


def with_changes(where: str, data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with dotted keys set, tables made where there are none; `data` itself stays.

    InputError for what is no key, or leads through what is no table.
    """
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
