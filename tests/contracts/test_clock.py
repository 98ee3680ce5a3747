"""What every clock promises."""

from __future__ import annotations

import time

import pytest

from tests.lib.fakes import FakeClock
from tui.engine.clock import SystemClock
from tui.ports import Clock

pytestmark = pytest.mark.parametrize("clock", [FakeClock(), SystemClock()], ids=["fake", "real"])


def test_it_never_goes_back(clock: Clock) -> None:
    seen = [clock.monotonic_s() for _ in range(1000)]
    assert seen == sorted(seen)


def test_its_stamps_are_of_this_century(clock: Clock) -> None:
    assert 2020 <= time.gmtime(clock.utc()).tm_year < 2100


def test_both_its_faces_run_alike(clock: Clock) -> None:
    started_s, started_utc = clock.monotonic_s(), clock.utc()
    if isinstance(clock, FakeClock):
        clock.pass_s(0.2)
    else:
        time.sleep(0.2)
    passed_s = clock.monotonic_s() - started_s
    assert passed_s >= 0.199
    # Ten times slack: the wall clock may be slewed.
    assert passed_s / 10 < clock.utc() - started_utc < passed_s * 10
