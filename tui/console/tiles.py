"""Where the panels stand, for every size of window."""

from __future__ import annotations

from typing import NamedTuple

from tui.console.scene import LOAD_VIEWS, View, Work

LEAST_WIDTH, LEAST_HEIGHT = 60, 18
WIDE, TALL = 100, 30
THREE_CHARTS = 48
"""From this height on a wide window shows all three charts."""
SPACIOUS = 160
"""From here on the board shows the last minute beside its gauges."""


BOARD_ROWS, LEAST_LOG = 20, 10
_PANELS: dict[View, str] = {"scenario": "detail", "board": "board-chart"}
"""Views that are called otherwise than their panel."""


class Tile(NamedTuple):
    """A rectangle on the screen."""

    x: int
    y: int
    width: int
    height: int


def is_narrow(width: int, height: int) -> bool:
    """Whether there is room for one chart alone."""
    return width < WIDE or height < TALL


def is_tall(width: int, height: int) -> bool:
    """Whether there is room for all three charts."""
    return not is_narrow(width, height) and height >= THREE_CHARTS


def arrange(
    width: int, height: int, view: View, is_list_open: bool, work: Work = "load"
) -> dict[str, Tile]:
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
    return tiles | _wide(width, height, view, work)


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
    if view == "gauges":
        return {"board": Tile(0, 4, width, body + board_rows)}
    return board | {_PANELS.get(view, view): Tile(0, 4, width, body)}


def _wide(width: int, height: int, view: View, work: Work) -> dict[str, Tile]:
    spare = width - WIDE
    left = min(24 + spare // 7, 34)
    right = min(30 + spare * 3 // 10, 47)
    if width >= SPACIOUS:
        right = min(56 + (width - SPACIOUS) // 5, 64)
    middle = width - left - right
    body = height - 5
    bottom = min(8 + max(height - 36, 0) // 3, 14)
    charts = body - bottom
    x2, x3 = left, left + middle
    upper, lower, table = _middle(view, work, has_three=is_tall(width, height))
    # Beneath its burners a stress has more to tell than a row of each, and steps are many.
    most = {"burners": 2, "steps": 4}.get(table, 0)
    more = min(most, max(charts - 18, 0))
    room = charts - more
    rows = max(room * 8 // (15 + 8 * len(lower)), 7)
    latency = room - rows * len(lower)
    # As high as its lines are many, and higher where there is more to tell of.
    board = max(min(body - LEAST_LOG, BOARD_ROWS), body * 3 // 5)
    below = {
        name: Tile(x2, 4 + latency + number * rows, middle, rows)
        for number, name in enumerate(lower)
    }
    return below | {
        "scenarios": Tile(0, 4, left, charts),
        "detail": Tile(0, 4 + charts, left, bottom),
        upper: Tile(x2, 4, middle, latency),
        table: Tile(x2, 4 + room, middle, bottom + more),
        "board": Tile(x3, 4, right, board),
        "log": Tile(x3, 4 + board, right, body - board),
    }


def _middle(view: View, work: Work, *, has_three: bool) -> tuple[str, list[str], str]:
    """The upper chart, those beneath it, and the table."""
    if work == "cameras":
        return "watched", [], "board-chart"
    if work == "workflow":
        return "steps", [], "board-chart"
    if work == "storage":
        return "stored", [], "board-chart"
    if work == "stress" or (work == "both" and view not in LOAD_VIEWS):
        beside = ["latency"] if work == "both" and has_three else []
        return "stress", ["board-chart", *beside], "burners"
    table = "steps" if work == "loaded" else "endpoints"
    if has_three:
        return "latency", ["throughput", "board-chart"], table
    return "latency", ["board-chart" if view == "board" else "throughput"], table
