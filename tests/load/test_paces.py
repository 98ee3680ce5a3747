from __future__ import annotations

import pytest

from tests.load.test_recorder import Clock
from tui.core.tally import MEASURED, UNMEASURED, WARM_UP
from tui.load.paces import Paces
from tui.load.phases import KEPT, Phases


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def paces(clock: Clock) -> Paces:
    """Measured between the first second and the fifth."""
    phases = Phases()
    phases.enter(MEASURED, clock.now_s + 1)
    phases.enter(UNMEASURED, clock.now_s + 5)
    made = Paces(clock, phases)
    made.begin(clock.now_s)
    return made


def due(paces: Paces) -> dict[int, int]:
    """What was due since the last call, by second."""
    return {second: pace.due for second, pace in paces.take().items()}


def test_thinking_and_operations_count_in_the_second_in_which_they_end(
    paces: Paces, clock: Clock
) -> None:
    clock.now_s += 1.5
    paces.thought(2.0)
    paces.thought(0.5)
    paces.ended()
    ((second, pace),) = paces.take().items()
    assert (second, pace.think_s, pace.thinks, pace.operations) == (1, 2.5, 2, 1)
    assert paces.take() == {}


def test_a_missed_send_is_told_of_when_it_is_given_up_if_it_was_due_in_the_measured_phase(
    paces: Paces, clock: Clock
) -> None:
    clock.now_s += 12.0
    for due_s in (100.9, 101.0, 104.9, 105.0):
        paces.missed(due_s)
    assert {second: pace.missed for second, pace in paces.take().items()} == {12: 2}


def test_arrivals_of_the_measured_phase_count_in_the_second_in_which_they_were_due(
    paces: Paces, clock: Clock
) -> None:
    for due_s in (100.5, 101.0, 101.5, 103.25, 105.0):
        paces.came_due(due_s)
    assert due(paces) == {1: 2, 3: 1}
    assert due(paces) == {}


def test_an_arrival_that_came_before_the_order_of_its_phase_belongs_to_it(clock: Clock) -> None:
    phases = Phases()
    paces = Paces(clock, phases)
    paces.begin(clock.now_s)
    paces.came_due(100.5)
    phases.enter(MEASURED, 100.2)
    assert due(paces) == {0: 1}


def test_what_is_withdrawn_counts_as_if_it_never_was_due(paces: Paces) -> None:
    for due_s in (101.0, 101.5):
        paces.came_due(due_s)
    assert due(paces) == {1: 2}
    for due_s in (100.5, 101.0, 101.5):
        paces.withdraw(due_s)
    for due_s in (102.0, 102.5, 103.0):
        paces.came_due(due_s)
    # Two of the measured phase: two that come after them stand in for them.
    assert due(paces) == {3: 1}


def test_what_came_before_the_load_is_forgotten(paces: Paces) -> None:
    paces.came_due(101.0)
    paces.withdraw(101.0)
    paces.ended()
    paces.begin(100.0)
    assert paces.take() == {}
    paces.came_due(102.0)
    assert due(paces) == {2: 1}


def test_what_is_older_than_all_known_phases_is_unmeasured() -> None:
    phases = Phases()
    assert phases.at(-1e9) == WARM_UP
    for number in range(KEPT):
        phases.enter(MEASURED, float(number))
    assert (phases.at(0.0), phases.at(-1.0)) == (MEASURED, UNMEASURED)
