"""Sends the requests of a workflow, one after the other, on a connection that is kept."""

from __future__ import annotations

import time
from http.client import HTTPException

from tui.core.config import Target
from tui.core.e2e.answer import Answer
from tui.service.health_check import Unanswered, address_of, in_words, tls_context
from tui.service.line import ClosedMeanwhile, Line
from tui.service.workflow.done import Wait
from tui.service.workflow.request import Request

MOST_BODY_BYTES = 64 * 1024 * 1024
KEPT_S = 1.0
"""A connection that was idle for longer is not used again: its service may be closing it just then,
and nothing is ever sent twice, because what was stored twice is found by nobody."""


class Caller:
    """Redirects are not followed, proxies of the environment not used. One thread uses it."""

    def __init__(self, url: str, target: Target, token: str) -> None:
        """Unanswered for a URL that is none."""
        self._url = url
        self._address = address_of(url)
        self._context = tls_context(target.verify_tls) if self._address.is_tls else None
        self._token = token
        self._kept: Line | None = None
        self._kept_at_s = 0.0

    def ask(
        self, request: Request, correlation: str, limit_s: float, most_bytes: int | None = None
    ) -> Answer:
        """The whole answer, its body of 64 MiB or `most_bytes` at most. `limit_s` is for all of it,
        except the look-up of a name. Raises Unanswered."""
        most_bytes = MOST_BODY_BYTES if most_bytes is None else most_bytes
        began_s = time.perf_counter()
        line = self._kept_one() or Line()
        goes_on = False
        try:
            line.until(time.monotonic() + limit_s)
            if not line.is_open:
                line.open(self._address.host, self._address.port, self._context)
            # One byte more: what is longer is known to be.
            sent = self._head(request, correlation) + request.body
            reply = line.ask(sent, request.method, most_bytes + 1)
            if len(reply.body) > most_bytes:
                raise Unanswered(f"its answer is longer than {most_bytes >> 20} MiB")
            goes_on = reply.goes_on
        except TimeoutError:
            whole = "whole " if line.is_heard else ""
            raise Unanswered(f"no {whole}answer within {limit_s:g} s") from None
        except ClosedMeanwhile:
            raise Unanswered(in_words(ConnectionResetError(), self._url)) from None
        except (OSError, HTTPException, UnicodeError) as error:
            raise Unanswered(in_words(error, self._url)) from None
        finally:
            if goes_on:
                self._kept, self._kept_at_s = line, time.monotonic()
            else:
                line.close()
        ms = (time.perf_counter() - began_s) * 1000
        return Answer(reply.status, _by_name(reply.headers), reply.body, ms)

    def leave(
        self, request: Request, correlation: str, limit_s: float, after_s: float, wait: Wait
    ) -> None:
        """Send it, and be gone so long after its beginning, whatever comes. On a connection of its
        own; `limit_s` is for the way to the service. Raises Unanswered."""
        line = Line()
        try:
            line.until(time.monotonic() + limit_s)
            line.open(self._address.host, self._address.port, self._context)
            began_s = time.monotonic()
            line.begin(self._head(request, correlation) + request.body, after_s)
            wait(max(began_s + after_s - time.monotonic(), 0.0))
        except TimeoutError:
            raise Unanswered(f"no connection within {limit_s:g} s") from None
        except (OSError, UnicodeError) as error:
            raise Unanswered(in_words(error, self._url)) from None
        finally:
            line.close()

    def close(self) -> None:
        """Leave the service."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _kept_one(self) -> Line | None:
        line, self._kept = self._kept, None
        if line is None:
            return None
        if time.monotonic() - self._kept_at_s < KEPT_S and line.is_idle():
            return line
        line.close()
        return None

    def _head(self, request: Request, correlation: str) -> bytes:
        headers = [
            ("Host", self._address.netloc),
            ("User-Agent", "jetproof"),
            ("Accept", "*/*"),
            # What is hashed is what was stored.
            ("Accept-Encoding", "identity"),
            ("X-Correlation-Id", correlation),
            ("X-Request-Id", correlation),
        ]
        bearer = self._token if request.bearer is None else request.bearer
        if bearer:
            headers.append(("Authorization", f"Bearer {bearer}"))
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            headers.append(("Content-Length", f"{len(request.body)}"))
        own = {name.lower() for name, _ in request.headers}
        headers = [each for each in headers if each[0].lower() not in own] + list(request.headers)
        lines = [f"{request.method} {self._address.folder}{request.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers]
        return "\r\n".join([*lines, "", ""]).encode("ascii")


def _by_name(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
