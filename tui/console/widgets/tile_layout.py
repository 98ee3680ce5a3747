"""Lays widgets out by name where a pure function puts them; what it leaves out is not shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from textual.geometry import Offset, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

if TYPE_CHECKING:
    from tui.console.tiles import Tile

Arrange = Callable[[int, int], "Mapping[str, Tile]"]


class TileLayout(Layout):
    """A layout of Textual's that asks `arrange(width, height)`."""

    name = "tiles"

    def __init__(self, arrange: Arrange) -> None:
        self._arrange = arrange

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """The placements of the children that have a tile."""
        tiles = self._arrange(size.width, size.height)
        return [
            WidgetPlacement(Region(*tiles[child.id]), Offset(), Spacing(), child)
            for child in children
            if child.id and child.id in tiles
        ]


class Tiles(Widget):
    """Holds widgets in a tile layout, edge to edge."""

    ALLOW_SELECT = False

    def __init__(self, arrange: Arrange, *children: Widget) -> None:
        super().__init__(*children)
        self._tile_layout = TileLayout(arrange)

    @property
    def layout(self) -> Layout:
        # Styles take Textual's own layouts only, by name.
        return self._tile_layout
