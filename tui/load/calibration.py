"""What the instrument itself adds to a latency, measured in a worker before its run.

The run's own client asks a responder that says how long it held each answer: what was measured
beyond that is the floor of every figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Any

import gevent

from tui.core.validity import Floor
from tui.load.responder import HELD_HEADER, HOLDS_S

ROUNDS = 2
"""The better one counts: a machine that does something else for an instant is not the instrument,
and it seldom does so twice."""
TURNS_ALONE = 10
TURNS_TOGETHER = 5
TOGETHER = 3
"""Requests under way at once in the second half of a round."""
BUDGET_S = 1.5
"""A machine on which it takes longer than this says so by what it has measured until then."""


class NoClient(Exception):
    """There is nothing to calibrate; the text says why."""


def session_of(user_class: Any) -> Callable[[str], Any]:
    """Makes the client that users of this class have, without starting one. Raises NoClient."""
    from locust import FastHttpUser, HttpUser
    from locust.clients import HttpSession
    from locust.contrib.fasthttp import FastHttpSession
    from locust.event import EventHook

    def fast(url: str) -> Any:
        return FastHttpSession(
            url, EventHook(), None, connection_timeout=BUDGET_S, network_timeout=BUDGET_S
        )

    def plain(url: str) -> Any:
        session = HttpSession(url, EventHook(), None)
        session.trust_env = False
        return session

    if issubclass(user_class, FastHttpUser):
        return fast
    if issubclass(user_class, HttpUser):
        return plain
    raise NoClient(f"{user_class.__name__} has no HTTP client of Locust's")


def calibrate(make_session: Callable[[str], Any], port: int) -> Floor:
    """The floor of this client against the responder on `port`. OSError if that can't be asked."""
    url = f"http://127.0.0.1:{port}"
    ends_s = time.monotonic() + BUDGET_S
    rounds: list[list[float]] = []
    while len(rounds) < ROUNDS and (not rounds or time.monotonic() < ends_s):
        alone = _ask(make_session, url, TURNS_ALONE)
        several = [gevent.spawn(_ask, make_session, url, TURNS_TOGETHER) for _ in range(TOGETHER)]
        gevent.joinall(several, raise_error=True)
        rounds.append(alone + [ms for each in several for ms in each.value])
    p50_ms = min(_percentile(floors, 0.50) for floors in rounds)
    p99_ms = min(_percentile(floors, 0.99) for floors in rounds)
    return Floor(p50_ms, p99_ms, sum(len(floors) for floors in rounds))


def _ask(make_session: Callable[[str], Any], url: str, turns: int) -> list[float]:
    """Milliseconds above the truth, request by request; the first, which connects, left out."""
    session = make_session(url)
    measured: list[dict[str, Any]] = []
    session.request_event.add_listener(lambda **one: measured.append(one))
    try:
        for _ in range(1 + turns * len(HOLDS_S)):
            session.get("/")
    finally:
        _close(session)
    return [_above(**one) for one in measured[1:]]


def _above(response_time: float, response: Any, exception: Any, **_: Any) -> float:
    if exception is not None:
        raise ConnectionError(f"the responder did not answer: {exception}")
    return response_time - float(response.headers[HELD_HEADER])


def _close(session: Any) -> None:
    # FastHttpSession keeps its connections in a pool of its user agent.
    pool = getattr(getattr(session, "client", None), "clientpool", None)
    (pool or session).close()


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1]
