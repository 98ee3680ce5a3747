"""The plan of a search, and how well it finds what is known."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import exp

import pytest

from tests.core.searching import P95, Searched, knee_at, second_of
from tui.core.search import Search
from tui.core.tally import Row

Curve = Callable[[float], float]
RUNS = 20


class TestThePlan:
    def test_climbs_by_its_factor_to_its_cap(self) -> None:
        search = Search(to=60.0)
        levels = [search.from_]
        while levels[-1] < search.to:
            levels.append(search.above(levels[-1]))
        assert levels == [5.0, 8.0, 13.0, 21.0, 34.0, 54.0, 60.0]

    def test_climbs_by_a_user_at_least(self) -> None:
        assert Search(to=9.0, factor=1.1).above(2.0) == 3.0

    def test_halves_until_good_and_bad_are_near(self) -> None:
        search = Search(to=200.0)
        assert search.between(54.0, 86.0) == 70.0
        assert search.between(70.0, 76.0) is None
        assert search.between(5.0, 6.0) is None
        assert Search(to=200.0, by="rate").between(5.0, 6.0) == 5.5

    def test_looks_below_a_first_level_that_breaks(self) -> None:
        assert Search(to=200.0).between(0.0, 5.0) == 2.0
        assert Search(to=200.0).between(0.0, 1.0) is None
        assert Search(to=200.0, by="rate").between(0.0, 5.0) == 2.5

    def test_is_capped_by_what_a_target_allows(self) -> None:
        search = Search(to=200.0)
        assert search.capped(None) == search.capped(500.0) == search
        assert (search.capped(50.0).to, search.capped(50.0).from_) == (50.0, 5.0)
        assert (search.capped(3.0).to, search.capped(3.0).from_) == (3.0, 3.0)

    @pytest.mark.parametrize("by", ["users", "rate"])
    @pytest.mark.parametrize("factor", [1.2, 1.6, 3.0])
    @pytest.mark.parametrize("knee", [0.5, 1.0, 4.9, 31.0, 144.0, 200.0])
    def test_takes_no_longer_than_it_says(self, knee: float, factor: float, by: str) -> None:
        search = Search(to=200.0, factor=factor, by=by)  # type: ignore[arg-type]
        slow = 2100.0  # so near the limit that it is judged again and again
        searched = Searched(search, knee_at(knee, slow_ms=slow)).go()
        assert searched.now_s <= search.most_s(200.0 / 4.0)


def few_servers(service_ms: float, most: float, servers: int) -> Curve:
    """p95 of a service that can carry `most`, as its queue grows."""

    def p95_ms(level: float) -> float:
        used = level / most
        if used >= 0.999:
            return service_ms * 1000 + (level - most) * 50
        return service_ms * (1 + used**servers / (1 - used))

    return p95_ms


def knee_of(p95_ms: Curve) -> int:
    """The last level that holds the limit."""
    level = 1
    while p95_ms(level + 1) < P95.value:
        level += 1
    return level


class _Noisy:
    """That service; the same noise for a whole window, as a busy board makes it."""

    def __init__(self, p95_ms: Curve, most: float, sigma: float, seed: int) -> None:
        self._p95_ms, self._most, self._sigma = p95_ms, most, sigma
        self._dice = random.Random(seed)
        self._noise = 1.0

    def __call__(self, level: float, since_s: int) -> Row:
        if since_s % 20 == 10:
            self._noise = exp(self._dice.gauss(0.0, self._sigma))
        mean_ms = self._p95_ms(level) * self._noise / 2.9957
        answers = max(int(min(level, self._most)), 1)
        return second_of(*(mean_ms * self._dice.expovariate(1.0) for _ in range(answers)))


@pytest.mark.parametrize("sigma", [0.05, 0.15, 0.30])
@pytest.mark.parametrize(
    ("service_ms", "most", "servers", "knee"),
    [(100, 80, 1, 76), (200, 60, 4, 55), (150, 14, 1, 12)],
)
def test_a_known_knee_is_found_through_noise(
    service_ms: float, most: float, servers: int, knee: int, sigma: float
) -> None:
    p95_ms = few_servers(service_ms, most, servers)
    assert knee_of(p95_ms) == knee
    found = [
        Searched(Search(to=200.0), _Noisy(p95_ms, most, sigma, seed)).go() for seed in range(RUNS)
    ]
    near = [abs(each.good - knee) <= max(0.1 * knee, 1.0) for each in found]
    assert sum(near) >= 0.95 * RUNS
    assert max(len(each.found.steps) for each in found) <= 14
