"""The wait after a run, until the board is nearly as it was before it."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.events import Reading
from tui.core.model import Cooling

WARMER_C = 5.0
"""As warm as this above the run's start is cool enough."""
CALM_LOAD = 1.0
"""The load average of a minute is to be below this."""


class CoolDown:
    """Begun when a run ends; asked before the next one starts."""

    def __init__(self, start_c: float | None, ends_s: float) -> None:
        """`start_c` is the hottest zone when the run started; `ends_s` is monotonic."""
        self._wanted_c = None if start_c is None else start_c + WARMER_C
        self._ends_s = ends_s
        self.is_skipped = False

    def is_over(self, now_s: float, board: Mapping[str, Reading]) -> bool:
        """Whether the next run may start. A board that tells nothing keeps nobody waiting."""
        return self.is_skipped or now_s >= self._ends_s or self._is_cool(board)

    def view(self, following: str, now_s: float, board: Mapping[str, Reading]) -> Cooling:
        """How the wait stands."""
        return Cooling(
            next=following,
            left_s=max(self._ends_s - now_s, 0.0),
            temperature_c=hottest_c(board),
            wanted_c=self._wanted_c,
            load_1m=_value(board, "load_1m"),
            wanted_load=CALM_LOAD,
        )

    def _is_cool(self, board: Mapping[str, Reading]) -> bool:
        now_c, load = hottest_c(board), _value(board, "load_1m")
        is_hot = self._wanted_c is not None and now_c is not None and now_c > self._wanted_c
        return not is_hot and (load is None or load < CALM_LOAD)


def hottest_c(board: Mapping[str, Reading]) -> float | None:
    """The hottest zone; None where the board tells none."""
    return _value(board, "hottest_c")


def _value(board: Mapping[str, Reading], gauge: str) -> float | None:
    reading = board.get(gauge)
    return reading.value if reading is not None else None
