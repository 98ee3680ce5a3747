"""The stages and the pattern of a [load] table, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import msgspec

from tui.core.levels import MAX_SPAWN_RATE, check_spawn_rate, check_users
from tui.core.load import Stage
from tui.core.mistakes import Mistakes


class StageTable(msgspec.Struct, forbid_unknown_fields=True):
    users: int
    duration: str
    spawn_rate: float | None = None


class Scale(NamedTuple):
    """What [load] says of all its stages."""

    users: int | None
    duration_s: float | None
    spawn_rate: float
    repeat: int


def read_stages(
    mistakes: Mistakes, tables: Sequence[StageTable], scale: Scale
) -> tuple[Stage, ...]:
    """Levels and lengths as the file has them, then scaled to the users and the duration.

    `mistakes` are those of [load]; none of the stages is there where it has any.
    """
    stages = [
        _stage(mistakes.within(f"stages.{number}"), table, scale.spawn_rate)
        for number, table in enumerate(tables, 1)
    ]
    if not stages or not mistakes.is_clean:
        return ()
    stages *= scale.repeat
    users, duration_s = scale.users, scale.duration_s
    peak = max(stage.users for stage in stages)
    whole_s = sum(stage.duration_s for stage in stages)
    by_users = users / peak if users and peak else 1.0
    by_time = duration_s / whole_s if duration_s and whole_s else 1.0
    # Ramps belong to the shape: a load of half the length climbs twice as fast.
    scaled = [
        Stage(
            # In whole numbers: 0.275 times 200 is a little above 55.
            -(-stage.users * (users or peak) // peak) if peak else 0,
            min(stage.spawn_rate * by_users / by_time, MAX_SPAWN_RATE),
            stage.duration_s * by_time,
        )
        for stage in stages
    ]
    return _checked(mistakes, "stages", scaled)


def read_pattern(mistakes: Mistakes, percents: Sequence[float], scale: Scale) -> tuple[Stage, ...]:
    """Shares of the users, each for the same part of the duration.

    `mistakes` are those of [load]; none of the stages is there where it has any.
    """
    if not all(0 <= percent <= 100 for percent in percents):
        mistakes.add("pattern", "its numbers are percents of load.users, from 0 to 100")
    if scale.users is None or scale.duration_s is None or not mistakes.is_clean:
        return ()
    length_s = scale.duration_s / (len(percents) * scale.repeat)
    levels = [ceil(scale.users * percent / 100) for percent in percents] * scale.repeat
    stages = [Stage(level, scale.spawn_rate, length_s) for level in levels]
    return _checked(mistakes, "pattern", stages)


def _stage(mistakes: Mistakes, table: StageTable, spawn_rate: float) -> Stage:
    check_users(mistakes, "users", table.users, least=0)
    if table.spawn_rate is not None:
        check_spawn_rate(mistakes, "spawn_rate", table.spawn_rate)
    duration_s = mistakes.seconds("duration", table.duration)
    return Stage(table.users, table.spawn_rate or spawn_rate, duration_s)


def _checked(mistakes: Mistakes, key: str, stages: Sequence[Stage]) -> tuple[Stage, ...]:
    if stages[0].users < 1:
        mistakes.add(key, "the first level needs a user: the load begins with it")
    before = 0
    for number, stage in enumerate(stages, 1):
        ramp_s = abs(stage.users - before) / stage.spawn_rate
        if stage.duration_s < 1:
            mistakes.add(key, f"stage {number} is shorter than 1 s", "duration")
            break
        if ramp_s >= stage.duration_s * (1 + 1e-9):
            what = (
                f"stage {number} ends before it gets from {before} to {stage.users} users: "
                f"at {stage.spawn_rate:g}/s that takes {ramp_s:g} s"
            )
            mistakes.add(key, what, "spawn_rate", "users", "duration")
            break
        before = stage.users
    return tuple(stages)
