"""A thousand users with one to three seconds of think time on one worker, console open."""

from __future__ import annotations

import sys
import threading
import time

from tests.bench.lib import nginx
from tests.bench.lib.console import Console
from tests.bench.lib.keys import key_to_paint_ms
from tests.bench.lib.machine import machine
from tests.bench.lib.nginx import Nginx
from tests.bench.lib.options import parser
from tests.bench.lib.process import pss_mb, rss_mb, worker_of
from tests.bench.lib.spread import nearest_rank
from tests.bench.lib.table import Table, say
from tests.bench.lib.workplace import Workplace

PER_SECOND = 100.0
_LOCUSTFILE = """
from locust import FastHttpUser, between, task

class Visitor(FastHttpUser):
    wait_time = between(1, 3)

    @task
    def get(self):
        self.client.get("/")
"""


class _Highest(threading.Thread):
    """Asks the kernel for a worker's memory every second; keeps the highest."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._stopping = threading.Event()
        self.rss_mb = self.pss_mb = 0.0

    def run(self) -> None:
        while not self._stopping.wait(1.0):
            self.rss_mb = max(self.rss_mb, rss_mb(self._pid))
            self.pss_mb = max(self.pss_mb, pss_mb(self._pid))

    def stop(self) -> None:
        """And wait."""
        self._stopping.set()
        self.join()


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--users", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=30.0, help="at full level (default 30)")
    given = options.parse_args()
    if nginx.program() is None:
        print(nginx.MISSING)
        return 1
    rounds = 1 if given.quick else given.rounds
    seconds = 8.0 if given.quick else given.seconds
    ramp_s = given.users / PER_SECOND
    print(machine())
    names = ("rps", "p50", "p99", "failures", "not counted", "rss", "pss", "cpu", "lag", "key99")
    seen: dict[str, list[float]] = {name: [] for name in names}
    verdicts: set[str] = set()
    keys_ms: list[float] = []
    with Nginx() as server, Workplace(server.url) as place:
        place.locustfile("users.py", _LOCUSTFILE)
        scenario = place.scenario(
            "users",
            "users.py",
            users=given.users,
            spawn_rate=PER_SECOND,
            duration_s=ramp_s + seconds + 2,
        )
        for number in range(rounds):
            with Console(place) as console:
                before = server.requests()
                console.start(scenario)
                worker = worker_of(console.engine_pid)
                assert worker is not None, "no worker"
                memory = _Highest(worker)
                memory.start()
                time.sleep(ramp_s)
                pressed = key_to_paint_ms(console.terminal, seconds)
                console.await_end(seconds + 60)
                memory.stop()
                answered = server.requests() - before - 3
            report = place.report()
            load = report["load"]
            total, outside, validity = load["total"], load["unmeasured"], load["validity"]
            keys_ms += pressed
            counted = total["requests"] + outside["requests"] + load["unfinished"]
            seen["rps"].append(total["rps"])
            seen["p50"].append(total["latency_ms"]["p50"])
            seen["p99"].append(total["latency_ms"]["p99"])
            seen["failures"].append(total["failures"] + outside["failures"])
            seen["not counted"].append(answered - counted)
            seen["rss"].append(memory.rss_mb)
            seen["pss"].append(memory.pss_mb)
            seen["cpu"].append(validity["generator_cpu_percent"] or 0.0)
            seen["lag"].append(validity["lag_p99_ms"] or 0.0)
            seen["key99"].append(nearest_rank(pressed, 0.99))
            verdicts.add(f"{report['verdict']} {'; '.join(validity['reasons'])}".strip())
            say(f"  {number + 1}/{rounds}  {report['verdict']}, {total['rps']:.0f} RPS")
    table = Table(f"users: {given.users} with 1 to 3 s think time, one worker, {seconds:g} s")
    table.add("RPS (half the users is expected)", seen["rps"])
    table.add("p50 ms", seen["p50"])
    table.add("p99 ms", seen["p99"])
    table.add("failed requests", seen["failures"], wanted="0")
    table.add("requests nginx − ours", seen["not counted"], wanted="0")
    table.add("worker RSS MB, highest", seen["rss"], wanted="< 250")
    table.add("worker PSS MB, highest", seen["pss"])
    table.add("worker CPU %", seen["cpu"])
    table.add("worker's timers late, p99 ms", seen["lag"])
    table.add("key to paint p99 ms, per round", seen["key99"], wanted="< 100")
    table.add("key to paint p99 ms, all rounds", [nearest_rank(keys_ms, 0.99)])
    table.add("key to paint ms, every key", keys_ms)
    table.note(f"verdicts: {' | '.join(sorted(verdicts))}")
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
