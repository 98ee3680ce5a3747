from __future__ import annotations

import pytest

from tui.core.events import Reading
from tui.core.stress.left import LeftFold
from tui.core.stress.view import Fate, Left

WAS, OTHER = "python3 1841", "python3 2210"


def sample(
    process: str = WAS, /, *, processes: float = 1.0, age_s: float = 0.0, **gauges: float
) -> dict[str, Reading]:
    return {
        "service_processes": Reading(processes, "procfs", text=process if processes else ""),
        **{
            f"service_{name}": Reading(value, "procfs", age_s=age_s)
            for name, value in gauges.items()
        },
    }


def folded(before: dict[str, Reading], after: dict[str, Reading], after_s: int = 20) -> LeftFold:
    """Half a minute before, half a minute of stress, and what is after."""
    fold = LeftFold()
    fold.enter("before", 0.0)
    for at_s in range(30):
        fold.add(at_s, before)
    fold.enter("stress", 30.0)
    for at_s in range(30, 60):
        fold.add(at_s, sample(descriptors=9000, threads=9000, pss_mb=9000, rss_mb=9000))
    fold.enter("after", 60.0)
    for at_s in range(60, 60 + after_s):
        fold.add(at_s, after)
    return fold


@pytest.mark.parametrize(
    ("gauge", "before", "after", "is_back"),
    [
        ("descriptors", 40, 45, True),
        ("descriptors", 40, 46, False),
        ("descriptors", 1000, 1050, True),
        ("descriptors", 1000, 1051, False),
        ("threads", 8, 13, True),
        ("threads", 8, 14, False),
        ("pss_mb", 400, 450, True),
        ("pss_mb", 400, 451, False),
        ("pss_mb", 2000, 2100, True),
        ("pss_mb", 2000, 2101, False),
        ("rss_mb", 400, 300, True),
    ],
)
def test_what_is_left_may_be_a_little_more_than_before(
    gauge: str, before: float, after: float, is_back: bool
) -> None:
    (found,) = folded(sample(**{gauge: before}), sample(**{gauge: after})).left()
    assert (found.gauge, found.before, found.after) == (f"service_{gauge}", before, after)
    assert found.is_back is is_back


def test_memory_is_told_by_its_better_figure() -> None:
    both = sample(rss_mb=500.0, pss_mb=300.0)
    assert folded(both, both).left() == (Left("service_pss_mb", 300, 300, 50),)
    assert folded(both, sample(rss_mb=500.0)).left() == (Left("service_rss_mb", 500, 500, 50),)


def test_only_the_last_seconds_of_each_part_count() -> None:
    fold = LeftFold()
    fold.enter("before", 0.0)
    for at_s in range(60):
        fold.add(at_s, sample(descriptors=500 if at_s < 48 else 40))
    fold.enter("stress", 60.0)
    fold.enter("after", 90.0)
    for at_s in range(90, 120):
        fold.add(at_s, sample(descriptors=300 if at_s < 114 else 42))
    assert fold.left() == (Left("service_descriptors", 40, 42, 5),)


def test_one_reading_that_is_off_moves_nothing() -> None:
    fold = folded(sample(threads=8), sample(threads=9))
    fold.add(80, sample(threads=500))
    assert fold.left() == (Left("service_threads", 8, 9, 5),)


def test_a_value_from_before_the_release_says_nothing_of_what_is_after() -> None:
    old = sample(pss_mb=900.0, age_s=10.0) | sample(rss_mb=500.0)
    usual = sample(pss_mb=300.0, rss_mb=500.0)
    assert [each.gauge for each in folded(usual, old, 8).left()] == ["service_rss_mb"]
    assert [each.gauge for each in folded(usual, old, 20).left()] == ["service_pss_mb"]


def test_a_value_too_old_is_none() -> None:
    assert folded(sample(threads=8), sample(threads=8, age_s=16.0), 30).left() == ()


@pytest.mark.parametrize(
    ("before", "after", "fate", "why"),
    [
        (
            sample(threads=8),
            sample(OTHER, threads=8),
            "restarted",
            "the service restarted: python3 1841 before, python3 2210 after",
        ),
        (sample(threads=8), sample(processes=0.0), "gone", "the service is gone"),
        (sample(processes=0.0), sample(processes=0.0), "absent", "the service did not run"),
        ({}, {}, "unseen", "the service's processes were not seen both before and after"),
        (sample(threads=8), sample(threads=8), "same", ""),
    ],
)
def test_another_process_is_not_compared(
    before: dict[str, Reading], after: dict[str, Reading], fate: Fate, why: str
) -> None:
    fold = folded(before, after)
    assert (fold.fate, fold.why) == (fate, why)
    assert bool(fold.left()) is not bool(why)


def test_a_stress_that_never_ended_has_nothing_left() -> None:
    fold = LeftFold()
    fold.add(0, sample(threads=8))
    fold.enter("before", 0.0)
    fold.add(1, sample(threads=8))
    assert fold.left() == ()
    assert fold.why
