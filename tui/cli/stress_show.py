"""The lines of `jetproof show` that tell of a stress: what burns, how it goes, what ends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.stress.plan import DiskPlan, Step, Stress

Labelled = tuple[str, str]
"""What stands at the left, empty to go on with the one above, and a text."""


def stress_lines(stress: Stress) -> Iterator[Labelled]:
    """In the order in which it happens."""
    from tui.core.format import duration
    from tui.core.stress.plan import burner_text, stress_plan

    way = "stands back for" if stress.intent == "soak" else "competes with"
    intent = f"; it {way} the service ({stress.intent})" if stress.burners else ""
    yield "stress", f"{stress_plan(stress)}{intent}"
    yield from _listed("burners", [burner_text(plan) for plan in stress.burners])
    if stress.disk is not None:
        yield "disk", _disk(stress.disk)
    yield from _course(stress)
    before, after = duration(stress.before_s), duration(stress.after_s)
    yield "watches", f"the service {before} before it, and at most {after} after it"
    if stress.until_steady:
        yield "ends", "early, once the board grows no warmer"
    yield "guards", _guards(stress)


def _listed(label: str, texts: Sequence[str]) -> Iterator[Labelled]:
    for number, text in enumerate(texts):
        yield "" if number else label, text


def _disk(plan: DiskPlan) -> str:
    floor = f"{plan.floor_share * 100:g} % of the disk" if plan.floor_share else "the usual floor"
    return f"all free space down to {floor}, without writing it"


def _course(stress: Stress) -> Iterator[Labelled]:
    """The levels, or the faults: one after the other, each with its length."""
    from tui.core.format import duration

    if len(stress.steps) < 2 and not stress.suffers:
        return
    each = f"each for {duration(stress.steps[0].duration_s)}"
    is_even = len({step.duration_s for step in stress.steps}) == 1
    texts = [step.text if is_even else _with_length(step) for step in stress.steps]
    if stress.suffers:
        # A fault may have a comma in itself.
        yield from _listed("faults", [*texts, *([each] if is_even else [])])
    else:
        yield "steps", ", ".join(texts) + (f"; {each}" if is_even else "")


def _with_length(step: Step) -> str:
    from tui.core.format import duration

    return f"{step.text} for {duration(step.duration_s)}"


def _guards(stress: Stress) -> str:
    """What ends it before its time; a board that can't tell of one has that said in the run."""
    from tui.core.guards.heat import CRITICAL_MARGIN_C, PASSIVE_MARGIN_C

    limit = f"{PASSIVE_MARGIN_C:g} °C below where the board slows down"
    if stress.allow_throttle:
        limit = f"{CRITICAL_MARGIN_C:g} °C below where the board switches itself off"
    most = f", {stress.max_c:g} °C at most" if stress.max_c is not None else ""
    others = "a quick rise of it, silent sensors, memory, free space, power, a deadline"
    return f"heat ({limit}{most}), {others}"
