"""The search for the most load that a target bears: which level comes next, and what was found.

It decides by what it is fed and by nothing else, so a stored run finds again what the live one did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.core.events import Reading, WindowClosed
from tui.core.format import counted as counted_text
from tui.core.format import percent, rate
from tui.core.limits import Limit, LimitState, judge
from tui.core.search import REST_S, BreakingPoint, EndedBy, Purpose, Search, SearchState, Wish
from tui.core.search_level import Level
from tui.core.tally import Tally

HOLD_SHARE = 0.80
"""Where the found level is confirmed."""
GAIN = 0.05
"""Twice the load that brings less than this more answers is beyond the knee."""
KNEE_REQUESTS = 50
"""Fewer answers at a level tell no gain from chance."""
STATES: dict[Purpose, SearchState] = {
    "climb": "searching",
    "bisect": "bisecting",
    "confirm": "confirming",
}


class SearchFold:
    """Fed with levels, seconds of load and the board; all times are seconds since the load began.

    `thresholds` are those that a level must hold; `counted` names the columns of a tally's `over`.
    """

    def __init__(
        self, search: Search, thresholds: Sequence[Limit], counted: Sequence[Limit]
    ) -> None:
        self._search = search
        self._thresholds = tuple(thresholds)
        self._counted = tuple(counted)
        self._levels: list[Level] = []
        self._good: Level | None = None
        self._bad: Level | None = None
        self._purpose: Purpose = "climb"
        self._wish: Wish | None = Wish(0, search.rounded(search.from_))
        self._wishes = 1
        self._rests_until_s: float | None = None
        self._standing_at: float | None = None
        self._knee: float | None = None
        self._confirmed: bool | None = None
        self._ended_by: EndedBy = ""
        self._why_ended = ""

    @property
    def wish(self) -> Wish | None:
        """Where the load is to be now; None when the search is over."""
        return self._wish

    @property
    def state(self) -> SearchState:
        """What it is at."""
        return "done" if self._wish is None else STATES[self._purpose]

    def enter(self, level: float, at_s: float) -> None:
        """The load was told to go to that level."""
        self._end_level(at_s)
        standing, self._standing_at = self._standing_at, None
        if not level:
            self._rests_until_s = at_s + REST_S
            return
        self._rests_until_s = None
        search, is_hold = self._search, self._purpose == "confirm"
        self._levels.append(
            Level(
                len(self._levels),
                self._purpose,
                level,
                at_s,
                settle_s=search.settle_s,
                window_s=search.confirm_s if is_hold else search.window_s,
                limits=self._thresholds,
                counted=self._counted,
            )
        )
        if search.by == "rate" or standing == level:
            self.reach(at_s)

    def reach(self, at_s: float, level: float | None = None) -> None:
        """The load is at that level, or (None) at the one asked for. News of others are ignored.

        By rate a level is reached when it is entered; after `spoil` it is to be told again.
        """
        current = self._level
        if current is not None and level in (None, current.value):
            current.reach(at_s)
            self._standing_at = current.value

    def spoil(self) -> None:
        """Somebody changed the load by hand: the level counts anew once it is reached again."""
        self._standing_at = None
        if self._level is not None:
            self._level.spoil()

    def board(self, readings: Mapping[str, Reading], at_s: float) -> None:
        """The board at that moment."""
        if self._level is not None:
            self._level.board(readings, at_s)

    def add(self, window: WindowClosed, *, is_disturbed: bool = False) -> None:
        """One second of load. A disturbed one does not count and makes its level longer."""
        if self._rests_until_s is not None:
            is_drained = not window.in_flight and not window.oldest_s
            if is_drained or window.second >= self._rests_until_s:
                self._rests_until_s = None
                self._go_on()
            return
        level = self._level
        if level is None or level.is_over:
            return
        level.add(window, is_disturbed=is_disturbed)
        if level.is_over:
            self._conclude(level)

    def stop(self, why: str) -> None:
        """The run ends before the search does."""
        if self._wish is not None:
            self._end("stop", why)

    def judged(self, limits: Sequence[Limit]) -> tuple[LimitState, ...]:
        """`limits` beside the last good level, else the first bad one, else nothing."""
        level = self._good or self._bad
        tally = Tally(len(self._counted)) if level is None else level.tally
        return judge(limits, self._counted, tally, float(level.seconds) if level else 0.0)

    def view(self) -> BreakingPoint:
        """What it has found so far."""
        return BreakingPoint(
            by=self._search.by,
            state=self.state,
            steps=tuple(level.view() for level in self._levels),
            last_good=None if self._good is None else self._good.view(),
            first_bad=None if self._bad is None else self._bad.view(),
            knee=self._knee,
            confirmed=self._confirmed,
            ended_by=self._ended_by,
            why_ended=self._why_ended,
        )

    @property
    def _level(self) -> Level | None:
        return self._levels[-1] if self._levels else None

    def _end_level(self, at_s: float) -> None:
        # In a stored run that lost seconds, the next level may come before this one is judged.
        if self._level is not None:
            self._level.end(at_s)

    def _conclude(self, level: Level) -> None:
        if level.trouble is not None:
            self._end(level.trouble.by, level.trouble.text)
            return
        if level.purpose == "confirm":
            self._confirmed = level.passed
            self._wish = None
            return
        if level.passed:
            if self._good is None or level.value > self._good.value:
                self._good = level
        elif self._bad is None or level.value < self._bad.value:
            self._bad = level
        self._find_knee()
        if not level.passed and self._search.by == "rate":
            self._ask(0.0)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Ask for the next level; what ends the search is known here."""
        search, good, bad = self._search, self._good, self._bad
        if bad is not None:
            self._purpose = "bisect"
            next_level = search.between(good.value if good else 0.0, bad.value)
            if next_level is not None:
                self._ask(next_level)
            else:
                self._hold("target", f"{bad.view().text} at {self._text(bad.value)}")
        elif good is None:
            self._ask(search.rounded(search.from_))
        elif self._knee is not None:
            more = f"from {self._text(self._knee)} on, twice the load brought less than"
            self._hold("saturation", f"{more} {percent(GAIN)} % more answers per second")
        elif good.value >= search.to:
            self._hold("cap", f"{self._text(good.value)}, the highest level asked for, held")
        else:
            self._ask(search.above(good.value))

    def _hold(self, ended_by: EndedBy, why: str) -> None:
        self._ended_by, self._why_ended = ended_by, why
        good, search = self._good, self._search
        if good is None or not search.confirm_s:
            self._wish = None
            return
        self._purpose = "confirm"
        level = HOLD_SHARE * good.value
        self._ask(max(float(int(level)), 1.0) if search.by == "users" else level)

    def _end(self, ended_by: EndedBy, why: str) -> None:
        # What was found before a hold that could not be finished stays found.
        if not self._ended_by:
            self._ended_by, self._why_ended = ended_by, why
        self._wish = None

    def _ask(self, level: float) -> None:
        self._wish = Wish(self._wishes, level)
        self._wishes += 1

    def _find_knee(self) -> None:
        """The lowest level whose double brought no more, of those that told enough."""
        self._knee = None
        known = [
            level
            for level in self._levels
            if level.purpose != "confirm" and level.tally.requests >= KNEE_REQUESTS
        ]
        for low in sorted(known, key=lambda level: level.value):
            higher = [level for level in known if level.value > low.value]
            is_doubled = any(level.value >= 2 * low.value for level in higher)
            # Of all higher ones: a level that collapsed makes no knee of those far below it.
            if is_doubled and all(level.rps < (1 + GAIN) * low.rps for level in higher):
                self._knee = low.value
                return

    def _text(self, level: float) -> str:
        if self._search.by == "users":
            return counted_text(round(level), "user")
        return f"{rate(level)} operations/s"
