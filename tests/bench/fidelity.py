"""Does the open console cost the load any throughput or latency? Against plain Locust.

Console in a terminal, users in its worker; beside it `locust --headless` in one process; the same
locustfile, the same nginx, in the order A B B A.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.lib import nginx
from tests.bench.lib.console import Console
from tests.bench.lib.locust_cli import LocustFigures, run_locust
from tests.bench.lib.machine import machine
from tests.bench.lib.nginx import Nginx
from tests.bench.lib.options import parser
from tests.bench.lib.spread import ratios
from tests.bench.lib.table import Table, say
from tests.bench.lib.workplace import Workplace

USERS = 50
WARM_UP_S = 1.0
PROBES = 2
"""jetproof asks for /health and /openapi.json before it starts."""
_FULL = """
from locust import FastHttpUser, task

class Caller(FastHttpUser):
    @task
    def get(self):
        self.client.get("/")
"""
# Locust rounds to whole milliseconds, which is coarser than the difference that we look for. Its
# constant_throughput never lets users drift apart that once fired together, and then measures
# their queue (p50 of 0.2 to 2 ms by chance); a random pause of the same mean keeps them mixed.
_PACED = """
import locust.stats
from locust import FastHttpUser, between, task

locust.stats.bucket_response_time = lambda ms: round(ms, 2)

class Caller(FastHttpUser):
    wait_time = between({low}, {high})

    @task
    def get(self):
        self.client.get("/")
"""


@dataclass(frozen=True)
class Ours:
    """What jetproof's stored report says, and what nginx counted."""

    rps: float
    p50_ms: float
    p99_ms: float
    counted: int
    answered: int
    verdict: str
    reasons: list[str]
    generator_percent: float
    console_percent: float


@dataclass
class Sides:
    """All runs so far; two of each side in every round."""

    locust: list[LocustFigures] = field(default_factory=list)
    ours: list[Ours] = field(default_factory=list)


class Fidelity:
    """The bench."""

    def __init__(self, place: Workplace, server: Nginx, seconds: float) -> None:
        self._place = place
        self._server = server
        self._seconds = seconds

    def full(self, rounds: int) -> Sides:
        """As fast as both can."""
        return self._compare("full", self._place.locustfile("full.py", _FULL), rounds)

    def paced(self, rounds: int, rps: float) -> Sides:
        """Both at the same rate."""
        pause_s = USERS / rps
        text = _PACED.format(low=0.5 * pause_s, high=1.5 * pause_s)
        return self._compare("paced", self._place.locustfile("paced.py", text), rounds)

    def _compare(self, name: str, locustfile: Path, rounds: int) -> Sides:
        scenario = self._place.scenario(
            f"fidelity-{name}",
            locustfile.name,
            users=USERS,
            spawn_rate=USERS,
            duration_s=WARM_UP_S + self._seconds,
            warm_up_s=WARM_UP_S,
        )
        sides = Sides()
        for number in range(rounds):
            for side in "ABBA":
                if side == "A":
                    theirs = self._plain(locustfile)
                    sides.locust.append(theirs)
                    said = f"locust {theirs.rps:.0f} RPS, p99 {theirs.p99_ms:.2f} ms"
                else:
                    ours = self._console(scenario)
                    sides.ours.append(ours)
                    said = f"jetproof {ours.rps:.0f} RPS, p99 {ours.p99_ms:.2f} ms, {ours.verdict}"
                say(f"  {name} {number + 1}/{rounds}  {said}")
        return sides

    def _plain(self, locustfile: Path) -> LocustFigures:
        return run_locust(
            locustfile,
            self._server.url,
            users=USERS,
            seconds=WARM_UP_S + self._seconds,
            out=self._place.root,
        )

    def _console(self, scenario: str) -> Ours:
        with Console(self._place) as console:
            before = self._server.requests()
            console.start(scenario)
            # Not even a look at the database while it measures: plain Locust gets none either.
            time.sleep(WARM_UP_S + self._seconds)
            console.await_end(30)
            answered = self._server.requests() - before - 1 - PROBES
        report = self._place.report()
        load = report["load"]
        total, validity = load["total"], load["validity"]
        return Ours(
            rps=total["rps"],
            p50_ms=total["latency_ms"]["p50"],
            p99_ms=total["latency_ms"]["p99"],
            counted=total["requests"] + load["unmeasured"]["requests"] + load["unfinished"],
            answered=answered,
            verdict=report["verdict"],
            reasons=validity["reasons"],
            generator_percent=validity["generator_cpu_percent"] or 0.0,
            console_percent=validity["console_cpu_percent"] or 0.0,
        )


def _pairs(values: list[float]) -> list[float]:
    """Second of a round over its first."""
    return ratios(values[1::2], values[0::2])


def _rounds(values: list[float]) -> list[float]:
    """Mean of the two of a round."""
    return [(a + b) / 2 for a, b in zip(values[0::2], values[1::2], strict=True)]


def _show(table: Table, name: str, sides: Sides, wanted_rps: str, wanted_p99: str) -> None:
    for figure, unit, wanted in (("rps", "RPS", wanted_rps), ("p99_ms", "p99 ms", wanted_p99)):
        theirs = [float(getattr(run, figure)) for run in sides.locust]
        ours = [float(getattr(run, figure)) for run in sides.ours]
        table.add(f"{name}: {unit} locust --headless", theirs, aa=_pairs(theirs))
        table.add(f"{name}: {unit} jetproof, console open", ours, aa=_pairs(ours))
        table.add(
            f"{name}: {unit} ratio",
            ratios(_rounds(ours), _rounds(theirs)),
            aa=_pairs(theirs),
            wanted=wanted,
        )
    table.add(f"{name}: requests nginx − ours", [run.answered - run.counted for run in sides.ours])
    table.add(f"{name}: worker CPU %", [run.generator_percent for run in sides.ours])
    table.add(f"{name}: engine and console CPU %", [run.console_percent for run in sides.ours])
    verdicts = sorted({f"{run.verdict} {'; '.join(run.reasons)}".strip() for run in sides.ours})
    table.note(f"{name}: verdicts: {' | '.join(verdicts)}")


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=10.0, help="measured phase (default 10)")
    given = options.parse_args()
    if nginx.program() is None:
        print(nginx.MISSING)
        return 1
    rounds = 1 if given.quick else given.rounds
    seconds = 4.0 if given.quick else given.seconds
    print(machine())
    table = Table(f"fidelity: {USERS} users, {seconds:g} s measured, nginx with one worker, ABBA")
    with Nginx() as server, Workplace(server.url) as place:
        bench = Fidelity(place, server, seconds)
        full = bench.full(rounds)
        _show(table, "no think time", full, ">= 0.95 (aim 0.97)", "")
        rates = sorted(run.rps for run in full.locust)
        half = rates[len(rates) // 2] / 2
        paced = bench.paced(rounds, half)
        _show(table, f"at {half:.0f} RPS", paced, "", "<= 1.1")
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
