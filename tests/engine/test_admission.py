"""Runs that are refused before anybody is asked."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.core import script
from tui.core.config import Target
from tui.core.events import Device
from tui.core.scenario import Scenario
from tui.engine.admission import objection
from tui.ports import RunRequest

SMALL = Device("Orin Nano", 6, 7620, "3.10", "replay")
LARGE = Device("Orin NX", 8, 15_300, "3.10", "replay")


def scenario(users: int = 50, **keys: Any) -> Scenario:
    return script.scenario(load={"users": users, "spawn_rate": 50.0, "duration": "1m"}, **keys)


def request(scenario: Scenario, target: Target = script.LOCAL, **options: Any) -> RunRequest:
    return RunRequest(scenario, target, 1, **options)


def test_a_run_within_all_limits_may_start() -> None:
    assert objection(request(scenario()), SMALL) is None


def test_a_target_gets_no_more_users_than_it_may() -> None:
    target = msgspec.structs.replace(script.LOCAL, max_users=49)
    objected = objection(request(scenario(), target), SMALL)
    assert objected is not None
    assert objected[0] == "input"
    assert "49" in objected[1]
    assert objection(request(scenario(users=49), target), SMALL) is None


def test_a_small_board_is_asked_for_consent_first() -> None:
    large = scenario(ask_below_memory_gb=16)
    objected = objection(request(large), SMALL)
    assert objected is not None
    assert objected[0] == "precondition"
    assert objection(request(large, force=True), SMALL) == objected, "who forces it knows of it"


def test_a_board_of_sixteen_gigabytes_has_them_although_the_kernel_keeps_some() -> None:
    large = request(scenario(ask_below_memory_gb=16))
    assert objection(large, LARGE) is None
    eight = msgspec.structs.replace(LARGE, memory_mb=8 * 1024)
    twelve = msgspec.structs.replace(LARGE, memory_mb=12 * 1024)
    assert objection(large, eight) is not None
    assert objection(large, twelve) is not None


def test_a_rate_that_names_its_users_gets_no_more_of_them_than_it_may() -> None:
    target = msgspec.structs.replace(script.LOCAL, max_users=20)
    rate = {"duration": "1m", "arrival_rate": 100}
    named = script.scenario(load={**rate, "users": 21})
    objected = objection(request(named, target), SMALL)
    assert objected is not None
    assert objected[0] == "input"
    # Its own pool is cut, and the run says so.
    assert objection(request(script.scenario(load=rate), target), SMALL) is None
