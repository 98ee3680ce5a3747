"""Thresholds and goals: what they are, how they are written, and whether they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import inf
from typing import Literal

import msgspec

from tui.core.format import FRACTIONS
from tui.core.problem import did_you_mean, quoted
from tui.core.tally import Tally

Operator = Literal["<", "<=", ">", ">="]

PERCENTILES = {
    "p50_ms": 0.50,
    "p75_ms": 0.75,
    "p90_ms": 0.90,
    "p95_ms": 0.95,
    "p99_ms": 0.99,
    "p999_ms": 0.999,
}
STRESS_METRICS = ("recovery_s", "outage_s", "p95_ratio", "rps_ratio")
"""Of a stress: the way back, seconds without an answer, and under stress against before it."""
OTHER_METRICS = ("p95_variation", *STRESS_METRICS)
"""Measured by others than the requests' own tally."""
KNOWN_LATE = ("p95_variation", "recovery_s", "p95_ratio", "rps_ratio")
"""Judged at a run's end alone: they can't bring it about."""
METRICS = (*PERCENTILES, "mean_ms", "max_ms", *FRACTIONS, "rps", *STRESS_METRICS)
MAX_VALUE = 1e9
"""Beyond every figure that a run can have: a number this large is a slip of the finger."""
_LIMIT = re.compile(r"\s*(<=|>=|<|>)\s*([0-9]+(?:\.[0-9]+)?)\s*")


class Limit(msgspec.Struct, frozen=True):
    """One line of [thresholds] or [goals], such as `p95_ms < 2000`."""

    metric: str
    operator: Operator
    value: float
    abort: bool = False
    """Whether breaking it ends the run at once (in FAIL)."""
    after_s: float = 0.0
    """An abort waits until this much of the measured phase has passed."""

    @property
    def text(self) -> str:
        """The limit as the user wrote it."""
        return f"{self.operator} {self.value:g}"

    @property
    def is_floor(self) -> bool:
        """Whether more is better."""
        return self.operator.startswith(">")

    def holds_for(self, value: float) -> bool:
        """Whether one value is inside the limit."""
        if self.operator == "<":
            return value < self.value
        if self.operator == "<=":
            return value <= self.value
        if self.operator == ">":
            return value > self.value
        return value >= self.value


class LimitState(msgspec.Struct, frozen=True):
    """A limit beside what was measured."""

    limit: Limit
    observed: float | None
    """None until something was measured."""
    passed: bool | None
    """None until it can be judged."""

    @property
    def used(self) -> float | None:
        """How much of the limit is used up: 1 is at the limit, above is broken."""
        if self.observed is None or self.limit.value == 0:
            return None
        if self.limit.is_floor:
            return self.limit.value / self.observed if self.observed else float("inf")
        return self.observed / self.limit.value


def parse_limit(metric: str, text: str, *, abort: bool = False, after_s: float = 0.0) -> Limit:
    """A limit from its TOML form; ValueError says what is wrong and what was meant."""
    if metric not in METRICS:
        raise ValueError(f"unknown metric{did_you_mean(metric, METRICS)}")
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise ValueError(f'{quoted(text)} is not a limit (meant as in "< 2000" or ">= 10"?)')
    operator, number = match.groups()
    value = float(number)
    if value > MAX_VALUE:
        raise ValueError(f"{quoted(text)} is beyond anything measured (at most {MAX_VALUE:.0f})")
    if metric in FRACTIONS and value > 1:
        raise ValueError(f'{metric} is a fraction from 0 to 1 (meant "< {value / 100:g}"?)')
    if metric in ("rps", "rps_ratio"):
        if operator.startswith("<"):
            raise ValueError(f'a throughput limit is a lower one (meant ">= {number}"?)')
    elif operator.startswith(">"):
        raise ValueError(f'a limit on {metric} is an upper one (meant "< {number}"?)')
    return Limit(metric, operator, value, abort, after_s)  # type: ignore[arg-type]


def counted_limits(limits: Sequence[Limit]) -> tuple[Limit, ...]:
    """The limits whose violations a worker counts request by request: the percentile ones."""
    return tuple(limit for limit in limits if limit.metric in PERCENTILES)


def judge(
    limits: Sequence[Limit],
    counted: Sequence[Limit],
    total: Tally,
    measured_s: float,
    others: Mapping[str, float | None] | None = None,
) -> tuple[LimitState, ...]:
    """Each limit beside the measured phase; `counted` names the columns of the tally's `over`.

    `others` are the `OTHER_METRICS` as far as they are known; infinite is what never came to be.
    """
    return tuple(_judge_one(limit, counted, total, measured_s, others or {}) for limit in limits)


def _judge_one(
    limit: Limit,
    counted: Sequence[Limit],
    total: Tally,
    measured_s: float,
    others: Mapping[str, float | None],
) -> LimitState:
    if limit.metric in OTHER_METRICS:
        observed = others.get(limit.metric)
        passed = None if observed is None else limit.holds_for(observed)
        return LimitState(limit, None if observed == inf else observed, passed)
    if limit.metric == "rps":
        if measured_s <= 0:
            return LimitState(limit, None, None)
        rps = total.requests / measured_s
        return LimitState(limit, rps, limit.holds_for(rps))
    if total.requests == 0:
        return LimitState(limit, None, None)
    if limit.metric in PERCENTILES:
        return _judge_percentile(limit, counted, total)
    observed = {
        "error_rate": total.error_rate,
        "ungraceful_rate": total.ungraceful_rate,
        "mean_ms": total.mean_ms,
        "max_ms": total.max_ms,
    }[limit.metric]
    return LimitState(limit, observed, limit.holds_for(observed))


def _judge_percentile(limit: Limit, counted: Sequence[Limit], total: Tally) -> LimitState:
    # A bucket may straddle the limit, so the exact count decides and the figure follows it.
    share = PERCENTILES[limit.metric]
    if total.timed == 0:
        return LimitState(limit, None, False)
    over = total.over[tuple(counted).index(limit)]
    # Integers: 0.05 * 20 is 1.0000000000000009 in floating point.
    passed = over * 1000 < (1000 - round(share * 1000)) * total.timed
    observed = total.percentile_ms(share)
    assert observed is not None
    observed = min(observed, limit.value) if passed else max(observed, limit.value)
    return LimitState(limit, observed, passed)
