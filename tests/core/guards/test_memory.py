from __future__ import annotations

import pytest

from tests.core.guards.boards import Sample, course, feed, plain
from tui.core.floors import memory_floor_mb
from tui.core.guards.memory import Memory
from tui.stress import headroom

ORIN_MB = 7620.0


def available(mb: float, total_mb: float = ORIN_MB) -> Sample:
    return {"ram_used_mb": plain(total_mb - mb, total_mb)}


def pressed(percent: float) -> Sample:
    return {**available(4000.0), "memory_psi_full_percent": plain(percent)}


@pytest.mark.parametrize("total_mb", [3900.0, ORIN_MB, 64_000.0])
def test_the_floor_is_the_burner_s_so_that_a_burner_at_its_floor_ends_nothing(
    total_mb: float,
) -> None:
    floor_mb = memory_floor_mb(total_mb)
    samples = [available(total_mb / 2, total_mb)] + [available(floor_mb - 40, total_mb)] * 20
    assert feed(Memory(), samples) is None


def test_less_than_eight_tenths_of_the_floor_ends_a_stress() -> None:
    found = feed(Memory(), [available(4000.0)] * 4 + [available(600.0)] * 2)
    assert found is not None
    assert found.guard == "memory"
    assert found.detail == "600 MiB of memory are available, fewer than 610 MiB"


def test_one_sample_short_of_memory_is_forgiven() -> None:
    assert feed(Memory(), [available(4000.0), available(100.0)] * 10) is None


def test_a_service_that_leaves_little_may_be_stressed_as_long_as_that_does_not_shrink() -> None:
    assert feed(Memory(), [available(400.0)] + [available(330.0)] * 10) is None
    assert feed(Memory(), [available(400.0)] + [available(310.0)] * 2) is not None


def test_pressure_must_last_for_five_seconds() -> None:
    assert feed(Memory(), [pressed(0.0)] * 4 + [pressed(60.0)] * 10 + [pressed(0.0)] * 4) is None
    found = feed(Memory(), [pressed(0.0)] * 4 + [pressed(60.0)] * 11)
    assert found is not None
    assert found.detail == "everything waited for memory 60 % of the time, for 5 s"


@pytest.mark.parametrize("low", [4.0, 20.0])
def test_one_value_in_between_does_not_end_the_pressure_and_one_alone_is_none(low: float) -> None:
    samples = [pressed(35.0)] * 5 + [pressed(low)] + [pressed(35.0)] * 5
    assert feed(Memory(), samples) is not None
    assert feed(Memory(), [pressed(90.0)] + [pressed(low)] * 20) is None


def test_what_stops_the_burner_from_growing_does_not_end_the_stress() -> None:
    percent = headroom.MAX_PRESSURE_PERCENT
    at_five = course("memory_psi_full_percent", lambda _: plain(percent + 5), 30.0)
    assert feed(Memory(), at_five) is None


@pytest.mark.parametrize(
    "sample", [{}, {"ram_used_mb": plain(None, ORIN_MB)}, {"ram_used_mb": plain(7600.0)}]
)
def test_what_is_not_told_guards_nothing(sample: Sample) -> None:
    assert feed(Memory(), [sample] * 20) is None
