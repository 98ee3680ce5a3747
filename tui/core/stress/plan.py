"""What a stress asks of the board: burners, their level over time, and the way it ends."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.format import counted, duration
from tui.core.stress.toxics import Toxics

Intent = Literal["soak", "contend"]
"""`soak` makes heat and stands back for the service; `contend` competes with it."""
Part = Literal["before", "stress", "after"]
PARTS: tuple[Part, ...] = ("before", "stress", "after")
"""The board as it was, under stress, and left alone again."""
LEAST_STEP_S = 30.0
"""A shorter step tells nothing of heat."""


class CpuPlan(msgspec.Struct, frozen=True, tag="cpu"):
    """One burner on each core."""

    level: float = 1.0
    """Share of each of its cores."""
    method: Literal["hash", "vector", "matrix"] = "matrix"
    cores: int | Literal["spare", "all"] = "spare"
    """`spare` leaves the first core free on boards with four or more."""


class MemoryPlan(msgspec.Struct, frozen=True, tag="memory"):
    level: float = 0.8
    """Share of all memory that it holds; 1: as much as the floor leaves."""
    mode: Literal["hold", "traffic"] = "hold"
    floor_share: float = 0.0
    """Share of all memory that stays available; can only raise the usual floor."""


class StoragePlan(msgspec.Struct, frozen=True, tag="storage"):
    level: float = 1.0
    """Share of the time spent inside operations of the device."""
    pattern: Literal["write", "read", "random", "mixed", "files"] = "write"
    file_mb: int = 512
    sizes_mb: tuple[int, ...] = (1, 5, 10, 20)
    """Of the pattern `files`."""
    fsync_every: int = 256
    """Write operations; 0: only at the end of a file."""


class NetworkPlan(msgspec.Struct, frozen=True, tag="network"):
    level: float = 0.8
    """Share of the rate."""
    mode: Literal["tcp", "udp", "connect"] = "tcp"
    rate_mbit_per_s: float | None = None
    """None: the speed of the link that leads there; of the loopback 1000."""
    connects_per_s: float = 50.0
    peer: str = ""
    """`HOST:PORT` of a jetproof peer; empty: one on this board, over its loopback."""


class GpuPlan(msgspec.Struct, frozen=True, tag="gpu"):
    level: float = 1.0
    by: Literal["auto", "trtexec", "gpu-burn"] = "auto"
    """The program that burns it; `auto`: whichever is installed."""
    engine: str = ""
    """trtexec's engine file; without one there is only gpu-burn."""


class ExhaustPlan(msgspec.Struct, frozen=True, tag="exhaust"):
    """Takes all there is of something, one after the other, and gives it back."""

    level: float = 1.0
    what: tuple[Literal["connections", "descriptors", "threads"], ...] = (
        "connections",
        "descriptors",
        "threads",
    )


class MetadataPlan(msgspec.Struct, frozen=True, tag="metadata"):
    """Inserts and queries on a database of its own, as a service's results make them."""

    level: float = 1.0
    """Share of the time spent inside the database."""
    connections: int = 4
    batch: int = 10
    """Rows in a transaction."""


class DiskPlan(msgspec.Struct, frozen=True, tag="disk"):
    """Takes all free space but a floor, without writing it."""

    level: float = 1.0
    floor_share: float = 0.0
    """Share of the file system that stays free; can only raise the usual floor."""


BurnerPlan = CpuPlan | MemoryPlan | StoragePlan | NetworkPlan | GpuPlan | ExhaustPlan | MetadataPlan
"""What runs as a burner: its tag is its name in events, on screen and in reports."""


class Step(msgspec.Struct, frozen=True):
    """A stretch of the stress at one level."""

    duration_s: float
    share: float = 1.0
    """Of each burner's own level."""
    toxics: Toxics | None = None
    """What the way to the service suffers from; None: it is left as it is."""

    @property
    def text(self) -> str:
        """`50 %`, or what the way to the service suffers from."""
        return self.toxics.text if self.toxics is not None else f"{self.share * 100:g} %"


