"""Children of ours whose owner is gone and whose own guards did not end them: named, and ended."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tui.child.lifeline import OWNER_VARIABLE

GUARDIAN = "tui.faults.guardian_program"
"""It outlives its owner on purpose, for as long as it undoes."""
JOURNAL = ".jsonl"
"""What a guardian has open while there is something to undo."""
GUARDIAN_S = 10.0
"""A younger one may not have its journal yet."""
PIPELINE = "gst-launch-1.0"
"""What a camera's reader starts. It is asked before it is killed: else its sensor stays taken."""
ASKED_S = 3.0
PATIENCE_S = 1.0
"""Their own guards end them within this."""
END_S = 1.0
_POLL_S = 0.02

_MODULE = re.compile(r"tui\.(stress|faults|load|board|demo|camera)(\.\w+)*")
_FILE = re.compile(r"/tui/(?P<package>stress|board)/(?P<name>\w+)\.py$")
"""As those are started that run by their file: another interpreter need not know our packages."""
_GONE = "ZX"
_PROC = Path("/proc")


class Orphan(msgspec.Struct, frozen=True):
    """A process of ours that nobody owns."""

    pid: int
    born: int
    """In ticks since the machine started: its number may be another's by now."""
    module: str

    def is_there(self) -> bool:
        """Whether it runs; a zombie does not."""
        return _born(self.pid) == self.born


class Working(msgspec.Struct, frozen=True):
    """A process of ours that is where it should be."""

    pid: int
    module: str
    owner: int
    is_owned: bool
    """Without an owner it is a guardian that still undoes."""


class Swept(msgspec.Struct, frozen=True):
    """An orphan that was ended."""

    orphan: Orphan
    trouble: str = ""
    """Why it is still there; empty when it is gone."""


def orphans(mark: str = OWNER_VARIABLE) -> tuple[Orphan, ...]:
    """This user's children of ours without an owner, by `mark` in their environment; never raises.

    Those of a container are none of them: their owners' numbers mean others here.
    """
    return tuple(each for each in _found(mark) if isinstance(each, Orphan))


def working(mark: str = OWNER_VARIABLE) -> tuple[Working, ...]:
    """This user's children of ours that have an owner, or still undo; never raises."""
    return tuple(each for each in _found(mark) if isinstance(each, Working))


def sweep(mark: str = OWNER_VARIABLE) -> tuple[Swept, ...]:
    """End what is orphaned and does not end by itself; never raises."""
    found = orphans(mark)
    ends_s = time.monotonic() + PATIENCE_S
    while (left := [each for each in found if each.is_there()]) and time.monotonic() < ends_s:
        time.sleep(_POLL_S)
    return tuple(Swept(each, _end(each)) for each in left)


def _found(mark: str) -> Iterator[Orphan | Working]:
    try:
        numbers = [int(name) for name in os.listdir(_PROC) if name.isdigit()]
        here = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return
    for pid in numbers:
        try:
            found = _look(pid, mark, here)
        except (OSError, ValueError):
            continue  # it has just ended, or is not ours to look at
        if found is not None:
            yield found


def _look(pid: int, mark: str, here: str) -> Orphan | Working | None:
    entry = _PROC / str(pid)
    module = _module((entry / "cmdline").read_bytes().split(b"\0"))
    born = _born(pid)
    if not module or born is None or entry.stat().st_uid != os.geteuid():
        return None
    if os.readlink(entry / "ns/pid") != here:
        return None
    owner = _owner((entry / "environ").read_bytes(), mark)
    if owner is None:
        return None
    is_owned = _lives(owner, born)
    if is_owned or (module == GUARDIAN and _is_at_work(entry, born)):
        return Working(pid, module, owner, is_owned)
    return Orphan(pid, born, module)


def _module(words: list[bytes]) -> str:
    """Which program of ours it is, by its command line; empty: none."""
    if os.path.basename(words[0].decode(errors="replace")) == PIPELINE:
        return PIPELINE
    given = [word.decode(errors="replace") for word in words[1:4]]
    if given[:1] == ["-m"] and len(given) > 1 and _MODULE.fullmatch(given[1]):
        return given[1]
    for word in given[:2]:
        found = _FILE.search(word)
        if found:
            return f"tui.{found['package']}.{found['name']}"
    return ""


def _owner(environment: bytes, mark: str) -> int | None:
    start = f"{mark}=".encode()
    for each in environment.split(b"\0"):
        if each.startswith(start):
            return int(each[len(start) :])
    return None


def _lives(owner: int, born: int) -> bool:
    # A process with its number that is younger than its child is another.
    owner_born = _born(owner)
    return owner_born is not None and owner_born <= born


def _is_at_work(entry: Path, born: int) -> bool:
    up_s = float((_PROC / "uptime").read_text().split()[0])
    if up_s - born / os.sysconf("SC_CLK_TCK") < GUARDIAN_S:
        return True
    return any(
        os.readlink(entry / "fd" / name).endswith(JOURNAL) for name in os.listdir(entry / "fd")
    )


def _born(pid: int) -> int | None:
    """None where nothing runs under that number."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # A name may hold spaces and brackets: what counts stands behind the last one.
    fields = stat.rpartition(")")[2].split()
    return None if len(fields) < 20 or fields[0] in _GONE else int(fields[19])


def _end(orphan: Orphan) -> str:
    """Why it is still there; empty when it is gone."""
    try:
        if orphan.module == PIPELINE and _ends_by(orphan, signal.SIGINT, ASKED_S):
            return ""
        if _ends_by(orphan, signal.SIGKILL, END_S):
            return ""
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return "it does not end: it waits in the kernel, for a device as a rule"


def _ends_by(orphan: Orphan, number: signal.Signals, limit_s: float) -> bool:
    _send(orphan, number)
    ends_s = time.monotonic() + limit_s
    while orphan.is_there():
        if time.monotonic() > ends_s:
            return False
        time.sleep(_POLL_S)
    return True


def _send(orphan: Orphan, number: signal.Signals) -> None:
    with contextlib.ExitStack() as stack, contextlib.suppress(ProcessLookupError):
        handle = None
        # Linux before 5.3 and interpreters built on old headers have none.
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                handle = os.pidfd_open(orphan.pid)
                stack.callback(os.close, handle)
        # A handle may be a successor's: its birth is read after it was taken.
        if not orphan.is_there():
            return
        if handle is None:
            os.kill(orphan.pid, number)
        else:
            signal.pidfd_send_signal(handle, number)
