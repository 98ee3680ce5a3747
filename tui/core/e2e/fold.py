"""A workflow, folded from its run's events: every round, every step, and what failed."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import events as ev
from tui.core.e2e.advising import advice_on
from tui.core.e2e.busy import Busy
from tui.core.e2e.judging import (
    done_text,
    judged,
    left_text,
    maybe_left_text,
    omitted_text,
    proof_of,
)
from tui.core.e2e.round_fold import RoundFold, Shown
from tui.core.e2e.standing import rounds_text, suite_headline
from tui.core.e2e.step_fold import StepFold
from tui.core.e2e.suite_fold import tests_of
from tui.core.e2e.times import Times
from tui.core.e2e.view import FailedStep, WorkflowView
from tui.core.e2e.workflow import asked_text
from tui.core.format import count
from tui.core.limits import Limit, LimitState
from tui.core.model import Headline
from tui.core.notices import Notices
from tui.core.proof import Proof

MOST_LEFT_NAMED = 5
MAX_FAILURES = 20
"""Failed steps that are told with their request and answer; the counts are of all."""
MADE = {
    "simulated": "its pictures are made ones (simulated): they come from no camera",
    "replay": "its pictures are of a recording (replay): they come from no camera",
}
"""What to say of pictures that no camera took, by their label."""


class WorkflowFold:
    """Fed with a run's events; bounded however many rounds there are. Not thread-safe."""

    def __init__(self, facts: ev.RunFacts, notices: Notices | None = None) -> None:
        """`notices` gets what is worth a mark or a warning when it happens."""
        workflow = facts.scenario.workflow
        assert workflow is not None
        self._workflow = workflow
        self._target = facts.target
        self._notices = Notices() if notices is None else notices
        tests = {name: test for test in workflow.tests for name in test.steps}
        self._steps = [
            StepFold(
                step,
                asked_text(step, facts.target.operations),
                is_cleanup=is_cleanup,
                test=None if is_cleanup else tests.get(step.name),
            )
            for is_cleanup, steps in ((False, workflow.steps), (True, workflow.cleanup))
            for step in steps
        ]
        self._open: dict[int, RoundFold] = {}
        self._newest: RoundFold | None = None
        self._failed: RoundFold | None = None
        """The newest round with a step that failed."""
        self._last: FailedStep | None = None
        self._begun = self._complete = self._incomplete = self._hashes = 0
        self._left = self._maybe_left = 0
        self._left_named: tuple[str, ...] = ()
        self._lengths = Times()
        self._busy = Busy()
        self._failures: list[FailedStep] = []
        self._labels: dict[str, None] = {}
        self._is_cut_short = False
        self._view: WorkflowView | None = None

    def apply(self, event: ev.Event, at_s: float) -> None:
        """Fold one event in, so long after the work began; what is of no workflow is ignored."""
        match event:
            case ev.RoundBegan():
                self._begun += 1
                begun = RoundFold(event.number, event.correlation, at_s, len(self._steps))
                self._open[event.number] = self._newest = begun
                self._busy.begin(at_s)
            case ev.StepBegan():
                self._open[event.round].begin(event.step, at_s)
            case ev.StepMoved():
                self._open[event.round].move(event, at_s)
            case ev.StepEnded():
                self._end_step(event, at_s)
            case ev.RoundEnded():
                self._end_round(event)
            case ev.RunEnded():
                self._is_cut_short = event.reason == "threshold"
                for each in self._open.values():
                    each.close()
            case _:
                return
        self._view = None

    def view(self) -> WorkflowView:
        """How it stands."""
        if self._view is None:
            self._view = self._whole()
        return self._view

    def judged(self, limits: Sequence[Limit]) -> tuple[LimitState, ...]:
        """Each limit beside its figure."""
        return judged(limits, self.view())

    def proof(self, thresholds: Sequence[LimitState]) -> Proof:
        """What the verdict asks of it."""
        failing = [step for step in self._steps if step.first is not None]
        # What the rounds are for comes first, then what failed most often.
        failing.sort(key=lambda step: (step.is_cleanup, -step.failed))
        first = [step.first for step in failing if step.first is not None]
        advice = ""
        if failing:
            steps = zip(self._workflow.all_steps, self.view().steps, strict=True)
            advice = advice_on(first[0], failing[0].plan, self._target, steps)
        return proof_of(
            self.view(),
            first,
            thresholds,
            plan=self._workflow,
            advice=advice,
            is_cut_short=self._is_cut_short,
        )

    def warnings(self) -> tuple[str, ...]:
        """What else a reader of the figures must know at the end."""
        told = (left_text(self._left), maybe_left_text(self._maybe_left))
        return tuple(filter(None, told))

    def headline(self, phase: ev.Phase) -> Headline | None:
        """What matters of it now, in a sentence; None while the run is prepared."""
        if phase == "preparing":
            return None
        if self._newest is None:
            none = "no test" if self._workflow.tests else "no round"
            return Headline("info", f"{none} has begun yet")
        if self.view().is_suite:
            return suite_headline(self.view())
        if self._last is not None:
            times = sum(step.failed for step in self._steps)
            more = f", and {count(times - 1)} more" if times > 1 else ""
            strong = f"{self._last.name} failed in round {count(self._last.round)}"
            return Headline("fail", strong, f": {self._last.why}{more}")
        view = self.view()
        if self._complete == self._workflow.rounds:
            return Headline("ok", done_text(view))
        step = self._newest.running if len(self._open) == 1 else None
        level: ev.Level = "ok" if self._complete else "info"
        if step is None:
            return Headline(level, rounds_text(view))
        # Which round it is stands above it.
        return Headline(level, self._steps[step].name, f": {view.steps[step].what}")

    def _end_step(self, event: ev.StepEnded, at_s: float) -> None:
        around, step = self._open[event.round], self._steps[event.step]
        around.end(event)
        step.add(event)
        self._hashes += event.hashes
        if event.step < len(self._workflow.steps):
            self._busy.advance(at_s, event.requests)
        if event.step == len(self._workflow.steps) - 1:
            self._busy.end()
        if event.state == "omitted":
            self._notices.warn(omitted_text(step.name, step.test, event.why))
        if event.label:
            self._labels[event.label] = None
            self._notices.warn(MADE[event.label])
        if event.state != "failed":
            return
        if self._failed is None or around.number >= self._failed.number:
            self._failed = around
        self._last = failed = FailedStep(
            at_s=at_s,
            round=event.round,
            correlation=around.correlation,
            name=step.name,
            why=event.why,
            wanted=event.wanted,
            got=event.got,
            exchange=event.exchange,
            is_picture=self._workflow.all_steps[event.step].takes_picture,
            test=step.test.id if step.test is not None else "",
        )
        step.first = step.first or failed
        around.failures.append(failed)
        if len(self._failures) < MAX_FAILURES:
            self._failures.append(failed)
        self._notices.mark(at_s, f"{step.name} failed", "fail")

    def _end_round(self, event: ev.RoundEnded) -> None:
        over = self._open.pop(event.number)
        over.close(event)
        self._left += event.left
        self._maybe_left += event.maybe_left
        self._left_named = (*self._left_named, *event.left_named)[:MOST_LEFT_NAMED]
        if event.is_complete:
            self._complete += 1
            self._lengths.add(event.ms)
        elif over.failures or event.left:
            self._incomplete += 1
        # Else it was broken off, by somebody's wish: it did not fail, and proves nothing.

    def _whole(self) -> WorkflowView:
        shown = self._failed or self._newest
        stands = shown.steps if shown is not None else [Shown()] * len(self._steps)
        late = [] if shown is None else [one for one in shown.failures if one not in self._failures]
        return WorkflowView(
            steps=tuple(step.view(each) for step, each in zip(self._steps, stands, strict=True)),
            rounds=self._workflow.rounds,
            begun=self._begun,
            complete=self._complete,
            failed=self._incomplete,
            shown=shown.number if shown is not None else 0,
            correlation=shown.correlation if shown is not None else "",
            round_ms=shown.ms if shown is not None else None,
            p50_ms=self._lengths.percentile_ms(0.50),
            p95_ms=self._lengths.percentile_ms(0.95),
            slowest_ms=self._lengths.most_ms,
            hashes=self._hashes,
            left=self._left,
            left_named=self._left_named,
            maybe_left=self._maybe_left,
            failures=(*self._failures, *late),
            labels=tuple(self._labels),
            tests=tests_of(self._workflow, stands),
            requests_per_s=self._busy.per_s,
        )
