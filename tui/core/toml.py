"""Decoded TOML into typed structs, with every mistake named by its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from tui.core.mistakes import Mistakes
from tui.core.problem import nearest, quoted

T = TypeVar("T", bound=msgspec.Struct)
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`(?: - at .*)?")
_WORDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "object": "a table",
    "array": "a list",
    "datetime": "a date",
    "date": "a date",
    "time": "a time of day",
}
"""What msgspec calls the types of TOML, in the order in which alternatives are told."""
_WRONG: Any = object()
"""Stands for a value that is none of its type."""


def read_table(mistakes: Mistakes, data: Mapping[str, Any], struct: type[T]) -> T:
    """`data` as `struct`, key by key, tables inside it included.

    Unknown keys, wrong types and missing keys are told to `mistakes`. In the struct such a key has
    its default, or is blank where there is none: it can be looked at like any other, and what that
    seems to find wrong with it is left out by `mistakes`.
    """
    types = _types(struct)
    for key in data:
        if key not in types:
            meant = _meant(key, types, data)
            mistakes.unknown(key, meant, is_there=_has(data, meant))
    values = {}
    for field in msgspec.structs.fields(struct):
        key, value = field.encode_name, _WRONG
        if key in data:
            value = _read(mistakes, key, data[key], field.type)
        elif field.required:
            mistakes.add(key, "is missing")
        if value is _WRONG and field.required:
            value = _blank(field.type)
        if value is not _WRONG:
            values[field.name] = value
    return struct(**values)


def _read(mistakes: Mistakes, key: str, value: object, hint: Any) -> Any:
    """A value of that type; `_WRONG` where it is none."""
    for each in _alternatives(hint):
        origin = get_origin(each)
        if isinstance(value, Mapping) and _is_struct(each):
            return read_table(mistakes.within(key), value, each)
        if isinstance(value, Mapping) and origin is dict:
            return _read_named(mistakes.within(key), value, each)
        if isinstance(value, list) and origin in (list, tuple):
            return _read_list(mistakes.within(key), value, each)
    try:
        return msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        mistakes.add(key, _plain(str(error), value, hint))
        return _WRONG


def _read_named(mistakes: Mistakes, entries: Mapping[str, Any], hint: Any) -> dict[str, Any]:
    """A wrong entry is left out."""
    inner = get_args(hint)[1]
    found = {name: _read(mistakes, name, entry, inner) for name, entry in entries.items()}
    return {name: entry for name, entry in found.items() if entry is not _WRONG}


def _read_list(mistakes: Mistakes, entries: list[Any], hint: Any) -> Any:
    """A wrong entry is blank: those behind it are known by their number."""
    inner = get_args(hint)[0]
    found = [_read(mistakes, str(number), entry, inner) for number, entry in enumerate(entries, 1)]
    return get_origin(hint)(_blank(inner) if entry is _WRONG else entry for entry in found)


def _blank(hint: Any) -> Any:
    """Some value of that type."""
    first = _alternatives(hint)[0]
    if _is_struct(first):
        fields = msgspec.structs.fields(first)
        return first(**{field.name: _blank(field.type) for field in fields if field.required})
    if get_origin(first) is Literal:
        return get_args(first)[0]
    return (get_origin(first) or first)()


def _meant(key: str, types: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """The key that an unknown one may stand for: the same name a table deeper, else a near one.

    A table that the file has goes before others, and before that one that lacks the key.
    """
    deeper = [
        f"{table}.{key}"
        for table, hint in types.items()
        if any(_is_struct(each) and key in _types(each) for each in _alternatives(hint))
    ]
    if not deeper:
        return nearest(key, types)
    in_file = [each for each in deeper if each.partition(".")[0] in data]
    missing = [each for each in in_file if not _has(data, each)]
    return (*missing, *in_file, *deeper)[0]


def _has(data: Mapping[str, Any], key: str) -> bool:
    """Whether a dotted key is in the data."""
    table, _, inner = key.partition(".")
    if not inner:
        return table in data
    found = data.get(table)
    return isinstance(found, Mapping) and _has(found, inner)


@cache
def _types(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """By the names that a file uses."""
    return {field.encode_name: field.type for field in msgspec.structs.fields(struct)}


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """What a value may be, but for what TOML can't say: nothing."""
    if get_origin(hint) in (Union, UnionType):
        return tuple(each for each in get_args(hint) if each is not NoneType)
    return (hint,)


def _is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _plain(message: str, value: object, hint: Any) -> str:
    """What msgspec says of a value, in the words of somebody who writes a file."""
    match = _EXPECTED.fullmatch(message)
    if match is not None:
        expected, got = (set(each.split(" | ")) for each in match.groups())
        if "float" in expected:
            expected.discard("int")
        return f"expected {_words(expected)}, got {_words(got)}"
    choices = [each for each in _alternatives(hint) if get_origin(each) is Literal]
    if choices:
        known = map(str, get_args(choices[0]))
        return f"unknown value {quoted(str(value))} (known: {', '.join(known)})"
    return message[0].lower() + message[1:]


def _words(types: set[str]) -> str:
    return " or ".join(word for name, word in _WORDS.items() if name in types)
