"""Which cameras a scenario watches, and for how long."""

from __future__ import annotations

import pytest

from tui.core.camera.plan import (
    CamerasPlan,
    CamerasTable,
    asked_of,
    cameras_text,
    read_cameras_plan,
)
from tui.core.config import parse_config
from tui.core.mistakes import Mistakes
from tui.core.problem import InputError

SITE = parse_config(
    "config.toml",
    {"cameras": {name: {"source": "rtsp://10.0.0.9/live"} for name in ("gate", "yard", "belt")}},
).cameras


def read(*names: str, **keys: str) -> CamerasPlan:
    mistakes = Mistakes("bench-x.toml")
    plan = read_cameras_plan(mistakes.within("cameras"), CamerasTable(list(names), **keys))
    mistakes.end()
    return plan


def test_all_of_them_are_meant_where_none_is_named() -> None:
    plan = read(duration="5m", settle="0s")
    assert (plan.duration_s, plan.settle_s, plan.total_s) == (300.0, 0.0, 300.0)
    assert asked_of(plan, SITE, "bench-x.toml") == SITE
    assert cameras_text(plan) == "all cameras for 5 min"


def test_those_that_are_named_stand_in_the_order_of_the_configuration() -> None:
    plan = read("belt", "gate")
    assert [each.name for each in asked_of(plan, SITE, "bench-x.toml")] == ["gate", "belt"]
    assert cameras_text(plan) == "2 cameras for 30 s"


@pytest.mark.parametrize(
    ("names", "keys", "told"),
    [
        (["gate", "gate"], {}, "bench-x.toml:cameras.names: a camera stands there twice"),
        ([], {"duration": "1s"}, "bench-x.toml:cameras.duration: from 2s to "),
        ([], {"duration": "soon"}, "bench-x.toml:cameras.duration: "),
        ([], {"settle": "2m"}, "bench-x.toml:cameras.settle: from 0s to 1m"),
    ],
)
def test_a_mistake_is_told(names: list[str], keys: dict[str, str], told: str) -> None:
    with pytest.raises(InputError) as raised:
        read(*names, **keys)
    assert str(raised.value).startswith(told)


def test_a_name_that_no_camera_has_is_told_with_what_was_meant() -> None:
    with pytest.raises(InputError) as raised:
        asked_of(read("yrad"), SITE, "bench-x.toml")
    told = 'bench-x.toml:cameras.names: unknown camera "yrad" (did you mean "yard"?)'
    assert str(raised.value) == f"{told}; known: gate, yard, belt"
