"""What the instrument itself adds to a latency, measured in a worker before its run.

The run's own client asks a responder that says how long it held each answer: what was measured
beyond that is the floor of every figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent

from tui.core.validity import Floor
from tui.load.floors import floor_of
from tui.load.responder import HELD_HEADER, HOLDS_S

ROUNDS = 2
"""The better one counts, as a whole: a machine that does something else for an instant is not the
instrument, and it seldom does so twice."""
TURNS_ALONE = 10
TURNS_TOGETHER = 5
TOGETHER = 3
"""Requests under way at once in the second half of a round."""
BUDGET_S = 1.5
"""A machine on which one kind of client takes longer than this says so by what it has measured
until then."""
MakeSession = Callable[[str], Any]
"""Makes a client of Locust's for an address, without a user."""


class NoClient(Exception):
    """There is nothing to calibrate; the text says why."""


def sessions_of(user_classes: Iterable[Any]) -> list[MakeSession]:
    """One for each kind of client that users of these classes have. Raises NoClient."""
    from locust import FastHttpUser, HttpUser

    classes = list(user_classes)
    kinds: list[tuple[Any, MakeSession]] = [(FastHttpUser, _fast), (HttpUser, _plain)]
    made = [make for base, make in kinds if any(issubclass(one, base) for one in classes)]
    if not made:
        raise NoClient(f"{classes[0].__name__} has no HTTP client of Locust's")
    return made


def calibrate(make_session: MakeSession, port: int) -> Floor:
    """The floor of this client against the responder on `port`. OSError if that can't be asked."""
    url = f"http://127.0.0.1:{port}"
    ends_s = time.monotonic() + BUDGET_S
    rounds: list[Floor] = []
    while len(rounds) < ROUNDS and (not rounds or time.monotonic() < ends_s):
        alone = _ask(make_session, url, TURNS_ALONE)
        several = [gevent.spawn(_ask, make_session, url, TURNS_TOGETHER) for _ in range(TOGETHER)]
        gevent.joinall(several, raise_error=True)
        rounds.append(floor_of(alone + [ms for each in several for ms in each.value]))
    return min(rounds, key=lambda floor: floor.p99_ms)


def _fast(url: str) -> Any:
    from locust.contrib.fasthttp import FastHttpSession
    from locust.event import EventHook

    return FastHttpSession(
        url, EventHook(), None, connection_timeout=BUDGET_S, network_timeout=BUDGET_S
    )


def _plain(url: str) -> Any:
    from locust.clients import HttpSession
    from locust.event import EventHook

    session = HttpSession(url, EventHook(), None)
    session.trust_env = False
    return session


def _ask(make_session: MakeSession, url: str, turns: int) -> list[float]:
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
