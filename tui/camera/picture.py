"""Makes small pictures for a terminal, whose cells hold two pixels each, one above the other."""

from __future__ import annotations

import numpy as np
from av.video.frame import VideoFrame

from tui.camera.luma import Bytes
from tui.core.camera.view import Picture
from tui.ports.camera import PictureAsk

SHADES = 16
"""Steps of a colour that become one: noise must not redraw every line of the screen."""


def picture_of(frame: VideoFrame, ask: PictureAsk) -> Picture:
    """At most `columns` wide and twice `rows` high, never larger than the frame; full cells only.

    The whole picture is box-averaged and keeps its shape; the middle is cut out, not scaled.
    """
    width, height = ask.columns, 2 * ask.rows
    if ask.is_centre:
        pixels = _middle(frame, min(width, frame.width), min(height, frame.height))
    else:
        pixels = _rgb(frame, *fitted(frame.width, frame.height, width, height))
    pixels = pixels[: max(1, len(pixels) // 2) * 2]
    shaded = pixels // SHADES * SHADES + SHADES // 2
    return Picture(
        width=shaded.shape[1],
        height=shaded.shape[0],
        rgb=shaded.tobytes(),
        is_centre=ask.is_centre,
    )


def fitted(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """Largest size of the same shape within these limits, of an even height; never enlarged."""
    scale = min(1.0, most_width / width, most_height / height)
    return max(1, round(width * scale)), max(2, 2 * round(height * scale / 2))


def _rgb(frame: VideoFrame, width: int, height: int) -> Bytes:
    small = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
    return small.to_ndarray().astype(np.uint8, copy=False)


def _middle(frame: VideoFrame, width: int, height: int) -> Bytes:
    left, top = (frame.width - width) // 2, (frame.height - height) // 2
    return _rgb(frame, frame.width, frame.height)[top : top + height, left : left + width]
