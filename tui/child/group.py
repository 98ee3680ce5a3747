"""What a child of ours started itself: the group of processes that it leads."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

GRACE_S = 3.0
"""After the polite signal."""
KILLED_S = 1.0
"""What was killed and is not gone after this is stuck in the kernel."""
_POLL_S = 0.02
_GONE = "ZX"
_PROC = Path("/proc")


def members(leader: int) -> tuple[int, ...]:
    """Pids of what runs in the session and the group that a process leads, or led; no zombies."""
    try:
        numbers = [int(name) for name in os.listdir(_PROC) if name.isdigit()]
    except OSError:
        return ()
    return tuple(pid for pid in numbers if _is_member(pid, leader))


def end_group(leader: int) -> bool:
    """End what is left of the group of a child that has ended: asked first, then killed.

    Whether nothing is left of it; what waits in the kernel for a device stays.
    """
    for number, patience_s in ((signal.SIGINT, GRACE_S), (signal.SIGKILL, KILLED_S)):
        # A group that nobody is left of may have its number given to another.
        if not members(leader):
            return True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, number)
        ends_s = time.monotonic() + patience_s
        while time.monotonic() < ends_s and members(leader):
            time.sleep(_POLL_S)
    return not members(leader)


def _is_member(pid: int, leader: int) -> bool:
    try:
        stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return False
    # A name may hold spaces and brackets: what counts stands behind the last one.
    fields = stat.rpartition(")")[2].split()
    state, _, group, session = fields[:4]
    return state not in _GONE and int(group) == int(session) == leader
