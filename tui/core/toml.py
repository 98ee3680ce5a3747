"""Decoded TOML into typed structs, with every mistake named by its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from tui.core.problem import InputError, Problem, did_you_mean

T = TypeVar("T", bound=msgspec.Struct)
_INDEX = re.compile(r"\[(\d+)\]")
_AT = re.compile(r"(.*) - at `(key in )?\$\.?(.*)`")


def unknown_keys(
    where: str, data: Mapping[str, Any], struct: type[msgspec.Struct], prefix: str = ""
) -> list[Problem]:
    """Every key of `data` that `struct` does not know, tables inside it included."""
    hints = _hints(struct)
    problems = []
    for key, value in data.items():
        dotted = f"{prefix}{key}"
        if key not in hints:
            problems.append(Problem(where, dotted, f"unknown key{_meant(key, prefix, hints)}"))
        elif isinstance(value, list):
            inner = _struct_in(hints[key])
            for number, entry in enumerate(value):
                if inner is not None and isinstance(entry, Mapping):
                    problems += unknown_keys(where, entry, inner, f"{dotted}.{number + 1}.")
        elif isinstance(value, Mapping):
            inner = _struct_in(hints[key])
            if inner is not None and get_origin(hints[key]) is dict:
                for name, entry in value.items():
                    if isinstance(entry, Mapping):
                        problems += unknown_keys(where, entry, inner, f"{dotted}.{name}.")
            elif inner is not None:
                problems += unknown_keys(where, value, inner, f"{dotted}.")
    return problems


def typed(where: str, data: Mapping[str, Any], struct: type[T]) -> T:
    """`data` as `struct`; InputError names the first key whose value has the wrong type."""
    try:
        return msgspec.convert(data, struct)
    except msgspec.ValidationError as error:
        message = str(error)
        at = _AT.fullmatch(message)
        what, key = (at.group(1), at.group(3)) if at else (message, "")
        key = _INDEX.sub(lambda index: f".{int(index.group(1)) + 1}", key)
        missing = re.fullmatch(r"Object missing required field `(\w+)`", what)
        if missing:
            key = f"{key}.{missing.group(1)}" if key else missing.group(1)
            what = "is missing"
        named = _named(key, message, data, struct)
        if what.startswith("Invalid enum value"):
            what = f"{what} (known: {', '.join(_choices(struct, named))})"
        raise InputError.of(where, named, _plain(what)) from None


def _named(key: str, message: str, data: Mapping[str, Any], struct: type[msgspec.Struct]) -> str:
    """`key` with the name of a table's entry, for which msgspec writes `[...]`."""
    section, marker, rest = key.partition("[...]")
    if not marker:
        return key
    path = section.split(".")
    entries: Any = data
    for part in path:
        entries = entries[part]
    for name in entries:
        try:
            msgspec.convert(_with_only(data, path, name), struct)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return f"{section}.{name}{rest}"
    return section + rest


def _with_only(data: Mapping[str, Any], path: list[str], name: str) -> dict[str, Any]:
    """`data` with a single entry left in the table at `path`."""
    head, *deeper = path
    inner = data[head]
    return {**data, head: _with_only(inner, deeper, name) if deeper else {name: inner[name]}}


def _meant(key: str, prefix: str, hints: Mapping[str, Any]) -> str:
    """The hint for an unknown key: the same name a table deeper, else the nearest one here."""
    for section, hint in hints.items():
        inner = _struct_in(hint)
        if inner is not None and get_origin(hint) is not dict and key in _hints(inner):
            return f' (did you mean "{prefix}{section}.{key}"?)'
    return did_you_mean(key, hints)


def _hints(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """Types by the names that a file uses."""
    hints = get_type_hints(struct)
    names = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    return {in_file: hints[name] for name, in_file in names}


def _choices(struct: type[msgspec.Struct], key: str) -> list[str]:
    """What a key takes that takes one of a few words."""
    hint: Any = struct
    for part in key.split("."):
        inner = _struct_in(hint)
        if inner is not None and part in _hints(inner):
            hint = _hints(inner)[part]
    return [str(each) for each in get_args(hint)]


def _struct_in(hint: Any) -> type[msgspec.Struct] | None:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint
    for argument in get_args(hint):
        found = _struct_in(argument)
        if found is not None:
            return found
    return None


def _plain(what: str) -> str:
    words = {"`int`": "a whole number", "`float`": "a number", "`str`": "text in quotes"}
    words |= {"`bool`": "true or false", "`object`": "a table", "`array`": "a list"}
    words |= {"`float | int`": "a number", "`int | float`": "a number"}
    words |= dict.fromkeys(("`object | str`", "`str | object`"), "text in quotes or a table")
    match = re.fullmatch(r"Expected (`[^`]+`), got (`[^`]+`)", what)
    if match is None:
        return what[0].lower() + what[1:]
    # A key may be left out, but TOML can't say `null`.
    expected, got = match.group(1).replace(" | null`", "`"), match.group(2)
    return f"expected {words.get(expected, expected)}, got {words.get(got, got)}"
