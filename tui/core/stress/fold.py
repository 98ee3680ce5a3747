"""A stress, folded from a run's events: what it asked, reached and cost, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Literal

from tui.core import events as ev
from tui.core.abort import first_broken
from tui.core.incidents import Incident
from tui.core.limits import Limit, LimitState
from tui.core.model import Headline
from tui.core.notices import Notices
from tui.core.proof import Proof, Shortfall
from tui.core.scenario import Scenario
from tui.core.stress.best import BestRps
from tui.core.stress.burners import BurnersFold
from tui.core.stress.busy import BusyFold
from tui.core.stress.degradation import DegradationFold
from tui.core.stress.faults import FaultsFold
from tui.core.stress.findings import CUT_SHORT, findings, remarks, undone
from tui.core.stress.headline import done_text, headline_of
from tui.core.stress.health import HealthFold
from tui.core.stress.held_probes import HeldProbes, Probe
from tui.core.stress.jitter import JitterFold
from tui.core.stress.left import LeftFold
from tui.core.stress.part_fold import PartFold
from tui.core.stress.plan import Part
from tui.core.stress.price import PriceFold
from tui.core.stress.recovery import RecoveryFold
from tui.core.stress.steady import SteadyFold
from tui.core.stress.steps import StepsFold
from tui.core.stress.unheard import unheard_text
from tui.core.stress.unjudged import NOT_ASKED, lacking, unjudged
from tui.core.stress.view import Cut, FoundLimit, StressView
from tui.core.stress.windows import second_of
from tui.core.tally import Tally

LATE_S = 3.0
"""Rows that come when their second is closed are of one that was over two seconds before."""


class StressFold:
    """Fed with a run's events; all times are seconds since the work began."""

    def __init__(self, scenario: Scenario, counted: Sequence[Limit], notices: Notices) -> None:
        assert scenario.stress is not None
        self._stress = scenario.stress
        self._notices = notices
        self._part: Part | None = None
        self._part_from_s = 0.0
        self._step = 0
        self._ended_by = ""
        self._cut: Cut = ""
        self._blind: tuple[str, ...] = ()
        self._burners = BurnersFold(scenario.stress)
        self._faults = FaultsFold(notices)
        self._price = PriceFold()
        self._health = HealthFold()
        self._jitter = JitterFold()
        self._probes = HeldProbes(self._jitter)
        self._counted = len(counted)
        self._degradation = DegradationFold(counted)
        self._steps = StepsFold(scenario.stress, len(counted))
        self._left = LeftFold()
        self._steady: SteadyFold | None = None
        self._is_loaded = scenario.load is not None
        self._busy = BusyFold(is_loaded=self._is_loaded)
        by: Literal["load", "health"] = "load" if self._is_loaded else "health"
        self._recovery = RecoveryFold(by, scenario.thresholds, counted)
        limits = (*scenario.thresholds, *scenario.goals)
        asked_s = [limit.value for limit in limits if limit.metric == "recovery_s"]
        self._recovery_limit_s = max(asked_s, default=0.0)
        self._best = BestRps()
        self._limits: dict[str, FoundLimit] = {}
        self._is_over = False

    def apply(self, event: ev.Event, at_s: float) -> None:
        """Fold one event in."""
        self._steps.apply(event, at_s)
        match event:
            case ev.StressEntered() if event.part != self._part:
                self._enter(event.part, event.why, at_s)
                self._cut = self._cut or event.cut
            case ev.StressStepped():
                self._step = event.step
                self._burners.step(event.step, at_s)
                if event.step:
                    self._notices.mark(at_s, self._stress.steps[event.step].text, "info")
            case ev.BurnersReported():
                self._burners.second(event.burners, at_s)
                for each in event.burners:
                    self._price.wrote(each.name, each.figures)
            case ev.BurnerEnded():
                self._burners.end(event)
                self._price.wrote(event.name, event.totals)
            case ev.LimitsFound():
                self._limits |= {limit.name: limit for limit in event.limits}
            case ev.HealthProbed():
                self._probe(event, at_s)
            case ev.JitterMeasured():
                self._jitter.add(at_s, event.p99_ms, event.worst_ms)
            case ev.LateRowsArrived():
                self._degradation.late(event.rows, at_s - LATE_S)
                self._steps.late(event.rows, at_s - LATE_S)
            case ev.GuardsBlind(lines=lines):
                self._blind = tuple(dict.fromkeys((*self._blind, *lines)))
            case ev.FaultDone() | ev.FaultUndone():
                self._faults.apply(event, at_s)
            case ev.PhaseEntered(phase="draining" | "cleaning") | ev.RunEnded():
                self._part = None
                self._degradation.end(at_s)
                self._is_over = self._is_over or isinstance(event, ev.RunEnded)
        self._fold_probes(inf if isinstance(event, ev.RunEnded) else at_s)

    def sample(
        self, readings: Mapping[str, ev.Reading], at_s: float, is_throttled: bool | None
    ) -> None:
        """One sample of the board."""
        self._price.add(readings, at_s, self._part, is_throttled)
        self._degradation.sample(at_s, readings)
        self._steps.sample(at_s, readings)
        if self._part == "before":
            self._busy.add(readings)
        self._left.add(at_s, readings)
        if self._steady is not None and self._part == "stress":
            self._steady.add(at_s, readings)

    def window(self, event: ev.WindowClosed) -> None:
        """One measured second of the load."""
        is_disturbed = self._jitter.is_disturbed(event.second)
        second = second_of(event, self._counted, is_disturbed=is_disturbed)
        self._degradation.add(second)
        self._steps.add(second)
        self._recovery.add(second)
        if self._degradation.part_of(second) == "stress":
            self._best.add(second)

    @property
    def is_steady(self) -> bool:
        """Whether the board grows no warmer."""
        return self._steady is not None and self._steady.after_s is not None

    @property
    def is_back(self) -> bool:
        """Whether the service is back to what it was before, and gave back what it took."""
        return self._recovery.is_recovered and all(one.is_back for one in self._left.left())

    def measured(self) -> dict[str, float | None]:
        """The `STRESS_METRICS`, as far as they are known; infinite is what never came to be."""
        return {
            "recovery_s": self._recovery.measured_s(self._recovery_limit_s),
            "outage_s": self._health.outage_s,
            **self._degradation.ratios(),
        }

    def judged(self, limits: Sequence[Limit]) -> tuple[LimitState, ...]:
        """Each limit; those of requests beside the stress itself, not judged before it begins."""
        return self._degradation.judged(limits, self.measured())

    @property
    def under_stress(self) -> PartFold | None:
        """The stress itself, with its requests; None before."""
        return self._degradation.under_stress()

    def broken(self, limits: Sequence[Limit], at_s: float) -> str:
        """The first that is broken by now, for which the stress itself is to end; empty: none."""
        part = self.under_stress
        if part is None or self._part != "stress":
            return ""  # nothing would be spared the service by an end now
        # An outage only grows. The way back and what is compared with before are of a whole part.
        so_far = {"outage_s": self._health.outage_s}
        states = self._degradation.judged(limits, so_far)
        return first_broken(states, at_s - part.from_s, part.told_s)

    def view(self, at_s: float, total: Tally | None = None) -> StressView:
        """How it stands then; `total` are the load's measured requests."""
        left_s = 0.0
        if self._part is not None:
            length_s = self._stress.lengths_s[self._part]
            left_s = max(length_s - (at_s - self._part_from_s), 0.0)
        return StressView(
            part=self._part,
            step=self._step,
            left_s=left_s,
            burners=self._burners.views,
            points=self._burners.points,
            parts=self._degradation.parts(),
            steps=self._steps.views(),
            changes=self._degradation.changes(),
            health=self._health.view(),
            recovery=self._recovery.view(),
            left=self._left.left(),
            left_why=self._left.why,
            service_fate=self._left.fate,
            limits=(*self._limits.values(), *self._best.limits),
            faults=self._faults.views,
            price=self._price.view(),
            jitter=self._jitter.view(),
            steady_after_s=self._steady.after_s if self._steady is not None else None,
            ended_by=self._ended_by,
            cut=self._cut,
            blind=self._blind,
            overloaded_share=_overloaded_share(total),
            is_over=self._is_over,
        )

    def proof(self, view: StressView, incidents: Sequence[Incident]) -> Proof:
        """What it showed, once the run has ended; `view` is that of its end."""
        return Proof(
            findings=findings(view, incidents),
            undone=undone(self._stress, view, is_loaded=self._is_loaded),
            unjudged=self._unjudged(view),
            done=done_text(
                self._stress, view, tuple(self._limits.values()), is_loaded=self._is_loaded
            ),
            cut=f"{CUT_SHORT}: {view.ended_by}" if view.cut == "asked" else "",
        )

    def warnings(self, view: StressView) -> tuple[str, ...]:
        """What a reader of the figures must know, once the run has ended; `view` as for `proof`."""
        told = (*self._busy.remarks, *remarks(self._stress, view), *view.blind)
        return (*map(unheard_text, view.unheard), *told)

    def _unjudged(self, view: StressView) -> dict[str, Shortfall]:
        found = self._degradation.lacks(is_loaded=self._is_loaded)
        back = unjudged(view.recovery)
        if back is not None:
            found["recovery_s"] = back
        if self._health.outage_s is None:
            found["outage_s"] = lacking(NOT_ASKED)
        return found

    def headline(self) -> Headline | None:
        """What matters now of the stress itself; None where the service matters more."""
        return headline_of(self._stress, self._part, self._burners.views, self._price.view())

    def _probe(self, event: ev.HealthProbed, at_s: float) -> None:
        sent_s = at_s - (event.at_s - event.sent_s)
        if event.is_ours or sent_s < 0:
            return
        # At once: that it does not answer is no matter of our clock.
        self._health.add(sent_s, at_s, event.ms, event.detail)
        self._probes.add(Probe(sent_s, at_s, event.ms))

    def _fold_probes(self, at_s: float) -> None:
        for probe, is_disturbed in self._probes.due(at_s):
            sent_s, ended_s, ms = probe.sent_s, probe.ended_s, probe.ms
            if ms is not None and not is_disturbed:
                self._health.time(ms)
            self._degradation.probe(sent_s, ended_s, ms, is_disturbed=is_disturbed)
            self._steps.probe(sent_s, ended_s, ms, is_disturbed=is_disturbed)
            self._recovery.probe(sent_s, ended_s, ms, is_disturbed=is_disturbed)

    def _enter(self, part: Part, why: str, at_s: float) -> None:
        self._part, self._part_from_s = part, at_s
        self._degradation.enter(part, at_s)
        self._left.enter(part, at_s)
        if part == "stress":
            self._health.stressed(at_s)
            self._recovery.stressed(at_s)
            self._steady = SteadyFold(at_s)
            self._notices.mark(at_s, "stress", "info")
        elif part == "after":
            self._recovery.released(at_s)
            self._ended_by = why
            self._notices.mark(at_s, "stress over", "info")


def _overloaded_share(total: Tally | None) -> float | None:
    if total is None or not total.failures:
        return None
    return total.overloaded / total.failures
