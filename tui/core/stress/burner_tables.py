"""The tables of burners inside a [stress] table, read and checked."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.mistakes import Mistakes
from tui.core.stress.plan import (
    BurnerPlan,
    CpuPlan,
    DiskPlan,
    ExhaustPlan,
    GpuPlan,
    MemoryPlan,
    MetadataPlan,
    NetworkPlan,
    StoragePlan,
)

MAX_FLOOR_PERCENT = 99.0
MAX_FILE_MB = 65_536
MAX_SIZES = 16
MAX_FSYNC_EVERY = 1_000_000
MAX_MBIT_PER_S = 100_000.0
MAX_CONNECTS_PER_S = 1000.0
MAX_CONNECTIONS = 64
MAX_BATCH = 10_000
GPU_RATE = "the GPU's program has one rate, its own full one"


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


BurnerTable = (
    CpuTable | MemoryTable | StorageTable | NetworkTable | GpuTable | ExhaustTable | MetadataTable
)


def read_burner(mistakes: Mistakes, table: BurnerTable) -> BurnerPlan:
    """What a table asks for, as far as it is in order; `mistakes` are those of that table."""
    match table:
        case CpuTable():
            return _cpu(mistakes, table)
        case MemoryTable():
            floor = _floor(mistakes, table.floor_percent)
            return MemoryPlan(_level(mistakes, table.level_percent), table.mode, floor)
        case StorageTable():
            return _storage(mistakes, table)
        case NetworkTable():
            return _network(mistakes, table)
        case GpuTable():
            return _gpu(mistakes, table)
        case ExhaustTable():
            if not table.what:
                mistakes.add("what", "takes nothing: connections, descriptors or threads")
            return ExhaustPlan(what=table.what)
        case MetadataTable():
            mistakes.check("connections", table.connections, 1, MAX_CONNECTIONS)
            mistakes.check("batch", table.batch, 1, MAX_BATCH)
            level = _level(mistakes, table.level_percent)
            return MetadataPlan(level, table.connections, table.batch)


def read_disk(mistakes: Mistakes, table: DiskTable) -> DiskPlan:
    """How far the disk is filled; `mistakes` are those of [stress.disk]."""
    return DiskPlan(floor_share=_floor(mistakes, table.floor_percent))


def _cpu(mistakes: Mistakes, table: CpuTable) -> CpuPlan:
    cores: int | Literal["spare", "all"] = "spare"
    if table.cores == "all":
        cores = "all"
    elif isinstance(table.cores, int) and table.cores > 0:
        cores = table.cores
    elif table.cores != "spare":
        mistakes.add("cores", 'a number of cores, "spare" or "all"')
    return CpuPlan(_level(mistakes, table.level_percent), table.method, cores)


def _storage(mistakes: Mistakes, table: StorageTable) -> StoragePlan:
    mistakes.check("file_mb", table.file_mb, 1, MAX_FILE_MB)
    mistakes.check("fsync_every", table.fsync_every, 0, MAX_FSYNC_EVERY)
    if not 1 <= len(table.sizes_mb) <= MAX_SIZES:
        mistakes.add("sizes_mb", f"from 1 to {MAX_SIZES} sizes")
    for number, size_mb in enumerate(table.sizes_mb, start=1):
        mistakes.check(f"sizes_mb.{number}", size_mb, 1, MAX_FILE_MB)
    level = _level(mistakes, table.level_percent)
    sizes = (table.file_mb, table.sizes_mb)
    return StoragePlan(level, table.pattern, *sizes, table.fsync_every)


def _network(mistakes: Mistakes, table: NetworkTable) -> NetworkPlan:
    if table.rate_mbit_per_s is not None:
        mistakes.check("rate_mbit_per_s", table.rate_mbit_per_s, 0.1, MAX_MBIT_PER_S)
    mistakes.check("connects_per_s", table.connects_per_s, 0.1, MAX_CONNECTS_PER_S)
    if table.peer and not _is_address(table.peer):
        mistakes.add("peer", 'the other end\'s address (meant as in "10.0.0.9:5201"?)')
    level = _level(mistakes, table.level_percent)
    rates = (table.rate_mbit_per_s, table.connects_per_s)
    return NetworkPlan(level, table.mode, *rates, table.peer)


def _gpu(mistakes: Mistakes, table: GpuTable) -> GpuPlan:
    if table.engine and not table.engine.startswith("/"):
        mistakes.add("engine", "the whole path of an engine file")
    level = _level(mistakes, table.level_percent)
    if level != 1:
        mistakes.add("level_percent", f"{GPU_RATE}: 100 (or leave it out)")
    return GpuPlan(by=table.by, engine=table.engine)


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    is_number = port.isascii() and port.isdigit() and len(port) <= len("65535")
    return bool(host) and is_number and 0 < int(port) <= 65_535


def _level(mistakes: Mistakes, percent: float) -> float:
    return mistakes.share("level_percent", percent, zero="burns nothing")


def _floor(mistakes: Mistakes, percent: float) -> float:
    return mistakes.share("floor_percent", percent, most=MAX_FLOOR_PERCENT)
