"""Alerts: limits on board, load and service that warn and never fail a run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from tui.core.duration import parse_duration_s
from tui.core.format import fixed, metric, metric_label, metric_unit
from tui.core.gauges import label_of, meaning_of, unit_of
from tui.core.limits import METRICS
from tui.core.problem import Problem, did_you_mean, quoted

if TYPE_CHECKING:
    from tui.core.events import Reading

Operator = Literal[">", "<"]

SHARES = {"ram_percent": "ram_used_mb", "swap_percent": "swap_used_mb"}
"""Metrics that are a gauge's share of its own limit."""
LATENCIES = ("p50_ms", "p95_ms", "p99_ms")
LOAD_METRICS = (*LATENCIES, "error_rate")
"""Those of the last ten seconds of a load."""
OF_A_RUN = ("service_", "generator_")
"""Gauges that come with a run."""
OF_THE_WATCH = ("uptime_percent",)
"""What `board --watch` knows alone."""
DEFAULTS: dict[str, str] = {
    "cpu_percent": "> 85 for 10s",
    "ram_percent": "> 90 for 10s",
    "swap_mb_per_s": "> 1 for 10s",
    "memory_psi_percent": "> 5 for 10s",
    "p50_ms": "> 150 for 10s",
    "p95_ms": "> 750 for 10s",
    "p99_ms": "> 1500 for 10s",
    "error_rate": "> 0.02 for 10s",
    "health_ms": "> 200 for 10s",
    "uptime_percent": "< 99.5",
}
"""What holds where config.toml says nothing."""
BACK_SHARE = 0.95
"""An alert ends when the value is this far back from its limit, so that it does not flicker."""
_RULE = re.compile(r"\s*([<>])\s*([0-9]+(?:\.[0-9]+)?)\s*(?:for\s+(\S+))?\s*")


class AlertRule(msgspec.Struct, frozen=True):
    """One line of [alerts], such as `cpu_percent > 85 for 10s`."""

    metric: str
    operator: Operator
    limit: float
    for_s: float = 0.0
    """It must be beyond the limit this long, and back for as long before the alert ends."""

    @property
    def label(self) -> str:
        """Short, for a chart."""
        return metric_label(self.metric) if self.metric in METRICS else label_of(self.metric)

    @property
    def text(self) -> str:
        """`cpu above 85 %`."""
        side = "above" if self.operator == ">" else "below"
        return f"{self.label} {side} {self.figure(self.limit)}"

    def figure(self, value: float) -> str:
        """A value of its metric, with the unit."""
        if self.metric in METRICS:
            number, unit = metric(self.metric, value), metric_unit(self.metric)
        else:
            number, unit = (
                fixed(value, int(abs(value) < 100 and value != int(value))),
                unit_of(self.metric),
            )
        return f"{number} {unit}".rstrip()

    def is_beyond(self, value: float) -> bool:
        """Whether a value breaks the limit."""
        return value > self.limit if self.operator == ">" else value < self.limit

    def is_back(self, value: float) -> bool:
        """Whether a value is well inside the limit again."""
        if self.operator == ">":
            return value <= self.limit * BACK_SHARE
        # A share close to the whole has no room for five percent more.
        return value >= self.limit + min(self.limit / BACK_SHARE - self.limit, self._room)

    @property
    def _room(self) -> float:
        return (100 - self.limit) / 2 if self.metric.endswith("_percent") else float("inf")

    def worse(self, one: float, other: float) -> float:
        """The one that is further beyond."""
        return max(one, other) if self.operator == ">" else min(one, other)


def parse_alerts(where: str, table: Mapping[str, object]) -> tuple[list[AlertRule], list[Problem]]:
    """The rules of [alerts] over the defaults, and what is wrong; `false` switches one off."""
    rules, problems = [], []
    for name, text in {**DEFAULTS, **table}.items():
        if text is False:
            continue
        try:
            rules.append(_parse(name, text))
        except ValueError as error:
            problems.append(Problem(where, f"alerts.{name}", str(error)))
    return rules, problems


def unheard_alerts(rules: Sequence[AlertRule], readings: Mapping[str, Reading]) -> list[str]:
    """A line for each rule of the user's own whose figure this board does not tell."""
    return [
        f"alerts.{rule.metric}: this board has no such figure, so it will never be heard of"
        for rule in rules
        if rule not in DEFAULT_RULES
        and rule.metric not in (*LOAD_METRICS, *OF_THE_WATCH, "health_ms")
        and not rule.metric.startswith(OF_A_RUN)
        and SHARES.get(rule.metric, rule.metric) not in readings
    ]


def _parse(name: str, text: object) -> AlertRule:
    known = (*LOAD_METRICS, *SHARES, *OF_THE_WATCH)
    if name not in known and not meaning_of(name):
        raise ValueError(f"no such figure{did_you_mean(name, [*known, *DEFAULTS])}")
    match = _RULE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        shown = quoted(text) if isinstance(text, str) else str(text).lower()
        raise ValueError(
            f'{shown} is not an alert (meant as in "> 85 for 10s", or false for none?)'
        )
    operator, number, length = match.groups()
    limit = float(number)
    if name == "error_rate" and limit > 1:
        raise ValueError(f'a fraction from 0 to 1 (meant "> {limit / 100:g}"?)')
    return AlertRule(name, operator, limit, parse_duration_s(length) if length else 0.0)  # type: ignore[arg-type]


DEFAULT_RULES = tuple(_parse(name, text) for name, text in DEFAULTS.items())
