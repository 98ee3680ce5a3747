"""Scripted runs: real events with real histograms, second by second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import exp, sin
from typing import Any

import msgspec

from tests.lib.loads import load_of
from tui.core import events as ev
from tui.core.config import Mix, Target
from tui.core.histogram import bucket_of
from tui.core.incidents import Incident
from tui.core.limits import Limit, counted_limits, parse_limit
from tui.core.load import Load
from tui.core.scenario import Scenario
from tui.core.tally import MEASURED, WARM_UP, Row

STARTED_AT = 1_790_000_000.0
DEVICE = ev.Device("Orin Nano Super", 6, 7_600, "3.11", "host")
DEMO = Target("demo", "demo:")
SHARES = (
    ("POST", "/predict", 0.6, 1.0),
    ("POST", "/predict +image", 0.2, 1.12),
    ("POST", "/images 1080p", 0.1, 1.3),
    ("GET", "/health", 0.1, 0.01),
)


def scenario(
    name: str = "standard",
    *,
    users: int = 20,
    minutes: float = 5.0,
    warm_up_s: float | None = None,
    p95: str = "< 2000",
    extra: tuple[Limit, ...] = (),
) -> Scenario:
    """A load scenario with the usual limits."""
    limits = (
        parse_limit("p95_ms", p95),
        parse_limit("p99_ms", "< 5000"),
        parse_limit("error_rate", "< 0.01"),
        parse_limit("rps", ">= 10"),
    )
    classes = {"BaselineUser": 70, "PeakUser": 20, "AdminUser": 10}
    load = Load(users, 2.0, minutes * 60, "users.py", classes, warm_up_s, 10.0, 1000.0)
    title = name.replace("-", " ").capitalize()
    summary = f"{title}: what a site with {users} cameras asks of the service."
    return Scenario(name, "load", title, summary, (*limits, *extra), (), load)


CATALOGUE = (
    scenario("smoke", users=5, minutes=0.5),
    scenario("quick", users=10, minutes=1),
    scenario("standard", users=20, minutes=5),
    scenario("load", users=50, minutes=10),
    scenario("spike", users=100, minutes=2),
    scenario("endurance", users=20, minutes=30),
    scenario("peak", users=80, minutes=5),
)


def row(
    what: Scenario, method: str, name: str, phase: int, requests: int, p50: float, failures: int = 0
) -> Row:
    """Requests of one endpoint in one second, spread around `p50` like a real service's."""
    counted = counted_limits((*what.thresholds, *what.goals))
    values = [p50 * exp(0.42 * _normal((rank + 0.5) / requests)) for rank in range(requests)]
    buckets: dict[int, int] = {}
    for value in values:
        bucket = bucket_of(value)
        buckets[bucket] = buckets.get(bucket, 0) + 1
    over = [sum(not limit.holds_for(value) for value in values) for limit in counted]
    return Row(
        method, name, phase, requests, failures, sum(values), min(values), max(values),
        buckets, {}, over,
    )  # fmt: skip


def _normal(share: float) -> float:
    """Roughly the quantile of the normal distribution (logistic, scaled)."""
    from math import log

    return log(share / (1 - share)) / 1.7


Shape = Callable[[int], float]


def steady(p50: float = 390.0) -> Shape:
    """A little noise around one latency."""
    return lambda second: p50 * (1 + 0.07 * sin(second * 1.7) + 0.05 * sin(second * 0.61))


