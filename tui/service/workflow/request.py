"""One request of a workflow, made of an operation and what is known by then."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from tui.core.e2e.operation import Operation
from tui.core.e2e.words import filled, filled_json, filled_path, words_in
from tui.core.e2e.workflow import Step
from tui.core.format import count
from tui.service.health_check import SAFE
from tui.service.prediction import BOUNDARY, form
from tui.service.workflow.values import PICTURE_TYPE, Blob, Values

NOTHING = Blob(b"", "")


class Request(msgspec.Struct, frozen=True):
    """Ready to be sent."""

    method: str
    path: str
    """With its query."""
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sent: str
    """What the body is, in words; the JSON itself."""


class NoValue(Exception):
    """A word has no value yet; the text is the word."""


class Unfit(Exception):
    """A value can't be sent as it is; the text says why, in a clause."""


def request_of(step: Step, operation: Operation, values: Values) -> Request:
    """The request that a step sends. Raises NoValue and Unfit."""
    try:
        known = {
            **values.texts,
            **{name: filled(template, values.texts) for name, template in step.values},
        }
        headers, body, sent = _body(step, operation, values, known)
        headers = (*_headers(operation, known), *headers)
        return Request(operation.method, _path(operation, known), headers, body, sent)
    except KeyError as unknown:
        raise NoValue(str(unknown.args[0])) from None


def _path(operation: Operation, known: Mapping[str, str]) -> str:
    for word in words_in(operation.path):
        # `/images/` may be all of them, which nobody wants deleted.
        if not known[word]:
            raise Unfit(f"{{{word}}} in the path is empty")
    path = quote(filled_path(operation.path, known), safe=SAFE)
    query = [(name, filled(template, known)) for name, template in operation.query]
    return f"{path}?{urlencode(query, errors='replace')}" if query else path


def _headers(operation: Operation, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    headers = tuple((name, filled(template, known)) for name, template in operation.headers)
    for name, value in headers:
        if not value.isprintable() or not value.isascii():
            raise Unfit(f"the value of the header {name} can't be sent in one")
    return headers


def _body(
    step: Step, operation: Operation, values: Values, known: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], bytes, str]:
    """Its headers, the bytes, and what they are."""
    if operation.sends == "nothing":
        return (), b"", ""
    if operation.sends == "json":
        text = filled_json(operation.body, known)
        return (("Content-Type", "application/json"),), text.encode(), text
    blob = values.blob(step.send) if step.send else NOTHING
    if blob is None:
        raise NoValue(step.send)
    size = f"{count(len(blob.data))} bytes"
    if operation.sends == "bytes":
        kind = blob.content_type or "application/octet-stream"
        return (("Content-Type", kind),), blob.data, f"{size} of {kind}"
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    if not step.send:
        return (("Content-Type", content_type),), f"--{BOUNDARY}--\r\n".encode(), "an empty form"
    field = operation.file_field.replace('"', "%22")
    ending = ".jpg" if blob.content_type == PICTURE_TYPE else ""
    data = form(field, f"{step.send}{ending}", blob.content_type, blob.data)
    return (("Content-Type", content_type),), data, f"form, file of {size}"
