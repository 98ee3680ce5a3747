"""Workflows in the words and tables that every form of a report uses."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core import format as text
from tui.core.e2e.fold import MADE
from tui.core.e2e.view import FailedStep, Standing, StepView, WorkflowView
from tui.core.events import Exchange
from tui.core.model import RunView
from tui.reports.clean import shortened, visible
from tui.reports.stress_tables import Table
from tui.reports.stress_words import Named, said

HEADS = (
    "step", "request", "passed", "failed", "requests", "p50 ms", "p95 ms", "slowest ms",
    "overhead p95 ms",
)  # fmt: skip
ONE_ROUND_HEADS = ("step", "request", "passed", "failed", "requests", "took ms", "overhead ms")
LONGEST_ANSWER = 400
"""Of an answer: enough to know it again in the service's log."""
MAX_HEADERS = 6
ONE_ROUND_NOTE = (
    "Overhead is what a step takes beyond its requests and the waits between them; of many items "
    "what each of them takes."
)
NOTE = (
    "p50, p95 and overhead are of the rounds in which a step passed, the slowest is of all. "
    "Overhead is what a step takes beyond its requests and the waits between them."
)
STATES: dict[Standing, str] = {
    "passed": "passed",
    "failed": "failed",
    "skipped": "skipped",
    "omitted": "n/a",
    "running": "not ended",
    "waiting": "not begun",
}
"""What became of a step or of a test."""
MAX_FAILED = 5
"""Failed steps that a form tells in full."""
_CLEAR_MS = 1000.0
"""From here on seconds read better."""


def workflow_facts(workflow: WorkflowView) -> tuple[Named, ...]:
    """All of it by name; what nobody knows is left out."""
    return tuple((name, words) for name, words in _facts(workflow) if words)


def rounds_words(workflow: WorkflowView) -> str:
    """`3 of 3 complete`, `1 of 3 complete, 1 failed, 1 not begun`."""
    under_way = workflow.begun - workflow.over
    others = (
        (workflow.failed, "failed"),
        (under_way, "not ended"),
        (workflow.rounds - workflow.begun, "not begun"),
    )
    rest = "".join(f", {text.count(number)} {what}" for number, what in others if number > 0)
    return f"{text.count(workflow.complete)} of {text.count(workflow.rounds)} complete{rest}"


def span_words(span_ms: float | None) -> str:
    """`81 ms`, `4.12 s`: with its unit, since a round and a step are worlds apart."""
    if span_ms is None:
        return text.NOTHING
    if span_ms < _CLEAR_MS:
        return f"{text.ms(span_ms)} ms"
    return f"{text.fixed(span_ms / 1000, 2 if span_ms < 10 * _CLEAR_MS else 1)} s"


def left_words(workflow: WorkflowView) -> str:
    """What the run made on the service and is still there; empty before a round began."""
    maybe = ""
    if workflow.maybe_left:
        maybe = f"maybe {text.counted(workflow.maybe_left, 'thing')}, for want of an answer"
    if workflow.left:
        made = f"{text.counted(workflow.left, 'thing')} that it made there"
        return f"{made}, and {maybe}" if maybe else made
    return maybe or ("nothing" if workflow.begun else "")


def name_words(step: StepView) -> str:
    """`store`, `delete (clean-up)`."""
    return f"{said(step.name)} (clean-up)" if step.is_cleanup else said(step.name)


def slowest_step(workflow: WorkflowView) -> StepView | None:
    """Over all rounds; None before one was done."""
    done = [step for step in workflow.steps if step.most_ms is not None]
    return max(done, key=lambda step: step.most_ms or 0.0, default=None)


def shown_words(workflow: WorkflowView) -> str:
    """Which round it is whose steps are drawn: `round 2 of 3, the newest that failed`."""
    which = f"round {text.count(workflow.shown)} of {text.count(workflow.rounds)}"
    failed = any(step.state == "failed" for step in workflow.steps)
    newest = "the newest that failed" if failed else "the newest"
    return which if workflow.rounds == 1 else f"{which}, {newest}"


def simulated_words(view: RunView) -> tuple[str, ...]:
    """That pictures were taken by no camera, a line for each way; empty where all were."""
    return () if view.workflow is None else tuple(MADE[label] for label in view.workflow.labels)


def steps_table(workflow: WorkflowView) -> Table:
    """A row for each step, over all rounds; of one round a percentile would be the time itself."""
    if workflow.rounds == 1:
        rows = tuple((*row[:5], *row[7:]) for row in map(_row, workflow.steps))
        return Table(ONE_ROUND_HEADS, rows, frozenset(range(2, len(ONE_ROUND_HEADS))))
    return Table(HEADS, tuple(map(_row, workflow.steps)), frozenset(range(2, len(HEADS))))


def note_of(workflow: WorkflowView) -> str:
    """What the figures of `steps_table` are of."""
    return NOTE if workflow.rounds > 1 else ONE_ROUND_NOTE


def notes_of(workflow: WorkflowView) -> tuple[Named, ...]:
    """What steps found or would have done, and why some do not apply; in the round that is
    shown."""
    told = (
        (name_words(step), f"n/a: {said(step.why)}" if step.state == "omitted" else said(step.note))
        for step in workflow.steps
    )
    return tuple((name, words) for name, words in told if words)


