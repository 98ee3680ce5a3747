from __future__ import annotations

import pytest

from tui.core import events as ev
from tui.core.log_lines import line_of


def said(event: ev.Event, before: ev.Phase = "preparing", *, is_open: bool = False) -> str:
    line = line_of(event, before, None, is_open=is_open)
    assert line is not None
    return line[1]


@pytest.mark.parametrize(
    ("before", "phase", "text"),
    [
        ("warm-up", "measuring", "warm-up done, measuring"),
        ("preparing", "measuring", "measuring"),
        ("paused", "measuring", "resumed"),
        ("paused", "warm-up", "resumed"),
    ],
)
def test_a_warm_up_is_told_of_only_where_there_was_one(
    before: ev.Phase, phase: ev.Phase, text: str
) -> None:
    assert said(ev.PhaseEntered(at_s=1.0, phase=phase), before) == text


@pytest.mark.parametrize(
    ("event", "is_open", "text"),
    [
        (ev.LevelReached(at_s=1.0, users=1), False, "1 user spawned"),
        (ev.LevelReached(at_s=1.0, users=20), False, "20 users spawned"),
        (ev.LevelReached(at_s=1.0, users=1), True, "ready for 1 operation at once"),
        (ev.UsersRequested(at_s=1.0, users=1), True, "1 operation at once"),
        (ev.DrainEnded(at_s=1.0, unfinished=1), False, "1 request unfinished at the stop"),
        (ev.DrainEnded(at_s=1.0, unfinished=2), False, "2 requests unfinished at the stop"),
    ],
)
def test_one_is_not_called_many(event: ev.Event, is_open: bool, text: str) -> None:
    assert said(event, is_open=is_open) == text
