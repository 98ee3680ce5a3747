"""One picture through a service's `POST /predict`, and what it says of it."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from tui.core.failure import printable
from tui.ports import Prediction
from tui.service.health_check import refusal

if TYPE_CHECKING:
    import httpx

PATH = "/predict?return_image=false"
BOUNDARY = "----jetproof-7d1f0a"
MAX_ANSWER_BYTES = 4 * 1024 * 1024
MAX_CLASSES = 50
LONGEST_CLASS = 40


def ask_prediction(client: httpx.Client, token: str, jpeg: bytes) -> Prediction:
    """The answer, whatever it is; `client` has the token and the target's URL."""
    import httpx

    began_s = time.monotonic()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    content = form("file", "frame.jpg", "image/jpeg", jpeg)
    body = bytearray()
    try:
        with client.stream("POST", PATH, content=content, headers=headers) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    break
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return Prediction(None, None, trouble=_in_words(error))
    ms = (time.monotonic() - began_s) * 1000
    refused = refusal(status, token)
    if refused or not 200 <= status < 300:
        return Prediction(status, ms, trouble=refused or f"HTTP {status}")
    if len(body) > MAX_ANSWER_BYTES:
        return Prediction(status, ms, trouble="its answer is too long")
    classes = _classes(bytes(body))
    if classes is None:
        return Prediction(status, ms, trouble="no list of predictions in the answer")
    return Prediction(status, ms, classes)


def _in_words(error: Exception) -> str:
    """Its own text may quote the service, which may quote our token."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.NetworkError):
        return "it can't be reached"
    return "its answer is no HTTP"


def form(field: str, file_name: str, content_type: str, data: bytes) -> bytes:
    """A form with one file in it, as multipart/form-data between `BOUNDARY`s."""
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="{field}"; filename="{file_name}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


def _classes(body: bytes) -> dict[str, int] | None:
    """How many of each, the most first; None where the answer is no proper one."""
    try:
        found: Any = json.loads(body)
    except ValueError:
        return None
    predictions = found.get("predictions") if isinstance(found, dict) else None
    if not isinstance(predictions, list):
        return None
    names = (_name(each) for each in predictions)
    return dict(Counter(names).most_common(MAX_CLASSES))


def _name(prediction: object) -> str:
    """Of its class, whatever a service sends for one; it is shown on a screen."""
    name = prediction.get("class") if isinstance(prediction, dict) else None
    return printable(str(name))[:LONGEST_CLASS] if isinstance(name, (str, int)) else "(no class)"
