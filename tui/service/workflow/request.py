"""One request of a workflow, made of an operation and what is known by then."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from tui.core.e2e.operation import Operation
from tui.core.e2e.words import filled, filled_json, filled_path, words_in
from tui.core.e2e.workflow import Step
from tui.core.format import count, counted
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
    bearer: str | None = None
    """Its bearer token; empty: none; None: the target's."""


class NoValue(Exception):
    """A word has no value yet; the text is the word."""


class Unfit(Exception):
    """A value can't be sent as it is; the text says why, in a clause."""


def request_of(
    step: Step, operation: Operation, values: Values, file: Blob | None = None
) -> Request:
    """The request that a step sends; `file` is what it sends in place of a value. Raises NoValue
    and Unfit."""
    try:
        known = {
            **values.texts,
            **{name: filled(template, values.texts) for name, template in step.values},
        }
        bearer = _bearer(step, known)
        headers, body, sent = _body(step, operation, values, known, file)
        own = _headers(operation, known, bearer)
        named = {name.lower() for name, _ in own}
        headers = (*own, *(each for each in headers if each[0].lower() not in named))
        _check_headers(headers)
        return Request(operation.method, _path(operation, known), headers, body, sent, bearer)
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


def _bearer(step: Step, known: Mapping[str, str]) -> str | None:
    if not step.bearer:
        return step.bearer
    bearer = filled(step.bearer, known)
    if not bearer:
        raise Unfit("the bearer is empty")
    if not bearer.isprintable() or not bearer.isascii():
        raise Unfit("the bearer can't be sent in a header")
    return bearer


def _headers(
    operation: Operation, known: Mapping[str, str], bearer: str | None
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, filled(template, known))
        for name, template in operation.headers
        # The step's own counts more, and so does that it has none.
        if bearer is None or name.lower() != "authorization"
    )


def _check_headers(headers: tuple[tuple[str, str], ...]) -> None:
    for name, value in headers:
        if not value.isprintable() or not value.isascii():
            raise Unfit(f"the value of the header {name} can't be sent in one")


def _body(
    step: Step,
    operation: Operation,
    values: Values,
    known: Mapping[str, str],
    file: Blob | None,
) -> tuple[tuple[tuple[str, str], ...], bytes, str]:
    """Its headers, the bytes, and what they are."""
    if operation.sends == "nothing":
        return (), b"", ""
    if operation.sends == "json":
        text = filled_json(operation.body if step.body is None else step.body, known)
        return (("Content-Type", "application/json"),), text.encode(), text
    fields = [(name, filled(template, known)) for name, template in operation.fields]
    if operation.sends == "fields":
        text = urlencode(fields, errors="replace")
        return (("Content-Type", "application/x-www-form-urlencoded"),), text.encode(), text
    blob = _sent_blob(step, values, file)
    size = f"{count(len(blob.data))} bytes"
    if operation.sends == "bytes":
        kind = blob.content_type or "application/octet-stream"
        return (("Content-Type", kind),), blob.data, f"{size} of {kind}"
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    begun = b"".join(_field(name, text) for name, text in fields)
    if blob is NOTHING:
        sent = f"form, {counted(len(fields), 'field')}" if fields else "an empty form"
        return (("Content-Type", content_type),), begun + f"--{BOUNDARY}--\r\n".encode(), sent
    field = operation.file_field.replace('"', "%22")
    ending = ".jpg" if blob.content_type == PICTURE_TYPE else ""
    name = f"{step.send}{ending}" if file is None else step.file.rpartition("/")[2]
    data = form(field, name.replace('"', "%22"), blob.content_type, blob.data)
    return (("Content-Type", content_type),), begun + data, f"form, file of {size}"


def _field(name: str, text: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name.replace(chr(34), "%22")}"'
    return f"{head}\r\n\r\n{text}\r\n".encode("utf-8", "replace")


def _sent_blob(step: Step, values: Values, file: Blob | None) -> Blob:
    if step.without_file:
        return NOTHING
    if file is not None:
        return file
    blob = values.blob(step.send) if step.send else NOTHING
    if blob is None:
        raise NoValue(step.send)
    return blob
