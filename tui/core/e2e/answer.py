"""What a service answered, and where it has what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import unquote

import msgspec

from tui.core.e2e.operation import Operation
from tui.core.e2e.place import is_fixed

MOST_DOCUMENT_BYTES = 16 * 1024 * 1024
"""Read as JSON, as a list of empty lists for example, it takes twenty times as much memory."""
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


class Answer(msgspec.Struct, frozen=True, dict=True):
    """One whole answer."""

    status: int
    headers: Mapping[str, str]
    """Their names in lower case."""
    body: bytes
    ms: float
    """From the first byte of the request to the last one of the answer, connecting included."""

    @cached_property
    def document(self) -> object:
        """The body as JSON. Raises NoDocument."""
        return document_of(self.body)


class NoDocument(Exception):
    """Bytes are none that can be read; the text says why, behind their name."""


def document_of(data: bytes) -> object:
    """What they are as JSON. Raises NoDocument."""
    if len(data) > MOST_DOCUMENT_BYTES:
        raise NoDocument(f"is longer than {MOST_DOCUMENT_BYTES >> 20} MiB")
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError):
        raise NoDocument("is no JSON") from None
    return found


_TEXT_TYPES = ("text/", "json", "xml", "x-www-form-urlencoded")
_LOOKED_AT_BYTES = 80_000


def content_type(answer: Answer) -> str:
    """In lower case, without its parameters."""
    return plain_type(answer.headers.get("content-type", ""))


def plain_type(text: str) -> str:
    """A content type in lower case, without its parameters."""
    return text.partition(";")[0].strip().lower()


def has_text(answer: Answer) -> bool:
    """Whether its body is text, by its type and its beginning; of no type it may be."""
    kind = content_type(answer)
    is_text = any(each in kind for each in _TEXT_TYPES) or not kind
    return bool(answer.body) and is_text and b"\0" not in answer.body[:_LOOKED_AT_BYTES]


class Missing(Exception):
    """The answer has nothing there; the text says what, in a clause."""


def part_of(answer: Answer, place: str, operation: Operation) -> object:
    """What the answer has in a place: JSON as Python has it, a header's text, the body's bytes,
    the status. Raises Missing."""
    where = place if is_fixed(place) else dict(operation.gives).get(place, "")
    if where == "status":
        return answer.status
    if where == "body":
        return answer.body
    kind, _, what = where.partition(":")
    if kind == "header" and what.lower() in answer.headers:
        return answer.headers[what.lower()]
    if kind == "tail":
        name, _, owner = what.partition("/")
        parts = answer.headers.get(name.lower(), "").partition("?")[0].rstrip("/").split("/")
        if parts[-2:-1] == [owner]:
            return unquote(parts[-1])
    beside = f" ({where})" if where != place else ""
    if kind == "json":
        return _json_part(answer, what, f"no {place} in the answer{beside}")
    if not where:
        raise Missing(f"{operation.name} gives no {place}")
    raise Missing(f"no {place} in the answer{beside}")


def pointed_at(document: object, pointer: str) -> object:
    """What a JSON pointer (RFC 6901) points at; KeyError where nothing is there."""
    if not pointer:
        return document
    start, *keys = pointer.split("/")
    if start:
        raise KeyError(pointer)
    for key in keys:
        document = _inside(document, key.replace("~1", "/").replace("~0", "~"))
    return document


def _inside(document: object, key: str) -> object:
    if isinstance(document, dict):
        return document[key]
    if isinstance(document, list) and _INDEX.fullmatch(key) and int(key) < len(document):
        return document[int(key)]
    raise KeyError(key)


def _json_part(answer: Answer, pointer: str, missing: str) -> object:
    try:
        return pointed_at(answer.document, pointer)
    except KeyError:
        raise Missing(missing) from None
    except NoDocument as why:
        raise Missing(f"{missing}: it {why}") from None
