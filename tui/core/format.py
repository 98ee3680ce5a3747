"""Numbers as people read them. The only place where a figure becomes text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.e2e.metric_table import WORKFLOW_METRICS
from tui.core.own_metric import Metric
from tui.core.storage.metric_table import STORAGE_METRICS

if TYPE_CHECKING:
    from tui.core.load import Load

NOTHING = "–"
FRACTIONS = ("error_rate", "ungraceful_rate", "p95_variation")
_METRIC_LABELS = {
    "error_rate": "errors",
    "ungraceful_rate": "ungraceful",
    "p95_variation": "p95 var.",
    "recovery_s": "recovery",
    "outage_s": "outage",
    "p95_ratio": "p95 under stress / before",
    "rps_ratio": "rps under stress / before",
}
"""Metrics that are shares: shown in percent."""


def count(value: float) -> str:
    """`1 234 567`: groups of three, set apart by a space."""
    return f"{value:,.0f}".replace(",", " ")


def counted(number: int, noun: str) -> str:
    """`1 request`, `2 requests`."""
    ending = "es" if noun.endswith("sh") else "s"
    return f"{count(number)} {noun}{'' if number == 1 else ending}"


def ms(value: float | None) -> str:
    """Milliseconds with two figures below ten, whole above."""
    if value is None:
        return NOTHING
    if value < 9.95:
        return f"{value:.2f}" if value < 0.995 else f"{value:.1f}"
    return count(value)


def seconds(value_ms: float | None) -> str:
    """Milliseconds as seconds with three decimals."""
    return NOTHING if value_ms is None else f"{value_ms / 1000:.3f}s"


def percent(fraction: float | None) -> str:
    """A fraction 0..1 as percent, without the sign: `0.06`, `1.5`, `12`."""
    if fraction is None:
        return NOTHING
    value = fraction * 100
    if value == 0:
        return "0"
    if value < 0.01:
        return "<0.01"
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"


def rate(value: float | None) -> str:
    """Requests per second."""
    if value is None:
        return NOTHING
    return f"{value:.1f}" if value < 100 else count(value)


def two_decimals(value: float) -> str:
    """Always two decimals, ungrouped: `27.10`. For output that scripts cut apart."""
    return f"{value:.2f}"


def share(part: int, whole: int) -> str:
    """`99.60%`, cut and not rounded: one failure in a million is not `100.00%`."""
    if whole == 0:
        return NOTHING
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def clock(total_s: float) -> str:
    """`02:13`, from an hour on `1:02:13`."""
    whole = max(int(total_s), 0)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"


def short_clock(total_s: float) -> str:
    """`2:13`, as time axes show it."""
    text = clock(total_s)
    return text[1:] if text.startswith("0") and len(text) > 4 else text


def duration(total_s: float) -> str:
    """`30 s`, `5 min`, `1 h 20 min`."""
    if total_s < 120 and total_s % 60:
        return f"{total_s:g} s"
    minutes, rest = divmod(round(total_s), 60)
    hours, minute = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    if minute:
        parts.append(f"{minute} min")
    if rest:
        parts.append(f"{rest} s")
    return " ".join(parts) or "0 s"


def brief_duration(total_s: float) -> str:
    """`30 s`, `5 m`, `2 h`, `1 d`: one unit, rounded down; for narrow columns and ages."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if total_s >= size:
            return (
                f"{total_s / size:.0f} {unit}"
                if total_s % size == 0
                else f"{total_s // size:.0f} {unit}"
            )
    return f"{total_s:.0f} s"


def load_level(load: Load) -> str:
    """`20 users`, `20 operations/s`: a load without its length."""
    arrival = load.arrival
    if arrival is None:
        return counted(load.users, "user")
    rates = f"{arrival.from_rps:g}"
    if arrival.to_rps != arrival.from_rps:
        rates = f"{rates} to {arrival.to_rps:g}"
    return f"{rates} operations/s"


def load_plan(load: Load) -> str:
    """`20 users for 5 min`, `1 to 50 users in 5 stages, 5 min`, `20 operations/s for 1 min`."""
    length = duration(load.duration_s)
    if load.search is not None:
        unit = "users" if load.search.by == "users" else "operations/s"
        span = f"{load.search.from_:g} to {load.search.to:g}"
        return f"{span} {unit}, until a limit breaks, at most {length}"
    if load.arrival is not None:
        return f"{load_level(load)} for {length}"
    if load.stages:
        levels = [stage.users for stage in load.stages if stage.users]
        lowest, highest = min(levels), max(levels)
        users = count(lowest) if lowest == highest else f"{count(lowest)} to {count(highest)}"
        return f"{users} users in {len(load.stages)} stages, {length}"
    users = counted(load.users, "user")
    if load.shape:
        return f"up to {users} as {load.shape} says, at most {length}"
    if load.operations_per_user is not None:
        return f"{users}, {counted(load.operations_per_user, 'operation')} each, at most {length}"
    if load.barrier_s is not None:
        return f"{users} at once every {load.barrier_s:g} s for {length}"
    return f"{users} for {length}"


def metric(name: str, value: float | None, limit: float | None = None) -> str:
    """A threshold's figure in the metric's own unit, without the unit; told apart from a `limit`
    where the metric has a table of its own."""
    own = _own(name)
    if own is not None:
        return NOTHING if value is None else own.figure(value, limit)
    if name.endswith("_ms"):
        return ms(value)
    if value is None:
        return NOTHING
    if name.endswith("_ratio"):
        return two_decimals(value)
    if name.endswith("_s"):
        return fixed(value, 0 if value == int(value) else 1)
    return percent(value) if name in FRACTIONS else rate(value)


def metric_limit(name: str, value: float) -> str:
    """A limit's own figure, without the unit."""
    own = _own(name)
    return own.bound(value) if own is not None else metric(name, value)


def metric_unit(name: str) -> str:
    """The unit that belongs behind `metric`."""
    own = _own(name)
    if own is not None:
        return own.unit
    if name.endswith("_s"):
        return "s"
    return "ms" if name.endswith("_ms") else "%" if name in FRACTIONS else ""


def metric_label(name: str) -> str:
    """`p95`, `errors`, `rps`: how a metric is called on a screen."""
    own = _own(name)
    if own is not None:
        return own.label
    return _METRIC_LABELS.get(name, name.removesuffix("_ms"))


def _own(name: str) -> Metric | None:
    """None for a metric of the service; `recovery_s` is one of both, and is shown alike."""
    if name in _METRIC_LABELS:
        return None
    return CAMERA_METRICS.get(name) or WORKFLOW_METRICS.get(name) or STORAGE_METRICS.get(name)


def fixed(value: float, decimals: int = 0) -> str:
    """A gauge's figure with so many decimals, in groups of three."""
    return f"{value:,.{decimals}f}".replace(",", " ")
