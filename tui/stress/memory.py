"""Holds a share of the memory, verified, and never the last of it. `python -m tui.stress.memory`"""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import Given, begin

_GIVEN = begin() if __name__ == "__main__" else None

import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from tui.core.floors import memory_floor_mb
from tui.core.stress.view import HeldBy
from tui.stress.burner import Burner, BurnerSpec, Figures, Unusable, burn
from tui.stress.headroom import STEP_MB, Headroom, next_step, rest_s
from tui.stress.memory_block import CHUNKS, Block, Pattern

VERIFY_EVERY_S = 10.0
LOOK_S = 0.1
MIB = 1024 * 1024
PROC = Path("/proc")
"""Where the kernel tells of the machine's memory."""


class MemorySpec(BurnerSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`level` is the share of all memory to hold; 1 is: as much as the floor leaves.

    `hold` compares everything each ten seconds; `traffic` reads, compares and rewrites it
    without a pause. `floor_mb` (MiB that stay available) can only raise the usual floor.
    """

    mode: Literal["hold", "traffic"] = "hold"
    floor_mb: Annotated[float, msgspec.Meta(ge=0.0)] = 0.0


def work(spec: MemorySpec, burner: Burner) -> Figures:
    """Hold until the end; the totals: the most that was held, and the traffic, in MiB."""
    hoard = _Hoard(spec, burner)
    burner.begin_window()
    while burner.goes_on():
        hoard.turn()
        if burner.is_report_due:
            hoard.report()
    return hoard.totals()


def headroom(proc: Path) -> Headroom:
    """What the kernel says of the memory now. Unusable when it does not say it."""
    sizes = _sizes_mb(proc / "meminfo")
    try:
        return Headroom(sizes["MemTotal"], sizes["MemAvailable"], _pressure_percent(proc))
    except KeyError as missing:
        raise Unusable(f"/proc/meminfo does not tell {missing}: no floor can be kept") from None


class _Hoard:
    """The blocks that are held. What is reached is what is resident, by the kernel's account."""

    def __init__(self, spec: MemorySpec, burner: Burner) -> None:
        self._is_traffic = spec.mode == "traffic"
        self._burner = burner
        self._pattern = Pattern()
        self._blocks: list[Block] = []
        self._now = headroom(PROC)
        self._floor_mb = memory_floor_mb(self._now.total_mb, spec.floor_mb)
        self._state = ""
        self._held_s: dict[HeldBy, float] = {}
        """How long something kept it from its level since the last report, by what."""
        self._held_by: HeldBy = ""
        """What did so for most of a report; the last that did."""
        self._next = 0
        self._verify_from_s = time.monotonic()
        self._passes = 0
        self._moved_mb = self._reported_moved_mb = 0
        self._moving_from_s: float | None = None
        """Since it moves anything: the first growth comes before; None: not yet."""
        self._most_mb = 0
        self._own_mb = _own_sizes_mb()[0]

    def turn(self) -> None:
        """One look at the machine and one block of work, or a short rest."""
        began_s = time.monotonic()
        held_by = self._turn()
        if held_by:
            took_s = time.monotonic() - began_s
            self._held_s[held_by] = self._held_s.get(held_by, 0.0) + took_s

    def _turn(self) -> HeldBy:
        """What kept it from its level meanwhile; empty: nothing."""
        self._now = headroom(PROC)
        step = next_step(self._burner.level, len(self._blocks), self._floor_mb, self._now)
        self._state = step.state
        if step.blocks > 0:
            self._grow()
            self._burner.wait(rest_s(self._floor_mb, self._now))
            return step.held_by
        if step.blocks < 0:
            del self._blocks[step.blocks :]
        if self._blocks and (self._is_traffic or time.monotonic() >= self._verify_from_s):
            self._compare()
        else:
            self._burner.wait(LOOK_S)
        return step.held_by

    def report(self) -> None:
        """Say what is held since the last report."""
        resident_mb, swapped_mb = _own_sizes_mb()
        held_by = self._held_most()
        self._held_by = held_by or self._held_by
        figures: Figures = {
            "held_mb": len(self._blocks) * STEP_MB,
            "swapped_mb": swapped_mb,
            "available_mb": self._now.available_mb,
            "floor_mb": self._floor_mb,
            "passes": self._passes,
            "state": self._state,
            "held_by": held_by,
        }
        if self._now.pressure_full_percent is not None:
            figures["pressure_full_percent"] = self._now.pressure_full_percent
        if self._is_traffic:
            moved_mb = self._moved_mb - self._reported_moved_mb
            figures["traffic_mb_per_s"] = moved_mb / self._burner.window_s
            self._reported_moved_mb = self._moved_mb
        held_mb = max(resident_mb - self._own_mb, 0.0)
        self._burner.report(reached=held_mb / self._now.total_mb, **figures)

    def totals(self) -> Figures:
        """The figures of the last line."""
        return {
            "most_mb": self._most_mb,
            "traffic_mb": self._moved_mb,
            "passes": self._passes,
            "state": self._state,
            "held_by": self._held_by,
            **self._traffic(),
        }

    def _held_most(self) -> HeldBy:
        """What kept it from its level for most of this report, which ends here."""
        held_s, self._held_s = self._held_s, {}
        least_s = self._burner.window_s / 2
        return next((name for name, lasted_s in held_s.items() if lasted_s > least_s), "")

    def _traffic(self) -> Figures:
        if self._moving_from_s is None:
            return {}
        passed_s = max(time.monotonic() - self._moving_from_s, 1e-9)
        return {"traffic_mb_per_s": self._moved_mb / passed_s}

    def _grow(self) -> None:
        try:
            self._blocks.append(Block(self._pattern, len(self._blocks)))
        except OSError:
            self._state = "refused by the kernel"
            self._burner.wait(LOOK_S)
        self._most_mb = max(self._most_mb, len(self._blocks) * STEP_MB)

    def _compare(self) -> None:
        self._next %= len(self._blocks)
        block = self._blocks[self._next]
        began_s = time.monotonic()
        bad = block.renew() if self._is_traffic else block.verify()
        self._burner.bad += bad
        self._burner.verified += CHUNKS - bad
        if self._is_traffic:
            if self._moving_from_s is None:
                self._moving_from_s = began_s
            self._moved_mb += 2 * STEP_MB  # read, and written
        self._next += 1
        if self._next >= len(self._blocks):
            self._passes += 1
            self._verify_from_s = time.monotonic() + VERIFY_EVERY_S


def _own_sizes_mb() -> tuple[float, float]:
    """What this process has of its own in memory, and in swap."""
    sizes = _sizes_mb(Path("/proc/self/status"))
    return sizes["RssAnon"], sizes["VmSwap"]


def _sizes_mb(path: Path) -> dict[str, float]:
    """The lines `Name:  123 kB` of a file of /proc."""
    fields = (line.split() for line in path.read_text().splitlines())
    return {
        parts[0].rstrip(":"): int(parts[1]) / 1024
        for parts in fields
        if len(parts) == 3 and parts[2] == "kB"
    }


def _pressure_percent(proc: Path) -> float | None:
    try:
        text = (proc / "pressure" / "memory").read_text()
    except OSError:
        return None  # not in this kernel, or switched off in it
    for line in text.splitlines():
        if line.startswith("full avg10="):
            return float(line.split()[1].removeprefix("avg10="))
    return None


def main(given: Given) -> int:
    """Burn as the spec says; the exit status."""
    return burn("memory", "share of all memory", MemorySpec, work, given)


if __name__ == "__main__":
    assert _GIVEN is not None
    sys.exit(main(_GIVEN))
