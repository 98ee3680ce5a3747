"""Limits on the figures of a camera: as they are written, and as they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.limits import Limit
from tui.core.own_limit import parse_own_limit


def parse_camera_limit(metric: str, text: str) -> tuple[Limit, ...]:
    """One limit, or two for a range such as `20 to 235`; ValueError says what was meant."""
    return parse_own_limit(CAMERA_METRICS, metric, text)


def camera_limits(
    thresholds: Mapping[str, tuple[Limit, ...]], goals: Mapping[str, tuple[Limit, ...]]
) -> tuple[tuple[Limit, ...], tuple[Limit, ...]]:
    """Thresholds and goals by metric over the defaults: the whole sets, in the order of metrics."""
    return _whole(thresholds, "threshold"), _whole(goals, "goal")


def limit_text(limit: Limit) -> str:
    """`>= 95 %`, `< 2 000 ms`: with its unit where that is one."""
    known = CAMERA_METRICS[limit.metric]
    unit = f" {known.unit}" if known.unit in ("ms", "%", "s", "kbit/s") else ""
    return f"{limit.operator} {known.bound(limit.value)}{unit}"


def figure_text(metric: str, value: float | None, limit: float | None = None) -> str:
    """A figure with the unit of its metric, told apart from a `limit`; a dash without one."""
    known = CAMERA_METRICS[metric]
    return "–" if value is None else f"{known.figure(value, limit)} {known.unit}".rstrip()


def _whole(own: Mapping[str, tuple[Limit, ...]], kind: str) -> tuple[Limit, ...]:
    found: list[Limit] = []
    for name, metric in CAMERA_METRICS.items():
        default: str = getattr(metric, kind)
        found += own.get(name, parse_camera_limit(name, default) if default else ())
    return tuple(found)
