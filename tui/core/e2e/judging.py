"""What a workflow showed, as limits and the verdict of its run ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tui.core.e2e.view import FailedStep, WorkflowView
from tui.core.format import count, counted
from tui.core.limits import Limit, LimitState
from tui.core.proof import Proof, Shortfall

AGAIN = "run it again; the log may say why"
NO_ROUND = "no round was completed"


def figure_of(metric: str, view: WorkflowView) -> float | None:
    """What of the workflow a limit is on; None until it is known. KeyError: no such metric."""
    return _FIGURES[metric](view)


def judged(limits: Sequence[Limit], view: WorkflowView) -> tuple[LimitState, ...]:
    """Each limit beside its figure."""
    figures = ((limit, figure_of(limit.metric, view)) for limit in limits)
    return tuple(
        LimitState(limit, figure, None if figure is None else limit.holds_for(figure))
        for limit, figure in figures
    )


def proof_of(
    view: WorkflowView, first_failures: Sequence[FailedStep], thresholds: Sequence[LimitState]
) -> Proof:
    """Of a run that has ended; `first_failures`: for each step that failed its first time.

    Where a round came to nothing without a step that failed, nobody knows what it would have shown.
    """
    findings = tuple(_findings(view, first_failures))
    undone: tuple[Shortfall, ...] = ()
    if not findings and view.over < view.rounds:
        reason = f"{count(view.over)} of {counted(view.rounds, 'round')} came to an end"
        undone = (Shortfall(reason, AGAIN),)
    without = [state.limit.metric for state in thresholds if state.observed is None]
    return Proof(
        findings=findings,
        advice=advice_on(first_failures[0]) if first_failures else AGAIN,
        undone=undone,
        unjudged=dict.fromkeys(without, Shortfall("no step has such a figure", AGAIN)),
        done=done_text(view),
    )


def done_text(view: WorkflowView) -> str:
    """`3 rounds of 5 steps complete, 6 hashes right`."""
    steps = counted(len(view.steps), "step")
    right = f", {counted(view.hashes, 'hash')} right" if view.hashes else ""
    return f"{counted(view.complete, 'round')} of {steps} complete{right}"


def left_text(left: int) -> str:
    """What is left on the service; empty where nothing is."""
    if not left:
        return ""
    are = "is" if left == 1 else "are"
    return f"{counted(left, 'thing')} that the run made {are} left on the service"


def maybe_left_text(maybe_left: int) -> str:
    """What may be left there; empty where everything is known."""
    if not maybe_left:
        return ""
    things = counted(maybe_left, "thing")
    return f"{things} may be left on the service: the answers that would have told were lost"


def advice_on(failure: FailedStep) -> str:
    """What to do about a step that failed."""
    exchange = failure.exchange
    if exchange is None:
        return "see the cameras: jetproof camera probe" if failure.is_picture else AGAIN
    if exchange.status is None:
        return "is the target up?"
    if exchange.status in (401, 403):
        return "look at the target's token in config.toml"
    return f"look for {failure.correlation} in the service's log"


def _findings(view: WorkflowView, first_failures: Sequence[FailedStep]) -> Iterable[str]:
    failed = {step.name: step.failed for step in view.steps}
    for first in first_failures:
        times = failed[first.name]
        where = f"in round {count(first.round)}"
        if times > 1:
            where = f"in {counted(times, 'round')}, first {where}"
        yield f"{first.name} failed {where}: {first.why}"
    if view.left:
        yield left_text(view.left)
    if not (first_failures or view.left or view.over):
        yield NO_ROUND


def _most(figures: Iterable[float | None]) -> float | None:
    return max((figure for figure in figures if figure is not None), default=None)


_FIGURES: dict[str, Callable[[WorkflowView], float | None]] = {
    "round_s": lambda view: None if view.slowest_ms is None else view.slowest_ms / 1000,
    "step_ms": lambda view: _most(step.most_ms for step in view.steps),
    "completion_rate": lambda view: view.completion_rate,
    # The worst step's: a quick one must not hide behind the others.
    "overhead_ms": lambda view: _most(step.overhead_p95_ms for step in view.steps),
}
