"""`[targets.NAME.operations]` of the configuration, read and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import msgspec

from tui.core.e2e.operation import OPERATIONS, READING, Method, Operation, Sends
from tui.core.e2e.place import (
    is_fixed,
    is_given_name,
    is_header_name,
    wrong_place,
    wrong_pointer,
)
from tui.core.e2e.words import filled_json, words_in
from tui.core.mistakes import Mistakes
from tui.core.problem import quoted

MOST_OPERATIONS = 100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization", "x-api-key")
_OWN_HEADERS = ("content-length", "host", "transfer-encoding", "connection")
"""Set by whoever sends the request: another value would only break it."""


class OperationTable(msgspec.Struct, forbid_unknown_fields=True):
    method: Method | None = None
    path: str | None = None
    query: dict[str, str | int] | None = None
    headers: dict[str, str] | None = None
    sends: Sends | None = None
    file_field: str | None = None
    fields: dict[str, str | int] | None = None
    body: str | None = None
    status: list[int] | None = None
    gives: dict[str, str] | None = None
    record: dict[str, str] | None = None


def read_operations(
    mistakes: Mistakes, tables: Mapping[str, OperationTable | bool]
) -> tuple[tuple[Operation, ...], tuple[str, ...]]:
    """What a target offers: the usual ones with the tables laid over them, then those of its own;
    and the names of those that it does not offer, which are `false`.

    `mistakes` are those of `operations`; what is wrong is left as it usually is.
    """
    found = {operation.name: operation for operation in OPERATIONS}
    if len(tables) > MOST_OPERATIONS:
        mistakes.add("", f"at most {MOST_OPERATIONS} operations")
    for name, table in tables.items():
        inside = mistakes.within(name)
        if not _NAME.fullmatch(name):
            what = "an operation's name has up to 32 letters, digits, - and _, a letter first"
            inside.add("", what)
        if isinstance(table, bool):
            if table:
                inside.add("", "is offered unless it is false: leave it out, or a table says how")
            found.pop(name, None)
            continue
        if name not in found and table.path is None:
            usual = ", ".join(each.name for each in OPERATIONS)
            what = f"is missing: {quoted(name)} is none of the usual ones ({usual})"
            inside.add("path", what)
        _check(inside, table)
        found[name] = _laid_over(found.get(name) or Operation(name), table)
        _check_sent(inside, found[name], table)
    return tuple(found.values()), tuple(name for name, table in tables.items() if table is False)


def _laid_over(usual: Operation, table: OperationTable) -> Operation:
    # The usual query belongs to the usual path: another one would be sent it unawares.
    changes: dict[str, object] = {} if table.path is None else {"query": ()}
    for field in msgspec.structs.fields(table):
        value = getattr(table, field.name)
        if isinstance(value, dict):
            value = tuple((name, f"{entry}") for name, entry in value.items())
        if value is not None:
            changes[field.name] = tuple(value) if isinstance(value, list) else value
    return msgspec.structs.replace(usual, **changes)


def _check(mistakes: Mistakes, table: OperationTable) -> None:
    wrong = wrong_path(table.path) if table.path is not None else ""
    if wrong:
        mistakes.add("path", wrong)
    _check_headers(mistakes.within("headers"), table.headers or {})
    if table.status is not None and not table.status:
        mistakes.add("status", "an answer that is right has at least one")
    for status in table.status or ():
        if not 200 <= status <= 599:
            mistakes.add("status", f"{status} is no status that ends a request (200 to 599)")
    if table.file_field is not None and not table.file_field.isprintable():
        mistakes.add("file_field", "has characters that nobody can see")
    giving = mistakes.within("gives")
    for name, place in (table.gives or {}).items():
        if not is_given_name(name):
            giving.add(name, "a name has letters, digits and _, and is not body or status")
        wrong = wrong_place(place)
        if wrong or not is_fixed(place):
            giving.add(name, wrong or f'{quoted(place)} is no place (meant "json:/{place}"?)')
    for name, pointer in (table.record or {}).items():
        wrong = wrong_pointer(pointer)
        if wrong or not is_given_name(name):
            what = "a name has letters, digits and _, and is not body or status"
            mistakes.within("record").add(name, wrong or what)


def wrong_path(path: str) -> str:
    """Why it is no path behind a target's url; empty where it is one."""
    if not path.startswith("/"):
        meant = "" if "://" in path else f' (meant "/{path}"?)'
        return f"begins with / behind the target's url{meant}"
    if "?" in path:
        return 'what stands behind "?" belongs into query = { name = "value" }'
    if "#" in path or not path.isprintable() or " " in path:
        return f"{quoted(path)} is no path of a URL"
    return ""


def _check_headers(mistakes: Mistakes, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if name.lower() in _SECRET_HEADERS:
            what = 'a secret does not belong here; the target\'s token = "env:NAME" is sent for you'
            mistakes.add(name, what)
        elif name.lower() in _OWN_HEADERS:
            mistakes.add(name, "is set by the request itself (leave it out?)")
        elif not is_header_name(name) or not value.isprintable() or not value.isascii():
            mistakes.add(name, "is no header that can be sent: plain characters alone")


def _check_sent(mistakes: Mistakes, operation: Operation, table: OperationTable) -> None:
    """Whether what is sent fits how it is sent, also where only one of them was set."""
    if table.body and operation.sends != "json":
        what = f'is not sent: sends is "{operation.sends}" (meant sends = "json"?)'
        mistakes.add("body", what, "sends")
    if table.fields and operation.sends not in ("form", "fields"):
        what = f'are not sent: sends is "{operation.sends}" (meant sends = "form"?)'
        mistakes.add("fields", what, "sends")
    if operation.sends == "fields" and not operation.fields:
        mistakes.add("fields", 'are missing: sends is "fields"', "sends")
    if operation.sends != "nothing" and operation.method in READING:
        what = f'{operation.method} sends nothing (meant method = "POST"?)'
        mistakes.add("sends", what, "method")
    if operation.sends == "json" and not operation.body:
        mistakes.add("body", 'is missing: sends is "json"', "sends")
    elif operation.sends == "json":
        _check_json(mistakes, operation.body)


def _check_json(mistakes: Mistakes, body: str) -> None:
    """Whether the document is one once its words are filled in, in quotes or as bare numbers."""
    sample = filled_json(body, dict.fromkeys(words_in(body), "0"))
    try:
        json.loads(sample)
    except (ValueError, RecursionError) as error:
        why = getattr(error, "msg", "nested too deeply")
        mistakes.add("body", f"no JSON: {why[0].lower()}{why[1:]}")
