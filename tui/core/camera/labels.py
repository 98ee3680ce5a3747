"""Pictures that no camera took, and what to say of them."""

from __future__ import annotations

from collections.abc import Iterable

from tui.core.camera.source import Source

MADE = {"simulated": "a made picture (simulated)", "replay": "a recording (replay)"}
"""What a source is that is no camera, by its label."""


def made_lines(cameras: Iterable[tuple[str, Source]]) -> tuple[str, ...]:
    """One for each that is none: `pattern is a made picture (simulated): its figures …`."""
    return tuple(
        f"{name} is {MADE[source.label]}: its figures say nothing of a real camera"
        for name, source in cameras
        if source.label
    )
