"""One process, so named that a signal never reaches another that got its number later."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
from pathlib import Path

import msgspec

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_GONE = "ZX"
_KERNEL_THREAD = 0x0020_0000
"""PF_KTHREAD of the kernel's include/linux/sched.h: they take no signals."""


class Target(msgspec.Struct, frozen=True):
    """A process of this machine, by its number and its birth."""

    pid: int
    born: str
    """Boot and start time in ticks: numbers are used again, also after a reboot."""

    @classmethod
    def of(cls, pid: int) -> Target:
        """The process that has this number now. Raises ProcessLookupError without one."""
        born = _born(pid)
        if born is None:
            raise ProcessLookupError(errno.ESRCH, f"no process {pid}")
        return cls(pid, born)

    def is_alive(self) -> bool:
        """Whether it runs; a zombie does not, a frozen one does."""
        return _born(self.pid) == self.born

    def is_frozen(self) -> bool:
        """Whether all of it is stopped; not what a debugger holds."""
        try:
            tasks = list(Path(f"/proc/{self.pid}/task").iterdir())
            return self.is_alive() and all(_fields(task)[0] == "T" for task in tasks)
        except OSError:
            return False

    def send(self, number: signal.Signals) -> bool:
        """Send a signal to it and nobody else. False: it is gone. Raises PermissionError."""
        with contextlib.ExitStack() as stack:
            handle = self._handle(stack)
            # A handle may be that of a successor; its birth is read after it was taken.
            if not self.is_alive():
                return False
            try:
                if handle is None:
                    os.kill(self.pid, number)
                else:
                    signal.pidfd_send_signal(handle, number)
            except ProcessLookupError:
                return False
        return True

    def refusal(self) -> str:
        """Why no fault may be done to it; empty when one may."""
        if self.pid == 1 or _is_kernel_thread(self.pid):
            return f"process {self.pid} belongs to the system"
        pid = os.getpid()
        while pid > 0:
            if pid == self.pid:
                return f"process {self.pid} is jetproof itself or what it was started from"
            pid = _parent(pid)
        return ""

    def _handle(self, stack: contextlib.ExitStack) -> int | None:
        # Linux 4.9 (JetPack 4) and interpreters built on old headers have none.
        if not hasattr(os, "pidfd_open"):
            return None
        try:
            handle = os.pidfd_open(self.pid)
        except OSError:
            return None
        stack.callback(os.close, handle)
        return handle


def _born(pid: int) -> str | None:
    try:
        fields = _fields(Path(f"/proc/{pid}"))
        return None if fields[0] in _GONE else f"{_BOOT_ID.read_text().strip()}/{fields[19]}"
    except OSError:
        return None


def _is_kernel_thread(pid: int) -> bool:
    try:
        return bool(int(_fields(Path(f"/proc/{pid}"))[6]) & _KERNEL_THREAD)
    except OSError:
        return False


def _parent(pid: int) -> int:
    try:
        return int(_fields(Path(f"/proc/{pid}"))[1])
    except OSError:
        return 0


def _fields(entry: Path) -> list[str]:
    # A name may hold spaces and brackets: what counts stands behind the last one.
    return (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
