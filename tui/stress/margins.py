"""How much of what the whole machine shares may still be taken: four fifths, never the rest."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

SHARE = 0.8
PROC = Path("/proc")
CGROUPS = Path("/sys/fs/cgroup")


class Margin(msgspec.Struct, frozen=True, order=True):
    """What is left of one limit; zero or less: nothing."""

    left: int
    by: str
    """The limit, in words."""


def files_margin(proc: Path = PROC) -> Margin:
    """Open files of the whole machine."""
    used, _, most = map(int, (proc / "sys/fs/file-nr").read_text().split())
    return _margin(most, used, "open files of this machine")


def threads_margin(proc: Path = PROC, cgroups: Path = CGROUPS) -> Margin:
    """The nearest limit on threads."""
    return min(_thread_margins(proc, cgroups))


def user_threads_margin(proc: Path = PROC) -> Margin | None:
    """Of this user; None where none holds. Reads all of /proc: not for each batch."""
    most, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    if most == resource.RLIM_INFINITY or os.geteuid() == 0:
        return None
    used = sum(_threads_of(entry) for entry in proc.iterdir() if entry.name.isdigit())
    return _margin(most, used, "threads of this user")


def _thread_margins(proc: Path, cgroups: Path) -> Iterator[Margin]:
    # `0.10 0.20 0.30 2/345 6789`: the fourth is those that run, of all that there are.
    used = int((proc / "loadavg").read_text().split()[3].partition("/")[2])
    for name in ("threads-max", "pid_max"):
        most = int((proc / "sys/kernel" / name).read_text())
        yield _margin(most, used, f"threads of this machine ({name})")
    for group in _groups((proc / "self/cgroup").read_text(), cgroups):
        # Not in every group, and `max` where there is no limit.
        with suppress(OSError, ValueError):
            most = int((group / "pids.max").read_text())
            current = int((group / "pids.current").read_text())
            yield _margin(most, current, "threads of this control group (pids.max)")


def _groups(text: str, cgroups: Path) -> Iterator[Path]:
    """The directories of this process's groups and of all above them, of both versions."""
    for line in text.splitlines():
        number, controllers, path = line.split(":", 2)
        if number == "0":
            roots = [cgroups, cgroups / "unified"]
        elif "pids" in controllers.split(","):
            roots = [cgroups / controllers, cgroups / "pids"]
        else:
            continue
        for root in roots:
            group = root / path.lstrip("/")
            yield from (each for each in (group, *group.parents) if each.is_relative_to(root))


def _threads_of(entry: Path) -> int:
    with suppress(OSError, StopIteration):
        if entry.stat().st_uid == os.getuid():
            lines = (entry / "status").read_text().splitlines()
            return int(next(line for line in lines if line.startswith("Threads:")).split()[1])
    return 0


def _margin(most: int, used: int, what: str) -> Margin:
    return Margin(int(most * SHARE) - used, f"{SHARE:.0%} of the {most} {what}")
