"""What one sample of the board gives sign of: throttling, heat, power, lost sources.

Pure rules over readings; `board_watch` makes incidents of what lasts. The limits come from the
board itself where it tells them; the constants say where each comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from tui.core.alerts import SHARES, AlertRule
from tui.core.events import Level, Reading
from tui.core.format import fixed
from tui.core.gauges import is_of_the_board, label_of
from tui.core.incidents import IncidentKind
from tui.core.rails import FIVE_VOLT, WHOLE

Readings = Mapping[str, Reading]

HEAT_MARGIN_C = 10.0
"""Heat is told this far below the lowest passive trip."""
HEAT_BACK_C = 2.0
OVER_CURRENT = {1: "under-voltage", 2: "average power", 3: "over-current"}
"""What each counter of the board's over-current events stands for on an Orin."""
OC3_EXPECTED_PER_S = 20.0
"""Up to here NVIDIA calls oc3 events expected in the mode without limits."""
OC3_LEAST_PER_S = 1.0
"""Fewer are noise: each lasts about a millisecond."""
OC3_BACK_PER_S = 0.25
NOMINAL_MV = (4750.0, 5600.0)
"""An input that was ever seen in here is one of 5 V, however low it sags later."""
BROWN_OUT_MV = 4750.0
"""5 V less 5 %; at about 4.5 V an Orin counts an under-voltage event."""
BROWN_OUT_BACK_MV = 4800.0
NEAR_SUPPLY_LIMIT = 0.95
STALLED_FAN_PERCENT = 20.0
_HOLDS_BACK = re.compile(r"cooling_.*(throttle|cpufreq|devfreq|processor|_cpu|_gpu|_emc)")
_HARMLESS = re.compile(r"fan|hot_surface|powerclamp|tcc|iwlwifi")


class Sign(msgspec.Struct, frozen=True):
    """One thing that a sample speaks of, and whether it is on, off, or in between."""

    key: str
    kind: IncidentKind
    text: str
    label: str
    is_on: bool
    is_off: bool
    """Well back. A sign that is neither leaves everything as it is."""
    level: Level = "warn"
    detail: str = ""
    gauge: str = ""
    value: float | None = None
    limit: float | None = None
    is_floor: bool = False
    """Whether less is worse."""
    on_for_s: float = 0.0
    off_for_s: float = 2.0


class Known(msgspec.Struct, frozen=True):
    """What earlier samples have shown of a board."""

    rates: Mapping[int, float] = {}
    """Over-current events a second in the last two, by the counter's number; empty: unknown."""
    sustained: Mapping[int, float] = {}
    """The same in the last five."""
    five_volt: frozenset[str] = frozenset()
    """Rails that carry 5 V."""
    had: frozenset[str] = frozenset()
    """Gauges that have had a value: only these can be lost."""


def signs_of(readings: Readings, known: Known) -> Iterator[Sign]:
    """Everything that can be said on one sample."""
    for number, name in OVER_CURRENT.items():
        if number in known.rates:
            sustained = known.sustained.get(number, 0.0)
            yield _over_current(number, name, known.rates[number], sustained)
    yield from _thermal(readings)
    yield from _heat(readings)
    yield from _sensors(readings, known)
    yield from _driver(readings)
    yield from _supply(readings, known)
    yield from _fan(readings)
    yield from _link(readings, known)
    yield from _service(readings, known)


def five_volt_rails(readings: Readings) -> frozenset[str]:
    """The inputs that carry 5 V now, as they do unless they sag."""
    return frozenset(
        rail
        for rail in FIVE_VOLT
        if (reading := readings.get(f"{rail}_mv")) is not None
        and reading.value is not None
        and NOMINAL_MV[0] <= reading.value <= NOMINAL_MV[1]
    )


def sign_of_rule(rule: AlertRule, value: float) -> Sign:
    """What an alert of the configuration says of a value."""
    return Sign(
        key=rule.metric,
        kind="alert",
        text=rule.text,
        label=rule.label,
        is_on=rule.is_beyond(value),
        is_off=rule.is_back(value),
        detail=rule.figure(value),
        gauge=rule.metric,
        value=value,
        limit=rule.limit,
        is_floor=rule.operator == "<",
        on_for_s=rule.for_s,
        off_for_s=max(rule.for_s, 2.0),
    )


def value_for(rule: AlertRule, readings: Readings) -> float | None:
    """The figure that an alert looks at; None where the board does not tell it."""
    reading = readings.get(SHARES.get(rule.metric, rule.metric))
    if reading is None or reading.value is None:
        return None
    if rule.metric not in SHARES:
        return reading.value
    return reading.value / reading.limit * 100 if reading.limit else None


def can_tell_throttling(readings: Readings, known: Known) -> bool:
    """Whether anything here would show that the board holds itself back.

    Counters that stand still because time does, in a recording, tell nothing, and what else there
    is does not make up for them.
    """
    told = [name for name, reading in readings.items() if reading.value is not None]
    if any(is_counter(name) for name in told):
        return bool(known.rates)
    return any(name == "gpu_throttle" or is_brake(name) for name in told)


def is_counter(gauge: str) -> bool:
    """Whether a gauge counts over-current events."""
    return gauge.startswith("oc") and gauge.endswith("_events")


def is_brake(gauge: str) -> bool:
    """Whether a cooling device cools by holding something back, as a fan does not."""
    return bool(_HOLDS_BACK.match(gauge)) and not _HARMLESS.search(gauge)


