"""Asks a target whether it is there, and deletes what a run left on it."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from tui.core.config import Target
from tui.ports import Fetched, Prediction, Probe
from tui.service.document import fetched
from tui.service.health_check import PATH, HealthPage, Unanswered, refusal, tls_context
from tui.service.prediction import ask_prediction

# httpx is imported when it is first used: the console's first paint does not wait for it.
if TYPE_CHECKING:
    import httpx

READ_S = 5.0
"""For a health check or the OpenAPI document as a whole, and elsewhere for each read; those below
are for the whole."""
PROBE_S = 8.0
CLEAN_UP_S = 10.0
PREDICT_S = 15.0
FETCH_S = 15.0
USUAL_OPENAPI = "/openapi.json"

T = TypeVar("T")


class HttpService:
    """Implements `ports.Service` and `ports.Predictor`.

    Without `reads_paths` a probe is the health check alone.
    """

    def __init__(self, *, reads_paths: bool = True) -> None:
        self._reads_paths = reads_paths

    def probe(self, url: str, target: Target, token: str) -> Probe:
        """GET /health, then the OpenAPI document for what else there is. Any answer below 500
        is one.

        401 and 403 are answers that say the token is wrong, so load would only measure refusals.
        """
        late = Probe(False, f"no whole answer from {url} within {PROBE_S:.0f} s")
        return _within(PROBE_S, late, lambda: _probe(url, target, token, self._reads_paths))

    def fetch(self, url: str, target: Target, token: str, path: str) -> Fetched:
        """GET a document, of at most 16 MiB within 15 s. Redirects are not followed."""
        late = Fetched(trouble=f"no whole answer within {FETCH_S:.0f} s")
        return _within(FETCH_S, late, lambda: fetched(url, target, token, path, FETCH_S))

    def delete(self, url: str, target: Target, token: str, paths: Sequence[str]) -> int:
        """DELETE each path, for at most ten seconds; what is gone already counts as deleted."""
        gone: list[str] = []
        _within(CLEAN_UP_S, None, lambda: _delete(url, target, token, paths, gone))
        return len(gone)

    def predict(self, url: str, target: Target, token: str, jpeg: bytes) -> Prediction:
        """POST the picture to /predict, as the form that the load's users send."""
        late = Prediction(None, None, trouble=f"no whole answer within {PREDICT_S:.0f} s")

        def ask() -> Prediction:
            with _client(url, target, token) as client:
                return ask_prediction(client, token, jpeg)

        return _within(PREDICT_S, late, ask)


def _within(seconds: float, late: T, work: Callable[[], T]) -> T:
    """The result of `work`, or `late`. An HTTP time-out is for each read: a target that sends a
    byte now and then would hold its caller for ever."""
    results: queue.SimpleQueue[T | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(work())
        except BaseException as error:
            results.put(error)

    threading.Thread(target=run, name="service", daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except queue.Empty:
        return late
    if isinstance(result, BaseException):
        raise result
    return result


def _probe(url: str, target: Target, token: str, reads_paths: bool) -> Probe:
    try:
        page = HealthPage(url, target, token)
        with contextlib.closing(page):
            answer = page.ask(READ_S)
    except Unanswered as error:
        return Probe(False, str(error))
    refused = refusal(answer.status, token)
    if refused:
        return Probe(False, refused, answer.ms)
    if answer.status >= 500:
        return Probe(False, f"GET {PATH} answers HTTP {answer.status}", answer.ms)
    paths = _paths(url, target, token) if reads_paths else ()
    return Probe(True, f"HTTP {answer.status}", answer.ms, paths)


def _delete(url: str, target: Target, token: str, paths: Sequence[str], gone: list[str]) -> None:
    import httpx

    ends_s = time.monotonic() + CLEAN_UP_S
    with _client(url, target, token) as client:
        for path in paths:
            if time.monotonic() > ends_s:
                return
            try:
                # Streamed and not read: what it says to a DELETE is of no use, however long.
                with client.stream("DELETE", quote(path)) as response:
                    if response.status_code in (200, 202, 204, 404, 410):
                        gone.append(path)
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
                continue  # the caller reports what is left


def _client(url: str, target: Target, token: str) -> httpx.Client:
    import httpx

    return httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        verify=tls_context(target.verify_tls),
        timeout=READ_S,
        # A proxy from the environment would be measured instead of the target.
        trust_env=False,
    )


def _paths(url: str, target: Target, token: str) -> tuple[str, ...]:
    """Paths of the target's OpenAPI document; none is an ordinary answer."""
    try:
        document = json.loads(fetched(url, target, token, USUAL_OPENAPI, READ_S).body)
        return tuple(str(path) for path in document.get("paths", {}))[:500]
    except (ValueError, RecursionError, AttributeError, TypeError):
        return ()
