"""Holds the undo of every fault: `python -m tui.faults.guardian_program`, one for an owner.

The one child of ours that outlives its owner, and only until what is armed is undone. So it has
no death signal, and no signal but SIGKILL moves it; it ends when its lifeline does.
"""

from __future__ import annotations

import signal

if __name__ == "__main__":
    for _number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(_number, signal.SIG_IGN)

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from select import select

import msgspec

from tui.child.lifeline import read_spec
from tui.faults.guardian_orders import (
    Answer,
    Arm,
    Disarm,
    IsArmed,
    IsRefused,
    IsUndone,
    Order,
    Ready,
    Spec,
)
from tui.faults.left_over import undo_all, undo_one
from tui.faults.undo import Undone
from tui.faults.undo_journal import UndoJournal

TRIES_S = 4.0
"""How long it tries again when nobody is there to hear of it."""
OUTLIVES_S = 9.0
"""After which the kernel ends it; what is left is for the next start."""
_RETRY_S = 1.0
_ORDERS = msgspec.json.Decoder(Order)


class Keeper:
    """Carries out orders against one journal."""

    def __init__(self, journal: UndoJournal) -> None:
        self._journal = journal
        self._due_s: dict[str, float] = {}

    def obey(self, order: Order) -> None:
        """Carry out one order and answer it."""
        if isinstance(order, Arm):
            _say(self._arm(order))
        elif isinstance(order, Disarm) and order.id in self._journal.armed:
            self._undo(order.id, is_asked=True)
        elif order.id in self._journal.armed:
            _say(IsArmed(order.id))
        else:
            _say(IsRefused(order.id, "it was undone already"))

    def next_due_s(self) -> float:
        """When the next deadline is, on the monotonic clock."""
        return min(self._due_s.values(), default=float("inf"))

    def undo_overdue(self) -> None:
        """Undo what is past its deadline, newest first."""
        now_s = time.monotonic()
        for fault in [fault for fault, due_s in self._due_s.items() if due_s <= now_s][::-1]:
            self._undo(fault, is_asked=False)

    def wind_up(self) -> bool:
        """The owner is gone: undo everything. Whether all of it is undone."""
        signal.setitimer(signal.ITIMER_REAL, OUTLIVES_S)
        ends_s = time.monotonic() + TRIES_S
        while True:
            for undone in undo_all(self._journal, "owner gone"):
                _say(_told(undone))
            if not self._journal.armed or time.monotonic() > ends_s:
                break
            time.sleep(_RETRY_S)
        self._journal.close()
        return not self._journal.armed

    def _arm(self, order: Arm) -> IsArmed | IsRefused:
        try:
            self._journal.arm(order.id, order.undo)
        except OSError as error:
            return IsRefused(order.id, f"its undo could not be written down: {error}")
        self._due_s[order.id] = time.monotonic() + order.deadline_s
        return IsArmed(order.id)

    def _undo(self, fault: str, *, is_asked: bool) -> None:
        undone = undo_one(self._journal, fault, "asked" if is_asked else "deadline")
        if undone.trouble:
            self._due_s[fault] = time.monotonic() + _RETRY_S
        else:
            self._due_s.pop(fault, None)
        _say(_told(undone))


def main(spec: Spec) -> int:
    """Serve until the owner is gone. 0: nothing is left."""
    os.chdir("/")  # a directory of its own would keep a scratch disk from being unmounted
    try:
        journal = UndoJournal.create(Path(spec.state))
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    _say(Ready(str(journal.path)))
    keeper = Keeper(journal)
    with contextlib.suppress(OSError):
        for order in _orders(keeper, spec.silence_s):
            keeper.obey(order)
    return 0 if keeper.wind_up() else 1


def _orders(keeper: Keeper, silence_s: float) -> Iterator[Order]:
    """What the owner orders, until it closes the lifeline or has been silent for too long."""
    pending = b""
    silent_at_s = time.monotonic() + silence_s
    while True:
        until_s = min(silent_at_s, keeper.next_due_s())
        is_heard = select([0], [], [], max(0.0, until_s - time.monotonic()))[0]
        if is_heard:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            silent_at_s = time.monotonic() + silence_s
            *lines, pending = (pending + chunk).split(b"\n")
            yield from _understood(lines)
        elif time.monotonic() >= silent_at_s:
            return
        keeper.undo_overdue()


def _understood(lines: list[bytes]) -> Iterator[Order]:
    for line in lines:
        if not line.startswith(b"{"):
            continue  # a beat
        try:
            yield _ORDERS.decode(line)
        except msgspec.MsgspecError as error:
            print(error, file=sys.stderr)


def _told(undone: Undone) -> IsUndone:
    assert undone.undo is not None
    return IsUndone(undone.id, undone.undo, undone.cause, undone.trouble)


def _say(answer: Answer) -> None:
    # Nobody may be left to hear it.
    with contextlib.suppress(OSError):
        os.write(1, msgspec.json.encode(answer) + b"\n")


if __name__ == "__main__":
    sys.exit(main(msgspec.json.decode(read_spec(), type=Spec)))
