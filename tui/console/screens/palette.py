"""Textual's command palette over our table of commands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from tui.console.commands import (
    CAMERA_VIEWS,
    COMMANDS,
    END_THE_STRESS,
    STEP_VIEWS,
    STORAGE_VIEWS,
    STRESS_VIEWS,
    VIEWS,
    offered_views,
    works,
)

if TYPE_CHECKING:
    from tui.console.app import Console

# The arrows and enter mean the palette's own list here.
_NOT_HERE = (
    "up", "down", "left", "right", "far_up", "far_down", "first", "last", "palette", "back",
)  # fmt: skip


class _Offer(NamedTuple):
    key: str
    words: str
    act: Callable[[], None]

    @property
    def line(self) -> str:
        """As the list shows it."""
        return f"{self.key:>6}  {self.words}".replace("[", "\\[")


class ConsoleCommands(Provider):
    """What works now, in plain words, with its key."""

    def _offers(self) -> list[_Offer]:
        bench = cast("Console", self.app).bench
        offers = [
            _Offer(command.shown.split()[0], command.words, partial(bench.run_command, command.id))
            for command in COMMANDS
            if command.id not in _NOT_HERE and works(command.id, bench.frame)
        ]
        if works("calm", bench.frame):
            offers.insert(0, _Offer("", END_THE_STRESS, partial(bench.run_command, "calm")))
        words = VIEWS | STRESS_VIEWS | CAMERA_VIEWS | STEP_VIEWS | STORAGE_VIEWS
        views = offered_views(bench.frame)
        return [
            *offers,
            *(_Offer("", words[view], partial(bench.show_view, view)) for view in views),
        ]

    async def discover(self) -> Hits:
        """Everything that works now."""
        for offer in self._offers():
            yield DiscoveryHit(offer.line, offer.act, text=offer.words)

    async def search(self, query: str) -> Hits:
        """What matches the typed letters."""
        matcher = self.matcher(query)
        for offer in self._offers():
            score = matcher.match(offer.words)
            if score > 0:
                yield Hit(score, offer.line, offer.act, text=offer.words)


class Palette(CommandPalette):
    """Beneath the verdict strip, without a blinking cursor."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
