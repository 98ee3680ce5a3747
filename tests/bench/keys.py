"""Key to paint: at rest, under load without think time, and with every core burnt as well."""

from __future__ import annotations

import os
import sys
import time

import psutil

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
_STRESS = """kind = "stress"
title = "every core"
summary = "a bench of our own"
{load}
[stress]
intent = "contend"
before = "1s"
duration = "{duration_s:g}s"
after = "1s"

[stress.cpu]
method = "matrix"
cores = "all"
"""
_LOAD = """
[load]
users = {users}
spawn_rate = {users}.0
locustfile = "users.py"
"""
AWAIT_S = 60.0
TO_TOP = "\x1b[H"
"""There the list does not scroll under a cursor that stays in its row and is not painted again."""


def stress(place: Workplace, name: str, duration_s: float, *, loaded: bool) -> str:
    """A scenario that burns every core at our own priority, with users or alone; its id."""
    scenario_id = f"stress-{name}"
    load = _LOAD.format(users=USERS) if loaded else ""
    text = _STRESS.format(load=load, duration_s=duration_s)
    (place.scenarios / f"{scenario_id}.toml").write_text(text, encoding="utf-8")
    return scenario_id


def await_burning(console: Console) -> None:
    """Until there is a burner on each core."""
    ends_s = time.monotonic() + AWAIT_S
    while _burners(console.engine_pid) < len(os.sched_getaffinity(0)):
        if time.monotonic() > ends_s or console.terminal.has_ended:
            raise RuntimeError(f"nothing burns:\n{console.terminal.screen.text()}")
        time.sleep(0.1)
    time.sleep(1.0)


def _burners(pid: int) -> int:
    found = 0
    for child in psutil.Process(pid).children():
        try:
            found += "tui.stress.cpu" in child.cmdline()
        except psutil.Error:
            continue
    return found


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
    pressed: dict[str, list[list[float]]] = {
        "at rest": [],
        "load": [],
        "every core burnt": [],
        "every core burnt, and load": [],
    }
    with Nginx() as server, Workplace(server.url) as place:
        place.locustfile("users.py", _LOCUSTFILE)
        lasts_s = seconds + 8
        scenarios = {
            "load": place.scenario(
                "keys", "users.py", users=USERS, spawn_rate=USERS, duration_s=lasts_s
            ),
            "every core burnt": stress(place, "keys", lasts_s, loaded=False),
            "every core burnt, and load": stress(place, "keys-load", lasts_s, loaded=True),
        }
        for number in range(rounds):
            with Console(place) as console:
                pressed["at rest"].append(key_to_paint_ms(console.terminal, seconds))
                for name, scenario in scenarios.items():
                    console.start(scenario)
                    if name != "load":
                        await_burning(console)
                    console.terminal.send(TO_TOP)
                    time.sleep(1.0)
                    pressed[name].append(key_to_paint_ms(console.terminal, seconds))
                    console.await_end(AWAIT_S + lasts_s)
            say(f"  {number + 1}/{rounds}")
    table = Table(f"keys: the cursor moves twice a second for {seconds:g} s; milliseconds")
    for name, lists in pressed.items():
        wanted = "< 100" if "and load" not in name else ""
        for label, share in (("median", 0.5), ("p99", 0.99)):
            values = [nearest_rank(values, share) for values in lists]
            table.add(f"{name}: {label}", values, wanted=wanted if share > 0.5 else "")
        table.add(f"{name}: every key", [ms for values in lists for ms in values])
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
