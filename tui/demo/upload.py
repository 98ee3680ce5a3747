"""Reads a request's body, or the one file uploaded in it, within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

FILE_FIELDS = ("file", "image")

T = TypeVar("T")


@dataclass(frozen=True)
class Upload:
    """One file of a form."""

    data: bytes
    name: str
    """The form's `name`, else the file's own; may be empty."""


async def read_upload(request: Request, most_bytes: int, timeout_s: float) -> Upload:
    """The file of the request; HTTPException 400, 408, 413 or 422 when there is no good one."""
    bounded = _bounded(request, most_bytes)
    form = await _in_time(bounded.form(max_files=1, max_fields=8), timeout_s)
    try:
        return await _file_of(form)
    finally:
        await form.close()


async def _file_of(form: FormData) -> Upload:
    for field in FILE_FIELDS:
        file = form.get(field)
        if isinstance(file, UploadFile):
            data = await file.read()
            if not data:
                raise HTTPException(422, f"the file in field {field!r} is empty")
            name = form.get("name")
            text = name if isinstance(name, str) else file.filename or ""
            # The form's charset is the client's choice, and some smuggle in lone surrogates.
            return Upload(data, text.encode(errors="replace").decode())
        if file is not None:
            raise HTTPException(422, f"field {field!r} is not a file")
    raise HTTPException(422, "multipart/form-data with a file in field 'file' is expected")


async def read_body(request: Request, most_bytes: int, timeout_s: float) -> bytes:
    """All of the request's body; HTTPException 408 or 413 when it takes too long or is too long."""
    return await _in_time(_bounded(request, most_bytes).body(), timeout_s)


async def _in_time(arrival: Awaitable[T], timeout_s: float) -> T:
    try:
        return await asyncio.wait_for(arrival, timeout_s)
    except asyncio.TimeoutError:
        # A network fault can hold a body back for ever, and with it a place in the queue.
        headers = {"Connection": "close"}
        raise HTTPException(408, "the body did not arrive in time", headers) from None


def _bounded(request: Request, most_bytes: int) -> Request:
    """The same request, which also counts bodies that don't announce their length."""
    if int(request.headers.get("content-length", 0)) > most_bytes:
        raise _too_large(most_bytes)
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > most_bytes:
            raise _too_large(most_bytes)
        return message

    return Request(request.scope, receive)


def _too_large(most_bytes: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {most_bytes} bytes")
