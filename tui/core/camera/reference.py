"""How a camera was when somebody was content with it, and how it stands beside that now."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

import msgspec

from tui.core.camera.camera import Camera
from tui.core.camera.measures import Quality
from tui.core.camera.view import Compared

THUMB_WIDTH, THUMB_HEIGHT = 64, 36
FLAT = 8.0
"""Below this contrast a picture has no edges to judge focus by."""


class Reference(msgspec.Struct, frozen=True):
    """A camera's aim, focus and exposure, stored by hand."""

    camera: str
    source: str
    """As in the configuration, never with a secret."""
    stored_at: float
    """UTC, seconds since the epoch."""
    width: int
    height: int
    quality: Quality
    thumb: bytes = b""
    """Luma of a `THUMB_WIDTH` x `THUMB_HEIGHT` picture, row by row: too small for a face."""


def compared(
    reference: Reference,
    now: Quality,
    size: tuple[int, int],
    moved: tuple[float, float] | None,
) -> Compared:
    """A camera's newest picture beside its reference; `moved` in percent, right and down.

    `size` is the newest picture's width and height: in another one edges are other edges.
    """
    was = reference.quality
    is_flat = min(was.contrast, now.contrast) < FLAT or not was.focus
    is_other = size != (reference.width, reference.height)
    return Compared(
        stored_at=reference.stored_at,
        moved_right_percent=moved[0] if moved is not None else None,
        moved_down_percent=moved[1] if moved is not None else None,
        focus_percent=None if is_flat or is_other else 100 * now.focus / was.focus,
        brightness_change=now.brightness - was.brightness,
    )


def moved_percent(found: Compared) -> float | None:
    """How far the scene moved, whichever way; None where it can't be found again."""
    if found.moved_right_percent is None or found.moved_down_percent is None:
        return None
    return hypot(found.moved_right_percent, found.moved_down_percent)


def of_these(references: Iterable[Reference], cameras: Iterable[Camera]) -> tuple[Reference, ...]:
    """Those of the cameras; one that was stored of another source says nothing of this one."""
    sources = {camera.name: camera.source.text for camera in cameras}
    return tuple(each for each in references if sources.get(each.camera) == each.source)
