"""Are the reported figures those of the service? Against a server that knows its own latencies.

Then a stall: how long until a snapshot, and until the console's screen, says that nothing answers.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.lib.console import Console
from tests.bench.lib.embedded import embedded_engine
from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.spread import nearest_rank
from tests.bench.lib.table import Table, say
from tests.bench.lib.truth_open import RATE, SHARES, STALL_S, WAYS, stalled, truth_ms
from tests.bench.lib.truth_run import HeadlessRun, await_answers
from tests.bench.lib.truthful import Told, Truthful
from tests.bench.lib.workplace import Workplace
from tui.core.model import Snapshot

USERS = 20
SILENCE_S = 4.0
STALL_WORDS = "nothing answered for"
WITHIN = "within ±2 %"
_LOCUSTFILE = """
from locust import FastHttpUser, HttpUser, task

class Caller({base}):
    @task
    def get(self):
        self.client.get("/")
"""


def measure(python: str, base: str, seconds: float, seed: int, drops: bool) -> tuple[Any, Told]:
    """A headless run by that interpreter: its report, and what the server knows."""
    with Truthful(seed, drops=drops) as server, Workplace(server.url) as place:
        place.locustfile("users.py", _LOCUSTFILE.format(base=base))
        scenario = place.scenario(
            "truth", "users.py", users=USERS, spawn_rate=USERS, duration_s=seconds, warm_up_s=0
        )
        return HeadlessRun(python, place, scenario).report(), server.told()


def compare(table: Table, python: str, base: str, seconds: float, rounds: int, drops: bool) -> None:
    """Rows of one interpreter and one of Locust's two clients."""
    name = f"{_version(python)} {base}{' with drops' if drops else ''}"
    off: dict[str, list[float]] = {key: [] for key in SHARES}
    counts: dict[str, list[float]] = {"requests": [], "failures": []}
    classes: set[str] = set()
    for number in range(rounds):
        report, told = measure(python, base, seconds, number + 1, drops)
        load = report["load"]
        total, outside = load["total"], load["unmeasured"]
        for key, share in SHARES.items():
            truth_ms = nearest_rank(told.taken_ms, share)
            off[key].append(100 * (total["latency_ms"][key] / truth_ms - 1))
        answered = len(told.taken_ms)
        counts["requests"].append(total["requests"] + outside["requests"] - answered)
        counts["failures"].append(total["failures"] + outside["failures"] - told.failures)
        classes |= {f"{group['class']}: {group['error']}" for group in load["failures"]}
        shown = ", ".join(f"{key} {values[-1]:+.2f} %" for key, values in off.items())
        say(f"  {name} {number + 1}/{rounds}  {answered} requests, {shown}, {told.kinds}")
    for key, values in off.items():
        table.add(f"{name}: {key} off by %", values, wanted=WITHIN)
    for key, values in counts.items():
        table.add(f"{name}: {key} ours − server's", values, wanted="0")
    table.note(f"{name}: failures read {' | '.join(sorted(classes))}")


def compare_open(table: Table, python: str, seconds: float, rounds: int) -> None:
    """The same stall by the open and by the closed model: what each says of it."""
    for way in WAYS:
        name = f"{_version(python)} {way.name}"
        off: dict[str, list[float]] = {key: [] for key in SHARES}
        p99_ms: list[float] = []
        for number in range(rounds):
            report, base_ms = stalled(python, way, seconds)
            total = report["load"]["total"]
            truth = truth_ms(way, total["requests"], base_ms)
            for key in SHARES:
                off[key].append(100 * (total["latency_ms"][key] / truth[key] - 1))
            p99_ms.append(total["latency_ms"]["p99"])
            say(
                f"  {name} {number + 1}/{rounds}  {total['requests']} requests, p99"
                f" {p99_ms[-1]:.0f} ms, by arithmetic {truth['p99']:.0f} ms, {report['verdict']}"
            )
        wanted = "within ±5 %" if way.is_open else "blind"
        for key, values in off.items():
            table.add(f"{name}: {key} off by %", values, wanted=wanted if key == "p99" else "")
        table.add(f"{name}: p99 ms (truth {truth['p99']:.0f})", p99_ms)


