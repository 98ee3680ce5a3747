"""Fifty short runs in one engine: nothing of a run may stay behind."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter

from tests.bench.lib import nginx
from tests.bench.lib.embedded import embedded_engine
from tests.bench.lib.machine import machine
from tests.bench.lib.nginx import Nginx
from tests.bench.lib.options import parser
from tests.bench.lib.process import children, descriptors, pss_mb, rss_mb, threads
from tests.bench.lib.table import say
from tests.bench.lib.workplace import Workplace

RUNS = 50
LOOKS = (1, 10, 25, 50)
_LOCUSTFILE = """
from locust import FastHttpUser, constant, task

class Caller(FastHttpUser):
    wait_time = constant(0.01)

    @task
    def get(self):
        self.client.get("/")
"""


def look() -> dict[str, float]:
    """This process now, garbage collected first: what remains is held by somebody."""
    gc.collect()
    pid = os.getpid()
    return {
        "descriptors": descriptors(pid),
        "threads": threads(pid),
        "children": len(children(pid)),
        "RSS MB": rss_mb(pid),
        "PSS MB": pss_mb(pid),
        "objects": len(gc.get_objects()),
    }


def kinds() -> Counter[str]:
    """Living objects by type."""
    return Counter(f"{type(each).__module__}.{type(each).__name__}" for each in gc.get_objects())


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--runs", type=int, default=RUNS, help=f"default {RUNS}")
    options.add_argument("--why", action="store_true", help="which objects became more")
    given = options.parse_args()
    if nginx.program() is None:
        print(nginx.MISSING)
        return 1
    runs = 4 if given.quick else given.runs
    looks = sorted({each for each in LOOKS if each <= runs} | {runs})
    print(machine())
    seen: dict[int, dict[str, float]] = {}
    before: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    with Nginx() as server, Workplace(server.url) as place:
        place.locustfile("users.py", _LOCUSTFILE)
        place.scenario("endurance", "users.py", users=5, spawn_rate=50, duration_s=2, warm_up_s=0.5)
        with embedded_engine(place) as engine:
            for number in range(1, runs + 1):
                view = engine.run("endurance", 60)
                assert view.judgement is not None
                verdicts[view.judgement.verdict] += 1
                if number in looks:
                    seen[number] = look()
                    say(f"  run {number}: {seen[number]}")
                if given.why and number == looks[min(1, len(looks) - 1)]:
                    before = kinds()
            if given.why:
                _why(before, runs)
        seen[runs + 1] = look()
    print(f"\nendurance: {runs} runs of 2 s in one engine; the last column after its end")
    heads = [*(f"run {number}" for number in looks), "closed"]
    print("  ".join(["".ljust(12), *(head.rjust(8) for head in heads)]))
    for name in seen[looks[0]]:
        cells = [f"{seen[number][name]:.4g}".rjust(8) for number in (*looks, runs + 1)]
        print("  ".join([name.ljust(12), *cells]))
    print(f"verdicts: {dict(verdicts)}; wanted: no row grows (RSS settles after a few runs)")
    return 0


def _why(before: Counter[str], runs: int) -> None:
    gc.collect()
    grown = kinds()
    grown.subtract(before)
    print(f"objects that became more up to run {runs}:")
    for name, count in grown.most_common(15):
        if count > 0:
            print(f"  {count:+7d}  {name}")


if __name__ == "__main__":
    sys.exit(main())
