"""Locust's two HTTP clients, told about our target: timeouts, TLS, token, requests in flight.

Every change is made on the classes, so that any locustfile gets it.
"""

from __future__ import annotations

import socket
import time
from typing import Any

from tui.load.recorder import Recorder
from tui.load.wire import WorkerSpec

_UNTOUCHED_TIMEOUT_S = 60.0
MAX_BODY_BYTES = 64 * 2**20


def prepare_clients(spec: WorkerSpec, recorder: Recorder) -> None:
    """Patch FastHttpSession and HttpSession in this process. Call once, after importing locust."""
    from locust.clients import HttpSession
    from locust.contrib.fasthttp import FastHttpSession

    _without_nagle()
    _without_resends()
    _without_floods()
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
        in_flight[me] = monotonic()
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
            raise ConnectionError(f"body over {MAX_BODY_BYTES // 2**20} MiB, not read on")

    HTTPSocketResponse.feed = feed  # type: ignore[method-assign]