def failed_times(step: StepView) -> str:
    """`failed in 1 of 3 rounds`."""
    return (
        f"failed in {text.count(step.failed)} of {text.counted(step.passed + step.failed, 'round')}"
    )


def failed_of(step: StepView) -> str:
    """`1 of 3`: in how many of the rounds in which it was done; a dash where it was in none."""
    done = step.passed + step.failed
    if not done:
        return STATES["omitted"] if step.omitted else text.NOTHING
    return f"{text.count(step.failed)} of {text.count(done)}"


def first_failures(workflow: WorkflowView) -> tuple[tuple[FailedStep, ...], int]:
    """Those to tell in full, of each step the first one before any second, and how many more there
    are; in order of time."""
    firsts: dict[str, FailedStep] = {}
    for failed in workflow.failures:
        firsts.setdefault(failed.name, failed)
    seconds = [failed for failed in workflow.failures if failed is not firsts[failed.name]]
    shown = [*firsts.values(), *seconds][:MAX_FAILED]
    every = sum(step.failed for step in workflow.steps)
    return tuple(sorted(shown, key=lambda failed: failed.at_s)), every - len(shown)


def failure_head(failed: FailedStep) -> str:
    """`store, round 2 at 00:14`, `SMK-07 store, round 1 at 00:14`."""
    test = f"{failed.test} " if failed.test else ""
    return (
        f"{test}{said(failed.name)}, round {text.count(failed.round)} at {text.clock(failed.at_s)}"
    )


def difference(failed: FailedStep) -> tuple[Named, ...]:
    """What was wanted and what came, as far as there is something to say."""
    told = (("wanted", said(failed.wanted)), ("got", said(failed.got)))
    return tuple((name, words) for name, words in told if words)


def exchange_facts(failed: FailedStep) -> tuple[Named, ...]:
    """The last request of a step that failed, its answer, and what both are known by."""
    known = ("known by", said(failed.correlation))
    if failed.exchange is None:
        return (known,) if known[1] else ()
    found = (*_exchange(failed.exchange), known)
    return tuple((name, words) for name, words in found if words)


def _exchange(exchange: Exchange) -> Iterator[Named]:
    yield "request", said(f"{exchange.method} {exchange.url}".strip())
    yield "sent", said(exchange.sent)
    status = "none came" if exchange.status is None else f"status {exchange.status}"
    yield "answer", status
    headers = exchange.headers[:MAX_HEADERS]
    yield "headers", "; ".join(said(f"{name}: {value}") for name, value in headers)
    yield "body", shortened(visible(exchange.answer), LONGEST_ANSWER)


def _facts(workflow: WorkflowView) -> Iterator[Named]:
    yield "rounds", rounds_words(workflow)
    cleaning = sum(step.is_cleanup for step in workflow.steps)
    also = f", and {text.count(cleaning)} to clean up" if cleaning else ""
    omitted = sum(step.never_applied for step in workflow.steps)
    without = f"; {text.count(omitted)} of them n/a" if omitted else ""
    yield "steps", f"{text.count(len(workflow.steps) - cleaning)} in each round{also}{without}"
    yield "slowest round", _slowest_round(workflow)
    yield from common_facts(workflow)


def common_facts(workflow: WorkflowView) -> Iterator[Named]:
    """Of rounds and suites alike; what nobody knows is empty."""
    slowest = slowest_step(workflow)
    if slowest is not None:
        yield "slowest step", f"{name_words(slowest)}, {span_words(slowest.most_ms)}"
    yield "overhead", _overhead(workflow)
    yield "requests", _requests(workflow)
    yield "hashes", f"{text.count(workflow.hashes)} compared and right" if workflow.hashes else ""
    yield "left on the service", left_words(workflow)


def _requests(workflow: WorkflowView) -> str:
    """Beside the steps' own counts only where many were sent one behind the other."""
    if workflow.requests_per_s is None or not any(step.items for step in workflow.steps):
        return ""
    total = sum(step.requests for step in workflow.steps if not step.is_cleanup)
    return f"{text.count(total)}, {text.rate(workflow.requests_per_s)} per s"


def _slowest_round(workflow: WorkflowView) -> str:
    if workflow.slowest_ms is None:
        return "none is complete" if workflow.over else ""
    if workflow.rounds == 1:
        return span_words(workflow.slowest_ms)
    middle, high = span_words(workflow.p50_ms), span_words(workflow.p95_ms)
    return f"{span_words(workflow.slowest_ms)} (p50 {middle}, p95 {high})"


def _overhead(workflow: WorkflowView) -> str:
    known = [
        (step.overhead_p95_ms, step) for step in workflow.steps if step.overhead_p95_ms is not None
    ]
    if not known:
        return ""
    most_ms, step = max(known, key=lambda pair: pair[0])
    p95 = "p95 " if workflow.rounds > 1 else ""
    return f"{p95}{span_words(most_ms)} at most, in {name_words(step)}"


def _row(step: StepView) -> tuple[str, ...]:
    return (
        name_words(step),
        said(step.what),
        STATES["omitted"] if step.omitted and not step.passed else text.count(step.passed),
        text.count(step.failed),
        text.count(step.requests),
        text.ms(step.p50_ms),
        text.ms(step.p95_ms),
        text.ms(step.most_ms),
        text.ms(step.overhead_p95_ms),
    )
