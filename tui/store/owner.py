"""Which process owns a run, or deleted it, in a form that the reuse of a pid can't fool."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec


class Owner(msgspec.Struct, frozen=True):
    """A process, by its pid and the moment it started."""

    pid: int
    started: str
    """Boot and clock ticks since then; the wall clock may jump on a board without a battery."""

    @classmethod
    def this(cls) -> Owner:
        """The calling process."""
        return cls(os.getpid(), _started(os.getpid()) or "")

    @property
    def is_gone(self) -> bool:
        """Whether the process has ended, even if its pid lives on as another."""
        return _started(self.pid) != self.started


def _started(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    # The name in brackets may hold anything, spaces and brackets too: count from its end.
    fields = stat.rpartition(")")[2].split()
    state, start_ticks = fields[0], fields[19]
    return None if state in "ZX" else f"{boot}/{start_ticks}"
