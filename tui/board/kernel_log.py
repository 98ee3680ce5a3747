"""Serious messages of the kernel, out of /dev/kmsg: a record at a read, without ever waiting.

Linux: Documentation/ABI/testing/dev-kmsg.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import msgspec

from tui.board.source import Readings
from tui.core.events import Reading
from tui.core.failure import printable

SOURCE = "kmsg"
KMSG = Path("/dev/kmsg")
GAUGE = "kernel_errors"
MOST_CHARACTERS = 120
RECORD_BYTES = 8192
"""The kernel refuses a read into less than a record."""
MOST_RECORDS = 500
"""In one read; the rest of a flood waits for the next, it must not hold the sample up."""
ONE_TROUBLE_US = 1_000_000
"""What follows within this is the same trouble, of which the first message says most."""
CRITICAL, ERROR, WARNING = 2, 3, 4

_TROUBLE = re.compile(
    r"I/O error"
    r"|EXT4-fs error"
    r"|\bOops\b|^BUG: |^Call [Tt]race:"
    r"|\bblocked for more than\b|\bhung_task\b"
    r"|\bnvgpu\b.*([Ff]ault|[Tt]ime(d |-)?out)"
    r"|\bmmc\S*: .*\berror -110\b"
)
"""What counts at the level of an error, where drivers also say much that harms nobody: the disk,
the file system, the kernel itself, tasks that hang, the GPU, a card that does not answer (110 is
a timeout). An OOM kill is none of it: the gauge `oom_kills` tells that."""
_NVME = re.compile(r"^nvme .*(\btimeout\b|\b[Aa]bort)")
"""Its driver only warns of a command that never came back."""
_RECORD = re.compile(r"(?P<priority>\d+),\d+,(?P<at_us>\d+),[^;]*;(?P<text>[^\n]*)")
_OOM_KILL = "ut of memory: Killed process"


class Trouble(msgspec.Struct, frozen=True):
    """A message that counts."""

    text: str
    """One printable line."""
    at_us: int
    """On the kernel's clock."""


def trouble_of(record: str) -> Trouble | None:
    """What one record of /dev/kmsg tells; None where it is nothing serious."""
    found = _RECORD.match(record)
    if found is None:
        return None
    facility, level = divmod(int(found["priority"]), 8)
    # Facility 0 is the kernel's own: nobody else can write under it.
    if facility or not _is_serious(level, found["text"]):
        return None
    return Trouble(printable(found["text"])[:MOST_CHARACTERS], int(found["at_us"]))


class KernelLog:
    """A source: how many serious messages came since it was made, and the newest of them."""

    name = SOURCE

    def __init__(self, path: Path = KMSG) -> None:
        """`why` is set where the log can't be read."""
        self._count = 0
        self._newest: Trouble | None = None
        self._descriptor: int | None = None
        self.why = ""
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            os.lseek(self._descriptor, 0, os.SEEK_END)
        except OSError as error:
            self.close()
            self.why = _why_not(path, error)

    def read(self) -> Readings:
        """The count; its text is the newest message, of several within a second the first."""
        if self._descriptor is not None:
            for _ in range(MOST_RECORDS):
                try:
                    record = os.read(self._descriptor, RECORD_BYTES)
                except OSError as error:
                    if error.errno == errno.EPIPE:
                        continue  # some were overwritten unread: the next read goes on behind them
                    if error.errno != errno.EAGAIN:
                        self.close()
                        self.why = f"reading it failed: {(error.strerror or str(error)).lower()}"
                    break
                if not record:
                    break
                self._take(record.decode(errors="replace"))
        if self._descriptor is None:
            return {GAUGE: Reading(None, SOURCE, self.why)}
        text = self._newest.text if self._newest else ""
        return {GAUGE: Reading(float(self._count), SOURCE, text=text)}

    def trouble(self) -> str:
        """Nothing: the gauge itself says why it has no value."""
        return ""

    def close(self) -> None:
        """Let the log go."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _take(self, record: str) -> None:
        found = trouble_of(record)
        if found is None:
            return
        self._count += 1
        if self._newest is None or found.at_us - self._newest.at_us >= ONE_TROUBLE_US:
            self._newest = found


def _is_serious(level: int, text: str) -> bool:
    if _OOM_KILL in text:
        return False
    if level <= CRITICAL:
        return True
    if level == ERROR:
        return bool(_TROUBLE.search(text) or _NVME.search(text))
    return level == WARNING and bool(_NVME.search(text))


def _why_not(path: Path, error: OSError) -> str:
    if error.errno == errno.EPERM:
        # Group adm may read journald's copy of it, not the device.
        return "kernel.dmesg_restrict is 1: needs root, or `sysctl kernel.dmesg_restrict=0`"
    if error.errno == errno.EACCES:
        return f"{path} is closed to this user: needs root"
    if error.errno == errno.ENOENT:
        return f"no {path} here, as in most containers"
    return f"{path} can't be read: {(error.strerror or str(error)).lower()}"
