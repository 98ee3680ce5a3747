"""A stress in plain words, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core import format as text
from tui.core.gauges import label_of
from tui.core.model import RunView
from tui.core.stress.plan import Part
from tui.core.stress.view import PartView, StressView
from tui.reports import stress_words as words
from tui.reports.facts import facts_of, load_words

WAYS = {
    "soak": "It stood back for the service: what the service felt is heat, not want of cores.",
    "contend": "It competed with the service for the board.",
}

AROUND = (
    "The load's way to the service led through faults of jetproof's own; the health check went "
    "around them."
)


def did(view: RunView) -> Iterator[str]:
    """Sentences on what was done, to what, and for how long."""
    stress, plan = view.stress, view.facts.scenario.stress
    if stress is None or plan is None:
        return
    about = dict(facts_of(view))
    yield f"It stressed {about['board']} ({load_words(view)}) beside {about['target']}."
    if plan.burners:
        yield f"It burnt {about['burners']}, at {about['steps']}."
    else:
        yield f"Its steps were {about['steps']}."
    if plan.suffers:
        yield AROUND
    if plan.burners or plan.disk is not None or not plan.suffers:
        yield WAYS[plan.intent]
    yield f"It watched the service {about['watched']}."
    yield from (f"{words.reached_words(burner)}." for burner in stress.burners)
    if stress.ended_by:
        yield f"It ended before its time: {words.said(stress.ended_by)}."


def felt(view: RunView) -> tuple[str, ...]:
    """What became of the service, and what the board paid; empty without a stress."""
    return () if view.stress is None else tuple(_felt(view.stress))


def _felt(stress: StressView) -> Iterator[str]:
    parts = {part.part: part for part in stress.parts}
    yield from _latency(stress, parts)
    yield from (f"In the step {name}: {said}." for name, said in words.step_words(stress))
    if stress.health.probes:
        yield f"Its health check, asked once a second: {words.health_words(stress)}."
        yield f"Was it ever gone? {words.outage_words(stress)}."
    if stress.recovery is not None:
        yield f"When was it back? {words.recovery_words(stress)}."
    if stress.overloaded_share is not None:
        yield f"{words.overloaded_words(stress)}."
    if stress.left:
        kept = [label_of(left.gauge) for left in stress.left if not left.is_back]
        held = f"it kept {', '.join(map(words.said, kept))}" if kept else "yes, all that was seen"
        yield f"Did it give back what it had taken? {held}."
    elif stress.left_why:
        yield f"Did it give back what it had taken? Not compared: {words.said(stress.left_why)}."
    price = "; ".join(f"{name}: {said}" for name, said in words.price_words(stress))
    if price:
        yield f"The board paid: {price}."


def _latency(stress: StressView, parts: dict[Part, PartView]) -> Iterator[str]:
    for change in stress.changes:
        before, now = (_figure(change.metric, parts.get(part)) for part in _pair(change.part))
        way = "rose" if change.ratio > 1 else "fell"
        name = words.CHANGED[change.metric]
        from_to = f" from {before} to {now}" if before and now else ""
        if before == now:
            way, from_to = "stayed", f" at {before}" if before else ""
        yield f"The service's {name} {way}{from_to}: {words.change_words(change)}."


def _figure(metric: str, part: PartView | None) -> str:
    if part is None:
        return ""
    value: float | None = getattr(part, metric)
    if value is None:
        return ""
    return text.rate(value) if metric == "rps" else f"{text.ms(value)} ms"


def _pair(part: Part) -> tuple[Part, Part]:
    return "before", part
