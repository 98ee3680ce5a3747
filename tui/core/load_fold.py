"""The load of one run, folded from its events: counts, levels, stages, and how valid it is."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import events as ev
from tui.core.abort import first_broken
from tui.core.counts import Counts
from tui.core.format import rate
from tui.core.limits import METRICS, Limit, LimitState, judge
from tui.core.live import Live
from tui.core.model import Figures
from tui.core.notices import Notices
from tui.core.offered import OfferedFold
from tui.core.remarks import cap_warning, reserve_warning
from tui.core.search import Search
from tui.core.search_fold import SearchFold
from tui.core.spans import Spans
from tui.core.stages import StagesFold
from tui.core.validity import Floor, ValidityFold


class LoadFold:
    """Fed with what concerns the load; a run without one leaves it empty."""

    def __init__(
        self, facts: ev.RunFacts, counted: Sequence[Limit], spans: Spans, notices: Notices
    ) -> None:
        scenario = self._scenario = facts.scenario
        self._load = scenario.load
        self._counted = tuple(counted)
        self._spans = spans
        self._notices = notices
        self.counts = Counts(len(self._counted))
        # A workflow under load has limits that no request is judged by.
        of_requests = [limit for limit in scenario.thresholds if limit.metric in METRICS]
        self.stages = StagesFold(of_requests, self._counted)
        self.offered = OfferedFold(is_open=scenario.is_open)
        self.live = Live()
        self.validity = ValidityFold()
        self.users_asked = self._load.first_users if self._load is not None else 0
        self.levels: list[int] = []
        """What was asked for by hand, behind the level that was there before; empty: nothing."""
        self.search = _search_fold(facts, self._counted)
        """The search for the breaking point; None where the file says how much load there is."""
        self.workers: tuple[str, ...] = ()
        self.late_rows = 0
        self.unfinished = 0
        self._closed_s = 0

    def apply(self, event: ev.Event) -> None:
        """Fold one event in; windows come through `window`."""
        match event:
            case ev.LoadReported():
                self.live.report(event)
            case ev.LateRowsArrived():
                self.late_rows += sum(row.requests for row in event.rows)
                at_s = self._spans.load_s(event.at_s)
                self.counts.add(event.rows, event.failures, event.slow, at_s)
            case ev.WorkersJoined():
                self.workers = tuple(event.names)
            case ev.UsersRequested():
                self.levels += [event.users] if self.levels else [self.users_asked, event.users]
                self.users_asked = event.users
                self.stages.leave(self._spans.load_s(event.at_s))
                self._mark(event.at_s, f"{event.users} users", "info")
            case ev.LevelReached():
                self.stages.reach(event.users, self._spans.load_s(event.at_s))
                if not self._scenario.is_open:
                    self._mark(event.at_s, f"{event.users} users", "info")
            case ev.StageEntered():
                self.users_asked = event.users
                self.stages.enter(event.stage, event.users, self._spans.load_s(event.at_s))
            case ev.LevelAsked(users=int(users)):
                self._on_asked(users)
            case ev.InstrumentCalibrated():
                self._on_calibrated(event)
            case ev.ReportsCounted():
                self.validity.reports_received = event.received
                self.validity.reports_lost = event.lost
            case ev.WorkerLost():
                text = f"worker {event.name} lost with {event.users} users: {event.reason}"
                self.validity.lost_workers.append(text)
                self._mark(event.at_s, "worker lost", "fail")
            case ev.UserCodeFailed():
                self.validity.user_errors += event.times
                self._notices.warn(f"the locustfile's own code raised: {event.error}")
            case ev.DrainEnded():
                self.unfinished = event.unfinished

    def window(self, event: ev.WindowClosed) -> bool:
        """Count one second of results; whether it lies in the measured phase."""
        self._closed_s = event.second + 1
        # Given up at any time, but due in the measured phase: the worker has sorted them.
        self.validity.missed_sends += event.missed_sends
        self.counts.add(event.rows, event.failures, event.slow, float(event.second))
        is_over = self._spans.is_over(event.second + 1)
        self.live.add(event, self.counts.total, is_over=is_over)
        if event.other_endpoints:
            self._notices.warn("too many endpoint names: the rest is counted as (other)")
        if is_over or not self._spans.was_measured(event.second + 0.5):
            return False
        self.validity.add_window(event.lag_p99_ms, event.generator_cpu_percent)
        self.offered.add(event)
        if self.search is not None:
            self.search.add(event)
        self.stages.add(event)
        return True

    def counted_s(self, at_s: float, *, is_ended: bool) -> float:
        """Length of the measured phase as far as its requests are known.

        That is up to the last closed window: a rate over more time would be too low.
        """
        began_s = self._spans.began_s
        if not is_ended and began_s is not None:
            at_s = min(at_s, began_s + self._closed_s)
        return self._spans.measured_s(at_s)

    def judged(self, limits: Sequence[Limit], counted_s: float) -> tuple[LimitState, ...]:
        """Limits beside the measured phase, or beside the judged stage."""
        if self._scenario.judges_stages:
            return self.stages.limits(limits)
        if self.search is not None:
            return self.search.judged(limits)
        others = {"p95_variation": self.stages.p95_variation()}
        return judge(limits, self._counted, self.counts.total, counted_s, others)

    def broken(self, aborting: Sequence[Limit], at_s: float, *, is_ended: bool) -> str:
        """The first of these limits that is broken by now, or that of a stage; empty: none is."""
        if self._scenario.judges_stages:
            return self.stages.breach()
        # A level that breaks a limit is what a search looks for.
        if self.search is not None or not aborting or not self._spans.is_measuring:
            return ""
        counted_s = self.counted_s(at_s, is_ended=is_ended)
        states = judge(aborting, self._counted, self.counts.total, counted_s)
        return first_broken(states, self._spans.measured_s(at_s), counted_s)

    def endpoints(self, counted_s: float) -> tuple[Figures, ...]:
        """By endpoint, the busiest first."""
        return self.counts.endpoints(counted_s)

    def place(self, at_s: float) -> str:
        """Where in its course the load was then; empty where that says nothing."""
        load = self._load
        if self._scenario.judges_stages:
            return self.stages.place()
        if load is None or load.arrival is None or load.arrival.from_rps == load.arrival.to_rps:
            return ""
        spans = self._spans
        position_s = spans.elapsed_s(at_s) - spans.paused_s(at_s) - spans.held_s(at_s)
        return f" at {rate(load.arrival.rate_at(position_s, load.duration_s))} operations/s"

    def final_warnings(self, facts: ev.RunFacts) -> tuple[str, ...]:
        """What a reader of the figures must know once the run has ended."""
        if self._load is None:
            return ()
        found = (
            self.offered.warning(),
            reserve_warning(self._load, facts.target),
            cap_warning(self._load, facts.target),
        )
        return tuple(filter(None, found))

    def seek(self, event: ev.Event) -> None:
        """What concerns the search for the breaking point, if there is one."""
        search = self.search
        if search is None:
            return
        at_s = self._spans.load_s(event.at_s)
        match event:
            case ev.LevelSought():
                search.enter(event.level, at_s)
                if not self._scenario.is_open:
                    self.users_asked = round(event.level)
                    self._mark(event.at_s, f"{event.level:g}", "info")
            case ev.LevelReached() if not self._scenario.is_open:
                search.reach(at_s, float(event.users))
            case ev.PhaseEntered(phase="paused"):
                search.spoil()
            case ev.PhaseEntered(phase="measuring"):
                search.reach(at_s)
            case ev.BoardSampled():
                search.board(event.readings, at_s)
            case ev.RunEnded():
                search.stop(event.detail or "out of time")

    def _on_asked(self, users: int) -> None:
        assert self._load is not None
        most = self._load.users
        self.users_asked = min(users, most)
        if users > most:
            cut = f"cut to load.users = {most}"
            self._notices.warn(f"the shape asked for {users} users: {cut}")

    def _on_calibrated(self, event: ev.InstrumentCalibrated) -> None:
        if event.p50_ms is None or event.p99_ms is None:
            self._notices.warn(f"what the instrument itself adds is not known: {event.why}")
            return
        self.validity.floor = Floor(event.p50_ms, event.p99_ms, event.requests)

    def _mark(self, at_s: float, label: str, level: ev.Level) -> None:
        if self._spans.began_s is not None:
            self._notices.mark(self._spans.load_s(at_s), label, level)


def _search_fold(facts: ev.RunFacts, counted: Sequence[Limit]) -> SearchFold | None:
    search = sought(facts)
    return None if search is None else SearchFold(search, facts.scenario.thresholds, counted)


def sought(facts: ev.RunFacts) -> Search | None:
    """The search of a run, no higher than its target allows; None where there is none."""
    load = facts.scenario.load
    if load is None or load.search is None:
        return None
    most = facts.target.max_users if load.search.by == "users" else None
    return load.search.capped(None if most is None else float(most))
