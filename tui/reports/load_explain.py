"""A load in plain words, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import format as text
from tui.core.load import Load, Stage
from tui.core.model import RunView
from tui.reports.mix import mix_of
from tui.reports.search_explain import climbed

MAX_LEVELS = 8
"""More of them are told by their number."""


def load_did(view: RunView, load: Load) -> list[str]:
    """Sentences on how its users came, what was measured and what was sent."""
    lines = [*climbed(view)]
    if load.arrival is not None:
        lines.append(
            "Requests began when the clock said so, whether or not earlier ones were answered; "
            "latencies count from the moment at which a request should have begun."
        )
    elif load.stages:
        lines.append(_levels(load.stages))
    else:
        started = f"{load.spawn_rate:g} a second"
        lines.append(f"Users were started {started}; each waited for its answer before it went on.")
    if view.measured_from_s is None:
        lines.append("It never came to the measured phase.")
    else:
        lines.append(
            f"After {text.duration(round(view.measured_from_s))} of warm-up, which is not judged, "
            f"it measured for {text.duration(round(view.measured_s))}: "
            f"{text.counted(view.total.requests, 'request')}, "
            f"{text.count(view.total.failures)} of them failed."
        )
    mix = mix_of(view)
    if mix is not None:
        shares = ", ".join(
            f"{share.endpoint} {share.sent} % ({share.configured} %)" for share in mix.shares
        )
        lines.append(f"It sent, beside the configured mix in brackets: {shares}. {mix.said}")
    return lines


def _levels(stages: Sequence[Stage]) -> str:
    if len(stages) <= MAX_LEVELS:
        levels = ", ".join(text.count(stage.users) for stage in stages)
        return f"The levels were {levels} users, one after the other."
    users = [stage.users for stage in stages if stage.users]
    lowest, highest = text.count(min(users)), text.count(max(users))
    pauses = len(stages) - len(users)
    between = f", with {text.counted(pauses, 'pause')} between them" if pauses else ""
    return (
        f"There were {text.count(len(users))} levels one after the other, the lowest "
        f"{lowest} and the highest {highest} users{between}."
    )
