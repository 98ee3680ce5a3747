"""A scenario of the same shape that takes seconds: for trying the machinery, not the target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.duration import parse_duration_s
from tui.core.e2e.metric_table import WORKFLOW_METRICS
from tui.core.format import FRACTIONS
from tui.core.limits import MAX_VALUE, PERCENTILES
from tui.core.storage.metric_table import STORAGE_METRICS
from tui.core.stress.burner_tables import MAX_FLOOR_PERCENT
from tui.core.stress.plan import StoragePlan

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
SEARCH_WINDOW_S = 5.0
"""The shortest that there may be."""
BEFORE_S = 1.0
STRESS_S = 3.0
LEAST_STEP_S = 0.1
"""Many steps make the stress longer: each is to be told from the next."""
AFTER_S = 3.0
CAMERAS_S = 3.0
"""Enough pictures for a rate, of one that delivers twenty a second."""
SMALL_STORAGE: Mapping[str, Any] = {
    "sizes_mb": [1, 2], "parallel": [1, 2], "per_cell": 2, "cell": "1s", "records": 500,
}  # fmt: skip
MOST_ROUNDS = 2
MOST_ITEMS = 4
"""Of a step that has items."""
WARM_UP_S = 1.0
"""At most, where the file does not say how long the load lasts."""
MOST_LEVEL_PERCENT = 20.0
MOST_FILE_MB = 16
MOST_MEMORY_PERCENT = 5.0
TOO_SLOW = ("p95_variation", "recovery_s", "p95_ratio", "rps_ratio")
"""Figures that seconds can't tell: limits on them are left out."""


def shortened(data: Mapping[str, Any]) -> dict[str, Any]:
    """The changes (dotted key to value) that shorten a decoded scenario file which is in order.

    Stages and repeats, an arrival rate that changes, a barrier, operations for each user, tags
    and the warm-up's share stay. Every user class gets a user, and no threshold can break. A
    stress keeps its burners, steps and guards, and takes little memory, storage and disk. A
    workflow and a smoke suite keep their steps and what they check, with few items.
    """
    changes: dict[str, Any] = {"cool_down": "0s", "ask_below_memory_gb": 0.0}
    if data.get("load"):
        _shorten_load(data["load"], changes)
    if data.get("stress"):
        _shorten_stress(data["stress"], changes)
        # A load beside a stress lasts as long as that does.
        changes.pop("load.duration", None)
    if data.get("cameras"):
        changes["cameras.duration"] = _text(CAMERAS_S)
        changes["cameras.settle"] = _text(0.0)
    if data.get("storage") is not None:
        changes |= {f"storage.{key}": value for key, value in SMALL_STORAGE.items()}
    if data.get("e2e"):
        _shorten_workflow(data["e2e"], changes)
        # A load beside a workflow has a length only where its file says so.
        if not {"duration", "stages", "pattern"} & set(data.get("load", {})):
            changes.pop("load.duration", None)
    if data.get("smoke"):
        _shorten_suite(data["smoke"], changes)
    # Under a stress a second may be disturbed, and latencies of such ones do not count: of the few
    # that there are here, none may be left.
    left_out = (*TOO_SLOW, *PERCENTILES) if data.get("stress") else TOO_SLOW
    changes["thresholds"] = {
        metric: _harmless(metric, entry if isinstance(entry, str) else entry["limit"])
        for metric, entry in data.get("thresholds", {}).items()
        if metric not in left_out
    }
    return changes


def _shorten_load(load: Mapping[str, Any], changes: dict[str, Any]) -> None:
    classes = load.get("user_classes", {})
    if classes:
        changes["load.user_classes"] = dict.fromkeys(classes, 1)
    if load.get("search") is not None:
        length_s = _shorten_search(load["search"], changes, len(classes))
    elif load.get("arrival_rate") is not None:
        length_s = _shorten_arrival(load, changes)
    elif load.get("stages") or load.get("pattern"):
        length_s = _shorten_stages(load, changes, len(classes))
    else:
        length_s = _shorten_level(load, changes, len(classes))
    if load.get("warm_up") is not None:
        warm_up_s, whole_s = parse_duration_s(load["warm_up"]), _length_s(load)
        shorter_s = warm_up_s / whole_s * length_s if whole_s else min(warm_up_s, WARM_UP_S)
        changes["load.warm_up"] = _text(shorter_s)
    # A stage of a second has no whole second at its level: nothing could be judged in it.
    if load.get("judge") == "stage":
        changes["load.judge"] = "run"


