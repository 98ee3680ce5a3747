"""Which machine this is, and which sources tell of it. The console's first paint waits for the
former, so it needs no library."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.board.jetpack import jetpack_of, l4t_of
from tui.board.jetson import MODELS, RELEASE, is_jetson
from tui.board.merge import MergedBoard
from tui.board.power_mode import power_mode_name
from tui.board.source import Readings, Source
from tui.board.tree import Tree, Unreadable
from tui.core.events import Device

if TYPE_CHECKING:
    from tui.board.kernel_log import KernelLog
    from tui.board.service import ServiceWatch
    from tui.board.sysfs import SysfsSource
    from tui.core.config import BoardSettings

MIB = 1024 * 1024
OWN_COST = "what jetproof itself costs"
KERNEL_LOG = "serious messages of the kernel, from now on"
_ROOT = Path("/")


class Choice(msgspec.Struct, frozen=True):
    """A source that was considered."""

    name: str
    used: bool
    why: str
    """What it is good for here; for one that is not used, why not, and what would mend it."""


class Detected(msgspec.Struct, frozen=True):
    """The board's sources, put together."""

    board: MergedBoard
    chosen: tuple[Choice, ...]
    """Every source that was considered, the most trusted first."""


def detect_device(root: Path = _ROOT) -> Device:
    """What the machine is whose tree stands at `root`; never an error."""
    return device_of(Tree(root))


def device_of(tree: Tree) -> Device:
    """What the machine is to which a tree belongs."""
    l4t = l4t_of(_text(tree, RELEASE))
    known_as = "sysfs" if is_jetson(tree) else "host"
    return Device(
        model=_first(tree, MODELS)
        or ("unnamed board" if tree.is_other else f"{platform.machine()} host"),
        cpu_count=_cpu_count(tree),
        memory_mb=_memory_mb(tree),
        python=platform.python_version(),
        source="replay" if tree.is_other else known_as,
        l4t=l4t,
        power_mode=power_mode_name(tree),
        jetpack=jetpack_of(l4t),
    )


def detect_board(
    settings: BoardSettings,
    data_path: Path,
    children: Callable[[], list[int]],
    *,
    record: Path | None = None,
    scratch: Path | None = None,
) -> Detected:
    """The gauges of this machine, or of the tree that `settings` names, and how they are read.

    `children` are the load's workers now; `record` is a folder for what is read of the tree;
    `scratch` is where burners write, watched where it lies on another device than `data_path`.
    Raises OSError when that can't be made.
    """
    from tui.board.own import OwnCost

    root = Path(settings.root or _ROOT)
    tree = _tree(root, record)
    own = OwnCost(children)
    if tree.is_other:
        sysfs = _sysfs(tree, None, "replay")
        choice = Choice(sysfs.name, True, f"{root}: {_found(sysfs.read())}")
        return Detected(MergedBoard([sysfs, own]), (choice, Choice(own.name, True, OWN_COST)))
    sysfs = _sysfs(tree, data_path, "sysfs", scratch)
    found = _on_a_jetson(sysfs, settings) if is_jetson(tree) else _elsewhere(sysfs, data_path)
    sources = [source for source, _ in found if source is not None]
    log = _kernel_log()
    service = _service(sources)
    watch = Choice(service.name, True, "the service, once its processes are named")
    board = MergedBoard([*sources, log, service, own], service.watch)
    costs = Choice(own.name, True, OWN_COST)
    kernel = Choice(log.name, not log.why, log.why or KERNEL_LOG)
    return Detected(board, (*(choice for _, choice in found), kernel, costs, watch))


_Found = list[tuple[Source | None, Choice]]


def _on_a_jetson(sysfs: SysfsSource, settings: BoardSettings) -> _Found:
    readings = sysfs.read()
    found: _Found = [(sysfs, Choice(sysfs.name, True, f"a Jetson: {_found(readings)}"))]
    return found + _jtop(settings) + _nvml("gpu_percent" in readings)


