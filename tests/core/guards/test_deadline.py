from __future__ import annotations

from tests.core.guards.boards import Sample, feed
from tui.core.guards.deadline import GRACE_S, Deadline

NOTHING: Sample = {}


def test_a_stress_that_goes_on_after_its_time_ends() -> None:
    found = feed(Deadline(300.0), [NOTHING] * 700, from_s=1000.0)
    assert found is not None
    assert found.guard == "deadline"
    assert found.detail == "the stress goes on after 5 min 16 s, 5 min were planned"


def test_a_stress_that_ends_a_little_late_is_in_order() -> None:
    samples = [NOTHING] * int((60.0 + GRACE_S) / 0.5)
    assert feed(Deadline(60.0), samples) is None
