"""What one sample of the board gives sign of: throttling, heat, power, lost sources.

Pure rules over readings; `board_watch` makes incidents of what lasts. The limits come from the
board itself where it tells them; the constants say where each comes from.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.alerts import SHARES, AlertRule
from tui.core.format import fixed
from tui.core.heat_signs import heat_signs, is_brake
from tui.core.power_signs import is_counter, power_signs
from tui.core.sign import Known, Readings, Sign

STALLED_FAN_PERCENT = 20.0


def signs_of(readings: Readings, known: Known) -> Iterator[Sign]:
    """Everything that can be said on one sample."""
    yield from power_signs(readings, known)
    yield from heat_signs(readings, known)
    yield from _driver(readings)
    yield from _fan(readings)
    yield from _link(readings, known)
    yield from _service(readings, known)


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
