"""Limits on the figures of a camera: as they are written, and as they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.limits import MAX_VALUE, Limit, Operator
from tui.core.problem import did_you_mean, quoted

_LIMIT = re.compile(r"\s*(<=|>=|<|>)\s*([0-9]+(?:\.[0-9]+)?)\s*")
_RANGE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*to\s*([0-9]+(?:\.[0-9]+)?)\s*")


def parse_camera_limit(metric: str, text: str) -> tuple[Limit, ...]:
    """One limit, or two for a range such as `20 to 235`; ValueError says what was meant."""
    known = CAMERA_METRICS.get(metric)
    if known is None:
        known_ones = f"; known: {', '.join(CAMERA_METRICS)}"
        raise ValueError(f"unknown metric{did_you_mean(metric, CAMERA_METRICS) or known_ones}")
    between = _RANGE.fullmatch(text)
    if between is not None and known.operators == "<>":
        low, high = map(float, between.groups())
        if low >= high:
            meant = f' (meant "{high:g} to {low:g}"?)' if low > high else ""
            raise ValueError(f"{quoted(text)} is no range{meant}")
        return (_limit(metric, ">=", low), _limit(metric, "<=", high))
    match = _LIMIT.fullmatch(text)
    if match is None:
        meant = '"20 to 235"' if known.operators == "<>" else f'"{known.operators} 10"'
        raise ValueError(f"{quoted(text)} is not a limit (meant as in {meant}?)")
    operator, number = match.groups()
    if operator[0] not in known.operators:
        meant = f'"{known.operators} {number}"'
        better = "more" if known.operators == ">" else "less"
        raise ValueError(f"of {metric} {better} is better (meant {meant}?)")
    return (_limit(metric, operator, float(number)),)


def camera_limits(
    thresholds: Mapping[str, tuple[Limit, ...]], goals: Mapping[str, tuple[Limit, ...]]
) -> tuple[tuple[Limit, ...], tuple[Limit, ...]]:
    """Thresholds and goals by metric over the defaults: the whole sets, in the order of metrics."""
    return _whole(thresholds, "threshold"), _whole(goals, "goal")


def limit_text(limit: Limit) -> str:
    """`>= 95 %`, `< 2000 ms`: with its unit where that is one."""
    known = CAMERA_METRICS[limit.metric]
    unit = f" {known.unit}" if known.unit in ("ms", "%", "s", "kbit/s") else ""
    return f"{limit.operator} {known.shown(limit.value):g}{unit}"


def figure_text(metric: str, value: float | None) -> str:
    """A figure with the unit of its metric; a dash without one."""
    known = CAMERA_METRICS[metric]
    if value is None:
        return "–"
    figure = f"{known.shown(value):,.{known.decimals}f}".replace(",", " ")
    return f"{figure} {known.unit}".rstrip()


def _whole(own: Mapping[str, tuple[Limit, ...]], kind: str) -> tuple[Limit, ...]:
    found: list[Limit] = []
    for name, metric in CAMERA_METRICS.items():
        default: str = getattr(metric, kind)
        found += own.get(name, parse_camera_limit(name, default) if default else ())
    return tuple(found)


def _limit(metric: str, operator: str, value: float) -> Limit:
    if value > MAX_VALUE:
        raise ValueError(f"{value:g} is beyond anything measured (at most {MAX_VALUE:.0f})")
    most = CAMERA_METRICS[metric].most
    if value > most == 1:
        meant = f' (meant "{operator} {value / 100:g}"?)' if value <= 100 else ""
        raise ValueError(f"{metric} is a fraction from 0 to 1{meant}")
    if value > most:
        raise ValueError(f"{metric} is at most {most:g}")
    checked: Operator = operator  # type: ignore[assignment]
    return Limit(metric, checked, value)
