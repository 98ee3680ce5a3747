"""What `jetproof doctor` says of other jetproofs here: by process, and how to end them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from tui.child.orphans import GUARDIAN, Working, working
from tui.core.finding import Finding
from tui.core.mount import mount_of

LOCKS = Path("/proc/locks")
NAME = "running"


def running_findings() -> Iterator[Finding]:
    """The run that goes on, and processes that others have. They are only looked at."""
    found = [*run_that_goes_on(), *processes_of_others()]
    yield from found or [Finding(NAME, "ok", "no run, and no process of one")]


def run_that_goes_on(locks: Path = LOCKS) -> Iterator[Finding]:
    """Who drives the board, if anybody does: one run at a time may."""
    from tui.store.lock import BoardLock

    lock = BoardLock()
    pid = holder_of(lock.path, locks)
    if pid is None:
        return
    advice = "let it end, or stop it: s twice in its console, ctrl-c in its terminal"
    # The kernel hides a holder of another container's, or gives it another number than its own.
    by_hand = f", or kill -TERM {pid}" if pid == _said_pid(lock.path) else ""
    yield Finding(NAME, "warn", lock.holder(), advice + by_hand)


def holder_of(path: Path, locks: Path = LOCKS) -> int | None:
    """The process that holds a lock on this file; None when nobody does, 0 when it is hidden."""
    try:
        files = _names_of(path)
        lines = locks.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        # `1: FLOCK  ADVISORY  WRITE 4711 fe:00:123 0 EOF`; one that waits has an arrow more.
        words = line.split()
        if words[1:2] == ["FLOCK"] and words[5] in files:
            return max(int(words[4]), 0)
    return None


def _names_of(path: Path) -> set[str]:
    """How the kernel may name a file among its locks: `fe:00:123`. Raises OSError.

    File systems with volumes or layers (btrfs, overlayfs) give `stat` another device than that of
    their mount, which the kernel uses there.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        about = Path(f"/proc/self/fdinfo/{descriptor}").read_text()
    finally:
        os.close(descriptor)
    numbers = [(os.major(found.st_dev), os.minor(found.st_dev))]
    mount = mount_of(about, Path("/proc/self/mountinfo").read_text())
    if mount is not None:
        major, _, minor = mount.number.partition(":")
        numbers.append((int(major), int(minor)))
    return {f"{one:02x}:{other:02x}:{found.st_ino}" for one, other in numbers}


def _said_pid(path: Path) -> int | None:
    """The number that the holder gave itself; None where it says none."""
    try:
        return int(json.loads(path.read_text())["pid"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def processes_of_others() -> Iterator[Finding]:
    """Children of other jetproofs, in a line for each of these; guardians that still undo."""
    others = [each for each in working() if each.owner != os.getpid()]
    for owner in dict.fromkeys(each.owner for each in others if each.is_owned):
        its = [each for each in others if each.owner == owner]
        advice = f"all of them end with it: q in its console, or kill -TERM {owner}"
        yield Finding(NAME, "ok", f"process {owner} has {_named(its)}", advice)
    for each in others:
        if not each.is_owned and each.module == GUARDIAN:
            said = f"process {each.pid} undoes the faults of a run that is gone"
            yield Finding(NAME, "warn", said, "let it: it ends within ten seconds")


def _named(its: list[Working]) -> str:
    """`tui.demo 12, tui.stress.cpu 13 14`."""
    modules = dict.fromkeys(each.module for each in its)
    return ", ".join(
        " ".join([module, *(str(each.pid) for each in its if each.module == module)])
        for module in modules
    )
