"""Signs of heat: what the board does against it, how near it is, and sensors that fell silent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.events import Reading
from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.sign import Known, Readings, Sign
from tui.core.zones import has_lost_zones, is_zone, zones

HEAT_MARGIN_C = 10.0
"""Heat is told this far below the lowest passive trip."""
HEAT_BACK_C = 2.0
_HOLDS_BACK = re.compile(r"cooling_.*(throttle|cpufreq|devfreq|processor|_cpu|_gpu|_emc)")
_HARMLESS = re.compile(r"fan|hot_surface|powerclamp|tcc|iwlwifi")


def heat_signs(readings: Readings, known: Known) -> Iterator[Sign]:
    """Throttling by heat, heat itself, and sensors that can't be read any more."""
    yield from _thermal(readings)
    yield from _heat(readings)
    yield from _sensors(readings, known)


def is_brake(gauge: str) -> bool:
    """Whether a cooling device cools by holding something back, as a fan does not."""
    return bool(_HOLDS_BACK.match(gauge)) and not _HARMLESS.search(gauge)


def _thermal(readings: Readings) -> Iterator[Sign]:
    brakes = {
        name: reading.value
        for name, reading in readings.items()
        if is_brake(name) and reading.value is not None
    }
    trips = [
        name
        for name, value, reading in zones(readings)
        # What psutil calls high on a PC is a line of the sensor's, not a trip.
        if reading.limit and value >= reading.limit and reading.source != "psutil"
    ]
    if not brakes and not any(reading.limit for _, _, reading in zones(readings)):
        return
    active = [
        name.removeprefix("cooling_").replace("_throttle_alert", "").replace("_", " ")
        for name, state in brakes.items()
        if state > 0
    ]
    hottest = readings.get("tj_c") or readings.get("hottest_c") or Reading(None, "")
    heat = "" if hottest.value is None else f"tj {fixed(hottest.value, 1)} °C"
    held = ", ".join(dict.fromkeys([*active, *(label_of(name) for name in trips)]))
    yield Sign(
        key="thermal",
        kind="throttle",
        text="thermal throttling",
        label="thermal",
        is_on=bool(held),
        # Zones that can't be read say nothing: a sensor that burnt out ends no throttling.
        is_off=not held and not has_lost_zones(readings),
        detail=heat if "tj_c" in readings else heat.replace("tj ", ""),
        gauge="tj_c" if "tj_c" in readings else "hottest_c",
        value=hottest.value,
        limit=hottest.limit,
    )


def _heat(readings: Readings) -> Iterator[Sign]:
    """The zone with the least headroom speaks for all: they rise together."""
    known = [
        (reading.limit - value, name, value, reading.limit)
        for name, value, reading in zones(readings)
        if reading.limit is not None
    ]
    if known:
        headroom_c, name, value, limit = min(known)
        yield _hot("heat", "heat", name, value, limit, headroom_c, HEAT_MARGIN_C)
    nvme = readings.get("nvme_c")
    if nvme is not None and nvme.value is not None and nvme.limit is not None:
        left_c = nvme.limit - nvme.value
        yield _hot("heat.nvme", "heat of the drive", "nvme_c", nvme.value, nvme.limit, left_c, 5.0)


def _hot(
    key: str, text: str, name: str, value: float, limit: float, left_c: float, margin_c: float
) -> Sign:
    left = f"{fixed(abs(left_c), 1)} {'below' if left_c > 0 else 'above'} its limit"
    return Sign(
        key=key,
        kind="alert",
        text=text,
        label="heat" if key == "heat" else "nvme",
        is_on=left_c <= margin_c,
        is_off=left_c >= margin_c + HEAT_BACK_C,
        detail=f"{label_of(name)} {fixed(value, 1)} °C, {left}",
        gauge=name,
        value=value,
        limit=limit,
    )


def _sensors(readings: Readings, known: Known) -> Iterator[Sign]:
    if any(is_zone(name) for name in known.had):
        are_gone = not any(True for _ in zones(readings))
        yield Sign(
            key="sensors",
            kind="alert",
            text="no temperature can be read any more",
            label="sensors",
            is_on=are_gone,
            is_off=not are_gone,
            level="fail",
            on_for_s=1.0,
            off_for_s=1.0,
        )
