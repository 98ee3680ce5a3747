"""Where the panels of the Cameras screen stand, for every size of window."""

from __future__ import annotations

from tui.console.camera_place import Side
from tui.console.tiles import Tile, is_narrow

_TOP = 4
"""Rows of header and verdict strip."""
_FOCUS_WIDE, _FOCUS_NARROW = 3, 1
_MOST_NARROW, _MOST_WIDE = 3, 10
"""Rows of the list."""
_LEAST_MEASURES, _MOST_MEASURES = 40, 52


def arrange_cameras(width: int, height: int, cameras: int, side: Side) -> dict[str, Tile]:
    """The panels between the strip and the footer, by name."""
    body = height - _TOP - 1
    narrow = is_narrow(width, height)
    # The border, and a row on the one under the cursor.
    listed = min(max(cameras, 1), _MOST_NARROW if narrow else _MOST_WIDE) + 3
    focus = _FOCUS_NARROW if narrow else _FOCUS_WIDE
    rest = body - listed - focus
    below = _TOP + listed
    tiles = {
        "camera-list": Tile(0, _TOP, width, listed),
        "camera-focus": Tile(0, below + rest, width, focus),
    }
    if narrow:
        return tiles | {f"camera-{side}": Tile(0, below, width, rest)}
    measures = min(max(width * 2 // 7, _LEAST_MEASURES), _MOST_MEASURES)
    return tiles | {
        "camera-picture": Tile(0, below, width - measures, rest),
        "camera-measures": Tile(width - measures, below, measures, rest),
    }
