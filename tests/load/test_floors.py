from __future__ import annotations

import pytest

from tui.core.validity import FLOOR_P50_MS, FLOOR_P99_MS, Floor
from tui.load import calibration
from tui.load.floors import floor_of, worst


def test_a_floor_is_that_of_its_own_requests() -> None:
    assert floor_of([float(ms) for ms in range(100, 0, -1)]) == Floor(50.0, 99.0, 100)


def test_the_worst_is_the_one_that_is_nearest_to_what_condemns_a_run() -> None:
    slow, jumpy = Floor(FLOOR_P50_MS * 1.1, 3.0, 60), Floor(0.3, FLOOR_P99_MS * 0.9, 60)
    assert worst([jumpy, slow]) is slow
    assert worst([jumpy, Floor(0.4, 1.0, 60)]) is jumpy


def test_the_better_round_counts_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(make_session: object, url: str, turns: int) -> list[float]:
        return asked.pop(0)

    quiet = [[1.0] * 10] + [[2.0]] * calibration.TOGETHER
    jumpy = [[0.1] * 10] + [[30.0]] * calibration.TOGETHER
    asked = jumpy + quiet
    monkeypatch.setattr(calibration, "_ask", ask)
    assert calibration.calibrate(lambda url: url, 1) == Floor(1.0, 2.0, 10 + calibration.TOGETHER)
