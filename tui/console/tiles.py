"""Where the panels stand, for every size of window."""

from __future__ import annotations

from typing import NamedTuple

from tui.console.scene import View

LEAST_WIDTH, LEAST_HEIGHT = 60, 18
WIDE, TALL = 100, 30
SPACIOUS = 160
"""From here on the board shows the last minute beside its gauges."""


class Tile(NamedTuple):
    """A rectangle on the screen."""

    x: int
    y: int
    width: int
    height: int


def is_narrow(width: int, height: int) -> bool:
    """Whether there is room for one chart alone."""
    return width < WIDE or height < TALL


def arrange(width: int, height: int, view: View, is_list_open: bool) -> dict[str, Tile]:
    """The panels that are shown, by name."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return {"strip": Tile(0, 0, width, min(3, height))}
    tiles = {
        "header": Tile(0, 0, width, 1),
        "strip": Tile(0, 1, width, 3),
        "footer": Tile(0, height - 1, width, 1),
    }
    if is_narrow(width, height):
        return tiles | _narrow(width, height, view, is_list_open)
    return tiles | _wide(width, height)


def _narrow(width: int, height: int, view: View, is_list_open: bool) -> dict[str, Tile]:
    board_rows = 4
    body = height - 5 - board_rows
    board = {"board": Tile(0, 4 + body, width, board_rows)}
    if is_list_open:
        left = max(30, width * 2 // 5)
        return board | {
            "scenarios": Tile(0, 4, left, body),
            "detail": Tile(left, 4, width - left, body),
        }
    name = "detail" if view == "scenario" else view
    return board | {name: Tile(0, 4, width, body)}


def _wide(width: int, height: int) -> dict[str, Tile]:
    spare = width - WIDE
    left = min(24 + spare // 7, 34)
    right = min(30 + spare * 3 // 10, 47)
    if width >= SPACIOUS:
        right = min(56 + (width - SPACIOUS) // 5, 64)
    middle = width - left - right
    body = height - 5
    bottom = min(8 + max(height - 36, 0) // 3, 14)
    charts = body - bottom
    throughput = max(charts * 8 // 23, 7)
    latency = charts - throughput
    x2, x3 = left, left + middle
    return {
        "scenarios": Tile(0, 4, left, charts),
        "detail": Tile(0, 4 + charts, left, bottom),
        "latency": Tile(x2, 4, middle, latency),
        "throughput": Tile(x2, 4 + latency, middle, throughput),
        "endpoints": Tile(x2, 4 + charts, middle, bottom),
        "board": Tile(x3, 4, right, latency),
        "log": Tile(x3, 4 + latency, right, body - latency),
    }
