"""An OpenAPI document and its parts: where they stand, and where their references lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from tui.core.e2e.answer import plain_type, pointed_at
from tui.core.problem import quoted

MOST_REFERENCES = 50
"""One after the other, before they are taken for a circle."""

Document = Mapping[str, Any]


class Unreadable(Exception):
    """The document, or a part of it, can't be used; the text says why, in a clause."""


class Part(msgspec.Struct, frozen=True):
    """An object of the document."""

    pointer: str
    """Where it stands, once references were followed: a JSON pointer."""
    value: Mapping[str, Any] = {}


def version_of(document: object) -> str:
    """`3.1.0`. Raises Unreadable for what is no document of OpenAPI 3.0, 3.1 or 3.2."""
    if not isinstance(document, Mapping):
        raise Unreadable("it is no OpenAPI document")
    version: object = document.get("openapi")
    if not isinstance(version, str):
        old = f"it is Swagger {quoted(str(document.get('swagger')))}"
        what = old if "swagger" in document else "it is no OpenAPI document"
        raise Unreadable(f"{what}; OpenAPI 3.0 and 3.1 are read")
    if not version.startswith(("3.0", "3.1", "3.2")):
        raise Unreadable(f"it is OpenAPI {quoted(version)}; 3.0 and 3.1 are read")
    return version


def is_version_30(document: Document) -> bool:
    """Whether its schemas are those of OpenAPI 3.0, with `nullable`, not JSON Schema's own."""
    return f"{document.get('openapi')}".startswith("3.0")


def part_at(document: Document, pointer: str) -> Part:
    """The object there, its references followed. Raises Unreadable."""
    try:
        value = pointed_at(document, pointer)
    except KeyError:
        raise Unreadable(f"{quoted(pointer)} leads nowhere in its OpenAPI") from None
    return followed(document, pointer, value)


def child(document: Document, parent: Part, key: str) -> Part | None:
    """The object under a key; None where there is none. Raises Unreadable."""
    value = parent.value.get(key)
    if not isinstance(value, Mapping):
        return None
    return followed(document, f"{parent.pointer}/{escaped(key)}", value)


def followed(document: Document, pointer: str, value: object) -> Part:
    """The object itself where `value`, which stands at `pointer`, is a reference to it. Raises
    Unreadable."""
    for _ in range(MOST_REFERENCES):
        if not isinstance(value, Mapping):
            raise Unreadable(f"{quoted(pointer)} of its OpenAPI is no object")
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return Part(pointer, value)
        if not reference.startswith("#"):
            raise Unreadable(f"$ref {quoted(reference)} leads out of its OpenAPI")
        pointer = unquote(reference[1:])
        try:
            value = pointed_at(document, pointer)
        except KeyError:
            raise Unreadable(f"$ref {quoted(reference)} leads nowhere in its OpenAPI") from None
    raise Unreadable(f"$ref {quoted(pointer)} of its OpenAPI goes round in a circle")


def escaped(key: str) -> str:
    """A key as part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def is_json(content_type: str) -> bool:
    """Whether it is JSON, or made of it: `application/problem+json`."""
    return plain_type(content_type).endswith(("/json", "+json"))


def may_be_json(content_type: str) -> bool:
    """The same, or whatever it is: some generators write `*/*` for all."""
    return is_json(content_type) or content_type.strip() == "*/*"
