"""What the kernel knows of a process."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """User and system time so far, all threads, without children; 0 once it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def rss_mb(pid: int) -> float:
    """Resident memory, pages shared with others counted in full."""
    return _memory(pid, "Rss:")


def pss_mb(pid: int) -> float:
    """Resident memory, a shared page counted by its share."""
    return _memory(pid, "Pss:")


def descriptors(pid: int) -> int:
    """Open files, sockets and pipes."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def threads(pid: int) -> int:
    """All of them, the main one too."""
    return len(os.listdir(f"/proc/{pid}/task"))


def children(pid: int) -> list[int]:
    """Direct ones."""
    return [child.pid for child in psutil.Process(pid).children()]


def worker_of(pid: int) -> int | None:
    """The load worker below a process, if there is one."""
    for child in psutil.Process(pid).children(recursive=True):
        try:
            if "tui.load.worker" in child.cmdline():
                return child.pid
        except psutil.Error:
            continue
    return None


def engine_of(pid: int) -> int:
    """The process with the engine: the started one, or what its launcher forked."""
    process = psutil.Process(pid)
    own = process.cmdline()
    for child in process.children():
        try:
            if child.cmdline() == own:
                return child.pid
        except psutil.Error:
            continue
    return pid


def _memory(pid: int, key: str) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    for line in text.splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0.0
