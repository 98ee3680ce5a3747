"""Looking at processes from outside, through /proc."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from tests.lib.eventually import eventually
from tui.child.lifeline import OWNER_VARIABLE


def children_of(owner_pid: int) -> list[int]:
    """Live processes that jetproof's process `owner_pid` started, orphans included."""
    mark = f"{OWNER_VARIABLE}={owner_pid}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_alive(int(entry.name)):
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if mark in environment.split(b"\0") and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return _state(Path(f"/proc/{pid}/stat")) not in "ZX"
    except OSError:
        return False


def freeze(pid: int) -> None:
    """Stop a process; it is frozen when this returns, every thread of it."""
    os.kill(pid, signal.SIGSTOP)
    tasks = Path(f"/proc/{pid}/task")
    eventually(lambda: all(_state(task / "stat") == "T" for task in tasks.iterdir()))


def _state(stat: Path) -> str:
    return stat.read_text(errors="replace").rpartition(")")[2].split()[0]


def command_line(pid: int) -> str:
    """How a process was started."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def descriptors() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))


def threads() -> int:
    """How many threads this process has, those of C libraries included."""
    return len(os.listdir("/proc/self/task"))


def python_threads() -> set[str]:
    """Names of the Python threads that run."""
    return {thread.name for thread in threading.enumerate()}
