"""Textual's command palette over our table of commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from tui.console.commands import COMMANDS, Command, works

if TYPE_CHECKING:
    from tui.console.app import Console

# The arrows and enter mean the palette's own list here.
_NOT_HERE = (
    "up", "down", "left", "right", "far_up", "far_down", "first", "last", "palette", "back",
)  # fmt: skip


class ConsoleCommands(Provider):
    """What works now, in plain words, with its key."""

    def _offers(self) -> list[Command]:
        frame = cast("Console", self.app).bench.frame
        return [
            command
            for command in COMMANDS
            if command.id not in _NOT_HERE and works(command.id, frame)
        ]

    def _callback(self, command: Command) -> partial[None]:
        return partial(cast("Console", self.app).bench.run_command, command.id)

    async def discover(self) -> Hits:
        """Everything that works now."""
        for command in self._offers():
            yield DiscoveryHit(_line(command), self._callback(command), text=command.words)

    async def search(self, query: str) -> Hits:
        """What matches the typed letters."""
        matcher = self.matcher(query)
        for command in self._offers():
            score = matcher.match(command.words)
            if score > 0:
                yield Hit(score, _line(command), self._callback(command), text=command.words)


def _line(command: Command) -> str:
    return f"{command.shown.split()[0]:>6}  {command.words}".replace("[", "\\[")


class Palette(CommandPalette):
    """Beneath the verdict strip, without a blinking cursor."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
