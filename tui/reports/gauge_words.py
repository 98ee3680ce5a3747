"""A gauge's figures in words, and which gauges are counts that only grow."""

from __future__ import annotations

import re

from tui.core import format as text
from tui.core.gauges import unit_of
from tui.core.limits import METRICS

REPLAY = "replay"
"""The source of readings that come from files, not from this machine."""
_COUNTED = re.compile(r"_(events|errors|kills|restarts)$")


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


def is_cumulative(gauge: str) -> bool:
    """Whether it counts up from some start, so that only its growth tells of a run.

    These are the gauges without a unit whose name ends with what they count.
    """
    return bool(_COUNTED.search(gauge))


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return text.count(value)
    return text.fixed(value, 1 if abs(value) >= 1 else 2)