def stall_in_snapshots(after_s: float) -> float:
    """Seconds from the server's silence to the first snapshot that says so."""
    said_s: list[float] = []

    def on_snapshot(snapshot: Snapshot) -> None:
        run = snapshot.run
        if run is not None and run.headline.strong.startswith(STALL_WORDS):
            said_s.append(time.monotonic())

    with Truthful() as server, Workplace(server.url) as place:
        _stall_scenario(place, after_s)
        with embedded_engine(place) as engine:
            engine.on_snapshot = on_snapshot
            engine.start("truth-stall")
            await_answers(server)
            time.sleep(after_s)
            stalled_s = server.stall(SILENCE_S)
            engine.await_end("truth-stall", after_s + SILENCE_S + 30)
    return min((at_s - stalled_s for at_s in said_s if at_s > stalled_s), default=float("inf"))


def stall_on_screen(after_s: float) -> float:
    """Seconds from the server's silence to the bytes that put it on the screen."""
    with Truthful() as server, Workplace(server.url) as place:
        _stall_scenario(place, after_s)
        with Console(place) as console:
            console.start("truth-stall")
            await_answers(server)
            time.sleep(after_s)
            stalled_s = server.stall(SILENCE_S)
            seen_s = console.terminal.await_text(STALL_WORDS, SILENCE_S + 1)
            console.await_end(after_s + SILENCE_S + 30)
    return seen_s - stalled_s


def _open(pythons: list[str], seconds: float, rounds: int) -> int:
    title = f"truth: {RATE:g} operations/s for {seconds:g} s, the service stalls for {STALL_S:g} s"
    table = Table(title)
    for python in pythons:
        compare_open(table, python, seconds, rounds)
    table.show()
    return 0


def _stall_scenario(place: Workplace, after_s: float) -> None:
    place.locustfile("users.py", _LOCUSTFILE.format(base="FastHttpUser"))
    place.scenario(
        "truth-stall",
        "users.py",
        users=USERS,
        spawn_rate=USERS,
        duration_s=after_s + SILENCE_S + 3,
        warm_up_s=1,
    )


def _version(python: str) -> str:
    code = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument(
        "--python", action="append", metavar="PATH", help="an interpreter that has jetproof; repeat"
    )
    options.add_argument("--seconds", type=float, default=15.0, help="of a run (default 15)")
    options.add_argument("--http-user", action="store_true", help="Locust's HttpUser as well")
    options.add_argument(
        "--drops", action="store_true", help="as well with connections closed without an answer"
    )
    options.add_argument(
        "--open", action="store_true", help="only the open model beside the closed one, in a stall"
    )
    given = options.parse_args()
    rounds = 1 if given.quick else given.rounds
    seconds = 6.0 if given.quick else given.seconds
    print(machine())
    if given.open:
        return _open(given.python or [sys.executable], 24.0 if given.quick else 30.0, rounds)
    table = Table(f"truth: {USERS} users, {seconds:g} s, latencies of 20 to 400 ms")
    for python in given.python or [sys.executable]:
        if not Path(python).is_file():
            table.skip(python, "no such interpreter")
            continue
        kinds = [("FastHttpUser", False)]
        kinds += [("HttpUser", False)] if given.http_user else []
        kinds += [("FastHttpUser", True)] if given.drops else []
        for base, drops in kinds:
            compare(table, python, base, seconds, rounds, drops)
    after_s = 3.0 if given.quick else 6.0
    snapshots, screens = [], []
    for number in range(rounds):
        snapshots.append(stall_in_snapshots(after_s))
        screens.append(stall_on_screen(after_s))
        say(f"  stall {number + 1}/{rounds}  snapshot {snapshots[-1]:.2f} s, {screens[-1]:.2f} s")
    table.add("stall: seconds to the first snapshot", snapshots, wanted="< 2")
    table.add("stall: seconds to the screen", screens, wanted="< 2")
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