@dataclass
class Script:
    """A run as a list of events in order of time."""

    what: Scenario = field(default_factory=scenario)
    p50: Shape = field(default_factory=steady)
    rps: Shape = lambda second: 27 + 2 * sin(second * 0.9)
    failures: Callable[[int], int] = lambda second: 0
    lag_ms: float = 1.2
    generator_cpu: float = 23.0
    target: Target = DEMO
    run_id: str = "run-1"
    clean: bool = True
    board: Callable[[int], dict[str, ev.Reading]] = lambda second: board(second)

    @property
    def full_s(self) -> int:
        """When the level is reached."""
        load = load_of(self.what)
        return round(load.spawn_s if load.warm_up_s is None else load.warm_up_s)

    def facts(self) -> ev.RunFacts:
        """What is known before the start."""
        return ev.RunFacts(
            self.run_id, "session-1", self.what, self.target, "http://127.0.0.1:8000", Mix(), 1,
            DEVICE, "0.1.0", "0" * 64, STARTED_AT,
        )  # fmt: skip

    def opening(self) -> Iterator[ev.Event]:
        """Up to the first user."""
        yield ev.RunStarted(at_s=0.0, facts=self.facts())
        yield ev.TargetProbed(at_s=0.1, answered=True, detail="200", ms=12.0)
        yield ev.WorkersJoined(at_s=1.0, names=["local-1"])
        yield ev.WorkBegan(at_s=1.0)
        yield ev.PhaseEntered(at_s=1.0, phase="warm-up")

    def second(self, number: int) -> Iterator[ev.Event]:
        """One second of load; `number` counts from the first user."""
        at_s = number + 2.0
        if number == self.full_s:
            yield ev.LevelReached(at_s=at_s - 1, users=self.what.users)
            yield ev.PhaseEntered(at_s=at_s - 1, phase="measuring")
        spawn_rate = load_of(self.what).spawn_rate
        users = min(round((number + 1) * spawn_rate), self.what.users)
        share = users / self.what.users
        phase = MEASURED if number >= self.full_s else WARM_UP
        yield self.window(number, phase, users, share)
        yield ev.LoadReported(at_s=at_s, users=users, in_flight=9, oldest_s=0.6, silent_s=0.05)
        yield ev.BoardSampled(at_s=at_s, readings=self.board(number))

    def window(self, number: int, phase: int, users: int, share: float = 1.0) -> ev.WindowClosed:
        """The results of one second."""
        total = max(self.rps(number) * share, 1)
        failed = self.failures(number)
        rows = []
        for method, name, part, slower in SHARES:
            requests = max(round(total * part), 1)
            bad = failed if name == "/predict" else 0
            rows.append(
                row(self.what, method, name, phase, requests, self.p50(number) * slower, bad)
            )
        failures = (
            [ev.FailureCount("POST", "/predict", "5xx", "503 Service Unavailable", phase, failed)]
            if failed
            else []
        )
        return ev.WindowClosed(
            at_s=number + 2.0, second=number, rows=rows, failures=failures, slow=[], users=users,
            in_flight=9, oldest_s=0.6, lag_p99_ms=self.lag_ms,
            generator_cpu_percent=self.generator_cpu,
        )  # fmt: skip

    def ending(
        self, number: int, reason: ev.EndReason = "completed", detail: str = ""
    ) -> Iterator[ev.Event]:
        """From the stop to the verdict."""
        at_s = number + 1.0
        yield ev.PhaseEntered(at_s=at_s, phase="draining")
        yield ev.DrainEnded(at_s=at_s + 0.6, unfinished=0)
        if self.clean:
            yield ev.PhaseEntered(at_s=at_s + 0.7, phase="cleaning")
            yield ev.CleanedUp(at_s=at_s + 0.9, created=36, deleted=36, left=0)
        yield ev.RunEnded(at_s=at_s + 1.0, reason=reason, detail=detail)

    def until(self, seconds: int) -> Iterator[ev.Event]:
        """Everything up to so many seconds of load."""
        yield from self.opening()
        for number in range(seconds):
            yield from self.second(number)

    def whole(self, reason: ev.EndReason = "completed", detail: str = "") -> Iterator[ev.Event]:
        """The run from start to verdict."""
        seconds = int(self.what.duration_s)
        yield from self.until(seconds)
        yield from self.ending(seconds, reason, detail)


def board(number: int = 0) -> dict[str, ev.Reading]:
    """The gauges of a small host."""
    values: dict[str, float] = {
        "cpu_percent": 43 + 6 * sin(number * 0.8),
        "cpu_mhz": 1728,
        "ram_used_mb": 5018 + number * 0.4,
        "ram_total_mb": 7578,
        "swap_used_mb": 0,
        "load_1m": 2.41 + 0.01 * (number % 7),
        "disk_free_mb": 217_088,
        "cpu_thermal_c": 61.4 + 2 * sin(number * 0.05),
        "soc_c": 58.0,
        "nvme_c": 41.0,
        "hottest_c": 61.4 + 2 * sin(number * 0.05),
        "net_rx_kbps": 3400 + 300 * sin(number),
        "net_tx_kbps": 820 + 90 * sin(number * 1.3),
        "uptime_s": 273_000 + number,
        "console_cpu_percent": 2.8 + 0.4 * sin(number),
        "console_rss_mb": 92,
        "generator_cpu_percent": 23 + 2 * sin(number * 1.1),
    }
    for core in range(6):
        values[f"cpu{core}_percent"] = 40 + 35 * sin(number * 0.7 + core * 1.3)
    return {name: ev.Reading(value, "psutil") for name, value in values.items()}


