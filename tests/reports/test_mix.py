from __future__ import annotations

from typing import Any

import pytest

from tests.core import script
from tests.reports.runs import mixed_run
from tui.reports.mix import mix_of


def test_shares_are_of_the_requests_to_the_four_endpoints_of_the_mix() -> None:
    mix = mix_of(script.view_of(mixed_run()))
    assert mix is not None
    assert [(each.endpoint, each.configured, each.sent) for each in mix.shares] == [
        ("GET /health", "10", "75"),
        ("POST /predict", "60", "25"),
        ("POST /predict+image", "20", "0"),
        ("POST /predict 1080p", "10", "0"),
    ]
    assert mix.said == "Shares of the 40 measured requests to these four."


def test_users_with_ways_of_their_own_are_named() -> None:
    mix = mix_of(script.view_of(mixed_run("BaselineUser", "PeakUser")))
    assert mix is not None
    assert mix.said.endswith("PeakUser asks for large pictures twice as often.")


@pytest.mark.parametrize(
    "load",
    [
        {"user_classes": {"Mine": 1}},
        {"user_classes": {}},
        {"locustfile": "mine.py"},
        {"tags": ["predict"]},
        {"exclude_tags": ["large"]},
    ],
)
def test_other_users_or_only_some_of_their_tasks_have_no_mix(load: dict[str, Any]) -> None:
    assert mix_of(script.view_of(mixed_run(**load))) is None


def test_a_run_that_sent_none_of_them_has_no_mix() -> None:
    assert mix_of(script.view_of(script.empty_run(mixed_run()[0].facts))) is None  # type: ignore[attr-defined]
