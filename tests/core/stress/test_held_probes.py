from __future__ import annotations

from math import inf

import pytest

from tui.core.stress.held_probes import LONGEST_S, HeldProbes, Probe
from tui.core.stress.jitter import JitterFold

QUIET, LATE = (0.2, 0.9), (25.0, 40.0)
ONE = Probe(4.2, 4.3, 100.0)


def test_a_check_waits_until_the_clock_of_its_second_is_known() -> None:
    jitter = JitterFold()
    held = HeldProbes(jitter)
    held.add(ONE)
    jitter.add(4.0, *QUIET)
    assert list(held.due(4.4)) == []
    jitter.add(5.0, *LATE)
    assert list(held.due(5.0)) == [(ONE, True)]
    assert list(held.due(inf)) == []


@pytest.mark.parametrize(("at_s", "is_disturbed"), [(4.0, False), (5.0, True), (6.0, False)])
def test_only_the_second_in_which_it_lay_disturbs_it(at_s: float, is_disturbed: bool) -> None:
    jitter = JitterFold()
    held = HeldProbes(jitter)
    held.add(ONE)
    for told_s in (4.0, 5.0, 6.0):
        jitter.add(told_s, *(LATE if told_s == at_s else QUIET))
    assert list(held.due(6.0)) == [(ONE, is_disturbed)]


def test_a_check_that_took_long_is_disturbed_at_its_end_too() -> None:
    jitter = JitterFold()
    held = HeldProbes(jitter)
    slow = Probe(4.2, 5.9, 1700.0)
    held.add(slow)
    jitter.add(5.0, *QUIET)
    assert list(held.due(5.9)) == []
    jitter.add(6.0, *LATE)
    assert list(held.due(6.0)) == [(slow, True)]


@pytest.mark.parametrize("at_s", [ONE.ended_s + LONGEST_S, inf])
def test_where_nothing_tells_of_the_clock_nothing_was_disturbed(at_s: float) -> None:
    held = HeldProbes(JitterFold())
    held.add(ONE)
    assert list(held.due(ONE.ended_s + 1)) == []
    assert list(held.due(at_s)) == [(ONE, False)]


def test_checks_come_out_in_the_order_of_their_ends() -> None:
    jitter = JitterFold()
    held = HeldProbes(jitter)
    others = [Probe(2.0, 4.4, None), Probe(4.2, 5.2, 1000.0)]
    for each in (ONE, *others):
        held.add(each)
    jitter.add(5.0, *QUIET)
    assert [probe for probe, _ in held.due(5.0)] == [ONE, others[0]]
    assert [probe for probe, _ in held.due(inf)] == [others[1]]