def _elsewhere(sysfs: SysfsSource, data_path: Path) -> _Found:
    from tui.board.host import HostBoard

    host = HostBoard(data_path)
    found: _Found = [(host, Choice(host.name, True, "any Linux host"))]
    why = f"beside it: {_found(sysfs.read())}"
    return [*found, *_nvml(False), (sysfs, Choice(sysfs.name, True, why))]


def _tree(root: Path, record: Path | None) -> Tree:
    if record is None:
        return Tree(root)
    from tui.board.recording import RecordingTree

    tree = RecordingTree(root, record)
    device_of(tree)  # whoever replays it wants to know which board it was
    is_jetson(tree)
    return tree


def _sysfs(
    tree: Tree, data_path: Path | None, name: str, scratch: Path | None = None
) -> SysfsSource:
    from tui.board.sysfs import SysfsSource

    return SysfsSource(tree, data_path, name, scratch=scratch)


def _jtop(settings: BoardSettings) -> _Found:
    from tui.board.jtop import NOT_INSTALLED, SOCKET, SOURCE, UNIT, JtopSource

    if not settings.jtop:
        return [(None, Choice(SOURCE, False, "switched off: [board] jtop = false"))]
    if not SOCKET.exists() and not UNIT.exists():
        return [(None, Choice(SOURCE, False, NOT_INSTALLED))]
    why = "memory bandwidth, video engines and GPU memory by process, without root"
    return [(JtopSource(settings.jtop_python), Choice(SOURCE, True, why))]


def _nvml(is_gpu_known: bool) -> _Found:
    from tui.board.nvml import SOURCE, NvmlSource, nvml_problem

    if is_gpu_known:
        # On an Orin it starts, and then answers nothing or nonsense.
        return [(None, Choice(SOURCE, False, "this GPU is read in /sys"))]
    problem = nvml_problem()
    if problem:
        return [(None, Choice(SOURCE, False, problem))]
    return [(NvmlSource(), Choice(SOURCE, True, "NVIDIA's driver answers"))]


def _kernel_log() -> KernelLog:
    from tui.board.kernel_log import KernelLog

    return KernelLog()


def _service(sources: Sequence[Source]) -> ServiceWatch:
    from tui.board.service import ServiceWatch

    def gpu_memory() -> dict[int, float]:
        held: dict[int, float] = {}
        for source in sources:
            held |= getattr(source, "gpu_processes", {})
        return held

    return ServiceWatch(gpu_memory)


def _found(readings: Readings) -> str:
    """What of a board is most of interest, in words: `GPU, 3 rails, 9 zones, 71 gauges`."""
    rails = sum(name.endswith("_mw") for name in readings)
    zones = sum(name.endswith("_c") for name in readings.keys() - {"hottest_c", "nvme_c"})
    parts = [
        "GPU" if not readings.keys().isdisjoint(("gpu_percent", "gpu_mhz")) else "",
        _plural(rails, "rail"),
        _plural(zones, "zone"),
        _plural(len(readings), "gauge"),
    ]
    return ", ".join(part for part in parts if part) or "nothing that it could read"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}" if number else ""


def _text(tree: Tree, node: str) -> str:
    try:
        return tree.text(node)
    except Unreadable:
        return ""


def _first(tree: Tree, nodes: Sequence[str]) -> str:
    return next(filter(None, (_text(tree, node) for node in nodes)), "")


def _cpu_count(tree: Tree) -> int:
    if not tree.is_other:
        return os.cpu_count() or 1
    lines = _text(tree, "/proc/stat").split("\n")
    return sum(line.startswith("cpu") and line[3:4].isdecimal() for line in lines) or 1


def _memory_mb(tree: Tree) -> int:
    if not tree.is_other:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MIB
    for line in _text(tree, "/proc/meminfo").split("\n"):
        name, _, kb = line.partition(":")
        if name == "MemTotal" and kb.split()[:1] and kb.split()[0].isdecimal():
            return int(kb.split()[0]) // 1024
    return 0
