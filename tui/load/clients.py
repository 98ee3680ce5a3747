"""Locust's two HTTP clients, told about our target: timeouts, TLS, token, requests in flight.

Every change is made on the classes, so that any locustfile gets it.
"""

from __future__ import annotations

import socket
import time
from typing import Any

from tui.load.by_way import go_by_way
from tui.load.recorder import LATE_KEY, Recorder
from tui.load.wire import WorkerSpec

_UNTOUCHED_TIMEOUT_S = 60.0
MAX_BODY_BYTES = 64 * 2**20
_TOO_MUCH = "body over {} MiB, not read on"


def prepare_clients(spec: WorkerSpec, recorder: Recorder) -> None:
    """Patch FastHttpSession and HttpSession in this process. Call once, after importing locust."""
    from locust.clients import HttpSession
    from locust.contrib.fasthttp import FastHttpSession

    if spec.way_url:
        go_by_way(spec.url, spec.way_url)
    _without_nagle()
    _without_resends()
    _without_floods()
    _without_floods_of_requests()
    _tracked(FastHttpSession, spec, recorder, {})
    # A user's own `verify = False` stands: only a target's rule goes with every request.
    lax = {} if spec.verify_tls else {"verify": False}
    _tracked(HttpSession, spec, recorder, {"timeout": spec.timeout_s, **lax})


def prepare_user(user_class: Any, spec: WorkerSpec) -> None:
    """Give a FastHttpUser the run's timeout and TLS rule, unless it sets its own timeout."""
    for attribute in ("network_timeout", "connection_timeout"):
        if getattr(user_class, attribute, None) == _UNTOUCHED_TIMEOUT_S:
            setattr(user_class, attribute, spec.timeout_s)
    if hasattr(user_class, "insecure"):
        user_class.insecure = not spec.verify_tls


def _tracked(session: Any, spec: WorkerSpec, recorder: Recorder, defaults: dict[str, Any]) -> None:
    from gevent import getcurrent

    original = session.request
    in_flight = recorder.in_flight
    due = recorder.due
    monotonic = time.monotonic
    bearer = f"Bearer {spec.token}" if spec.token else ""
    inside = tuple(spec.url + mark for mark in "/?#")

    def request(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        for key, value in defaults.items():
            kwargs.setdefault(key, value)
        # The token is for the target alone: a test that calls another host must not leak it.
        # The mark behind the address matters: port 800 is the beginning of port 8000.
        if bearer and f"{self._build_url(url)}/".startswith(inside):
            headers = dict(kwargs.get("headers") or {})
            headers.setdefault("Authorization", bearer)
            kwargs["headers"] = headers
        me = id(getcurrent())
        now_s = counts_s = monotonic()
        if due and self.user is not None:
            # Keyed by the user's own greenlet: a task may send from others of its own.
            counts_s = min(due.pop(id(self.user.greenlet), now_s), now_s)
        if counts_s < now_s:
            late_ms = (now_s - counts_s) * 1000
            kwargs["context"] = {**(kwargs.get("context") or {}), LATE_KEY: late_ms}
        in_flight[me] = (counts_s, now_s)
        try:
            return original(self, method, url, *args, **kwargs)
        finally:
            in_flight.pop(me, None)

    session.request = request


def _without_nagle() -> None:
    # geventhttpclient sends header and body in two segments; with Nagle's algorithm and a delayed
    # ACK that costs 40 ms on loopback.
    from geventhttpclient import connectionpool

    original = connectionpool.ConnectionPool._create_tcp_socket

    def create(self: Any, *args: Any) -> Any:
        sock = original(self, *args)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    connectionpool.ConnectionPool._create_tcp_socket = create  # type: ignore[method-assign, assignment]


def _without_resends() -> None:
    # geventhttpclient sends a request up to eleven times when the server closes without an answer,
    # and reports the one that came through: the failures of the service would be hidden.
    from geventhttpclient import connectionpool

    original = connectionpool.ConnectionPool.__init__

    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        # Read in one place alone: as the number of attempts less one.
        self.size = -1

    connectionpool.ConnectionPool.__init__ = create  # type: ignore[method-assign]


def _without_floods() -> None:
    # A body is read into memory as a whole, and on a Jetson that memory is the service's.
    from geventhttpclient.response import HTTPSocketResponse

    original = HTTPSocketResponse.feed

    def feed(self: Any, data: str | bytes) -> None:
        original(self, data)
        if len(self._body_buffer) > MAX_BODY_BYTES:
            self.release()
            raise ConnectionError(_TOO_MUCH.format(MAX_BODY_BYTES // 2**20))

    HTTPSocketResponse.feed = feed  # type: ignore[method-assign]


def _without_floods_of_requests() -> None:
    # The same for HttpUser. A body that user code streams itself is never in memory as a whole.
    from requests import ConnectionError, Response
    from requests.models import CONTENT_CHUNK_SIZE

    response_class: Any = Response
    original = response_class.content.fget

    def content(self: Any) -> Any:
        if self._content is False and not self._content_consumed and self.raw is not None:
            chunks, size = [], 0
            for chunk in self.iter_content(CONTENT_CHUNK_SIZE):
                chunks.append(chunk)
                size += len(chunk)
                if size > MAX_BODY_BYTES:
                    self.raw.close()
                    raise ConnectionError(_TOO_MUCH.format(MAX_BODY_BYTES // 2**20))
            self._content = b"".join(chunks)
        return original(self)

    response_class.content = property(content)
