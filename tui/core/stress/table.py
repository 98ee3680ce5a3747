"""The [stress] table of a scenario file, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.mistakes import Mistakes
from tui.core.stress.burner_tables import (
    GPU_RATE,
    CpuTable,
    DiskTable,
    ExhaustTable,
    GpuTable,
    MemoryTable,
    MetadataTable,
    NetworkTable,
    StorageTable,
    read_burner,
    read_disk,
)
from tui.core.stress.fault_table import FaultTable, read_fault
from tui.core.stress.plan import BurnerPlan, Intent, Step, Stress

MAX_DURATION_S = 24 * 3600.0
MAX_WATCH_S = 3600.0
"""Before the stress, and after it."""
MAX_STEPS = 100
MAX_C = 125.0
BURNERS = ("cpu", "memory", "storage", "network", "gpu", "exhaust", "metadata")
"""Their tables, in the order in which they are told."""


class StressTable(msgspec.Struct, forbid_unknown_fields=True):
    duration: str
    intent: Intent = "contend"
    before: str = "20s"
    ramp: str = "0s"
    steps_percent: list[float] = []
    after: str = "60s"
    until_steady: bool = False
    allow_throttle: bool = False
    max_c: float | None = None
    cpu: CpuTable | None = None
    memory: MemoryTable | None = None
    storage: StorageTable | None = None
    network: NetworkTable | None = None
    gpu: GpuTable | None = None
    exhaust: ExhaustTable | None = None
    metadata: MetadataTable | None = None
    disk: DiskTable | None = None
    faults: list[FaultTable] = []


def read_stress(mistakes: Mistakes, table: StressTable, *, is_loaded: bool) -> Stress | None:
    """The stress that a table asks for; None where `mistakes`, those of [stress], has any.

    `is_loaded`: whether the file puts load on the service too.
    """
    duration_s = _duration_s(mistakes, table.duration)
    stress = Stress(
        intent=table.intent,
        before_s=mistakes.seconds("before", table.before, most_s=MAX_WATCH_S),
        ramp_s=mistakes.seconds("ramp", table.ramp),
        steps=_steps(mistakes, table, duration_s),
        after_s=mistakes.seconds("after", table.after, most_s=MAX_WATCH_S),
        burners=_burners(mistakes, table),
        disk=None if table.disk is None else read_disk(mistakes.within("disk"), table.disk),
        until_steady=table.until_steady,
        allow_throttle=table.allow_throttle,
        max_c=table.max_c,
    )
    _check(mistakes, table, stress, is_loaded=is_loaded)
    return stress if mistakes.is_clean else None


def _duration_s(mistakes: Mistakes, text: str) -> float:
    duration_s = mistakes.seconds("duration", text)
    if not 1 <= duration_s <= MAX_DURATION_S:
        mistakes.add("duration", "from 1s to 24h: nothing is burnt without an end")
    return duration_s


def _check(mistakes: Mistakes, table: StressTable, stress: Stress, *, is_loaded: bool) -> None:
    step_s = stress.steps[0].duration_s
    if stress.ramp_s and stress.ramp_s >= step_s:
        what = f"{stress.ramp_s:g} s leave nothing at the level: the first step takes {step_s:g} s"
        mistakes.add("ramp", what, "duration", unless=["steps_percent", "faults"])
    if stress.max_c is not None and not 0 < stress.max_c <= MAX_C:
        mistakes.add("max_c", f"degrees Celsius, above 0 and at most {MAX_C:g}")
    if not (stress.burners or stress.disk or table.faults or is_loaded):
        known = ", ".join((*BURNERS, "disk"))
        what = f"burns nothing: it needs one of the tables {known}, or faults"
        mistakes.add("", what, unless=[*BURNERS, "disk", "faults"])
    if table.gpu is not None and not {0, 100}.issuperset(table.steps_percent):
        what = f"{GPU_RATE}: beside stress.gpu a step is 0 or 100"
        mistakes.add("steps_percent", what, "gpu", unless=["steps_percent"])
    if table.faults and not is_loaded:
        what = "concern the way of a load to the service: [load] is missing"
        mistakes.add("faults", what)


def _steps(mistakes: Mistakes, table: StressTable, duration_s: float) -> tuple[Step, ...]:
    """Levels, or faults, each for the same part of the time; there is always one."""
    if table.steps_percent and table.faults:
        mistakes.add("faults", "both it and stress.steps_percent say what the steps are")
    for key, entries in (("steps_percent", table.steps_percent), ("faults", table.faults)):
        if len(entries) > MAX_STEPS:
            mistakes.add(key, f"at most {MAX_STEPS} steps")
            return (Step(duration_s),)
    if table.faults:
        each_s = duration_s / len(table.faults)
        return tuple(
            Step(each_s, toxics=read_fault(mistakes.within(f"faults.{number}"), fault))
            for number, fault in enumerate(table.faults, start=1)
        )
    shares = [
        mistakes.share(f"steps_percent.{number}", percent)
        for number, percent in enumerate(table.steps_percent, start=1)
    ]
    if shares and not any(shares):
        what = "nothing but pauses burns nothing: at least one is above 0"
        mistakes.add("steps_percent", what, unless=["steps_percent"])
    shares = shares or [1.0]
    return tuple(Step(duration_s / len(shares), share) for share in shares)


def _burners(mistakes: Mistakes, table: StressTable) -> tuple[BurnerPlan, ...]:
    return tuple(
        read_burner(mistakes.within(name), burner)
        for name in BURNERS
        if (burner := getattr(table, name)) is not None
    )
