"""One sample of the board as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tui.cli.scene import Scene, Watched
from tui.core.events import Reading
from tui.core.gauges import unit_of
from tui.core.incidents import Incident
from tui.reports.utc import iso

SCHEMA = 1
Json = dict[str, Any]


def document(scene: Scene) -> Json:
    """`{schema, at, source, device, sources, gauges, throttle, incidents, uptime?}`.

    A source or gauge that can't be read says why. Times are UTC in ISO 8601.
    """
    found: Json = {
        "schema": SCHEMA,
        "at": iso(scene.at_s),
        "source": scene.device.source,
        "device": msgspec.to_builtins(scene.device),
        "sources": sources(scene),
        "gauges": gauges(scene.sample.readings),
        "throttle": {
            "throttled": scene.is_throttled,
            "reasons": [_incident(one) for one in scene.incidents if one.kind == "throttle"],
        },
        "incidents": [_incident(one) for one in scene.incidents],
    }
    if scene.watched is not None:
        found["uptime"] = uptime(scene.watched)
    return found


def sources(scene: Scene) -> list[Json]:
    """Each source that was considered: whether it is used, and why; why it is lost, if it is."""
    return [
        {
            "name": each.name,
            "used": each.used,
            "lost": each.name in scene.sample.lost,
            "why": scene.sample.lost.get(each.name, each.why),
        }
        for each in scene.chosen
    ]


def gauges(readings: Mapping[str, Reading]) -> Json:
    """Every gauge by name, all with the same keys."""
    return {
        name: {"unit": unit_of(name), **msgspec.structs.asdict(reading)}
        for name, reading in readings.items()
    }


def uptime(watched: Watched) -> Json:
    """The target's health and its share of the watched time that it answered in, by period."""
    return {
        "target": watched.name,
        "url": watched.url,
        "answers": watched.answered,
        "detail": watched.said,
        "periods": [
            {**msgspec.structs.asdict(each), "percent": each.percent, "text": each.text}
            for each in watched.uptimes
        ],
    }


def _incident(one: Incident) -> Json:
    found = msgspec.structs.asdict(one)
    began_s, ended_s = found.pop("began_s"), found.pop("ended_s")
    return found | {
        "began_at": iso(began_s),
        "ended_at": None if ended_s is None else iso(ended_s),
    }
