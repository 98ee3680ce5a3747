"""The operations of an OpenAPI document, each with what it takes and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from tui.core.e2e.openapi_document import Document, Part, Unreadable, child, escaped, followed
from tui.core.e2e.operation import Method
from tui.core.failure import printable

METHODS: tuple[Method, ...] = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MOST_ENDPOINTS = 500
MOST_PATH = 500
"""In characters."""
In = Literal["path", "query", "header", "cookie"]
_IGNORED_HEADERS = ("accept", "content-type", "authorization")
"""Parameters of these names mean nothing, says OpenAPI."""
_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX|xx)|default", re.ASCII)
_ENDLESS = "text/event-stream"


class Parameter(msgspec.Struct, frozen=True):
    """One that a request has."""

    name: str
    place: In
    is_required: bool
    about: Mapping[str, Any]
    """The whole of what the document says."""
    schema: Mapping[str, Any]


class Endpoint(msgspec.Struct, frozen=True):
    """One operation."""

    method: Method
    path: str
    """As documented, with its words in braces."""
    pointer: str
    """Where it stands in the document."""
    about: Mapping[str, Any]
    parameters: tuple[Parameter, ...] = ()
    contents: Mapping[str, Any] | None = None
    """What its body may be, by content type; None: it has none."""
    answers: Mapping[str, Part] = {}
    """By status: `200`, `2XX`, `default`."""
    wrong: str = ""
    """Why the document can't be followed there; empty where it can."""

    @property
    def text(self) -> str:
        """`GET /images/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def right(self) -> tuple[int, ...]:
        """The documented statuses of success."""
        found = {int(key) for key in self.answers if key.isdigit() and key[0] == "2"}
        if not found and not self._says("2XX", "default"):
            # One that only ever leads elsewhere.
            found = {int(key) for key in self.answers if key.isdigit() and key[0] == "3"}
        if self._says("2XX") or not found:
            found |= {200, 201, 202, 204}
        return tuple(sorted(found))

    def says(self, status: int) -> bool:
        """Whether it is documented by number."""
        return f"{status}" in self.answers

    def successes(self) -> Iterator[Part]:
        """What it answers when all is well; the lowest status first."""
        for key in sorted(self.answers):
            if key[0] == "2":
                yield self.answers[key]

    def is_endless(self) -> bool:
        """Whether its answer never comes to an end."""
        contents = [each.value.get("content") for each in self.successes()]
        return any(isinstance(each, Mapping) and _ENDLESS in each for each in contents)

    def _says(self, *keys: str) -> bool:
        return any(key in self.answers or key.lower() in self.answers for key in keys)


def endpoints(document: Document) -> tuple[Endpoint, ...]:
    """All of a document, in its order. Raises Unreadable."""
    paths = document.get("paths", {})
    if not isinstance(paths, Mapping):
        raise Unreadable("it has no paths")
    found: list[Endpoint] = []
    for path, item in paths.items():
        if isinstance(path, str) and path.startswith("/"):
            found += _of_path(document, path, item)
        if len(found) > MOST_ENDPOINTS:
            raise Unreadable(f"it has more than {MOST_ENDPOINTS} operations")
    if not found:
        raise Unreadable("it has no operations")
    return tuple(found)


def _of_path(document: Document, path: str, item: object) -> Iterator[Endpoint]:
    where = followed(document, f"/paths/{escaped(path)}", item)
    for method in METHODS:
        key = method.lower()
        if key in where.value:
            pointer = f"{where.pointer}/{key}"
            if len(path) > MOST_PATH or printable(path) != path:
                told = printable(path[:MOST_PATH])
                yield Endpoint(method, told, pointer, {}, wrong="its path can't be asked for")
                continue
            try:
                yield _endpoint(document, method, path, where, pointer)
            except Unreadable as error:
                yield Endpoint(method, path, pointer, {}, wrong=str(error))


def _endpoint(document: Document, method: Method, path: str, where: Part, pointer: str) -> Endpoint:
    about = followed(document, pointer, where.value[method.lower()])
    found: dict[tuple[str, str], Parameter] = {}
    for of in (where, about):
        listed = of.value.get("parameters")
        for number, entry in enumerate(listed if isinstance(listed, list) else ()):
            place = f"{of.pointer}/parameters/{number}"
            parameter = _parameter(document, followed(document, place, entry))
            if parameter is not None:
                found[parameter.name, parameter.place] = parameter
    body = child(document, about, "requestBody")
    contents = body.value.get("content") if body is not None else None
    return Endpoint(
        method,
        path,
        about.pointer,
        about.value,
        parameters=tuple(found.values()),
        contents=contents if isinstance(contents, Mapping) else None,
        answers=_answers(document, about),
    )


def _parameter(document: Document, part: Part) -> Parameter | None:
    name, place = part.value.get("name"), part.value.get("in")
    if not isinstance(name, str) or place not in ("path", "query", "header", "cookie"):
        return None
    if place == "header" and name.lower() in _IGNORED_HEADERS:
        return None
    schema = child(document, part, "schema")
    is_required = place == "path" or part.value.get("required") is True
    return Parameter(name, place, is_required, part.value, schema.value if schema else {})


def _answers(document: Document, about: Part) -> dict[str, Part]:
    responses = child(document, about, "responses")
    found: dict[str, Part] = {}
    for key in responses.value if responses is not None else ():
        assert responses is not None
        answer = child(document, responses, key) if isinstance(key, str) else None
        if answer is not None and _STATUS.fullmatch(key):
            found[key] = answer
    return found
