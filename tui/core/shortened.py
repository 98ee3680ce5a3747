"""A scenario of the same shape that takes seconds: for trying the machinery, not the target."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from tui.core.duration import parse_duration_s
from tui.core.format import FRACTIONS
from tui.core.limits import MAX_VALUE

PLAIN_S = 2.0
"""A load without stages takes this long."""
STAGE_S = 1.0
"""The shortest that a stage may be."""
LONGEST_STAGE_S = 3.0
MOST_STAGES = 10
MOST_USERS = 5
MOST_LEVEL = 10
"""Levels of a staged load are scaled down to this: fewer would not tell ten of them apart."""
MOST_REPEATS = 2
MOST_RPS = 10.0
OPEN_USERS = 30
SPAWN_RATE = 50.0
MOST_OPERATIONS = 10
OPERATIONS_S = 8.0
"""Enough for all of them; the run ends before."""
BARRIERS = 2


def shortened(data: Mapping[str, Any]) -> dict[str, Any]:
    """The changes (dotted key to value) that shorten a decoded scenario file which is in order.

    Stages and repeats, an arrival rate that changes, a barrier, operations for each user, tags
    and the warm-up's share stay. Every user class gets a user, and no threshold can break.
    """
    load: Mapping[str, Any] = data["load"]
    changes: dict[str, Any] = {"load.cool_down": "0s", "load.ask_below_memory_gb": 0.0}
    classes = load.get("user_classes", {})
    if classes:
        changes["load.user_classes"] = dict.fromkeys(classes, 1)
    if load.get("arrival_rate") is not None:
        length_s = _shorten_arrival(load, changes)
    elif load.get("stages") or load.get("pattern"):
        length_s = _shorten_stages(load, changes, len(classes))
    else:
        length_s = _shorten_level(load, changes, len(classes))
    if load.get("warm_up") is not None:
        share = parse_duration_s(load["warm_up"]) / _length_s(load)
        changes["load.warm_up"] = _text(share * length_s)
    # A stage of a second has no whole second at its level: nothing could be judged in it.
    if load.get("judge") == "stage":
        changes["load.judge"] = "run"
    changes["thresholds"] = {
        metric: _harmless(metric, entry if isinstance(entry, str) else entry["limit"])
        for metric, entry in data.get("thresholds", {}).items()
        if metric != "p95_variation"
    }
    return changes


def _shorten_level(load: Mapping[str, Any], changes: dict[str, Any], classes: int) -> float:
    operations = load.get("operations_per_user")
    length_s = PLAIN_S if operations is None else OPERATIONS_S
    if operations is not None:
        changes["load.operations_per_user"] = min(operations, MOST_OPERATIONS)
    if load.get("barrier") is not None:
        changes["load.barrier"] = _text(PLAIN_S / BARRIERS)
        if operations is not None:
            changes["load.operations_per_user"] = BARRIERS
    changes["load.users"] = max(min(load["users"], MOST_USERS), classes)
    changes["load.spawn_rate"] = SPAWN_RATE
    changes["load.duration"] = _text(length_s)
    return length_s


def _shorten_arrival(load: Mapping[str, Any], changes: dict[str, Any]) -> float:
    rate = load["arrival_rate"]
    if isinstance(rate, Mapping):
        ends = (rate.get("from", 0.0), rate["to"])
        factor = min(MOST_RPS / max(ends), 1.0)
        rate = {"from": ends[0] * factor, "to": ends[1] * factor}
    else:
        rate = min(rate, MOST_RPS)
    changes["load.arrival_rate"] = rate
    changes["load.users"] = OPEN_USERS
    changes["load.spawn_rate"] = SPAWN_RATE
    changes["load.duration"] = _text(PLAIN_S)
    return PLAIN_S


def _shorten_stages(load: Mapping[str, Any], changes: dict[str, Any], classes: int) -> float:
    key = "pattern" if load.get("pattern") else "stages"
    steps = load[key][:: ceil(len(load[key]) / MOST_STAGES)]
    repeats: int = min(load.get("repeat", 1), max(MOST_STAGES // len(steps), 1), MOST_REPEATS)
    changes["load.repeat"] = repeats
    changes["load.spawn_rate"] = SPAWN_RATE
    most = load["users"] if key == "pattern" else max(stage["users"] for stage in steps)
    level = max(min(most, MOST_LEVEL), classes)
    if key == "pattern":
        changes["load.pattern"] = steps
        length_s = len(steps) * repeats * STAGE_S
    else:
        seconds = [parse_duration_s(stage["duration"]) for stage in steps]
        factor = STAGE_S / min(seconds)
        seconds = [min(each * factor, LONGEST_STAGE_S) for each in seconds]
        changes["load.stages"] = [
            {"users": ceil(stage["users"] * level / most), "duration": _text(each_s)}
            for stage, each_s in zip(steps, seconds, strict=True)
        ]
        length_s = sum(seconds) * repeats
    # Where the file has them they would scale the stages.
    if key == "pattern" or load.get("users") is not None:
        changes["load.users"] = level
    if load.get("duration") is not None:
        changes["load.duration"] = _text(length_s)
    return length_s


def _length_s(load: Mapping[str, Any]) -> float:
    if load.get("duration") is not None:
        return parse_duration_s(load["duration"])
    repeats: int = load.get("repeat", 1)
    return repeats * sum(parse_duration_s(stage["duration"]) for stage in load["stages"])


def _text(seconds: float) -> str:
    return f"{seconds * 1000:.0f}ms"


def _harmless(metric: str, limit: str) -> str:
    if limit.strip().startswith(">"):
        return ">= 0"
    return "<= 1" if metric in FRACTIONS else f"<= {MAX_VALUE:.0f}"
