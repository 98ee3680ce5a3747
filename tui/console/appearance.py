"""How the console looks on this terminal: its colours and its glyphs."""

from __future__ import annotations

import msgspec

from tui.console import glyphs, theme
from tui.console.glyphs import TIERS, Tier, TierName
from tui.console.theme import ThemeName


class Appearance(msgspec.Struct, frozen=True):
    """One choice of each."""

    theme: ThemeName = "dark"
    glyphs: TierName = "full"

    @property
    def tier(self) -> Tier:
        """What the terminal can draw."""
        return TIERS[self.glyphs]

    def with_next_theme(self) -> Appearance:
        """Dark, sun, 16 and around; without colours it stays so."""
        if self.theme == "none":
            return self
        at = theme.CHOICES.index(self.theme)
        return msgspec.structs.replace(self, theme=theme.CHOICES[(at + 1) % len(theme.CHOICES)])

    def with_next_glyphs(self) -> Appearance:
        """Full, blocks, ascii and around."""
        at = glyphs.CHOICES.index(self.glyphs)
        return msgspec.structs.replace(self, glyphs=glyphs.CHOICES[(at + 1) % len(glyphs.CHOICES)])
