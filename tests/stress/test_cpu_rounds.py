from __future__ import annotations

import numpy as np
import pytest

from tui.stress import cpu_rounds
from tui.stress.cpu_rounds import ROUNDS, compared


@pytest.mark.parametrize("method", ROUNDS)
def test_the_same_input_gives_the_same_result_each_time(method: str) -> None:
    work = ROUNDS[method]()
    assert all(work() for _ in range(20))


def test_a_digest_that_is_not_the_known_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    work = cpu_rounds.hash_round()
    monkeypatch.setattr(cpu_rounds, "KNOWN_DIGEST", "0" + cpu_rounds.KNOWN_DIGEST[1:])
    assert not work()


def test_one_bit_that_flips_later_is_found() -> None:
    result = np.ones((4, 4), np.float32)
    work = compared(lambda: result, np.ones((4, 4)))
    assert work()
    result.view(np.uint32)[2, 3] ^= 1
    assert not work()


def test_a_first_result_that_is_wrong_is_no_measure_for_the_others() -> None:
    result = np.ones((4, 4), np.float32)
    work = compared(lambda: result, np.full((4, 4), 1.01))
    assert not work()
