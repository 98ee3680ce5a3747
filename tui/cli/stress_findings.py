"""What `jetproof doctor` says of stress: what earlier ones left, what guards it, what it burns."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tui.core.finding import Finding
from tui.core.floors import memory_floor_mb
from tui.core.format import count, counted, fixed
from tui.core.problem import InputError
from tui.core.wear import DAY_S, GIB, DeviceKind, Wear

MIB = 1024 * 1024
PROC, CGROUPS = Path("/proc"), Path("/sys/fs/cgroup")
KINDS: dict[DeviceKind, str] = {
    "sd": "an SD card",
    "emmc": "eMMC",
    "nvme": "an NVMe drive",
    "ssd": "an SSD",
    "spinning": "a spinning disk",
    "ram": "memory",
    "unknown": "a device that tells not what it is, so it is spared like a card",
}
NEXT_START = "the next start of jetproof undoes it; by hand: "


def stress_findings(state_dir: Path, scratch: str, *, is_replay: bool) -> Iterator[Finding]:
    """In order: left-overs, the guard of the memory, the scratch directory, GPU, kernel log.

    `scratch` is the configuration's; where the board `is_replay`, this machine's log says nothing
    of it.
    """
    left = [*left_over_faults(state_dir), *left_over_processes()]
    yield from left or [Finding("left over", "ok", "nothing of earlier runs")]
    yield memory_guard()
    yield scratch_directory(state_dir, Path(scratch or state_dir))
    yield gpu_burner()
    if not is_replay:
        yield kernel_log()


def left_over_faults(state_dir: Path) -> Iterator[Finding]:
    """Faults that nobody holds any more. They are only looked at."""
    from tui.faults.undo_journal import UndoJournal, journals
    from tui.faults.undo_words import by_hand, fault_words

    for path in journals(state_dir):
        try:
            journal = UndoJournal.open(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            yield Finding("left over", "warn", f"{path} can't be read: {why}")
            continue
        if journal is None:
            continue  # a run that goes on holds it
        with contextlib.closing(journal):
            for undo in journal.armed.values():
                said = f"{fault_words(undo)}, by an earlier run"
                yield Finding("left over", "warn", said, NEXT_START + by_hand(undo))
            if journal.unread:
                said = f"{path} holds {counted(journal.unread, 'line')} that can't be understood"
                yield Finding("left over", "warn", said, "look into it, then delete it")


def left_over_processes() -> Iterator[Finding]:
    """Our children without an owner. They are only looked at."""
    from tui.child.orphans import orphans

    for orphan in orphans():
        said = f"process {orphan.pid} ({orphan.module}) has no owner any more"
        advice = f"the next start of jetproof ends it; by hand: kill -9 {orphan.pid}"
        yield Finding("left over", "warn", said, advice)


def memory_guard(proc: Path = PROC, cgroups: Path = CGROUPS) -> Finding:
    """What keeps stress from taking the last of the memory."""
    total_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MIB
    version, limit_mb = _cgroup(proc, cgroups)
    stops = f"stops stress below {count(memory_floor_mb(total_mb))} MiB available"
    if limit_mb is not None and limit_mb < total_mb:
        said = f"{stops}, but this session's cgroup may take {count(limit_mb)} MiB at most"
        advice = "the kernel ends burners at that: start jetproof where its cgroup has no limit"
        return Finding("memory guard", "warn", said, advice)
    if not _can_be_read(proc / "pressure/memory"):
        advice = "start the kernel with psi=1, so that stress stops before the board stands still"
        said = f"{stops}; this kernel measures no pressure (PSI), {version}"
        return Finding("memory guard", "warn", said, advice)
    said = f"{stops}, or when everything waits for memory (PSI); {version}"
    return Finding("memory guard", "ok", said)


def scratch_directory(state_dir: Path, scratch: Path) -> Finding:
    """What storage stress would write to, and what it has written to it so far."""
    from tui.store.wear_device import device_under, mounted_under
    from tui.stress.burner import Unusable
    from tui.stress.place import Place

    advice = "name another directory: [stress] scratch in config.toml"
    try:
        with contextlib.closing(Place(str(scratch))) as place:
            free_bytes = place.free_bytes()
        mounted = mounted_under(scratch)
        device = device_under(mounted)
        kept = _kept(state_dir, device.id)
    except (Unusable, InputError) as error:
        return Finding("scratch", "warn", str(error), advice)
    where = f"{scratch}: {mounted.filesystem} on {KINDS[device.kind]}"
    if device.kind == "ram":
        said = f"{scratch}: {mounted.filesystem}, in RAM: storage stress would burn no disk"
        return Finding("scratch", "warn", said, advice)
    wear = kept or Wear(device.id, device.kind)
    now_s = time.time()
    written = _written(wear, now_s)
    if free_bytes <= 0:
        return Finding("scratch", "warn", f"{where} is too full for stress; {written}", advice)
    allowed = wear.allowed_bytes(now_s)
    if not allowed:
        spent = "the day's share of its wear is spent: wait, or name another directory"
        return Finding("scratch", "warn", f"{where}; {written}", spent)
    return Finding("scratch", "ok", f"{where}; {written}; a run may write {_gib(allowed)}")


def gpu_burner() -> Finding:
    """The program that would burn the GPU."""
    from tui.stress.burner import Unusable
    from tui.stress.gpu_tools import find

    try:
        tool = find("auto", "")
    except Unusable as error:
        return Finding("GPU burner", "unknown", str(error), error.advice)
    return Finding("GPU burner", "ok", f"{tool.by}: {tool.path}")


def kernel_log() -> Finding:
    """Whether serious messages of the kernel are seen in a run."""
    from tui.board.kernel_log import KernelLog

    log = KernelLog()
    log.close()
    if log.why:
        return Finding("kernel log", "warn", f"its errors are not seen in a run: {log.why}")
    return Finding("kernel log", "ok", "its errors are seen in a run")


def _kept(state_dir: Path, device: str) -> Wear | None:
    from tui.store.paths import DATABASE
    from tui.store.wear_book import WearBook

    if not (state_dir / DATABASE).exists():
        return None  # no run yet: looking must not begin a database
    return next((each for each in WearBook(state_dir).all() if each.device == device), None)


def _written(wear: Wear, now_s: float) -> str:
    if not wear.total_bytes:
        return "jetproof has written nothing to it yet"
    day = f"{_gib(wear.day_bytes(now_s))} of it in the last {fixed(DAY_S / 3600)} hours"
    return f"jetproof has written {_gib(wear.total_bytes)} to it, {day}"


def _cgroup(proc: Path, cgroups: Path) -> tuple[str, float | None]:
    """Which memory cgroup we are in, and the least that it or one above it may take."""
    try:
        lines = (proc / "self/cgroup").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        controllers, _, path = line.partition(":")[2].partition(":")
        if "memory" in controllers.split(","):
            return "cgroup v1", _least(cgroups / "memory", path, "memory.limit_in_bytes")
        if not controllers and (cgroups / "cgroup.controllers").exists():
            return "cgroup v2", _least(cgroups, path, "memory.max")
    return "no memory cgroup", None


def _least(root: Path, path: str, name: str) -> float | None:
    limits_mb = []
    group = root / path.lstrip("/")
    for each in (group, *group.parents):
        try:
            limits_mb.append(int((each / name).read_text()) / MIB)
        except (OSError, ValueError):
            pass  # the topmost has none, and `max` is none
        if each == root:
            break
    return min(limits_mb, default=None)


def _can_be_read(node: Path) -> bool:
    try:
        return bool(node.read_text())
    except OSError:
        return False


def _gib(amount_bytes: int) -> str:
    return f"{fixed(amount_bytes / GIB, 1)} GiB"
