"""Which machine this is. Needs no library: the console's first paint waits for it."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path

from tui.board.merge import MergedBoard
from tui.core.events import Device

SOURCE = "host"
MIB = 1024 * 1024


def detect_board(data_path: Path, children: Callable[[], list[int]]) -> MergedBoard:
    """The gauges of this machine."""
    from tui.board.host import HostBoard
    from tui.board.own import OwnCost

    return MergedBoard([HostBoard(data_path), OwnCost(children)])


def detect_host() -> Device:
    """What this machine is."""
    return Device(
        model=_model(),
        cpu_count=os.cpu_count() or 1,
        memory_mb=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MIB,
        python=platform.python_version(),
        source=SOURCE,
    )


def _model() -> str:
    try:
        # Present on a Jetson, absent on a PC. The kernel ends it with a NUL.
        return Path("/proc/device-tree/model").read_text().strip("\0 \n")
    except OSError:
        return f"{platform.machine()} host"
