"""What a target can send, made safe to show: nothing in it may act on a page or a cell."""

from __future__ import annotations

import re

from tui.core.failure import UNSEEN

# Control characters are cursors, bells, and what XML forbids.
_ACTING = re.compile(f"[\x00-\x1f\x7f-\x9f{UNSEEN}]")


def visible(text: str) -> str:
    """One line of text in which every character that acts unseen stands as its code point."""
    # A lone surrogate can't be written.
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return _ACTING.sub(_code_point, encodable)


def shortened(text: str, characters: int) -> str:
    """At most so many characters, an ellipsis for the rest."""
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def _code_point(match: re.Match[str]) -> str:
    return " " if match[0] in "\t\r\n" else f"‹{ord(match[0]):04X}›"
