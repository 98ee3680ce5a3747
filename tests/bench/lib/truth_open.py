"""A stall seen by the open and by the closed model, beside what arithmetic says of it."""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass
from typing import Any

from tests.bench.lib.spread import nearest_rank
from tests.bench.lib.truth_run import HeadlessRun, await_answers
from tests.bench.lib.truthful import Truthful
from tests.bench.lib.workplace import Workplace

RATE = 50.0
BASE_MS = 20.0
STALL_S = 1.0
THINKERS = 10
SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
_LOCUSTFILE = """
from locust import FastHttpUser, constant_pacing, task

class Caller(FastHttpUser):
    # The same mean rate as the arrivals', for whoever waits for his answers.
    wait_time = constant_pacing({pace_s})

    @task
    def get(self):
        self.client.get("/")
"""
_SCENARIO = """kind = "load"
title = "truth"
summary = "a stall of one second"

[load]
users = {users}
spawn_rate = {users}.0
{arrival}duration = "{duration_s:g}s"
warm_up = "2s"
locustfile = "users.py"
"""


@dataclass(frozen=True)
class Way:
    """One way to put the same mean rate on the target."""

    name: str
    users: int
    is_open: bool


WAYS = (
    Way("open, users to spare", 100, True),
    Way("open, too few users", THINKERS, True),
    Way(f"closed, {THINKERS} users", THINKERS, False),
)


def stalled(python: str, way: Way, seconds: float) -> tuple[Any, float]:
    """The report of a run in whose middle the service stands still, and how many milliseconds an
    answer took by the service's own clock while it did not."""
    with Truthful(steady_ms=BASE_MS) as server, Workplace(server.url) as place:
        place.locustfile("users.py", _LOCUSTFILE.format(pace_s=THINKERS / RATE))
        text = _SCENARIO.format(
            users=way.users,
            arrival=f"arrival_rate = {RATE}\n" if way.is_open else "",
            duration_s=seconds + 2,
        )
        (place.scenarios / "truth-open.toml").write_text(text, encoding="utf-8")
        run = HeadlessRun(python, place, "truth-open")
        await_answers(server)
        time.sleep(2 + seconds / 2)
        server.stall(STALL_S)
        return run.report(), nearest_rank(server.told().taken_ms, 0.5)


def truth_ms(way: Way, requests: int, base_ms: float) -> dict[str, float]:
    """What so many evenly spaced operations must have taken, from the moment each was due.

    The service holds every answer that falls into the stall until its end. Where users are few,
    whoever is free first takes the operation that is due longest. For the closed model it is what
    users without number would have felt.
    """
    base_s = base_ms / 1000
    free_s = [0.0] * (way.users if way.is_open else requests)
    stall_s = (requests // 2 + 0.5) / RATE
    latencies = []
    for number in range(requests):
        due_s = number / RATE
        ends_s = max(due_s, heapq.heappop(free_s)) + base_s
        if stall_s <= ends_s < stall_s + STALL_S:
            ends_s = stall_s + STALL_S
        heapq.heappush(free_s, ends_s)
        latencies.append((ends_s - due_s) * 1000)
    return {key: nearest_rank(latencies, share) for key, share in SHARES.items()}
