"""Signs of power: over-current events, rails over their limits, a supply that sags."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.events import Level
from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.rails import FIVE_VOLT, WHOLE
from tui.core.sign import Known, Readings, Sign

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


def power_signs(readings: Readings, known: Known) -> Iterator[Sign]:
    """Over-current events, and the board's supply."""
    for number, name in OVER_CURRENT.items():
        if number in known.rates:
            sustained = known.sustained.get(number, 0.0)
            yield _over_current(number, name, known.rates[number], sustained)
    yield from _supply(readings, known)


def five_volt_rails(readings: Readings) -> frozenset[str]:
    """The inputs that carry 5 V now, as they do unless they sag."""
    return frozenset(
        rail
        for rail in FIVE_VOLT
        if (reading := readings.get(f"{rail}_mv")) is not None
        and reading.value is not None
        and NOMINAL_MV[0] <= reading.value <= NOMINAL_MV[1]
    )


def is_counter(gauge: str) -> bool:
    """Whether a gauge counts over-current events."""
    return gauge.startswith("oc") and gauge.endswith("_events")


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
