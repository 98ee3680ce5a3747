"""Key to paint: at rest, under load without think time, and with every core burning beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.lib import nginx
from tests.bench.lib.console import Console
from tests.bench.lib.keys import key_to_paint_ms
from tests.bench.lib.machine import machine
from tests.bench.lib.nginx import Nginx
from tests.bench.lib.options import parser
from tests.bench.lib.spread import nearest_rank
from tests.bench.lib.table import Table, say
from tests.bench.lib.workplace import Workplace

USERS = 50
_LOCUSTFILE = """
from locust import FastHttpUser, task

class Caller(FastHttpUser):
    @task
    def get(self):
        self.client.get("/")
"""
# Ends itself: whatever becomes of the bench, no core stays busy.
_BURN = "import time\nends = time.monotonic() + 600\nwhile time.monotonic() < ends: pass"


@contextmanager
def burning() -> Iterator[None]:
    """A busy loop per core at our own priority."""
    cores = len(os.sched_getaffinity(0))
    loops = [subprocess.Popen([sys.executable, "-c", _BURN]) for _ in range(cores)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=30.0, help="of pressing (default 30)")
    given = options.parse_args()
    if nginx.program() is None:
        print(nginx.MISSING)
        return 1
    rounds = 1 if given.quick else given.rounds
    seconds = 6.0 if given.quick else given.seconds
    print(machine())
    pressed: dict[str, list[list[float]]] = {"at rest": [], "load": [], "load and burners": []}
    with Nginx() as server, Workplace(server.url) as place:
        place.locustfile("users.py", _LOCUSTFILE)
        scenario = place.scenario(
            "keys", "users.py", users=USERS, spawn_rate=USERS, duration_s=2 * seconds + 8
        )
        for number in range(rounds):
            with Console(place) as console:
                pressed["at rest"].append(key_to_paint_ms(console.terminal, seconds))
                console.start(scenario)
                pressed["load"].append(key_to_paint_ms(console.terminal, seconds))
                with burning():
                    pressed["load and burners"].append(key_to_paint_ms(console.terminal, seconds))
                console.await_end(90)
            say(f"  {number + 1}/{rounds}")
    table = Table(f"keys: the cursor moves twice a second for {seconds:g} s; milliseconds")
    for name, lists in pressed.items():
        wanted = "< 100" if name != "load and burners" else ""
        for label, share in (("median", 0.5), ("p99", 0.99)):
            values = [nearest_rank(values, share) for values in lists]
            table.add(f"{name}: {label}", values, wanted=wanted if share > 0.5 else "")
        table.add(f"{name}: every key", [ms for values in lists for ms in values])
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
