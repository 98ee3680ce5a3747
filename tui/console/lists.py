"""Where the user is in the lists of the Runs and the Log screen."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.entries import Entry, EntryKind, matching
from tui.console.scene import LineList, RunList
from tui.core.model import Past

FIND_LENGTH = 30
MOST_RUNS = 2_000


class _List:
    """A cursor in a list, and what was typed to find lines of it."""

    def __init__(self) -> None:
        self.at = 0
        self.find = ""
        self.is_typing = False
        self.size = 0

    def move(self, step: int) -> None:
        """Up or down; stops at the ends."""
        self.at = min(max(self.at + step, 0), max(self.size - 1, 0))

    def start_typing(self) -> None:
        """`/`: what is typed from here on finds."""
        self.is_typing, self.find, self.at = True, "", 0

    def type(self, text: str) -> None:
        """What stands behind `/` now."""
        self.find = text[:FIND_LENGTH]
        self.at = 0


class Runs(_List):
    """The runs that were kept."""

    def __init__(self) -> None:
        super().__init__()
        self.all: tuple[Past, ...] = ()
        self.trouble = ""
        self.deleted: list[Past] = []
        """Newest last; these can be taken back."""

    def shown(self, *, is_reading: bool) -> RunList:
        """The list for a frame."""
        wanted = self.find.lower().split()
        runs = tuple(run for run in self.all if all(word in _text_of(run) for word in wanted))
        self.size = len(runs)
        self.move(0)
        return RunList(
            runs, self.at, self.find, is_reading, self.trouble, can_undo=bool(self.deleted)
        )


def _text_of(run: Past) -> str:
    return f"{run.run_id} {run.scenario} {run.target} {run.verdict or ''}".lower()


class Lines(_List):
    """The log's lines. The cursor stays on its line when newer ones come in above it."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: frozenset[EntryKind] = frozenset()
        self._on: Entry | None = None

    def move(self, step: int) -> None:
        super().move(step)
        if step:
            self._on = None

    def hide(self, kind: EntryKind) -> None:
        """No more lines of that kind."""
        self.hidden |= {kind}
        self._on = None

    def show_all(self) -> None:
        """Every kind, whatever its text."""
        self.hidden, self.find, self._on = frozenset(), "", None

    def shown(self, entries: Sequence[Entry]) -> LineList:
        """The list for a frame."""
        kept = matching(entries, self.find, self.hidden)
        self.size = len(kept)
        if self._on is not None and self.at:
            # By its place in time: a line that counts up has another text every second.
            here = (self._on.at_utc, self._on.kind)
            for number, entry in enumerate(kept):
                if (entry.at_utc, entry.kind) == here:
                    self.at = number
                    break
        super().move(0)
        self._on = kept[self.at] if kept else None
        return LineList(kept, self.at, self.find, self.hidden)
