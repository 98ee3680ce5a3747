"""What was offered, and when a target is called saturated."""

from __future__ import annotations

import pytest

from tests.core import script
from tui.core.load import Arrival, Load
from tui.core.offered import OfferedFold


def load(**keys: object) -> Load:
    return script.scenario(load={"users": 10, "spawn_rate": 10.0, "duration": "1m", **keys}).load


def open_load(**keys: object) -> Load:
    return script.scenario(load={"duration": "10s", **keys}).load


def thinking(load: Load, *, think_s: float, thinks: int, users: int = 10) -> OfferedFold:
    """Thirty windows of so many users."""
    offered = OfferedFold(load)
    for second in range(30):
        offered.add(second, users, think_s, thinks)
    return offered


def test_users_offer_what_their_think_time_allows() -> None:
    # Ten users that wait 2 s each time offer five operations a second, whatever answers take.
    offered = thinking(load(), think_s=8.0, thinks=4)
    assert offered.rps == pytest.approx(5.0)
    assert offered.warning(4.0) == ""


def test_users_that_mostly_wait_for_answers_show_a_saturated_target() -> None:
    offered = thinking(load(), think_s=2.0, thinks=1)
    assert offered.rps == pytest.approx(5.0)
    assert offered.warning(1.0) == "saturated: 1.0 requests/s of 5.0 operations/s offered, 20 %"


def test_users_that_never_think_offer_no_known_rate() -> None:
    offered = thinking(load(), think_s=0.01, thinks=500)
    assert offered.rps is None
    assert offered.warning(300.0) == ""


def test_an_arrival_rate_is_offered_as_it_stands() -> None:
    offered = OfferedFold(open_load(arrival_rate=20))
    for second in range(2, 10):
        offered.add(second, 30, 0.0, 0)
    assert offered.rps == pytest.approx(20.0)
    assert offered.warning(19.0) == ""
    assert offered.warning(9.0).startswith("saturated: 9.0 requests/s of 20.0 operations/s")


def test_a_ramp_offers_the_mean_of_what_was_measured() -> None:
    offered = OfferedFold(open_load(arrival_rate={"from": 0, "to": 10}))
    for second in range(5, 10):
        offered.add(second, 30, 0.0, 0)
    assert offered.rps == pytest.approx(7.5)


def test_a_ramp_has_as_many_operations_as_its_area() -> None:
    ramp = Arrival(0.0, 10.0)
    assert ramp.due(10.0, 10.0) == pytest.approx(50.0)
    assert ramp.due(5.0, 10.0) == pytest.approx(12.5)
    assert ramp.due(-1.0, 10.0) == 0.0
    assert ramp.due(99.0, 10.0) == pytest.approx(50.0)
