"""The board's last minute, kept by the console: a sparkline for each reading."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.events import Reading

MINUTE_S = 60


class Trail:
    """One value a second for each reading, a minute of them."""

    def __init__(self) -> None:
        self._newest_s = 0
        self._values: dict[str, dict[int, float]] = {}

    def take(self, at_utc: float, board: Mapping[str, Reading]) -> None:
        """The readings of a moment; one that is not newer than the last adds nothing."""
        second = int(at_utc)
        if second <= self._newest_s:
            return
        self._newest_s = second
        oldest = second - MINUTE_S
        for key, reading in board.items():
            if reading.value is None:
                continue
            kept = self._values.setdefault(key, {})
            kept[second] = reading.value
            for old in [at_s for at_s in kept if at_s <= oldest]:
                del kept[old]

    def course(self, key: str, columns: int) -> list[float | None]:
        """Means over `columns` equal parts of the minute; None where nothing was read.

        A part keeps its place and the newest overwrites the oldest, so that a second changes one
        cell and nothing scrolls. The part behind the newest is None: there the minute begins.
        """
        part_s = MINUTE_S // columns
        head = self._newest_s // part_s
        sums: dict[int, list[float]] = {}
        for second, value in self._values.get(key, {}).items():
            part = second // part_s
            if head - columns + 1 < part <= head:
                sums.setdefault(part % columns, []).append(value)
        return [
            sum(sums[column]) / len(sums[column]) if column in sums else None
            for column in range(columns)
        ]
