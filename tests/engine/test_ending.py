"""Which end of several is told."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

from tui.core.events import EndReason, RunEnded
from tui.engine.ending import WEIGHTIEST_FIRST, weightier


def test_every_reason_has_its_weight() -> None:
    assert sorted(WEIGHTIEST_FIRST) == sorted(get_args(EndReason))


def test_the_weightier_counts_whichever_comes_first() -> None:
    for reason, lighter in combinations(WEIGHTIEST_FIRST, 2):
        one, other = RunEnded(reason=reason), RunEnded(reason=lighter)
        assert weightier(one, other) is one
        assert weightier(other, one) is one


def test_of_two_alike_the_earlier_counts() -> None:
    one, other = RunEnded(reason="stopped", detail="a"), RunEnded(reason="stopped", detail="b")
    assert weightier(one, other) is one
    assert weightier(None, other) is other
