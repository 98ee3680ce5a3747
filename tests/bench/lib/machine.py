"""Which machine a figure comes from."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> str:
    """One line: CPU, cores, Python, and how busy it was when the bench began."""
    busy = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    return (
        f"{_cpu()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, "
        f"Linux {platform.release()}, load average {busy}"
    )


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()
