"""Asks a target whether it is there, and deletes what a run left on it."""

from __future__ import annotations

import json
import queue
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from tui.core.config import Target
from tui.core.failure import printable
from tui.ports import Probe

# httpx is imported when it is first used: the console's first paint does not wait for it.
if TYPE_CHECKING:
    import httpx

READ_S = 5.0
"""For each read; the two below are for the whole."""
PROBE_S = 8.0
MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
CLEAN_UP_S = 10.0

T = TypeVar("T")


class HttpService:
    """Implements `ports.Service`."""

    def probe(self, url: str, target: Target, token: str) -> Probe:
        """GET /health, and /openapi.json for what else there is. Any answer below 500 is one.

        401 and 403 are answers that say the token is wrong, so load would only measure refusals.
        """
        late = Probe(False, f"no whole answer from {url} within {PROBE_S:.0f} s")
        return _within(PROBE_S, late, lambda: _probe(url, target, token))

    def delete(self, url: str, target: Target, token: str, paths: Sequence[str]) -> int:
        """DELETE each path, for at most ten seconds; what is gone already counts as deleted."""
        gone: list[str] = []
        _within(CLEAN_UP_S, None, lambda: _delete(url, target, token, paths, gone))
        return len(gone)


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


def _probe(url: str, target: Target, token: str) -> Probe:
    import httpx

    try:
        with _client(url, target, token) as client:
            started_s = time.monotonic()
            with client.stream("GET", "/health") as response:
                status = response.status_code
            ms = (time.monotonic() - started_s) * 1000
            if status in (401, 403):
                wanted = "its token is refused" if token else "it wants a token"
                return Probe(False, f"HTTP {status}: {wanted} (token in config.toml)", ms)
            if status >= 500:
                return Probe(False, f"GET /health answers HTTP {status}", ms)
            return Probe(True, f"HTTP {status}", ms, _paths(client))
    except httpx.TimeoutException:
        return Probe(False, f"no answer from {url} within {READ_S:.0f} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Probe(False, _in_words(error, url))


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
        verify=ssl.create_default_context() if target.verify_tls else _anything(),
        timeout=READ_S,
        # A proxy from the environment would be measured instead of the target.
        trust_env=False,
    )


def _anything() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _paths(client: httpx.Client) -> tuple[str, ...]:
    """Paths of the target's OpenAPI document; none is an ordinary answer."""
    import httpx

    try:
        with client.stream("GET", "/openapi.json") as response:
            if response.status_code != 200:
                return ()
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_DOCUMENT_BYTES:
                    return ()
        paths = json.loads(body).get("paths", {})
        return tuple(str(path) for path in paths)[:500]
    except (httpx.HTTPError, ValueError, AttributeError, TypeError):
        return ()


def _in_words(error: Exception, url: str) -> str:
    text = printable(str(error))
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.partition("certificate verify failed:")[2].partition("(_ssl")[0].strip()
        return f"its TLS certificate is not trusted: {reason} (verify_tls = false accepts it)"
    if "Connection refused" in text:
        return f"nothing listens at {url}"
    if "Name or service not known" in text or "Temporary failure in name" in text:
        return f"the name in {url} is unknown"
    return text[:120] or type(error).__name__
