"""Undos in words: for the log of a start, and for who has to do one by hand."""

from __future__ import annotations

import shlex

from tui.core.events import Level
from tui.faults.undo import Continue, StartUnit, Undo, Undone, Unlink

Line = tuple[Level, str]


def line_of_left_over(undone: Undone) -> Line:
    """What became of a fault that an earlier run left: level and text of a log line."""
    if undone.undo is None:
        return "fail", f"left over from an earlier run: {undone.trouble}"
    if not undone.trouble:
        return "ok", f"undone from an earlier run: {_undone(undone.undo)}"
    return (
        "fail",
        f"not undone from an earlier run: {fault_words(undone.undo)} ({undone.trouble}); "
        f"by hand: {by_hand(undone.undo)}",
    )


def fault_words(undo: Undo) -> str:
    """The fault that is there until it is undone."""
    match undo:
        case Continue(target=target):
            return f"process {target.pid} is frozen"
        case Unlink(path=path):
            return f"{path} fills its disk"
        case StartUnit(unit=unit):
            return f"{unit} was ended"


def by_hand(undo: Undo) -> str:
    """The command that undoes it."""
    match undo:
        case Continue(target=target):
            return f"kill -CONT {target.pid}"
        case Unlink(path=path):
            return f"rm {shlex.quote(path)}"
        case StartUnit(unit=unit, is_user=is_user):
            manager = "systemctl --user" if is_user else "sudo systemctl"
            return f"{manager} start {shlex.quote(unit)}"


def _undone(undo: Undo) -> str:
    match undo:
        case Continue(target=target):
            return f"process {target.pid} is not frozen any more"
        case Unlink(path=path):
            return f"{path} does not fill its disk any more"
        case StartUnit(unit=unit):
            return f"{unit} runs again"
