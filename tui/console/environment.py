"""What Textual reads from the environment while it is imported."""

from __future__ import annotations

import os


def prepare_environment() -> None:
    """Call before textual is imported: it reads these once."""
    settings = {
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        # COLORTERM does not travel over SSH, so nobody gets more than this.
        "TEXTUAL_COLOR_SYSTEM": "256",
        # An arrow key torn by a slow link would otherwise read as esc, `[`, `A`.
        "ESCDELAY": "500",
    }
    for name, value in settings.items():
        os.environ.setdefault(name, value)
