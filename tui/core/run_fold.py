"""One run, folded from its events: the same code for the live screen and for a stored run."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.camera.run_cameras import RunCameras
from tui.core.deeds import DeedsFold
from tui.core.e2e.fold import WorkflowFold
from tui.core.e2e.judging import judged_under_load
from tui.core.figures import figures_of
from tui.core.headline import headline
from tui.core.incidents import Incident, Rise
from tui.core.limits import Limit, LimitState, counted_limits
from tui.core.load_fold import LoadFold
from tui.core.model import CleanUp, FailureGroup, Headline, RunView
from tui.core.notices import Notices
from tui.core.proof import Proof
from tui.core.remarks import DEMO_WARNING, board_warnings, few_warning, final_warnings
from tui.core.run_board import RunBoard
from tui.core.spans import Spans
from tui.core.storage.fold import StorageFold
from tui.core.stress.fold import StressFold
from tui.core.stress.view import StressView
from tui.core.validity import Validity
from tui.core.verdict import Evidence, Judgement, decide

States = tuple[LimitState, ...]
Failures = tuple[FailureGroup, ...]


class RunFold:
    """Apply the events of one run in order; ask for its view at any time."""

    def __init__(self, facts: ev.RunFacts) -> None:
        self.facts = facts
        scenario = facts.scenario
        self.phase: ev.Phase = "preparing"
        self._counted = counted_limits((*scenario.thresholds, *scenario.goals))
        self._spans = Spans()
        self._notices = Notices()
        self.load = LoadFold(facts, self._counted, self._spans, self._notices)
        is_stress = scenario.stress is not None
        self.stress = StressFold(scenario, self._counted, self._notices) if is_stress else None
        """What it does to the board; None where it does nothing."""
        plan = scenario.cameras
        self.cameras = RunCameras(facts, plan.settle_s) if plan is not None else None
        """Those that it watches; None where it watches none."""
        is_workflow = scenario.workflow is not None
        self.workflow = WorkflowFold(facts, self._notices) if is_workflow else None
        """What it goes through; None where it goes through nothing."""
        is_storage = scenario.storage is not None
        self.storage = StorageFold(facts, self._notices) if is_storage else None
        """What it measures of storage; None: nothing."""
        self._alone = self.cameras or self.workflow or self.storage
        """What there is in the place of a load; a workflow may have one beside it."""
        for label in self.cameras.labels if self.cameras is not None else ():
            self._notices.warn(label)
        self._board = RunBoard(
            facts.alerts,
            is_open=scenario.is_open,
            is_replayed=facts.device.source == "replay",
        )
        self._deeds = DeedsFold(scenario.id, scenario.stress)
        self._clean_up: CleanUp | None = None
        self._ended: ev.RunEnded | None = None
        self.news: list[Incident | Rise] = []
        """What of the load's own alerts, and of p95, began or ended with the last event."""

    def apply(self, event: ev.Event) -> None:
        """Fold one event in. What a run does not care for is ignored."""
        self.news = []
        self.load.seek(event)
        at_s = self._spans.load_s(event.at_s)
        if self.stress is not None:
            self.stress.apply(event, at_s)
            self._deeds.apply(event, at_s)
        if self.workflow is not None:
            self.workflow.apply(event, at_s)
        if self.storage is not None:
            self.storage.apply(event, at_s)
        match event:
            case ev.CameraEvent() if self.cameras is not None:
                self.cameras.apply(event)
            case ev.WindowClosed():
                self._on_window(event)
            case ev.BoardSampled():
                self._board.apply(event)
                if self.stress is not None:
                    self.stress.sample(event.readings, at_s, self._board.is_throttled)
                self._mark_news()
                cost = event.readings.get("console_cpu_percent")
                if self._spans.is_measuring and cost and cost.value is not None:
                    self.load.validity.add_console(cost.value)
            case ev.PhaseEntered():
                self._on_phase(event)
            case ev.WorkBegan():
                self._spans.began_s = event.at_s
                self._board.begin(event.at_s)
                self._board.apply(event)
            case ev.HoldChanged():
                self._spans.hold(event.is_held, event.at_s)
                self._mark(event.at_s, "held" if event.is_held else "released", "info")
            case ev.TargetProbed(answered=False):
                self._notices.warn(f"the target did not answer before the start: {event.detail}")
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
                self.load.live.rest()
            case _:
                self.load.apply(event)

    def view(self, at_s: float) -> RunView:
        """The run as it stands `at_s` seconds after it started."""
        scenario, load, spans = self.facts.scenario, self.load, self._spans
        counts, total = load.counts, load.counts.total
        elapsed_s, paused_s = spans.elapsed_s(at_s), spans.paused_s(at_s)
        held_s, measured_s = spans.held_s(at_s), spans.measured_s(at_s)
        counted_s = load.counted_s(at_s, is_ended=self._ended is not None)
        thresholds = self._judged(scenario.thresholds, counted_s)
        goals = self._judged(scenario.goals, counted_s)
        validity = load.validity.judge(total.percentile_ms(0.95), total.requests)
        failures = counts.groups.groups()
        stress = self.stress.view(elapsed_s, total) if self.stress is not None else None
        return RunView(
            facts=self.facts,
            phase=self.phase,
            elapsed_s=max(elapsed_s - paused_s, 0.0),
            total_s=scenario.duration_s + held_s,
            paused_s=paused_s,
            measured_from_s=spans.measured_from_s,
            measured_s=measured_s,
            users_asked=load.users_asked,
            thresholds=thresholds,
            goals=goals,
            validity=validity,
            now=load.live.now,
            total=figures_of("", "all", total, counted_s),
            endpoints=load.endpoints(counted_s),
            failures=failures,
            slow=counts.slowest.requests(),
            points=load.live.points(),
            marks=self._notices.marks,
            headline=self._headline(elapsed_s, measured_s, failures, validity),
            warnings=self._all_warnings(thresholds, goals, stress),
            unmeasured_requests=counts.unmeasured_requests,
            unmeasured_failures=counts.unmeasured_failures,
            unfinished=load.unfinished,
            late_rows=load.late_rows,
            workers=load.workers,
            telemetry=self._board.telemetry.stats(),
            telemetry_interval_s=self._board.telemetry.interval_s,
            telemetry_samples=self._board.telemetry.samples,
            clean_up=self._clean_up,
            judgement=self._judge(thresholds, validity, stress) if self._ended else None,
            ended_s=self._ended.at_s if self._ended else None,
            began_s=self.began_s,
            stages=load.stages.views(),
            judged_stage=load.stages.judged if scenario.judges_stages else None,
            floor=load.validity.floor,
            offered_rps=load.offered.rps,
            held_s=held_s,
            is_holding=spans.is_holding,
            incidents=self._board.incidents,
            rises=self._board.rises,
            board_points=self._board.points,
            is_throttled=self._board.was_throttled,
            incomparable=self._board.incomparable,
            leaks=self._board.leaks if self._ended else (),
            search=load.search.view() if load.search is not None else None,
            stress=stress,
            cameras=self.cameras.views if self.cameras is not None else (),
            workflow=self.workflow.view() if self.workflow is not None else None,
            storage=self.storage.view() if self.storage is not None else None,
        )

    @property
    def began_s(self) -> float | None:
        """When the work began; None before."""
        return self._spans.began_s

    @property
    def is_stalled(self) -> bool:
        """Whether requests wait and nothing is answered."""
        return self.load.live.now.stalled_s is not None

    def broken_abort(self, at_s: float) -> str:
        """The first threshold marked `abort` that is broken by now; empty when none is."""
        aborting = [limit for limit in self.facts.scenario.thresholds if limit.abort]
        if self.stress is None:
            return self.load.broken(aborting, at_s, is_ended=self._ended is not None)
        if not aborting or not self._spans.is_measuring:
            return ""
        return self.stress.broken(aborting, self._spans.load_s(at_s))

    def _judged(self, limits: tuple[Limit, ...], counted_s: float) -> States:
        own = self._alone or self.stress
        if self.workflow is not None and self.facts.scenario.load is not None:
            of_load = self.load.judged
            return judged_under_load(limits, self.workflow.judged, lambda x: of_load(x, counted_s))
        return own.judged(limits) if own is not None else self.load.judged(limits, counted_s)

    def _on_window(self, event: ev.WindowClosed) -> None:
        if self.load.window(event):
            if self.stress is not None:
                self.stress.window(event)
            self._board.window(event, self._deeds.deeds)
            self.news = self._board.news
            self._mark_news()

    def _on_phase(self, event: ev.PhaseEntered) -> None:
        before, self.phase = self.phase, event.phase
        self._board.apply(event)
        self._spans.enter(event.phase, event.at_s)
        if event.phase == "paused":
            self._mark(event.at_s, "paused", "info")
        elif before == "paused" and event.phase == "warm-up":
            self._mark(event.at_s, "resumed", "info")
        elif event.phase in ("draining", "cleaning"):
            self.load.live.rest()

    def _judge(
        self, thresholds: States, validity: Validity, stress: StressView | None
    ) -> Judgement:
        assert self._ended is not None
        total = self.load.counts.total
        proof = Proof()
        if self.stress is not None and stress is not None:
            proof = self.stress.proof(stress, self._board.incidents)
        if self._alone is not None:
            proof = self._alone.proof(thresholds)
        return decide(
            Evidence(
                ended=self._ended,
                validity=validity,
                thresholds=thresholds,
                completed=total.requests if self.facts.scenario.load is not None else None,
                succeeded=total.requests - total.failures,
                unjudged=self.load.counts.unmeasured_requests,
                levels=tuple(self.load.levels),
                place=self.load.place(self._ended.at_s),
                search=self.load.search.view() if self.load.search is not None else None,
                proof=proof,
            )
        )

    def _headline(
        self, elapsed_s: float, measured_s: float, groups: Failures, validity: Validity
    ) -> Headline:
        load = self.load
        told = self.stress.headline() if self.stress is not None else None
        if self._alone is not None:
            told = self._alone.headline(self.phase)
        return headline(
            phase=self.phase,
            now=load.live.now,
            users_asked=load.users_asked,
            is_open=self.facts.scenario.is_open,
            elapsed_s=elapsed_s,
            lost_workers=load.validity.lost_workers,
            user_errors=load.validity.user_errors,
            failures=groups,
            warm_up_failure=load.counts.groups.unmeasured_error,
            measured_s=measured_s,
            rise=self._board.open_rise,
            incidents=self._board.open_incidents,
            invalid=validity.reasons[0] if validity.valid is False else "",
            own=told,
            is_loaded=self.facts.scenario.load is not None,
        )

    def _all_warnings(
        self, thresholds: States, goals: States, stress: StressView | None
    ) -> tuple[str, ...]:
        # While a run goes on, this only grows at its end: front ends say what is new.
        demo = [DEMO_WARNING] if self.facts.is_demo else []
        first = (*demo, *self._notices.warnings)
        if self._ended is None:
            return first
        load, board = self.load, self._board
        timed = load.counts.total.timed
        if self.stress is not None:
            part = self.stress.under_stress
            timed = part.tally.timed if part is not None else 0
        few = few_warning(thresholds, timed)
        return (
            *first,
            *(self.stress.warnings(stress) if self.stress is not None and stress else ()),
            *(self._alone.warnings() if self._alone is not None else ()),
            *load.final_warnings(self.facts),
            *board_warnings(board.incidents, board.rises, board.incomparable),
            *final_warnings(goals, load.levels, load.counts.unmeasured_failures, load.unfinished),
            *([few] if few else []),
        )

    def _mark_news(self) -> None:
        for one in self._board.news:
            if isinstance(one, Rise) or one.began_s < 0:
                continue
            if one.is_open or one.is_change:
                self._notices.mark(one.began_s, one.label, one.level)

    def _mark(self, at_s: float, label: str, level: ev.Level) -> None:
        if self.began_s is not None:
            self._notices.mark(self._spans.load_s(at_s), label, level)
