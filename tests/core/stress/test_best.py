from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.core.script import row, window
from tui.core.stress.best import BestRps
from tui.core.stress.windows import second_of


def most(requests: dict[int, int], disturbed: Sequence[int] = ()) -> list[float]:
    fold = BestRps()
    for number, count in requests.items():
        is_disturbed = number in disturbed
        fold.add(second_of(window(number, row([5.0] * count)), 0, is_disturbed=is_disturbed))
    return [limit.reached for limit in fold.limits]


def test_five_seconds_in_a_row_are_needed() -> None:
    assert most(dict.fromkeys(range(4), 50)) == []
    assert most(dict.fromkeys(range(5), 50)) == [50]


@pytest.mark.parametrize("disturbed", [(), (4,)])
def test_no_five_seconds_reach_over_a_gap(disturbed: Sequence[int]) -> None:
    gap = {4: 50} if disturbed else {}
    held = dict.fromkeys(range(4), 50) | gap | dict.fromkeys(range(5, 9), 50)
    assert most(held, disturbed) == []


def test_failures_are_no_answers() -> None:
    fold = BestRps()
    for number in range(5):
        fold.add(second_of(window(number, row([5.0] * 10, failed_ms=[1.0] * 30)), 0))
    assert [limit.reached for limit in fold.limits] == [10]
