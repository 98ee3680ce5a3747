"""How much memory a burner may hold: decisions, without reading anything."""

from __future__ import annotations

import math

import msgspec

from tui.core.stress.view import HeldBy

STEP_MB = 16
MAX_PRESSURE_PERCENT = 5.0
"""Above it every task of the machine stood still for memory more than that share of the last ten
seconds: no further step then."""
TIGHT_REST_S = 0.05
AT_THE_FLOOR = "at the floor"
"""The state of a burner that holds less than its level because more must stay available."""


class Headroom(msgspec.Struct, frozen=True):
    """The machine's memory in MiB; the pressure is None where the kernel does not measure it."""

    total_mb: float
    available_mb: float
    pressure_full_percent: float | None = None


class Step(msgspec.Struct, frozen=True):
    """Blocks of STEP_MB to take (negative: to give back), and the state that this is."""

    blocks: int
    state: str
    held_by: HeldBy = ""


def next_step(level: float, held_blocks: int, floor: float, now: Headroom) -> Step:
    """One block towards `level`, a share of all memory; at once back to the floor and the level.

    The floor comes first. Growth leaves a block above it, so that it does not swing around it.
    """
    short_mb = floor - now.available_mb
    if short_mb > 0:
        return Step(-min(held_blocks, math.ceil(short_mb / STEP_MB)), AT_THE_FLOOR, "floor")
    # A share that is a whole number of blocks must not lose one to rounding.
    wanted_blocks = int(level * now.total_mb / STEP_MB + 1e-6)
    if held_blocks >= wanted_blocks:
        return Step(wanted_blocks - held_blocks, "at the level")
    if (now.pressure_full_percent or 0.0) > MAX_PRESSURE_PERCENT:
        return Step(0, "under pressure")
    if short_mb + 2 * STEP_MB > 0:
        return Step(0, AT_THE_FLOOR, "floor")
    return Step(1, "grows")


def rest_s(floor: float, now: Headroom) -> float:
    """A rest after a step: below twice the floor the machine gets time to answer."""
    return TIGHT_REST_S if now.available_mb < 2 * floor else 0.0