def _shorten_stress(stress: Mapping[str, Any], changes: dict[str, Any]) -> None:
    steps = max(len(stress.get("steps_percent", ())), len(stress.get("faults", ())), 1)
    length_s = max(STRESS_S, steps * LEAST_STEP_S)
    factor = length_s / parse_duration_s(stress["duration"])
    changes["stress.before"] = _text(BEFORE_S)
    changes["stress.duration"] = _text(length_s)
    changes["stress.after"] = _text(AFTER_S)
    if stress.get("ramp") is not None:
        changes["stress.ramp"] = _text(factor * parse_duration_s(stress["ramp"]))
    # No machine need get warm for this, and hardly anybody has a thermometer that would show it.
    if stress.get("until_steady"):
        changes["stress.until_steady"] = False
    # What competes for this machine competes with all else that is tried on it.
    for name in ("cpu", "storage", "network", "metadata"):
        if stress.get(name) is not None:
            percent = min(stress[name].get("level_percent", 100.0), MOST_LEVEL_PERCENT)
            changes[f"stress.{name}.level_percent"] = percent
    memory, storage = stress.get("memory"), stress.get("storage")
    if memory is not None:
        percent = min(memory.get("level_percent", MOST_MEMORY_PERCENT), MOST_MEMORY_PERCENT)
        changes["stress.memory.level_percent"] = percent
    if storage is not None:
        changes["stress.storage.file_mb"] = min(storage.get("file_mb", MOST_FILE_MB), MOST_FILE_MB)
        sizes_mb = storage.get("sizes_mb", StoragePlan().sizes_mb)
        changes["stress.storage.sizes_mb"] = [min(each, MOST_FILE_MB) for each in sizes_mb]
    if stress.get("disk") is not None:
        changes["stress.disk.floor_percent"] = MAX_FLOOR_PERCENT


def _shorten_workflow(workflow: Mapping[str, Any], changes: dict[str, Any]) -> None:
    rounds = min(workflow.get("rounds", 1), MOST_ROUNDS)
    changes["e2e.rounds"] = rounds
    changes["e2e.at_once"] = min(workflow.get("at_once", 1), rounds)
    changes["e2e.every"] = _text(0.0)
    for key in ("steps", "cleanup"):
        changes[f"e2e.{key}"] = _shorter_steps(workflow.get(key, ()))


def _shorten_suite(suite: Mapping[str, Any], changes: dict[str, Any]) -> None:
    changes["smoke.tests"] = [
        {**test, "steps": _shorter_steps(test["steps"])} for test in suite["tests"]
    ]
    changes["smoke.cleanup"] = _shorter_steps(suite.get("cleanup", ()))


def _shorter_steps(steps: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same for few items. A step that has to be quick is a threshold, too."""
    left_out = ("within_ms", "p95_ms")
    return [
        {
            key: min(value, MOST_ITEMS) if key == "repeat" else value
            for key, value in step.items()
            if key not in left_out
        }
        for step in steps
    ]


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


def _shorten_search(search: Mapping[str, Any], changes: dict[str, Any], classes: int) -> float:
    """Two levels, which no threshold can tell from each other: it ends at its cap."""
    # A window waits for its requests: one user alone would take three times as long.
    most = float(max(MOST_USERS, classes))
    shorter: dict[str, Any] = {"from": most - 1, "to": most, "factor": 2.0}
    shorter |= {"precision_percent": 50.0}
    shorter |= {"settle": "0s", "window": _text(SEARCH_WINDOW_S), "confirm": "0s"}
    changes.update({f"load.search.{key}": value for key, value in shorter.items()})
    if search.get("by", "users") == "users":
        changes["load.spawn_rate"] = SPAWN_RATE
    else:
        changes["load.users"] = OPEN_USERS
    return 2 * SEARCH_WINDOW_S


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
    """0 where a stress says it, or a search."""
    if load.get("duration") is not None:
        return parse_duration_s(load["duration"])
    repeats: int = load.get("repeat", 1)
    return repeats * sum(parse_duration_s(stage["duration"]) for stage in load.get("stages", ()))


def _text(seconds: float) -> str:
    return f"{seconds * 1000:.0f}ms"


def _harmless(metric: str, limit: str) -> str:
    if limit.strip().startswith(">"):
        return ">= 0"
    most = 1.0 if metric in FRACTIONS else MAX_VALUE
    own = CAMERA_METRICS.get(metric) or WORKFLOW_METRICS.get(metric)
    own = own or STORAGE_METRICS.get(metric)
    if own is not None:
        most = min(most, own.most)
    return f"<= {most:.0f}"
