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
    jitter.add(6.0, 171.0, 180.0)
    assert list(held.due(6.0)) == [(slow, True)]


@pytest.mark.parametrize(
    ("ms", "late_ms", "is_disturbed"),
    [
        (3.0, 11.0, True),
        (90.0, 11.0, True),
        (1900.0, 12.0, False),
        (1900.0, 189.0, False),
        (1900.0, 191.0, True),
    ],
)
def test_only_a_lateness_that_matters_beside_the_answer_disturbs_it(
    ms: float, late_ms: float, is_disturbed: bool
) -> None:
    jitter = JitterFold()
    held = HeldProbes(jitter)
    probe = Probe(4.05, 4.05 + ms / 1000, ms)
    held.add(probe)
    jitter.add(5.0, late_ms, late_ms)
    jitter.add(6.0, *QUIET)
    assert list(held.due(6.0)) == [(probe, is_disturbed)]


def test_a_slow_answer_is_kept_as_often_as_a_quick_one() -> None:
    kept = {}
    for ms in (100.5, 1900.0):
        jitter = JitterFold()
        held = HeldProbes(jitter)
        for at_s in range(100):
            held.add(Probe(at_s + 0.05, at_s + 0.05 + ms / 1000, ms))
            jitter.add(at_s + 1.0, *((10.04, 40.0) if at_s % 10 < 3 else QUIET))
        kept[ms] = sum(not is_disturbed for _, is_disturbed in held.due(inf))
    assert kept[100.5] == kept[1900.0] == 100


def test_a_check_without_an_answer_is_never_disturbed() -> None:
    jitter = JitterFold()
    held = HeldProbes(jitter)
    lost = Probe(4.2, 4.7, None)
    held.add(lost)
    jitter.add(5.0, 900.0, 900.0)
    assert list(held.due(5.0)) == [(lost, False)]


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
