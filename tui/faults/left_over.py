"""Undoing what nobody holds any more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tui.core.format import counted
from tui.faults.undo import Cause, Undone
from tui.faults.undo_journal import UndoJournal, journals
from tui.faults.undoing import undo


def undo_left_over(state: Path) -> tuple[Undone, ...]:
    """Undo what an earlier jetproof armed and no living guardian holds; never raises.

    To be called at every start. What can't be undone stays in its journal for the next start.
    """
    return tuple(done for path in journals(state) for done in undo_journal(path, "left over"))


def undo_journal(path: Path, cause: Cause) -> Iterator[Undone]:
    """Undo what one journal holds, newest first; nothing when its guardian lives."""
    try:
        journal = UndoJournal.open(path)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Undone("", None, cause, f"{path} can't be read: {error.strerror or error}")
        return
    if journal is None:
        return
    with contextlib.closing(journal):
        yield from undo_all(journal, cause)
        if journal.unread:
            lines = counted(journal.unread, "line")
            trouble = f"{path} holds {lines} that can't be understood: look, delete"
            yield Undone("", None, cause, trouble)


def undo_all(journal: UndoJournal, cause: Cause) -> Iterator[Undone]:
    """Undo everything that is armed in it, newest first."""
    for fault in list(journal.armed)[::-1]:
        yield undo_one(journal, fault, cause)


def undo_one(journal: UndoJournal, fault: str, cause: Cause) -> Undone:
    """Undo one armed fault and write that down."""
    what = journal.armed[fault]
    trouble = undo(what)
    if not trouble:
        try:
            journal.done(fault)
        except OSError:
            # It is undone; that the disk does not know only means that it will be again.
            journal.armed.pop(fault)
    return Undone(fault, what, cause, trouble)
