"""Runs on a board that holds itself back, as events; and views with what a test makes up."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.core import script
from tui.core import events as ev
from tui.core.alerts import DEFAULT_RULES
from tui.core.incidents import Incident, Rise
from tui.core.model import RunView

DEVICE = ev.Device(
    model="NVIDIA Jetson Orin Nano Super",
    cpu_count=6,
    memory_mb=7620,
    python="3.10.12",
    source="sysfs",
    l4t="36.4.3",
    power_mode="MAXN_SUPER",
    jetpack="6.2",
)
OC3 = Incident("oc3", "throttle", "oc3 over-current", "oc3", "warn", 98.0, 123.0, "12/s")
HEAT = Incident(
    key="heat",
    kind="alert",
    text="heat",
    label="heat",
    level="warn",
    began_s=90.0,
    detail="tj 91.4 °C, 7.6 below its limit",
    gauge="tj_c",
    peak=91.4,
    limit=99.0,
)
RISE = Rise(
    began_s=100.0,
    ended_s=123.0,
    before_ms=846.0,
    peak_ms=1167.0,
    now_ms=870.0,
    cause="oc3 over-current",
    label="oc3",
    lag_s=2.0,
    detail="12/s",
    unchanged=("heat", "memory", "clocks"),
    by="incident",
)


def facts(source: str = "sysfs") -> ev.RunFacts:
    """A run on a real target that breaks its p95 when the board holds back."""
    scenario = script.scenario(thresholds={"p95_ms": "< 1000"})
    return msgspec.structs.replace(
        script.facts(scenario=scenario, target=script.LOCAL),
        device=msgspec.structs.replace(DEVICE, source=source),
        alerts=DEFAULT_RULES,
    )


def throttled_run(source: str = "sysfs", seconds: int = 240) -> list[ev.Event]:
    """From 01:38 on over-current for half a minute, from 01:40 on p95 up; at 03:01 another power
    mode, at 03:21 jtop is lost."""
    about = facts(source)
    events = script.beginning(about)
    limits = script.percentiles(about.scenario)
    counted = 100.0
    for second in range(2, seconds):
        is_held = 98 <= second < 124
        counted += 25 if is_held else 0
        events.append(_sample(second, counted, source, is_held=is_held))
        base_ms = 1100.0 if 100 <= second < 150 else 700.0
        row = script.row([base_ms * (0.6 + step / 40) for step in range(18)], limits=limits)
        events.append(script.window(second, row))
    return events + script.ending(1.0 + seconds)


def _sample(second: int, counted: float, source: str, *, is_held: bool) -> ev.BoardSampled:
    mode = "15W" if second > 180 else "MAXN_SUPER"
    is_lost = second > 200

    def told(value: float, limit: float | None = None, text: str = "") -> ev.Reading:
        return ev.Reading(value, source, text=text, limit=limit)

    readings = {
        "tj_c": told(70.0 + second % 3, 99.0),
        "hottest_c": told(70.0 + second % 3, 99.0),
        "gpu_percent": told(74.0),
        "cpu_percent": told(43.0),
        "gpu_mhz": told(612.0 if is_held else 918.0, 1020.0),
        "vdd_in_mw": told(14000.0),
        "oc3_events": told(counted),
        "power_mode": told(0.0 if second > 180 else 2.0, text=mode),
        "clocks_pinned": told(0.0),
        "service_cpu_percent": ev.Reading(160.0, "psutil"),
        "service_rss_mb": ev.Reading(1500.0 + second, "psutil"),
        "service_restarts": ev.Reading(0.0, "psutil"),
        "console_cpu_percent": ev.Reading(4.0, "psutil"),
    }
    if not is_lost:
        readings["emc_percent"] = ev.Reading(30.0, "jtop")
    lost = {"jtop": "its service stopped: sudo systemctl start jtop"} if is_lost else {}
    return ev.BoardSampled(at_s=second + 1.5, readings=readings, lost=lost)


def view_with(
    *incidents: Incident, make: script.RunMaker = script.good_run, **more: Any
) -> RunView:
    """A run of ten seconds on a real target in which those things happened."""
    view = script.view_of(make(script.facts(target=script.LOCAL)))
    return msgspec.structs.replace(view, incidents=incidents, **more)
