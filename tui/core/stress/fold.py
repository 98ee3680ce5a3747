"""A stress, folded from a run's events: what it asked, reached and cost, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Literal

from tui.core import events as ev
from tui.core.format import count, duration, percent
from tui.core.incidents import Incident
from tui.core.limits import Limit, LimitState
from tui.core.model import Headline
from tui.core.notices import Notices
from tui.core.scenario import Scenario
from tui.core.stress.best import BestRps
from tui.core.stress.burners import BurnersFold
from tui.core.stress.degradation import DegradationFold
from tui.core.stress.faults import FaultsFold
from tui.core.stress.findings import CLIMBERS, CUT_SHORT, findings, remarks, undone
from tui.core.stress.headline import headline_of
from tui.core.stress.health import HealthFold
from tui.core.stress.held_probes import HeldProbes, Probe
from tui.core.stress.jitter import JitterFold
from tui.core.stress.left import LeftFold
from tui.core.stress.part_fold import PartFold
from tui.core.stress.plan import Part
from tui.core.stress.price import PriceFold
from tui.core.stress.recovery import RecoveryFold
from tui.core.stress.steady import SteadyFold
from tui.core.stress.view import Change, Cut, FoundLimit, StressView
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
        self._stress_from_s: float | None = None
        self._released_s: float | None = None
        self._ended_by = ""
        self._cut: Cut = ""
        self._blind: tuple[str, ...] = ()
        self._burners = BurnersFold()
        self._faults = FaultsFold(notices)
        self._price = PriceFold()
        self._health = HealthFold()
        self._jitter = JitterFold()
        self._probes = HeldProbes(self._jitter)
        self._counted = len(counted)
        self._degradation = DegradationFold(counted)
        self._left = LeftFold()
        self._steady: SteadyFold | None = None
        self._is_loaded = scenario.load is not None
        by: Literal["load", "health"] = "load" if self._is_loaded else "health"
        self._recovery = RecoveryFold(by, scenario.thresholds, counted)
        limits = (*scenario.thresholds, *scenario.goals)
        asked_s = [limit.value for limit in limits if limit.metric == "recovery_s"]
        self._recovery_limit_s = max(asked_s, default=0.0)
        self._best = BestRps()
        self._limits: dict[str, FoundLimit] = {}
        self._ended_s: float | None = None

    def apply(self, event: ev.Event, at_s: float) -> None:
        """Fold one event in."""
        match event:
            case ev.StressEntered():
                self._enter(event.part, event.why, at_s)
                self._cut = self._cut or event.cut
            case ev.StressStepped():
                self._step = event.step
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
            case ev.GuardsBlind(lines=lines):
                self._blind = tuple(dict.fromkeys((*self._blind, *lines)))
            case ev.FaultDone() | ev.FaultUndone():
                self._faults.apply(event, at_s)
            case ev.PhaseEntered(phase="draining" | "cleaning") | ev.RunEnded():
                self._leave(at_s)
        self._fold_probes(inf if isinstance(event, ev.RunEnded) else at_s)

    def sample(
        self, readings: Mapping[str, ev.Reading], at_s: float, is_throttled: bool | None
    ) -> None:
        """One sample of the board."""
        self._price.add(readings, at_s, self._part, is_throttled)
        self._degradation.sample(at_s, readings)
        self._left.add(at_s, readings)
        if self._steady is not None and self._part == "stress":
            self._steady.add(at_s, readings)

    def window(self, event: ev.WindowClosed) -> None:
        """One measured second of the load."""
        is_disturbed = self._jitter.is_disturbed(event.second)
        second = second_of(event, self._counted, is_disturbed=is_disturbed)
        self._degradation.add(second)
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
        changes = {each.metric: each.ratio for each in self._changes_under_stress()}
        health = self._health.view()
        return {
            "recovery_s": self._recovery.measured_s(self._recovery_limit_s),
            "outage_s": health.outage_s if health.probes else None,
            "p95_ratio": changes.get("p95_ms", changes.get("health_p95_ms")),
            "rps_ratio": changes.get("rps"),
        }

    def judged(self, limits: Sequence[Limit]) -> tuple[LimitState, ...]:
        """Each limit; those of requests beside the stress itself, not judged before it begins."""
        return self._degradation.judged(limits, self.measured())

    @property
    def under_stress(self) -> PartFold | None:
        """The stress itself, with its requests; None before."""
        return self._degradation.under_stress()

    @property
    def is_under_way(self) -> bool:
        """Whether the stress itself goes on."""
        return self._part == "stress"

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
            changes=self._degradation.changes(),
            health=self._health.view(),
            recovery=self._recovery.view(),
            left=self._left.left(),
            left_why=self._left.why,
            limits=(*self._limits.values(), *self._best.limits),
            faults=self._faults.views,
            price=self._price.view(),
            jitter=self._jitter.view(),
            steady_after_s=self._steady.after_s if self._steady is not None else None,
            ended_by=self._ended_by,
            cut=self._cut,
            blind=self._blind,
            overloaded_share=_overloaded_share(total),
        )

    def findings(self, incidents: Sequence[Incident]) -> tuple[str, ...]:
        """What fails the run beside its limits, the weightiest first."""
        return findings(self.view(self._ended_s or 0.0), incidents, is_loaded=self._is_loaded)

    def undone(self) -> tuple[str, ...]:
        """Why the run shows less than it was meant to, the weightiest first."""
        return undone(self._stress, self.view(self._ended_s or 0.0))

    def warnings(self) -> tuple[str, ...]:
        """What a reader of the figures must know once the run has ended."""
        return (*remarks(self._stress, self.view(self._ended_s or 0.0)), *self._blind)

    @property
    def cut(self) -> str:
        """Why less was done than was asked for; empty where all of it was."""
        return f"{CUT_SHORT}: {self._ended_by}" if self._cut == "asked" else ""

    def done(self) -> str:
        """What was done, for the reason of a run that passed."""
        reached = [
            f"{each.name} {percent(each.mean_reached)} %"
            for each in self._burners.views
            if each.mean_reached is not None and each.name not in CLIMBERS
        ]
        reached += [f"{one.name} {count(one.reached)}" for one in self._limits.values()]
        length_s = (self._released_s or 0.0) - (self._stress_from_s or 0.0)
        faults = ["network faults"] if self._stress.suffers else []
        if not (reached or faults) and self._is_loaded:
            return ""  # the load is all that was done, and is told by itself
        what = ", ".join((*reached, *faults)) or "watched"
        return f"{what} for {duration(round(length_s))}"

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
            self._recovery.probe(sent_s, ended_s, ms, is_disturbed=is_disturbed)

    def _changes_under_stress(self) -> list[Change]:
        return [each for each in self._degradation.changes() if each.part == "stress"]

    def _enter(self, part: Part, why: str, at_s: float) -> None:
        self._part, self._part_from_s = part, at_s
        self._degradation.enter(part, at_s)
        self._left.enter(part, at_s)
        if part == "stress":
            self._recovery.stressed(at_s)
            self._steady = SteadyFold(at_s)
            self._stress_from_s = at_s
            self._notices.mark(at_s, "stress", "info")
        elif part == "after":
            self._recovery.released(at_s)
            self._released_s = at_s
            self._ended_by = why
            self._notices.mark(at_s, "stress over", "info")

    def _leave(self, at_s: float) -> None:
        self._part = None
        self._degradation.leave(at_s)
        if self._ended_s is None:
            self._ended_s = at_s


def _overloaded_share(total: Tally | None) -> float | None:
    if total is None or not total.failures:
        return None
    return total.overloaded / total.failures
