"""Copying over any link: OSC 52, which the terminal itself obeys."""

from __future__ import annotations

import base64
import shlex

from tui.core.config import Target
from tui.core.duration import duration_text
from tui.core.scenario import Scenario

MOST_CHARACTERS = 8_000
"""Some terminals drop a longer sequence without a word."""


def osc52(text: str) -> str:
    """The sequence that puts text on the clipboard, cut to what every terminal takes."""
    encoded = base64.b64encode(text[:MOST_CHARACTERS].encode()).decode("ascii")
    return f"\x1b]52;c;{encoded}\x07"


def headless_command(
    names: list[str],
    target: Target,
    workers: int,
    scenario: Scenario | None,
    usual: Scenario | None,
) -> str:
    """What runs the same without a console: `jetproof run standard --target demo`.

    `scenario` is what runs; where its level differs from the `usual` file, options say so.
    """
    words = ["jetproof", "run", *names, "--target", target.name]
    if target.protected:
        words += ["--yes-i-mean", target.name]
    if workers > 1:
        words += ["--workers", str(workers)]
    if scenario is not None and usual is not None:
        now, before = scenario.load, usual.load
        if now.users != before.users:
            words += ["--users", str(now.users)]
        if now.spawn_rate != before.spawn_rate:
            words += ["--spawn-rate", f"{now.spawn_rate:g}"]
        if now.duration_s != before.duration_s:
            words += ["--duration", duration_text(now.duration_s)]
    return shlex.join(words)
