"""A limit beside its figure, in the words that every form of a report uses."""

from __future__ import annotations

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.search import BreakingPoint
from tui.core.search_words import level_text
from tui.core.stress.scope import is_judged_under_stress


def observed(state: LimitState) -> str:
    """`846 ms`; `never` where it did not come to be."""
    if is_never(state):
        return "never"
    if state.observed is None:
        return "not measured"
    return _with_unit(state, text.metric(state.limit.metric, state.observed, state.limit.value))


def is_never(state: LimitState) -> bool:
    """Whether what was waited for did not come: there is no figure, and it is judged."""
    return state.observed is None and state.passed is False


def bound(state: LimitState) -> str:
    """`< 2 000 ms`."""
    figure = text.metric_limit(state.limit.metric, state.limit.value)
    return f"{state.limit.operator} {_with_unit(state, figure)}"


def margin(state: LimitState) -> str:
    """`margin 58 %`, `over by 25 %`, `short by 50 %`: a share of the limit; empty without one."""
    if state.observed is None or state.limit.value == 0:
        return ""
    apart = abs(state.observed - state.limit.value) / state.limit.value
    if state.passed:
        return f"margin {text.percent(apart)} %"
    return f"{'short' if state.limit.is_floor else 'over'} by {text.percent(apart)} %"


def scope(view: RunView) -> str:
    """What the limits' figures are of, where that is not the whole run; empty where it is."""
    if view.search is not None:
        return _scope_of_search(view.search)
    if view.storage is not None:
        return "rates are those of the slowest cell"
    if is_judged_under_stress(view.facts.scenario):
        return "requests are judged under stress alone; the other figures are of the whole run"
    if view.judged_stage is None:
        return ""
    stage = view.stages[view.judged_stage]
    users = text.counted(stage.users, "user")
    return f"each stage is judged by itself; these are the figures of {users}"


def _scope_of_search(point: BreakingPoint) -> str:
    step = point.last_good or point.first_bad
    if step is None:
        return ""
    which = "highest level that held" if step is point.last_good else "lowest level tried"
    return f"figures of {level_text(point.by, step.level)}, the {which}"


def _with_unit(state: LimitState, figure: str) -> str:
    unit = text.metric_unit(state.limit.metric)
    return f"{figure}{unit and ' ' + unit}"