class Stress(msgspec.Struct, frozen=True):
    """One stress, from the board as it was until it is so again."""

    intent: Intent
    before_s: float
    """Watched first: what the rest is compared with."""
    ramp_s: float
    """From nothing to the first step's level; part of that step."""
    steps: tuple[Step, ...]
    after_s: float
    """Watched afterwards, at most: it ends when the service has recovered."""
    burners: tuple[BurnerPlan, ...] = ()
    disk: DiskPlan | None = None
    until_steady: bool = False
    """The last step ends before its time once the board grows no warmer."""
    allow_throttle: bool = False
    """Burners go on above the temperature at which the board begins to hold itself back."""
    max_c: float | None = None
    """They stop at this temperature, if it is lower than the usual one."""

    @property
    def duration_s(self) -> float:
        """Of the stress itself, at most."""
        return sum(step.duration_s for step in self.steps)

    @property
    def total_s(self) -> float:
        """Of all three parts, at most."""
        return sum(self.lengths_s.values())

    @property
    def suffers(self) -> bool:
        """Whether the way to the service leads through a fault proxy."""
        return any(step.toxics is not None for step in self.steps)

    @property
    def names(self) -> tuple[str, ...]:
        """What it burns, in the file's order: `cpu`, `memory`, …"""
        found = [name_of(plan) for plan in self.burners]
        return (*found, *(["disk"] if self.disk else []), *(["faults"] if self.suffers else []))

    @property
    def lengths_s(self) -> dict[Part, float]:
        """How long each part takes, at most."""
        lengths_s = (self.before_s, self.duration_s, self.after_s)
        return dict(zip(PARTS, lengths_s, strict=True))

    def step_at(self, stress_s: float) -> int:
        """The step, counted from 0, so long after the stress itself began."""
        ends_s = 0.0
        for number, step in enumerate(self.steps):
            ends_s += step.duration_s
            if stress_s < ends_s:
                return number
        return len(self.steps) - 1

    def share_at(self, stress_s: float) -> float:
        """How much of each burner's level is asked for then, 0 to 1."""
        share = self.steps[self.step_at(stress_s)].share
        return share * min(stress_s / self.ramp_s, 1.0) if self.ramp_s else share


def stress_plan(stress: Stress) -> str:
    """`cpu and memory for 3 min`, `network faults for 2 min`."""
    names = [{"faults": "network faults"}.get(name, name) for name in stress.names]
    what = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))) or "watched"
    most = "at most " if stress.until_steady else ""
    return f"{what} for {most}{duration(stress.duration_s)}"


def name_of(plan: BurnerPlan | DiskPlan) -> str:
    """`cpu`, `memory`, …"""
    return str(plan.__struct_config__.tag)


def burner_text(plan: BurnerPlan) -> str:
    """`cpu matrix 100 %`, `memory hold 80 %`: one burner in a line, its name first."""
    level = f"{plan.level * 100:g} %"
    match plan:
        case CpuPlan():
            return f"cpu {plan.method} {level}{_cores_text(plan)}"
        case MemoryPlan():
            floor = f", {plan.floor_share * 100:g} % stay available" if plan.floor_share else ""
            return f"memory {plan.mode} {level}{floor}"
        case StoragePlan(pattern="files"):
            sizes = ", ".join(map(str, plan.sizes_mb))
            return f"storage files of {sizes} MiB {level}"
        case StoragePlan():
            return f"storage {plan.pattern} of {plan.file_mb} MiB {level}"
        case NetworkPlan():
            return f"network {plan.mode} {level}{_rate_text(plan)}, {plan.peer or 'loopback'}"
        case ExhaustPlan():
            return f"exhausts {', '.join(plan.what)}"
        case MetadataPlan():
            return f"metadata store {level}, {counted(plan.connections, 'connection')}"
        case GpuPlan():
            return "gpu at full rate"


def _cores_text(plan: CpuPlan) -> str:
    if plan.cores == "spare":
        return ""
    return ", all cores" if plan.cores == "all" else f", {counted(plan.cores, 'core')}"


def _rate_text(plan: NetworkPlan) -> str:
    """Of what the level is a share, where the file says it."""
    if plan.mode == "connect":
        return f" of {plan.connects_per_s:g} connections/s"
    return "" if plan.rate_mbit_per_s is None else f" of {plan.rate_mbit_per_s:g} Mbit/s"