def zones(readings: Readings) -> Iterator[tuple[str, float, Reading]]:
    """The board's own temperatures with their values: no drive's, and none that is off."""
    for name, reading in readings.items():
        if is_zone(name) and reading.value is not None:
            yield name, reading.value, reading


def is_zone(gauge: str) -> bool:
    """Whether a gauge is one of the board's own temperatures."""
    return gauge.endswith("_c") and gauge != "hottest_c" and is_of_the_board(gauge)


def _over_current(number: int, name: str, rate: float, sustained: float) -> Sign:
    least = OC3_LEAST_PER_S if number == 3 else 0.0
    back = OC3_BACK_PER_S if number == 3 else 0.0
    level: Level = "fail" if number == 1 else "warn"
    if number == 3 and sustained <= OC3_EXPECTED_PER_S:
        level = "info"
    return Sign(
        key=f"oc{number}",
        kind="throttle",
        text=f"oc{number} {name}",
        label=f"oc{number}",
        is_on=rate > least,
        is_off=rate <= back,
        level=level,
        detail=f"{rate:.0f}/s" if rate >= 1 else f"{rate:.1f}/s",
        gauge=f"oc{number}_per_s",
        value=rate,
        limit=OC3_EXPECTED_PER_S if number == 3 else 0.0,
        off_for_s=4.0,
    )


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


def has_lost_zones(readings: Readings) -> bool:
    """Whether the board has zones and none of them can be read."""
    names = [name for name in readings if is_zone(name)]
    return bool(names) and not any(True for _ in zones(readings))


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


def _link(readings: Readings, known: Known) -> Iterator[Sign]:
    reading = readings.get("net_link_mbps")
    if "net_link_mbps" in known.had:
        is_gone = reading is None or reading.value is None
        yield Sign(
            key="link.lost",
            kind="alert",
            text="the network link is gone",
            label="link",
            is_on=is_gone,
            is_off=not is_gone,
            detail=reading.why if reading is not None else "",
            on_for_s=2.0,
        )


def _service(readings: Readings, known: Known) -> Iterator[Sign]:
    processes, health = readings.get("service_processes"), readings.get("health_ms")
    if processes is not None and processes.value is not None and "service_rss_mb" in known.had:
        yield Sign(
            key="service.down",
            kind="alert",
            text="the service does not run",
            label="down",
            is_on=processes.value == 0,
            is_off=processes.value > 0,
            level="fail",
            off_for_s=0.0,
        )
    if health is not None:
        yield Sign(
            key="health",
            kind="alert",
            text="the health check is not answered",
            label="health",
            is_on=health.value is None,
            is_off=health.value is not None,
            level="fail",
            detail=health.why,
            off_for_s=0.0,
        )


def _driver(readings: Readings) -> Iterator[Sign]:
    reading = readings.get("gpu_throttle")
    if reading is None or reading.value is None:
        return
    yield Sign(
        key="gpu_throttle",
        kind="throttle",
        text="GPU held back",
        label="gpu",
        is_on=reading.value > 0,
        is_off=reading.value == 0,
        detail=reading.text,
    )


def _supply(readings: Readings, known: Known) -> Iterator[Sign]:
    for name, reading in readings.items():
        if name.endswith("_alarm") and reading.value is not None:
            rail = label_of(name.removesuffix("_alarm"))
            yield Sign(
                key=f"alarm.{rail}",
                kind="alert",
                text=f"{rail} over its limit",
                label=rail,
                is_on=reading.value > 0,
                is_off=reading.value == 0,
            )
    for rail in dict.fromkeys((*FIVE_VOLT, *WHOLE)):
        volts = readings.get(f"{rail}_mv")
        if rail in known.five_volt and volts is not None and volts.value:
            yield Sign(
                key="brown_out",
                kind="alert",
                text="brown-out risk",
                label="volts",
                is_on=volts.value < BROWN_OUT_MV,
                is_off=volts.value >= BROWN_OUT_BACK_MV,
                detail=f"{label_of(rail)} {fixed(volts.value / 1000, 2)} V",
                gauge=f"{rail}_mv",
                value=volts.value,
                limit=BROWN_OUT_MV,
                is_floor=True,
            )
        amps = readings.get(f"{rail}_ma")
        if amps is not None and amps.value is not None and amps.critical:
            used = amps.value / amps.critical
            yield Sign(
                key="supply",
                kind="alert",
                text="supply near its limit",
                label="supply",
                is_on=used >= NEAR_SUPPLY_LIMIT,
                is_off=used < NEAR_SUPPLY_LIMIT - 0.05,
                detail=f"{label_of(rail)} {fixed(amps.value / 1000, 2)} A",
                gauge=f"{rail}_ma",
                value=amps.value,
                limit=amps.critical,
                on_for_s=2.0,
            )


def _fan(readings: Readings) -> Iterator[Sign]:
    asked, turns = readings.get("fan_percent"), readings.get("fan_rpm")
    if asked is None or turns is None or asked.value is None or turns.value is None:
        return
    stands = turns.value == 0
    yield Sign(
        key="fan",
        kind="alert",
        text="the fan stands still",
        label="fan",
        is_on=stands and asked.value >= STALLED_FAN_PERCENT,
        is_off=not stands or asked.value < STALLED_FAN_PERCENT,
        level="fail",
        detail=f"asked for {fixed(asked.value)} %",
        gauge="fan_rpm",
        value=turns.value,
        is_floor=True,
        on_for_s=5.0,
    )
