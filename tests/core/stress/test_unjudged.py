from __future__ import annotations

import pytest

from tests.core import script
from tests.core.stress import loaded
from tui.core import events as ev
from tui.core.stress.unjudged import ADVICE, unjudged
from tui.core.stress.view import Recovery


def test_a_service_that_came_back_lacks_nothing() -> None:
    assert unjudged(Recovery(8.0, "load", 4.0)) is None
    assert unjudged(None) is None


@pytest.mark.parametrize(
    ("why", "key"),
    [
        ("too little was measured before the stress", "stress.before"),
        ("too few health checks were answered before the stress", "stress.before"),
        ("watched too briefly", "stress.after"),
        ("", "stress.after"),
        ("too few requests: 20 take over 300 s", "load.users"),
    ],
)
def test_what_helps_is_the_key_that_gives_more_of_what_was_lacking(why: str, key: str) -> None:
    lacks = unjudged(Recovery(8.0, "load", why=why))
    assert lacks is not None
    assert lacks.reason == why
    assert key in lacks.advice


def test_what_was_wrong_before_is_not_mended_by_a_longer_watch() -> None:
    others = [advice for why, advice in ADVICE.items() if "either" in why or "succeeded" in why]
    assert others
    assert not any("stress.after" in advice for advice in others)


def test_a_run_that_was_watched_too_briefly_before_is_told_to_watch_it_longer_then() -> None:
    about = loaded.facts(recovery_s="< 20")
    rows = {0: script.row([20.0] * 50)}
    told = list(loaded.told(rows))
    entered = next(one for one in told if isinstance(one, ev.StressEntered))
    early = ev.StressEntered(at_s=loaded.BEGAN_S + 2.0, part="stress")
    events = [one for one in told if one is not entered]
    place = next(at for at, one in enumerate(events) if one.at_s > early.at_s)
    events.insert(place, early)
    view = loaded.folded(about, *events, *loaded.end()).view(loaded.END_S + 10.0)
    assert view.judgement is not None
    assert view.judgement.verdict == "INVALID"
    assert view.judgement.reason.endswith("too little was measured before the stress")
    assert "stress.before" in view.judgement.advice
