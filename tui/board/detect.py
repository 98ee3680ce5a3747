"""Which machine this is. Needs no library: the console's first paint waits for it."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from tui.core.events import Device

SOURCE = "host"
MIB = 1024 * 1024


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
