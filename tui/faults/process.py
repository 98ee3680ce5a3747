"""Freezing and killing one process: each a context, whose end means that it is undone."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tui.faults.guardian import Guardian
from tui.faults.target import Target
from tui.faults.undo import Continue, FaultRefused, StartUnit

FREEZE_S = 2.0
_POLL_S = 0.002


@contextmanager
def frozen(guardian: Guardian, target: Target, deadline_s: float) -> Iterator[None]:
    """Every thread of the process stands still inside the block, for `deadline_s` at most.

    Raises FaultRefused when it can't be done, UndoFailed when it does not run again.
    """
    _refuse(guardian, target)
    with guardian.holding(Continue(target), deadline_s) as armed:
        _send(target, signal.SIGSTOP)
        ends_s = time.monotonic() + FREEZE_S
        while not target.is_frozen() and target.is_alive() and time.monotonic() < ends_s:
            time.sleep(_POLL_S)
        guardian.assure(armed)
        if not target.is_frozen():
            raise FaultRefused(f"process {target.pid} does not stand still")
        yield


@contextmanager
def killed(
    guardian: Guardian, target: Target, unit: str, deadline_s: float, *, is_user: bool = False
) -> Iterator[None]:
    """The process is killed; behind the block its systemd service runs again.

    It may come back by itself before; if not, it is started after `deadline_s` at the latest.
    Raises FaultRefused when it can't be done, UndoFailed when the service does not start.
    """
    _refuse(guardian, target)
    with guardian.holding(StartUnit(unit, is_user), deadline_s):
        _send(target, signal.SIGKILL)
        yield


def kill(guardian: Guardian, target: Target) -> None:
    """Kill a process that whoever started it starts again: there is no undo of ours.

    Raises FaultRefused.
    """
    _refuse(guardian, target)
    _send(target, signal.SIGKILL)


def _refuse(guardian: Guardian, target: Target) -> None:
    why = target.refusal()
    if target.pid == guardian.pid:
        why = "the guardian itself is no target"
    if why:
        raise FaultRefused(why)


def _send(target: Target, number: signal.Signals) -> None:
    try:
        is_there = target.send(number)
    except PermissionError:
        raise FaultRefused(f"process {target.pid} belongs to another user") from None
    if not is_there:
        raise FaultRefused(f"process {target.pid} is gone")
