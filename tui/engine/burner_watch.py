"""What the burners of one stress tell, and how much of it is told and kept."""

from __future__ import annotations

from tui.core import events as ev
from tui.engine.wear_keeper import WearKeeper
from tui.ports import Burners, Emit

SECOND_S = 1.0


class BurnerWatch:
    """Told the time at every turn; all times are monotonic."""

    def __init__(self, burners: Burners, keeper: WearKeeper, emit: Emit) -> None:
        self._burners = burners
        self._keeper = keeper
        self._emit = emit
        self._told_s = 0.0

    def hear(self, now_s: float, *, is_stress: bool) -> None:
        """Tell who is at its end at once, and the rest once a second; what those that burn reach
        only while that `is_stress`."""
        for ended in self._burners.ended():
            self._keeper.count(ended.name, ended.totals)
            self._keeper.keep(now_s, is_last=True)
            self._emit(ended)
        self._tell_trouble()
        if now_s - self._told_s < SECOND_S:
            return
        self._told_s = now_s
        burning = self._burners.seconds()
        if burning and is_stress:
            for second in burning:
                self._keeper.count(second.name, second.figures)
            self._keeper.keep(now_s)
            self._emit(ev.BurnersReported(burners=burning))
        found = self._burners.limits()
        if found:
            self._emit(ev.LimitsFound(limits=found))

    def close(self) -> None:
        """What was written is kept when this returns, or it is told why not."""
        self._keeper.close()
        self._tell_trouble()

    def _tell_trouble(self) -> None:
        trouble = self._keeper.trouble()
        if trouble:
            self._emit(ev.GuardsBlind(lines=[trouble]))
