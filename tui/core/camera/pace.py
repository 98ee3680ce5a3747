"""How many pictures, and how large ones, a terminal's link is sent: what it takes without delay."""

from __future__ import annotations

from typing import Literal

import msgspec

SMALL_COLUMNS, SMALL_ROWS = 60, 20
MOST_BYTES_S = 40_000.0
"""A link over a mobile network takes so much beside everything else."""
MOST_BUSY = 0.5
"""A link that is busy for more than this share of the time has no room left."""
EASE = 0.7
"""More is tried where that would need no more than this of both."""
CALM_S = 10.0
"""And only after so long without being too much."""

_LEVELS: tuple[tuple[float, bool], ...] = ((2.0, False), (1.0, False), (1.0, True), (0.5, True))
"""Pictures a second, and whether they are small: from the best down."""


class Sent(msgspec.Struct, frozen=True):
    """What a terminal was sent, and what its link made of it."""

    bytes: int
    busy_s: float
    """How long something waited to leave."""
    over_s: float
    """The time it all took place in."""


class LinkPace(msgspec.Struct, frozen=True):
    """How a picture is sent just now."""

    level: int = 0
    calm_s: float = 0.0
    """How long more would have fitted."""
    why: Literal["", "slow link", "much to send"] = ""
    """Why it is not the best."""

    @property
    def fps(self) -> float:
        """Pictures a second."""
        return _LEVELS[self.level][0]

    def size(self, columns: int, rows: int) -> tuple[int, int]:
        """The columns and rows to ask for, where there is room for so many."""
        if not _LEVELS[self.level][1]:
            return columns, rows
        return min(columns, SMALL_COLUMNS), min(rows, SMALL_ROWS)

    @property
    def text(self) -> str:
        """`2 fps`, `1 fps, slow link`."""
        return f"{self.fps:g} fps{', ' if self.why else ''}{self.why}"


def paced(pace: LinkPace, sent: Sent, columns: int, rows: int) -> LinkPace:
    """The pace after a second or so of pictures in a room of so many columns and rows."""
    if sent.over_s <= 0:
        return pace
    busy, rate = sent.busy_s / sent.over_s, sent.bytes / sent.over_s
    if busy > MOST_BUSY or rate > MOST_BYTES_S:
        level = min(pace.level + 1, len(_LEVELS) - 1)
        return LinkPace(level, 0.0, "slow link" if busy > MOST_BUSY else "much to send")
    if pace.level == 0:
        return pace
    better = LinkPace(pace.level - 1, 0.0, pace.why if pace.level > 1 else "")
    more = _cells_s(better, columns, rows) / max(_cells_s(pace, columns, rows), 1.0)
    if max(busy / MOST_BUSY, rate / MOST_BYTES_S) * more > EASE:
        return msgspec.structs.replace(pace, calm_s=0.0)
    calm_s = pace.calm_s + sent.over_s
    return better if calm_s >= CALM_S else msgspec.structs.replace(pace, calm_s=calm_s)


def _cells_s(pace: LinkPace, columns: int, rows: int) -> float:
    across, down = pace.size(columns, rows)
    return pace.fps * across * down
