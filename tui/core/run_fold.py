"""One run, folded from its events: the same code for the live screen and for a stored run."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.counts import Counts
from tui.core.figures import figures_of
from tui.core.format import rate
from tui.core.headline import headline
from tui.core.incidents import Incident, Rise
from tui.core.limits import Limit, LimitState, counted_limits, judge
from tui.core.live import Live
from tui.core.model import CleanUp, FailureGroup, Headline, RunView
from tui.core.notices import Notices
from tui.core.offered import OfferedFold
from tui.core.remarks import (
    DEMO_WARNING,
    board_warnings,
    cap_warning,
    few_warning,
    final_warnings,
    reserve_warning,
)
from tui.core.run_board import RunBoard
from tui.core.spans import Spans
from tui.core.stages import StagesFold
from tui.core.validity import Floor, Validity, ValidityFold
from tui.core.verdict import Judgement, decide

LEAST_RATE_S = 10.0
"""A rate over less time than this aborts no run."""


class RunFold:
    """Apply the events of one run in order; ask for its view at any time."""

    def __init__(self, facts: ev.RunFacts) -> None:
        self.facts = facts
        scenario = facts.scenario
        self._counted = counted_limits((*scenario.thresholds, *scenario.goals))
        self.phase: ev.Phase = "preparing"
        self._counts = Counts(len(self._counted))
        self._stages = StagesFold(scenario.thresholds, self._counted)
        self._offered = OfferedFold(scenario.load)
        self._live = Live()
        self._validity = ValidityFold()
        self._board = RunBoard(
            facts.alerts,
            is_open=scenario.load.arrival is not None,
            is_replayed=facts.device.source == "replay",
        )
        self._notices = Notices()
        self._users_asked = scenario.load.first_users
        self._levels: list[int] = []
        """What was asked for by hand, behind the level that was there before; empty: nothing."""
        self._spans = Spans()
        self._closed_s = 0
        self._late_rows = 0
        self._workers: tuple[str, ...] = ()
        self._clean_up: CleanUp | None = None
        self._unfinished = 0
        self._ended: ev.RunEnded | None = None
        self.news: list[Incident | Rise] = []
        """What of the load's own alerts, and of p95, began or ended with the last event."""

    def apply(self, event: ev.Event) -> None:
        """Fold one event in. What a run does not care for is ignored."""
        self.news = []
        match event:
            case ev.WindowClosed():
                self._on_window(event)
            case ev.LoadReported():
                self._live.report(event)
            case ev.LateRowsArrived():
                self._late_rows += sum(row.requests for row in event.rows)
                at_s = self._spans.load_s(event.at_s)
                self._counts.add(event.rows, event.failures, event.slow, at_s)
            case ev.BoardSampled():
                self._board.apply(event)
                self._mark_news()
                cost = event.readings.get("console_cpu_percent")
                if self._spans.is_measuring and cost and cost.value is not None:
                    self._validity.add_console(cost.value)
            case ev.PhaseEntered():
                self._on_phase(event)
            case ev.LoadBegan():
                self._spans.began_s = event.at_s
                self._board.begin(event.at_s)
                self._board.apply(event)
            case ev.WorkersJoined():
                self._workers = tuple(event.names)
            case ev.UsersRequested():
                self._levels += [event.users] if self._levels else [self._users_asked, event.users]
                self._users_asked = event.users
                self._stages.leave(self._spans.load_s(event.at_s))
                self._mark(event.at_s, f"{event.users} users", "info")
            case ev.LevelReached():
                self._stages.reach(event.users, self._spans.load_s(event.at_s))
                if self.facts.scenario.load.arrival is None:
                    self._mark(event.at_s, f"{event.users} users", "info")
            case ev.StageEntered():
                self._users_asked = event.users
                self._stages.enter(event.stage, event.users, self._spans.load_s(event.at_s))
            case ev.LevelAsked(users=int(users)):
                most = self.facts.scenario.load.users
                self._users_asked = min(users, most)
                if users > most:
                    cut = f"cut to load.users = {most}"
                    self._notices.warn(f"the shape asked for {users} users: {cut}")
            case ev.HoldChanged():
                self._spans.hold(event.is_held, event.at_s)
                self._mark(event.at_s, "held" if event.is_held else "released", "info")
            case ev.InstrumentCalibrated():
                self._on_calibrated(event)
            case ev.ReportsCounted():
                self._validity.reports_received = event.received
                self._validity.reports_lost = event.lost
            case ev.WorkerLost():
                text = f"worker {event.name} lost with {event.users} users: {event.reason}"
                self._validity.lost_workers.append(text)
                self._mark(event.at_s, "worker lost", "fail")
            case ev.UserCodeFailed():
                self._validity.user_errors += event.times
                self._notices.warn(f"the locustfile's own code raised: {event.error}")
            case ev.TargetProbed(answered=False):
                self._notices.warn(f"the target did not answer before the start: {event.detail}")
            case ev.DrainEnded():
                self._unfinished = event.unfinished
            case ev.CleanedUp():
                self._clean_up = CleanUp(event.created, event.deleted, event.left, event.detail)
                if event.left:
                    what = f"{event.left} things the run created are left on the target"
                    self._notices.warn(what)
            case ev.RunEnded():
                self._spans.close(event.at_s)
                self._ended = event
                self.phase = "ended"
                # Whatever came last, live reports or windows: a stored run must look the same.
                self._live.rest()

    def view(self, at_s: float) -> RunView:
        """The run as it stands `at_s` seconds after it started."""
        scenario = self.facts.scenario
        spans = self._spans
        elapsed_s, paused_s = spans.elapsed_s(at_s), spans.paused_s(at_s)
        measured_s = spans.measured_s(at_s)
        counted_s = spans.measured_s(self._counted_until(at_s))
        total, counts = self._counts.total, self._counts
        thresholds = self._judged(scenario.thresholds, counted_s)
        goals = self._judged(scenario.goals, counted_s)
        validity = self._validity.judge(total.percentile_ms(0.95), total.requests)
        failures = counts.groups.groups()
        held_s = spans.held_s(at_s)
        judgement = self._judge(thresholds, validity) if self._ended else None
        return RunView(
            facts=self.facts,
            phase=self.phase,
            elapsed_s=max(elapsed_s - paused_s, 0.0),
            total_s=scenario.load.duration_s + held_s,
            paused_s=paused_s,
            measured_from_s=spans.measured_from_s,
            measured_s=measured_s,
            users_asked=self._users_asked,
            thresholds=thresholds,
            goals=goals,
            validity=validity,
            now=self._live.now,
            total=figures_of("", "all", total, counted_s),
            endpoints=counts.endpoints(counted_s),
            failures=failures,
            slow=counts.slowest.requests(),
            points=self._live.points(),
            marks=self._notices.marks,
            headline=self._headline(elapsed_s, measured_s, failures, validity),
            warnings=self._all_warnings(thresholds, goals),
            unmeasured_requests=counts.unmeasured_requests,
            unmeasured_failures=counts.unmeasured_failures,
            unfinished=self._unfinished,
            late_rows=self._late_rows,
            workers=self._workers,
            telemetry=self._board.telemetry.stats(),
            telemetry_interval_s=self._board.telemetry.interval_s,
            telemetry_samples=self._board.telemetry.samples,
            clean_up=self._clean_up,
            judgement=judgement,
            ended_s=self._ended.at_s if self._ended else None,
            began_s=self.began_s,
            stages=self._stages.views(),
            judged_stage=self._stages.judged if scenario.load.judge == "stage" else None,
            floor=self._validity.floor,
            offered_rps=self._offered.rps,
            held_s=held_s,
            is_holding=spans.is_holding,
            incidents=self._board.incidents,
            rises=self._board.rises,
            board_points=self._board.points,
            is_throttled=self._board.was_throttled,
            incomparable=self._board.incomparable,
            leaks=self._board.leaks if self._ended else (),
        )

    @property
    def began_s(self) -> float | None:
        """When the load began; None before."""
        return self._spans.began_s

    @property
    def is_stalled(self) -> bool:
        """Whether requests wait and nothing is answered."""
        return self._live.now.stalled_s is not None

    def broken_abort(self, at_s: float) -> str:
        """The first threshold marked `abort` that is broken by now; empty when none is."""
        scenario = self.facts.scenario
        if scenario.load.judge == "stage":
            return self._stages.breach()
        aborting = [limit for limit in scenario.thresholds if limit.abort]
        if not aborting or not self._spans.is_measuring:
            return ""
        measured_s = self._spans.measured_s(at_s)
        counted_s = self._spans.measured_s(self._counted_until(at_s))
        for state in judge(aborting, self._counted, self._counts.total, counted_s):
            if state.limit.is_floor and counted_s < LEAST_RATE_S:
                continue
            if state.passed is False and measured_s >= state.limit.after_s:
                return f"{state.limit.metric} {state.limit.text}"
        return ""

    def _judged(self, limits: tuple[Limit, ...], counted_s: float) -> tuple[LimitState, ...]:
        if self.facts.scenario.load.judge == "stage":
            return self._stages.limits(limits)
        variation = self._stages.p95_variation()
        return judge(limits, self._counted, self._counts.total, counted_s, variation)

    def _counted_until(self, at_s: float) -> float:
        # Requests are known up to the last closed window: a rate over more time would be too low.
        if self._ended is not None or self.began_s is None:
            return at_s
        return min(at_s, self.began_s + self._closed_s)

    def _on_window(self, event: ev.WindowClosed) -> None:
        self._closed_s = event.second + 1
        # Given up at any time, but due in the measured phase: the worker has sorted them.
        self._validity.missed_sends += event.missed_sends
        counts = self._counts
        counts.add(event.rows, event.failures, event.slow, float(event.second))
        is_over = self._spans.is_over(event.second + 1)
        self._live.add(event, counts.total, is_over=is_over)
        if is_over:
            return
        if self._spans.was_measured(event.second + 0.5):
            self._validity.add_window(event.lag_p99_ms, event.generator_cpu_percent)
            self._offered.add(event)
            self._stages.add(event)
            self._board.window(event)
            self.news = self._board.news
            self._mark_news()
        if event.other_endpoints:
            self._notices.warn("too many endpoint names: the rest is counted as (other)")

    def _on_phase(self, event: ev.PhaseEntered) -> None:
        before, self.phase = self.phase, event.phase
        self._board.apply(event)
        self._spans.enter(event.phase, event.at_s)
        if event.phase == "paused":
            self._mark(event.at_s, "paused", "info")
        elif before == "paused" and event.phase == "warm-up":
            self._mark(event.at_s, "resumed", "info")
        elif event.phase in ("draining", "cleaning"):
            self._live.rest()

    def _judge(self, thresholds: tuple[LimitState, ...], validity: Validity) -> Judgement:
        assert self._ended is not None
        return decide(
            self._ended.reason,
            self._ended.detail,
            thresholds,
            validity,
            completed=self._counts.total.requests,
            succeeded=self._counts.total.requests - self._counts.total.failures,
            unjudged=self._counts.unmeasured_requests,
            levels=self._levels,
            place=self._place(),
        )

    def _place(self) -> str:
        """Where in its course the load was when a limit broke; empty where that says nothing."""
        load = self.facts.scenario.load
        if load.judge == "stage":
            return self._stages.place()
        arrival = load.arrival
        if arrival is None or arrival.from_rps == arrival.to_rps:
            return ""
        assert self._ended is not None
        at_s = self._ended.at_s
        spans = self._spans
        position_s = spans.elapsed_s(at_s) - spans.paused_s(at_s) - spans.held_s(at_s)
        return f" at {rate(arrival.rate_at(position_s, load.duration_s))} operations/s"

    def _headline(
        self,
        elapsed_s: float,
        measured_s: float,
        failures: tuple[FailureGroup, ...],
        validity: Validity,
    ) -> Headline:
        return headline(
            phase=self.phase,
            now=self._live.now,
            users_asked=self._users_asked,
            is_open=self.facts.scenario.load.arrival is not None,
            elapsed_s=elapsed_s,
            lost_workers=self._validity.lost_workers,
            user_errors=self._validity.user_errors,
            failures=failures,
            warm_up_failure=self._counts.groups.unmeasured_error,
            measured_s=measured_s,
            rise=self._board.open_rise,
            incidents=self._board.open_incidents,
            invalid=validity.reasons[0] if validity.valid is False else "",
        )

    def _all_warnings(
        self, thresholds: tuple[LimitState, ...], goals: tuple[LimitState, ...]
    ) -> tuple[str, ...]:
        # While a run goes on, this only grows at its end: front ends say what is new.
        demo = [DEMO_WARNING] if self.facts.target.is_demo else []
        if self._ended is None:
            return (*demo, *self._notices.warnings)
        failed = self._counts.unmeasured_failures
        final = final_warnings(goals, self._levels, failed, self._unfinished)
        reserve = reserve_warning(self.facts.scenario.load, self.facts.target)
        capped = cap_warning(self.facts.scenario.load, self.facts.target)
        few = few_warning(thresholds, self._counts.total.timed)
        found = (
            *filter(None, (self._offered.warning(), reserve, capped)),
            *board_warnings(self._board.incidents, self._board.rises, self._board.incomparable),
        )
        return (*demo, *self._notices.warnings, *found, *final, *filter(None, (few,)))

    def _on_calibrated(self, event: ev.InstrumentCalibrated) -> None:
        if event.p50_ms is None or event.p99_ms is None:
            self._notices.warn(f"what the instrument itself adds is not known: {event.why}")
            return
        self._validity.floor = Floor(event.p50_ms, event.p99_ms, event.requests)

    def _mark_news(self) -> None:
        for one in self._board.news:
            if isinstance(one, Rise) or one.began_s < 0:
                continue
            if one.is_open or one.is_change:
                self._notices.mark(one.began_s, one.label, one.level)

    def _mark(self, at_s: float, label: str, level: ev.Level) -> None:
        if self.began_s is not None:
            self._notices.mark(self._spans.load_s(at_s), label, level)
