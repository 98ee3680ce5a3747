"""How late our own clock is: the figures, and the thread that makes them."""

from __future__ import annotations

import threading
import time

import pytest

from tests.lib.eventually import eventually
from tests.lib.processes import python_threads
from tui.engine import jitter as jitter_module
from tui.engine.jitter import MOST_MISSED, JitterProbe, lateness, summary


@pytest.mark.parametrize(
    ("now_s", "late_ms", "next_s"),
    [
        (4.995, [], 5.0),
        (5.0, [0], 5.01),
        (5.004, [4], 5.01),
        (5.0125, [12.5, 2.5], 5.02),
        (5.0325, [32.5, 22.5, 12.5, 2.5], 5.04),
    ],
)
def test_every_tick_that_was_due_is_late_and_none_moves_the_next(
    now_s: float, late_ms: list[float], next_s: float
) -> None:
    found_ms, found_s = lateness(5.0, now_s, 0.01)
    assert found_ms == pytest.approx(late_ms, abs=1e-6)
    assert found_s == pytest.approx(next_s)


def test_a_sleep_of_hours_is_counted_no_further_than_matters() -> None:
    late_ms, next_s = lateness(0.0, 36_000.005, 0.01)
    assert len(late_ms) == MOST_MISSED
    assert max(late_ms) == pytest.approx(36_000_005)
    assert next_s == pytest.approx(36_000.01)


@pytest.mark.parametrize(
    ("late_ms", "p99_ms", "worst_ms"),
    [([3.0], 3.0, 3.0), ([0.1] * 99 + [50.0], 0.1, 50.0), ([0.1] * 98 + [40.0, 50.0], 40.0, 50.0)],
)
def test_one_late_tick_of_a_hundred_is_the_worst_and_not_the_p99(
    late_ms: list[float], p99_ms: float, worst_ms: float
) -> None:
    assert summary(late_ms) == (p99_ms, worst_ms)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    monkeypatch.setattr(jitter_module, "REPORT_S", 0.2)
    return []


def test_each_stretch_is_told_until_the_probe_is_closed(told: list[tuple[float, float]]) -> None:
    probe = JitterProbe(lambda *figures: told.append(figures))
    probe.start()
    eventually(lambda: len(told) >= 3)
    probe.close()
    so_far = len(told)
    assert all(0 <= p99_ms <= worst_ms for p99_ms, worst_ms in told)
    assert "jitter" not in python_threads()
    time.sleep(3 * jitter_module.REPORT_S)
    assert len(told) == so_far


def test_a_probe_that_was_never_started_can_be_closed() -> None:
    JitterProbe(lambda *_: None).close()


def test_who_gets_no_turn_is_told_for_how_long(told: list[tuple[float, float]]) -> None:
    blocked, goes_on = threading.Event(), threading.Event()

    def emit(p99_ms: float, worst_ms: float) -> None:
        told.append((p99_ms, worst_ms))
        if len(told) == 1:
            blocked.set()
            goes_on.wait()

    probe = JitterProbe(emit)
    probe.start()
    assert blocked.wait(30)
    stood_s = 0.5
    time.sleep(stood_s)
    goes_on.set()
    eventually(lambda: len(told) >= 2)
    probe.close()
    p99_ms, worst_ms = told[1]
    assert worst_ms >= stood_s * 1000 - 20
    assert p99_ms > worst_ms / 2
