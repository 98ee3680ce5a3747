"""Choosing where the next run goes."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.core.config import Target


class Targets(Dialog):
    """One row for each target; answers with the name of the chosen one."""

    def __init__(self, targets: Sequence[Target], current: Target) -> None:
        names = [target.name for target in targets]
        at = names.index(current.name) if current.name in names else 0
        super().__init__("target", [], [Choice(name, name) for name in names], focus=at)
        self._targets = tuple(targets)

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
            rows.append(row)
        return rows

    def _button_row(self) -> list[Piece]:
        return [(" enter", Ink.ACCENT, True), (" take it", Ink.MUTE)]
