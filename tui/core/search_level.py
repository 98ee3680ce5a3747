"""One level of a search: its windows, and what the majority of them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.core.events import Reading, WindowClosed
from tui.core.limits import Limit, LimitState
from tui.core.rails import whole_rail
from tui.core.search import MAX_WINDOWS, BoardMeans, Purpose, SearchStep
from tui.core.search_window import Judged, SearchWindow, Trouble, broken_text
from tui.core.tally import MEASURED, Tally
from tui.core.validity import CPU_LIMIT_PERCENT, TOLERATED_WINDOWS, WINDOW_SHARE

CLEAR = 0.85
"""A window that uses less of every limit than this is good without another one."""


class _Means:
    def __init__(self) -> None:
        self._sums: dict[str, tuple[float, int]] = {}

    def add(self, name: str, value: float | None) -> None:
        if value is not None:
            total, count = self._sums.get(name, (0.0, 0))
            self._sums[name] = (total + value, count + 1)

    def view(self) -> BoardMeans:
        return BoardMeans(**{name: total / count for name, (total, count) in self._sums.items()})


class Level:
    """Times are seconds since the load began."""

    def __init__(
        self,
        number: int,
        purpose: Purpose,
        value: float,
        from_s: float,
        *,
        settle_s: float,
        window_s: float,
        limits: Sequence[Limit],
        counted: Sequence[Limit],
    ) -> None:
        self.value = value
        self.purpose: Purpose = purpose
        self.passed: bool | None = None
        self.trouble: Trouble | None = None
        """Why it can't be judged."""
        self.is_over = False
        self._number = number
        self._from_s = from_s
        self._until_s: float | None = None
        self._settle_s = settle_s
        self._window_s = window_s
        self._limits = tuple(limits)
        self._counted = tuple(counted)
        self._view: SearchStep | None = None
        self._begin(None)

    def _begin(self, reached_s: float | None) -> None:
        self._reached_s = reached_s
        self.tally = Tally(len(self._counted))
        self.seconds = 0
        self._disturbed_s = 0
        self._judged: list[Judged] = []
        self._window = self._new_window()
        self._means = _Means()
        self._cpu_s = self._busy_s = 0

    def _new_window(self) -> SearchWindow:
        return SearchWindow(self._limits, self._counted, self._window_s)

    @property
    def is_reached(self) -> bool:
        """Whether the load is, or was, there."""
        return self._reached_s is not None

    @property
    def rps(self) -> float:
        """Answers per second; 0 before any second counted."""
        return self.tally.requests / self.seconds if self.seconds else 0.0

    def reach(self, at_s: float) -> None:
        """The load is at the level now."""
        if not self.is_reached and not self.is_over:
            self._begin(at_s)

    def spoil(self) -> None:
        """Somebody changed the load: all of it again, once the level is reached."""
        if not self.is_over:
            self._begin(None)

    def end(self, at_s: float) -> None:
        """Nothing counts from now on."""
        if not self.is_over:
            self.is_over, self._until_s = True, at_s

    def board(self, readings: Mapping[str, Reading], at_s: float) -> None:
        """The board at that moment."""
        if not self._counts(at_s):
            return
        gauges = {
            "gpu_percent": "gpu_percent",
            "cpu_percent": "cpu_percent",
            "tj_c": "tj_c" if "tj_c" in readings else "hottest_c",
            "ram_mb": "ram_used_mb",
            "power_mw": f"{whole_rail(readings)}_mw",
        }
        for name, gauge in gauges.items():
            if gauge in readings:
                self._means.add(name, readings[gauge].value)
        ram = readings.get("ram_used_mb")
        if ram is not None and ram.value is not None and ram.limit:
            self._means.add("ram_percent", 100 * ram.value / ram.limit)

    def add(self, second: WindowClosed, *, is_disturbed: bool) -> None:
        """One second of load; it may end the level."""
        is_measured = not second.rows or any(row.phase == MEASURED for row in second.rows)
        if not self._counts(second.second) or not is_measured:
            return
        # Disturbed seconds too: a generator without a core to spare disturbs all of its own.
        if second.generator_cpu_percent is not None:
            self._cpu_s += 1
            self._busy_s += second.generator_cpu_percent > CPU_LIMIT_PERCENT
        self._window.add(second, is_disturbed=is_disturbed)
        if is_disturbed:
            self._disturbed_s += 1
        else:
            self.seconds += 1
            self._means.add("in_flight", second.in_flight)
            for row in second.rows:
                if row.phase == MEASURED:
                    self.tally.add(row)
        if self._window.is_full:
            self._close_window()
            if self.trouble or self.passed is not None:
                self.end(second.second + 1.0)

    def _counts(self, at_s: float) -> bool:
        reached_s = self._reached_s
        return reached_s is not None and not self.is_over and at_s >= reached_s + self._settle_s

    def _close_window(self) -> None:
        window, self._window = self._window, self._new_window()
        self.trouble = self._busy() or window.trouble()
        if self.trouble is not None:
            return
        self._judged.append(window.judged())
        newest, broken = self._judged[-1], sum(each.broken is not None for each in self._judged)
        good = len(self._judged) - broken
        enough = MAX_WINDOWS // 2 + 1
        if newest.is_severe or broken >= enough:
            self.passed = False
        elif self.purpose == "confirm":
            self.passed = not broken
        elif good >= enough or (not broken and newest.used < CLEAR):
            self.passed = True

    def _busy(self) -> Trouble | None:
        if self._busy_s <= max(TOLERATED_WINDOWS, WINDOW_SHARE * self._cpu_s):
            return None
        busy = f"a worker above {CPU_LIMIT_PERCENT:.0f} % of a core"
        text = f"the generator is the limit: {busy} in {self._busy_s} of {self._cpu_s} s"
        return Trouble("generator", text)

    @property
    def _broken(self) -> LimitState | None:
        """What broke it: the newest window that says so speaks for all."""
        if self.passed is not False:
            return None
        return next(each.broken for each in reversed(self._judged) if each.broken is not None)

    def view(self) -> SearchStep:
        """As screens and reports show it."""
        if self._view is not None:
            return self._view
        made = self._made()
        if self.is_over:
            self._view = made
        return made

    def _made(self) -> SearchStep:
        broken = self._broken
        return SearchStep(
            step=self._number,
            purpose=self.purpose,
            level=self.value,
            from_s=self._from_s if self._reached_s is None else self._reached_s,
            until_s=self._until_s,
            seconds=self.seconds,
            disturbed_s=self._disturbed_s,
            windows=len(self._judged),
            requests=self.tally.requests,
            rps=self.rps if self.seconds else None,
            p95_ms=self.tally.percentile_ms(0.95),
            error_rate=self.tally.error_rate if self.tally.requests else None,
            passed=self.passed,
            which="" if broken is None else broken.limit.metric,
            text="" if broken is None else broken_text(broken),
            board=self._means.view(),
        )
