"""Choosing where the next run goes."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.core.config import Target
from tui.core.format import brief_duration, counted
from tui.core.model import Snapshot


class Targets(Dialog):
    """One row for each target; answers with the name of the chosen one."""

    def __init__(self, targets: Sequence[Target], current: Target, snapshot: Snapshot) -> None:
        names = [target.name for target in targets]
        at = names.index(current.name) if current.name in names else 0
        super().__init__("target", [], [Choice(name, name) for name in names], focus=at)
        self._targets = tuple(targets)
        self._states = {target.name: last_answer(target, snapshot) for target in targets}

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """The targets stand one below the other."""
        return (("↑ ↓", "choose"), ("enter", "take"), ("esc", "close"))

    def press(self, key: str, character: str) -> None:
        """Also j and k, and t for the next."""
        aliases = {"j": "down", "k": "up", "t": "down"}
        super().press(aliases.get(character, key), "")

    def lines(self) -> list[list[Piece]]:
        """The targets, the cursor on one."""
        widest = max(len(target.name) for target in self._targets)
        rows: list[list[Piece]] = []
        for number, target in enumerate(self._targets):
            here = number == self._at
            row: list[Piece] = [
                ("▌" if here else " ", Ink.ACCENT),
                (target.name.ljust(widest), Ink.ACCENT if here else Ink.TEXT, here),
                ("  the embedded demo" if target.is_demo else f"  {target.url}", Ink.MUTE),
            ]
            if target.protected:
                row.append(("  protected", Ink.FAIL, True))
            if target.max_users is not None:
                row.append((f"  at most {counted(target.max_users, 'user')}", Ink.MUTE))
            row.append(self._states[target.name])
            rows.append(row)
        return rows

    def _button_row(self) -> list[Piece]:
        return [(" enter", Ink.ACCENT, True), (" take it", Ink.MUTE)]


def last_answer(target: Target, snapshot: Snapshot) -> Piece:
    """How it took the last question: refused just now, or loaded so long ago."""
    refusal = snapshot.refusal
    if refusal and refusal.target == target.name and refusal.trouble == "target-down":
        return "  ✗ not ready when last asked", Ink.FAIL
    started = [past.started_at for past in snapshot.past.values() if past.target == target.name]
    if not started:
        return "  · not asked yet", Ink.FAINT
    age = brief_duration(max(snapshot.at_utc - max(started), 0))
    return f"  ✓ answered {age} ago", Ink.PASS
