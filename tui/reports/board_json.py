"""The board in a run as data: why it held itself back, alerts, changes, and each rise of p95."""

from __future__ import annotations

from typing import Any

import msgspec

from tui.core.gauges import unit_of
from tui.core.incidents import Incident, Rise
from tui.core.model import RunView
from tui.core.telemetry import GaugeStats
from tui.reports.board_words import LONGEST, is_replayed
from tui.reports.bouts import lasted_s, load_end_s
from tui.reports.clean import shortened
from tui.reports.gauge_words import is_cumulative
from tui.reports.utc import iso, of_load

Json = dict[str, Any]


def telemetry(view: RunView) -> Json:
    """The board's gauges over the run, and what began and ended on it."""
    return {
        "interval_s": view.telemetry_interval_s,
        "samples": view.telemetry_samples,
        "replayed": is_replayed(view),
        "metrics": {stats.name: _metric(stats) for stats in view.telemetry},
        "throttle": _throttle(view),
        "alerts": [{**_incident(view, one), "limit": one.limit} for one in _of(view, "alert")],
        "changes": [_change(view, one) for one in _of(view, "change")],
        "lost": [_lost(view, one) for one in _of(view, "source")],
        "rises": [_rise(view, rise) for rise in view.rises],
        "leaks": [msgspec.structs.asdict(leak) for leak in view.leaks],
    }


def comparable(view: RunView) -> Json:
    """Whether the run can be held against others, and why not."""
    return {
        "comparable": not view.incomparable,
        "reasons": [shortened(reason, LONGEST) for reason in view.incomparable],
    }


def _metric(stats: GaugeStats) -> Json:
    found: Json = {
        "unit": unit_of(stats.name),
        "source": stats.source,
        "samples": stats.samples,
        "min": stats.min,
        "mean": stats.mean,
        "p95": stats.p95,
        "max": stats.max,
    }
    if is_cumulative(stats.name):
        found["growth"] = stats.max - stats.min
    if stats.limit is not None:
        found["limit"] = stats.limit
    if stats.critical is not None:
        found["critical"] = stats.critical
    if stats.text:
        found["text"] = shortened(stats.text, LONGEST)
    return found


def _throttle(view: RunView) -> Json:
    reasons = _of(view, "throttle")
    return {
        "throttled": view.is_throttled,
        "seconds": None if view.is_throttled is None else lasted_s(view, reasons),
        "reasons": [_incident(view, one) for one in reasons],
    }


def _incident(view: RunView, one: Incident) -> Json:
    ended_s = load_end_s(view) if one.ended_s is None else one.ended_s
    return {
        "key": one.key,
        "text": shortened(one.text, LONGEST),
        "level": one.level,
        "began_at": _utc(view, one.began_s),
        "ended_at": None if one.ended_s is None else _utc(view, one.ended_s),
        "seconds": max(ended_s - one.began_s, 0.0),
        "peak": one.peak,
        "unit": unit_of(one.gauge) if one.gauge else "",
        "gauge": one.gauge or None,
        "detail": shortened(one.detail, LONGEST),
    }


def _change(view: RunView, one: Incident) -> Json:
    return {
        "key": one.key,
        "text": shortened(one.text, LONGEST),
        "level": one.level,
        "at": _utc(view, one.began_s),
        "detail": shortened(one.detail, LONGEST),
    }


def _lost(view: RunView, one: Incident) -> Json:
    ended_s = load_end_s(view) if one.ended_s is None else one.ended_s
    return {
        "source": one.key.removeprefix("source."),
        "text": shortened(one.text, LONGEST),
        "began_at": _utc(view, one.began_s),
        "ended_at": None if one.ended_s is None else _utc(view, one.ended_s),
        "seconds": max(ended_s - one.began_s, 0.0),
        "why": shortened(one.detail, LONGEST),
    }


def _rise(view: RunView, rise: Rise) -> Json:
    return {
        "began_at": _utc(view, rise.began_s),
        "ended_at": None if rise.ended_s is None else _utc(view, rise.ended_s),
        "before_ms": rise.before_ms,
        "peak_ms": rise.peak_ms,
        "percent": rise.percent,
        "cause": shortened(rise.cause, LONGEST) or None,
        "lag_s": rise.lag_s if rise.cause else None,
        "detail": shortened(rise.detail, LONGEST),
        "unchanged": list(rise.unchanged),
        "by": ("board" if rise.is_of_the_board else rise.by) if rise.cause else None,
    }


def _of(view: RunView, kind: str) -> list[Incident]:
    return [incident for incident in view.incidents if incident.kind == kind]


def _utc(view: RunView, load_s: float) -> str:
    return iso(of_load(view, load_s))
