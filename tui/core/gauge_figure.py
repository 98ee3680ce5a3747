"""A gauge's figure as text, with its unit."""

from __future__ import annotations

from tui.core import format as text
from tui.core.gauges import unit_of
from tui.core.limits import METRICS


def figure(gauge: str, value: float | None) -> str:
    """`91.4 °C`, `12/s`, `12 340 mW`; metrics of the load as their limits are written."""
    if value is None:
        return text.NOTHING
    if gauge in METRICS:
        unit = text.metric_unit(gauge)
        return f"{text.metric(gauge, value)}{unit and ' ' + unit}"
    unit = unit_of(gauge)
    apart = "" if unit.startswith("/") or not unit else " "
    return f"{_number(value)}{apart}{unit}"


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return text.count(value)
    return text.fixed(value, 1 if abs(value) >= 1 else 2)
