"""What a service must keep to in each window to count as back, in words."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core import format as text
from tui.core.limits import Limit
from tui.core.stress.view import HeldTo, Recovery


def held_words(recovery: Recovery) -> str:
    """`p95 < 2 000 ms, errors at most 1.4 % and at least 41.4 rps`; empty where it is not known."""
    if recovery.held_to is None:
        return ""
    found = list(_held(recovery.held_to))
    if recovery.by == "health":
        found.insert(0, "every check answered")
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def _held(held: HeldTo) -> Iterator[str]:
    yield from map(_limit, held.limits)
    if held.p95_ms is not None:
        yield f"p95 at most {text.ms(held.p95_ms)} ms"
    if held.error_rate is not None:
        yield f"errors at most {text.percent(held.error_rate)} %"
    if held.rps is not None:
        yield f"at least {text.rate(held.rps)} rps"


def _limit(limit: Limit) -> str:
    unit = text.metric_unit(limit.metric)
    bound = f"{limit.operator} {text.metric(limit.metric, limit.value)}{unit and ' ' + unit}"
    return f"{text.metric_label(limit.metric)} {bound}"
