from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from tui.core import events as ev

KINDS: list[type[ev.Event]] = list(get_args(ev.AnyEvent))


def leaves(kind: type[ev.Event]) -> set[type[ev.Event]]:
    """Every kind that can happen: one with kinds of its own never does."""
    below = kind.__subclasses__()
    return set().union(*map(leaves, below)) if below else {kind}


def test_whatever_can_happen_can_be_stored_and_read_back() -> None:
    assert set(KINDS) == leaves(ev.Event)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.may_be_dropped])
def test_what_may_be_dropped_is_not_what_a_run_hangs_on(kind: type[ev.Event]) -> None:
    assert not kind.is_urgent


def test_what_an_event_is_worth_is_not_stored_with_it() -> None:
    assert b"is_kept" not in msgspec.msgpack.encode(ev.WorkBegan())
