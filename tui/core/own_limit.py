"""Limits on figures that have a table of their own: as they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.core.limits import MAX_VALUE, Limit, Operator
from tui.core.own_metric import Metric
from tui.core.problem import did_you_mean, quoted

_LIMIT = re.compile(r"\s*(<=|>=|<|>)\s*([0-9]+(?:\.[0-9]+)?)\s*")
_RANGE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*to\s*([0-9]+(?:\.[0-9]+)?)\s*")


def parse_own_limit(metrics: Mapping[str, Metric], metric: str, text: str) -> tuple[Limit, ...]:
    """One limit, or two for a range such as `20 to 235`; ValueError says what was meant."""
    known = metrics.get(metric)
    if known is None:
        known_ones = f"; known: {', '.join(metrics)}"
        raise ValueError(f"unknown metric{did_you_mean(metric, metrics) or known_ones}")
    between = _RANGE.fullmatch(text)
    if between is not None and known.operators == "<>":
        low, high = map(float, between.groups())
        if low >= high:
            meant = f' (meant "{high:g} to {low:g}"?)' if low > high else ""
            raise ValueError(f"{quoted(text)} is no range{meant}")
        return (_limit(known, metric, ">=", low), _limit(known, metric, "<=", high))
    match = _LIMIT.fullmatch(text)
    if match is None:
        example = "0.9" if known.is_fraction else "10"
        meant = '"20 to 235"' if known.operators == "<>" else f'"{known.operators} {example}"'
        raise ValueError(f"{quoted(text)} is not a limit (meant as in {meant}?)")
    operator, number = match.groups()
    if operator[0] not in known.operators:
        meant = f'"{known.operators} {number}"'
        better = "more" if known.operators == ">" else "less"
        raise ValueError(f"of {metric} {better} is better (meant {meant}?)")
    return (_limit(known, metric, operator, float(number)),)


def _limit(known: Metric, metric: str, operator: str, value: float) -> Limit:
    if value > MAX_VALUE:
        raise ValueError(f"{value:g} is beyond anything measured (at most {MAX_VALUE:.0f})")
    if known.is_fraction and value > 1:
        meant = f' (meant "{operator} {value / 100:g}"?)' if value <= 100 else ""
        raise ValueError(f"{metric} is a fraction from 0 to 1{meant}")
    if value > known.most:
        raise ValueError(f"{metric} is at most {known.most:g}")
    checked: Operator = operator  # type: ignore[assignment]
    return Limit(metric, checked, value)
