"""What was offered, and when a target is called saturated."""

from __future__ import annotations

import msgspec
import pytest

from tests.core import script
from tui.core.load import Arrival
from tui.core.offered import OfferedFold
from tui.core.scenario import Scenario

CLOSED = script.scenario(load={"users": 10, "spawn_rate": 10.0, "duration": "1m"})
OPEN = script.scenario(load={"duration": "10s", "arrival_rate": 20})


def fold(
    scenario: Scenario,
    *,
    interval_s: float = 0.0,
    intervals: int = 0,
    operations: int = 0,
    due: int = 0,
    seconds: int = 30,
) -> OfferedFold:
    """So many equal seconds of ten users."""
    offered = OfferedFold(is_open=scenario.is_open)
    for second in range(seconds):
        window = msgspec.structs.replace(
            script.window(second),
            users=10,
            think_s=interval_s,
            thinks=intervals,
            operations=operations,
            due=due,
        )
        offered.add(window)
    return offered


def test_users_offer_what_their_think_time_allows() -> None:
    # Ten users that wait 2 s each time offer five operations a second, whatever answers take.
    offered = fold(CLOSED, interval_s=8.0, intervals=4, operations=4)
    assert offered.rps == pytest.approx(5.0)
    assert offered.warning() == ""


def test_users_that_mostly_wait_for_answers_show_a_saturated_target() -> None:
    offered = fold(CLOSED, interval_s=2.0, intervals=1, operations=1)
    assert offered.rps == pytest.approx(5.0)
    assert offered.warning() == "saturated: 1.0 of 5.0 operations/s offered were done, 20 %"


def test_users_that_keep_their_pace_saturate_nothing() -> None:
    # Ten users at three operations a second each: the pace is the interval, not the rest of it.
    offered = fold(CLOSED, interval_s=10.0, intervals=30, operations=30)
    assert offered.rps == pytest.approx(30.0)
    assert offered.warning() == ""


def test_users_that_never_think_offer_no_known_rate() -> None:
    offered = fold(CLOSED, interval_s=0.01, intervals=500, operations=500)
    assert offered.rps is None
    assert offered.warning() == ""


def test_an_arrival_rate_offers_what_came_due() -> None:
    assert fold(OPEN, due=20, operations=19).rps == pytest.approx(20.0)
    assert fold(OPEN, due=20, operations=19).warning() == ""
    behind = fold(OPEN, due=20, operations=9)
    assert behind.warning().startswith("saturated: 9.0 of 20.0 operations/s")


def test_a_few_operations_are_no_ground_for_a_warning() -> None:
    assert fold(OPEN, due=20, operations=1, seconds=5).warning() == ""


def test_before_anything_is_measured_nothing_is_known() -> None:
    assert fold(OPEN, seconds=0).rps is None


def test_a_ramp_has_as_many_operations_as_its_area() -> None:
    ramp = Arrival(0.0, 10.0)
    assert ramp.due(10.0, 10.0) == pytest.approx(50.0)
    assert ramp.due(5.0, 10.0) == pytest.approx(12.5)
    assert ramp.due(-1.0, 10.0) == 0.0
    assert ramp.due(99.0, 10.0) == pytest.approx(50.0)


def test_a_ramp_has_its_rate_at_every_moment() -> None:
    ramp = Arrival(1.0, 11.0)
    assert [ramp.rate_at(at_s, 10.0) for at_s in (-1.0, 0.0, 5.0, 99.0)] == [1.0, 1.0, 6.0, 11.0]