def orin(number: int = 0, *, tj: float = 71.4, oc3: int = 0, off: int = 0) -> dict[str, ev.Reading]:
    """The gauges of an Orin Nano under load, from its own nodes and from jtop."""
    gib = 1024.0
    told: dict[str, tuple[float, float | None, str]] = {
        "gpu_percent": (74 + 5 * sin(number * 0.7), None, ""),
        "gpu_mhz": (918, 1020, ""),
        "cpu_percent": (43 + 6 * sin(number * 0.8), None, ""),
        "cpu_mhz": (1728, 1728, ""),
        "ram_used_mb": (4.9 * gib + number * 0.4, 7.44 * gib, ""),
        "ram_total_mb": (7.44 * gib, None, ""),
        "nvmap_used_mb": (1.3 * gib, None, ""),
        "swap_used_mb": (0, 3810, ""),
        "oom_kills": (0, None, ""),
        "tj_c": (tj + 0.4 * sin(number * 0.05), 99, ""),
        "cpu_c": (tj - 1.2, 99, ""),
        "gpu_c": (tj - 0.3, 99, ""),
        "soc0_c": (tj - 3.6, 99, ""),
        "hottest_c": (tj, 99, "tj"),
        "vdd_in_mw": (16_300 + 400 * sin(number * 0.3), 25_000, ""),
        "vdd_in_mv": (4980, None, ""),
        "vdd_cpu_gpu_cv_mw": (7104, None, ""),
        "vdd_soc_mw": (3120, None, ""),
        "fan_percent": (45, None, ""),
        "fan_rpm": (1636, None, ""),
        "cores_offline": (off, None, ""),
        "clocks_pinned": (1, None, ""),
        "power_mode": (2, None, "MAXN_SUPER"),
        "oc1_events": (0, None, ""),
        "oc2_events": (0, None, ""),
        "oc3_events": (oc3, None, ""),
        "net_link_mbps": (1000, None, "eth0"),
        "disk_free_mb": (212 * gib, None, ""),
        "nvme_c": (41, 81.9, ""),
        "load_1m": (2.41, None, ""),
        "net_rx_kbps": (3400 + 300 * sin(number), None, ""),
        "net_tx_kbps": (820 + 90 * sin(number * 1.3), None, ""),
        "uptime_s": (273_000 + number, None, ""),
    }
    for core in range(6 - off):
        told[f"cpu{core}_percent"] = (40 + 35 * sin(number * 0.7 + core * 1.3), None, "")
    readings = {
        name: ev.Reading(value, "sysfs", limit=limit, text=text)
        for name, (value, limit, text) in told.items()
    }
    for core in range(6 - off, 6):
        readings[f"cpu{core}_percent"] = ev.Reading(None, "sysfs", "switched off", text="off")
    readings |= {
        "emc_percent": ev.Reading(31, "jtop", age_s=0.4),
        "emc_mhz": ev.Reading(3199, "jtop", age_s=0.4, limit=3199),
        "nvdec_mhz": ev.Reading(0, "jtop", age_s=0.4, text="off"),
        "service_processes": ev.Reading(2, "process", text="infer.service pid 1841"),
        "service_cpu_percent": ev.Reading(310, "process"),
        "service_pss_mb": ev.Reading(1.9 * gib, "process"),
        "service_restarts": ev.Reading(0, "process"),
        "service_threads": ev.Reading(34, "process"),
        "service_descriptors": ev.Reading(57, "process"),
        "console_cpu_percent": ev.Reading(2.8, "psutil"),
        "console_rss_mb": ev.Reading(92, "psutil"),
        "generator_cpu_percent": ev.Reading(23 + 2 * sin(number * 1.1), "psutil"),
    }
    return readings


def incident(key: str = "oc3", **changes: Any) -> Incident:
    """Over-current that began in second 98 of a run, or something else."""
    usual = Incident(
        key, "throttle", "oc3 over-current", "oc3", "warn", STARTED_AT + 99.0, detail="12/s"
    )
    return msgspec.structs.replace(usual, **changes)
