"""The [stress] table of a scenario file, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Literal

import msgspec

from tui.core.duration import parse_duration_s
from tui.core.problem import Problem
from tui.core.stress.plan import (
    BurnerPlan,
    CpuPlan,
    DiskPlan,
    ExhaustPlan,
    GpuPlan,
    Intent,
    MemoryPlan,
    MetadataPlan,
    NetworkPlan,
    Step,
    StoragePlan,
    Stress,
)
from tui.core.stress.toxics import Cut, Toxics

MAX_DURATION_S = 24 * 3600.0
MAX_STEPS = 100
MAX_C = 125.0
MAX_FILE_MB = 65_536
MAX_SIZES = 16
MAX_MBIT_PER_S = 100_000.0
MAX_CONNECTS_PER_S = 1000.0
MAX_CONNECTIONS = 64
MAX_BATCH = 10_000


class CpuTable(msgspec.Struct, forbid_unknown_fields=True):
    level_percent: float = 100.0
    method: Literal["hash", "vector", "matrix"] = "matrix"
    cores: int | str = "spare"


class MemoryTable(msgspec.Struct, forbid_unknown_fields=True):
    level_percent: float = 80.0
    mode: Literal["hold", "traffic"] = "hold"
    floor_percent: float = 0.0


class StorageTable(msgspec.Struct, forbid_unknown_fields=True):
    level_percent: float = 100.0
    pattern: Literal["write", "read", "random", "mixed", "files"] = "write"
    file_mb: int = 512
    sizes_mb: tuple[int, ...] = (1, 5, 10, 20)
    fsync_every: int = 256


class NetworkTable(msgspec.Struct, forbid_unknown_fields=True):
    level_percent: float = 80.0
    mode: Literal["tcp", "udp", "connect"] = "tcp"
    rate_mbit_per_s: float | None = None
    connects_per_s: float = 50.0
    peer: str = ""


class GpuTable(msgspec.Struct, forbid_unknown_fields=True):
    level_percent: float = 100.0
    by: Literal["auto", "trtexec", "gpu-burn"] = "auto"
    engine: str = ""


class ExhaustTable(msgspec.Struct, forbid_unknown_fields=True):
    what: tuple[Literal["connections", "descriptors", "threads"], ...] = (
        "connections",
        "descriptors",
        "threads",
    )


class MetadataTable(msgspec.Struct, forbid_unknown_fields=True):
    level_percent: float = 100.0
    connections: int = 4
    batch: int = 10


class DiskTable(msgspec.Struct, forbid_unknown_fields=True):
    floor_percent: float = 0.0


class FaultTable(msgspec.Struct, forbid_unknown_fields=True):
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    kb_per_s: float = 0.0
    cut: Cut = "none"
    share_percent: float = 100.0


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


def read_stress(
    where: str, table: StressTable, problems: list[Problem], *, is_loaded: bool
) -> Stress | None:
    """The stress that a table asks for; None when `problems` has grown.

    `is_loaded`: whether the file puts load on the service too.
    """
    reading = _Reading(where, table)
    stress = reading.stress(is_loaded=is_loaded)
    problems += reading.problems
    return None if reading.problems else stress


class _Reading:
    """One table on its way to a Stress, and what is wrong with it."""

    def __init__(self, where: str, table: StressTable) -> None:
        self.problems: list[Problem] = []
        self._where = where
        self._table = table

    def stress(self, *, is_loaded: bool) -> Stress:
        table = self._table
        duration_s = self._seconds("duration", table.duration)
        stress = Stress(
            intent=table.intent,
            before_s=self._seconds("before", table.before),
            ramp_s=self._seconds("ramp", table.ramp),
            steps=self._steps(duration_s),
            after_s=self._seconds("after", table.after),
            burners=self._burners(),
            disk=self._disk(),
            until_steady=table.until_steady,
            allow_throttle=table.allow_throttle,
            max_c=table.max_c,
        )
        if not self.problems:
            self._check(stress, duration_s, is_loaded=is_loaded)
        return stress

    def _check(self, stress: Stress, duration_s: float, *, is_loaded: bool) -> None:
        if not 1 <= duration_s <= MAX_DURATION_S:
            self._wrong("duration", "from 1s to 24h: nothing is burnt without an end")
        elif stress.ramp_s >= stress.steps[0].duration_s:
            length = f"the first step takes {stress.steps[0].duration_s:g} s"
            what = f"{stress.ramp_s:g} s leave nothing at the level: {length}"
            self._wrong("ramp", what, "duration")
        if stress.max_c is not None and not 0 < stress.max_c <= MAX_C:
            self._wrong("max_c", f"degrees Celsius, above 0 and at most {MAX_C:g}")
        if not stress.names and not is_loaded:
            known = "cpu, memory, storage, network, gpu, exhaust, metadata, disk"
            self._wrong("", f"burns nothing: it needs one of the tables {known}, or faults")
        if stress.suffers and not is_loaded:
            self._wrong("faults", "concern the way of a load to the service: [load] is missing")

    def _steps(self, duration_s: float) -> tuple[Step, ...]:
        """Levels, or faults, each for the same part of the time."""
        table = self._table
        if table.steps_percent and table.faults:
            self._wrong("faults", "both it and stress.steps_percent say what the steps are")
        if max(len(table.steps_percent), len(table.faults)) > MAX_STEPS:
            self._wrong("steps_percent", f"at most {MAX_STEPS} steps")
            return (Step(duration_s),)
        if table.faults:
            each_s = duration_s / len(table.faults)
            return tuple(
                Step(each_s, toxics=self._toxics(number, fault))
                for number, fault in enumerate(table.faults, start=1)
            )
        shares = [self._percent("steps_percent", each) for each in table.steps_percent] or [1.0]
        return tuple(Step(duration_s / len(shares), share) for share in shares)

    def _toxics(self, number: int, fault: FaultTable) -> Toxics:
        key = f"faults.{number}"
        self._in(f"{key}.latency_ms", fault.latency_ms, 0, 60_000)
        self._in(f"{key}.jitter_ms", fault.jitter_ms, 0, 60_000)
        self._in(f"{key}.kb_per_s", fault.kb_per_s, 0, 10_000_000)
        share = self._percent(f"{key}.share_percent", fault.share_percent)
        if fault.cut == "refuse" and share < 1:
            self._wrong(f"{key}.share_percent", "it is the port that refuses: everybody, or nobody")
            share = 1.0
        return Toxics(
            latency_ms=fault.latency_ms,
            jitter_ms=fault.jitter_ms,
            bytes_per_s=fault.kb_per_s * 1000,
            cut=fault.cut,
            toxicity=share,
        )

    def _burners(self) -> tuple[BurnerPlan, ...]:
        table = self._table
        found: Sequence[BurnerPlan | None] = (
            self._cpu(table.cpu),
            self._memory(table.memory),
            self._storage(table.storage),
            self._network(table.network),
            self._gpu(table.gpu),
            None if table.exhaust is None else ExhaustPlan(what=table.exhaust.what),
            self._metadata(table.metadata),
        )
        return tuple(plan for plan in found if plan is not None)

    def _cpu(self, table: CpuTable | None) -> CpuPlan | None:
        if table is None:
            return None
        cores: int | Literal["spare", "all"] = "spare"
        if table.cores == "all":
            cores = "all"
        elif isinstance(table.cores, int) and not isinstance(table.cores, bool) and table.cores > 0:
            cores = table.cores
        elif table.cores != "spare":
            self._wrong("cpu.cores", 'a number of cores, "spare" or "all"')
        return CpuPlan(self._level("cpu", table.level_percent), table.method, cores)

    def _memory(self, table: MemoryTable | None) -> MemoryPlan | None:
        if table is None:
            return None
        level = self._level("memory", table.level_percent)
        floor = self._percent("memory.floor_percent", table.floor_percent)
        return MemoryPlan(level, table.mode, floor)

    def _storage(self, table: StorageTable | None) -> StoragePlan | None:
        if table is None:
            return None
        self._in("storage.file_mb", table.file_mb, 1, MAX_FILE_MB)
        self._in("storage.fsync_every", table.fsync_every, 0, 1e6)
        if not 1 <= len(table.sizes_mb) <= MAX_SIZES:
            self._wrong("storage.sizes_mb", f"from 1 to {MAX_SIZES} sizes")
        for size_mb in table.sizes_mb:
            self._in("storage.sizes_mb", size_mb, 1, MAX_FILE_MB)
        return StoragePlan(
            self._level("storage", table.level_percent),
            table.pattern,
            table.file_mb,
            table.sizes_mb,
            table.fsync_every,
        )

    def _network(self, table: NetworkTable | None) -> NetworkPlan | None:
        if table is None:
            return None
        if table.rate_mbit_per_s is not None:
            self._in("network.rate_mbit_per_s", table.rate_mbit_per_s, 0.1, MAX_MBIT_PER_S)
        self._in("network.connects_per_s", table.connects_per_s, 0.1, MAX_CONNECTS_PER_S)
        _, colon, port = table.peer.rpartition(":")
        if table.peer and not (colon and port.isascii() and port.isdigit() and int(port) < 65_536):
            self._wrong("network.peer", 'the other end\'s address (meant as in "10.0.0.9:5201"?)')
        return NetworkPlan(
            self._level("network", table.level_percent),
            table.mode,
            table.rate_mbit_per_s,
            table.connects_per_s,
            table.peer,
        )

    def _gpu(self, table: GpuTable | None) -> GpuPlan | None:
        if table is None:
            return None
        if table.engine and not table.engine.startswith("/"):
            self._wrong("gpu.engine", "the whole path of an engine file")
        return GpuPlan(self._level("gpu", table.level_percent), table.by, table.engine)

    def _metadata(self, table: MetadataTable | None) -> MetadataPlan | None:
        if table is None:
            return None
        self._in("metadata.connections", table.connections, 1, MAX_CONNECTIONS)
        self._in("metadata.batch", table.batch, 1, MAX_BATCH)
        level = self._level("metadata", table.level_percent)
        return MetadataPlan(level, table.connections, table.batch)

    def _disk(self) -> DiskPlan | None:
        table = self._table.disk
        if table is None:
            return None
        return DiskPlan(floor_share=self._percent("disk.floor_percent", table.floor_percent))

    def _wrong(self, key: str, what: str, *beside: str) -> None:
        whole = tuple(f"stress.{each}" for each in beside)
        dotted = f"stress.{key}" if key else "stress"
        self.problems.append(Problem(self._where, dotted, what, whole))

    def _level(self, name: str, percent: float) -> float:
        return self._percent(f"{name}.level_percent", percent)

    def _percent(self, key: str, percent: float) -> float:
        # TOML writes nan as a number, and no comparison holds for it.
        if not 0 <= percent <= 100:
            self._wrong(key, "a number of percent, from 0 to 100")
            return 1.0
        return percent / 100

    def _in(self, key: str, value: float, least: float, most: float) -> None:
        if not (least <= value <= most) or value == inf:
            self._wrong(key, f"from {least:g} to {most:,.0f}".replace(",", " "))

    def _seconds(self, key: str, text: str) -> float:
        try:
            return parse_duration_s(text)
        except ValueError as error:
            self._wrong(key, str(error))
            return 0.0
