"""What the verdict strip says of a stress: part and step, levels, heat, in the end its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from tui.console.cells import Piece
from tui.console.theme import Ink
from tui.console.widgets.burner_looks import ink_of
from tui.console.widgets.limits import broken_first, limits_line, line_width
from tui.console.widgets.stage import UNDER_STRESS
from tui.console.widgets.stress_chart import burner_names
from tui.console.widgets.stress_lines import change_items, outage, price_items
from tui.core.events import Reading
from tui.core.format import clock, counted, fixed
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.rails import whole_rail
from tui.core.stress.scope import is_judged_under_stress
from tui.core.stress.view import StressView
from tui.core.validity import Validity

GAP = 3
Item = list[Piece]


def part_text(run: RunView, *, is_brief: bool = False) -> str:
    """`stress 2/4  50 %  00:42 left`; empty outside the three parts."""
    view, stress = run.stress, run.facts.scenario.stress
    if view is None or view.part is None or stress is None:
        return ""
    left = f"{clock(view.left_s)} left"
    if view.part == "before":
        return f"before  {left}"
    if view.part == "after":
        return f"after  {left}" if is_brief else f"after  {left} at most"
    steps = stress.steps
    step = steps[min(view.step, len(steps) - 1)]
    number = f" {view.step + 1}/{len(steps)}" if len(steps) > 1 else ""
    return f"stress{number}  {left}" if is_brief else f"stress{number}  {step.text}  {left}"


def standing(run: RunView) -> tuple[LimitState, ...]:
    """The limits as they stand: what can still come is not missed yet."""
    if run.is_over:
        return run.thresholds
    return tuple(
        msgspec.structs.replace(state, passed=None)
        if state.limit.metric == "recovery_s" and state.observed is None
        else state
        for state in run.thresholds
    )


def figures_line(run: RunView, view: StressView, board: Mapping[str, Reading], width: int) -> Item:
    """Levels, limits and heat in one row; heat gives way first, then all levels but one."""
    is_loaded = run.facts.scenario.load is not None
    states = broken_first(standing(run))
    validity = run.validity if is_loaded else None
    burners = _levels(run, view)
    heat = [*_unjudged(view, states), *_heat(board)]
    for named in ([*burners, *_scope(run)], burners):
        for kept in range(len(heat), -1, -1):
            line = _composed(named, states, validity, heat[:kept], width)
            if line is not None:
                return line
    for number in range(len(burners) - 1, -1, -1):
        more: Item = [(f"+{len(burners) - number} more", Ink.MUTE)]
        line = _composed([*burners[:number], more], states, validity, [], width)
        if line is not None:
            return line
    return limits_line(states, validity, width)


def _composed(
    burners: Sequence[Item],
    states: Sequence[LimitState],
    validity: Validity | None,
    heat: Sequence[Item],
    width: int,
) -> Item | None:
    """The row, if no limit has to go for it."""
    used = sum(line_width(item) + GAP for item in (*burners, *heat))
    room = width - used
    limits: Item = []
    if states or validity is not None:
        limits = limits_line(states, validity, max(room, 0))
        is_cut = any(piece[0].endswith(" more") for piece in limits)
        if is_cut or not limits or line_width(limits) > room:
            return None
    elif room < -GAP:
        return None
    return joined([*burners, *([limits] if limits else []), *heat])


def joined(items: Sequence[Item]) -> Item:
    """One behind the other, with gaps."""
    pieces: Item = []
    for number, item in enumerate(items):
        pieces += [*([(" " * GAP, Ink.MUTE)] if number else []), *item]
    return pieces


def _levels(run: RunView, view: StressView) -> list[Item]:
    names = burner_names(run.facts.scenario.stress, view)
    return [
        [
            (f"{each.name} ", ink_of(each.name)),
            (fixed((each.reached or 0.0) * 100), Ink.TEXT, True),
            (f" / {fixed((each.asked or 0.0) * 100)} %", Ink.MUTE),
        ]
        for each in sorted(view.burners, key=lambda each: names.index(each.name))
        if each.asked is not None and view.part == "stress"
    ]


def _scope(run: RunView) -> list[Item]:
    """Ahead of the limits: of what those of requests are."""
    is_part = is_judged_under_stress(run.facts.scenario)
    return [[(UNDER_STRESS, Ink.MUTE)]] if is_part else []


def _unjudged(view: StressView, states: Sequence[LimitState]) -> list[Item]:
    """Outage and recovery where no limit shows them."""
    known = {state.limit.metric for state in states}
    items: list[Item] = []
    if "outage_s" not in known and view.health.probes:
        items.append([("outage ", Ink.MUTE), *outage(view.health)])
    recovery = view.recovery
    if "recovery_s" not in known and recovery is not None:
        text = "–" if recovery.recovered_s is None else f"{fixed(recovery.recovered_s)} s"
        items.append([("recovery ", Ink.MUTE), (text, Ink.TEXT, True)])
    return items


def _heat(board: Mapping[str, Reading]) -> list[Item]:
    items: list[Item] = []
    heat = board.get("tj_c") or board.get("hottest_c")
    if heat is not None and heat.value is not None:
        label = "tj" if "tj_c" in board else "hottest"
        items.append(
            [(f"{label} ", Ink.MUTE), (fixed(heat.value, 1), Ink.TEXT, True), (" °C", Ink.MUTE)]
        )
    power = board.get(f"{whole_rail(board)}_mw")
    if power is not None and power.value is not None:
        items.append([(fixed(power.value / 1000, 1), Ink.TEXT, True), (" W", Ink.MUTE)])
    return items


def stress_progress(run: RunView, view: StressView, width: int) -> Item:
    """Before and after dashed, the stress itself thick, what is left thin."""
    stress = run.facts.scenario.stress
    assert stress is not None
    total_s = max(run.total_s, 1e-9)
    done = min(round(run.elapsed_s / total_s * width), width)
    first_s = run.total_s - stress.total_s + stress.before_s
    until_s = first_s + stress.duration_s
    for part in view.parts:
        if part.part == "stress":
            first_s, until_s = part.from_s, part.until_s or run.elapsed_s
    if view.part == "stress":
        until_s = run.elapsed_s
    begin = min(round(first_s / total_s * width), done)
    end = min(max(round(until_s / total_s * width), begin), done)
    return [
        ("╍" * begin, Ink.MUTE),
        ("━" * (end - begin), Ink.ACCENT),
        ("╍" * (done - end), Ink.MUTE),
        ("─" * (width - done), Ink.LINE),
    ]


def price_line(run: RunView, view: StressView, width: int) -> Item:
    """How much worse it made the service, the way back, and what it cost the board."""
    items: list[Item] = []
    if run.warnings:
        items.append([("! ", Ink.WARN, True), (counted(len(run.warnings), "warning"), Ink.WARN)])
    items += [item for item in change_items(view.changes) if item[-1][0] == " under stress"]
    recovery = view.recovery
    if recovery is not None and recovery.recovered_s is not None:
        items.append(
            [
                ("recovered after ", Ink.MUTE),
                (f"{fixed(recovery.recovered_s)} s", Ink.TEXT, True),
            ]
        )
    if view.health.outage_s:
        items.append([("outage ", Ink.MUTE), *outage(view.health)])
    items += price_items(view.price)
    fitting: list[Item] = []
    for item in items:
        if line_width(joined([*fitting, item])) <= width:
            fitting.append(item)
    return joined(fitting)
