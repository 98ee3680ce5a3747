"""The last stop of every character: spelled in what the terminal can draw."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.console.glyphs import TierName, spell


class Speller(LineFilter):
    """Textual's own widgets pass here too, so that no glyph slips by."""

    def __init__(self, tier: TierName) -> None:
        super().__init__(enabled=tier != "full")
        self._tier = tier

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in this tier's characters, as many cells wide."""
        return [
            Segment(spell(text, self._tier), style, control) for text, style, control in segments
        ]
