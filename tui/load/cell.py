"""What a recorder adds up in one second."""

from __future__ import annotations

from tui.core.tally import Row


class Cell:
    """One endpoint in one second and phase."""

    __slots__ = (
        "buckets",
        "failed",
        "failures",
        "max_ms",
        "min_ms",
        "over",
        "overloaded",
        "requests",
        "service",
        "sum_ms",
    )

    def __init__(self, limits: int) -> None:
        self.requests = 0
        self.failures = 0
        self.overloaded = 0
        self.sum_ms = 0.0
        self.min_ms = float("inf")
        self.max_ms = 0.0
        self.buckets: dict[int, int] = {}
        self.failed: dict[int, int] = {}
        self.service: dict[int, int] = {}
        self.over = [0] * limits

    def row(self, method: str, name: str, phase: int) -> Row:
        """As it travels in a report."""
        return Row(
            method=method,
            name=name,
            phase=phase,
            requests=self.requests,
            failures=self.failures,
            sum_ms=self.sum_ms,
            min_ms=self.min_ms,
            max_ms=self.max_ms,
            buckets=self.buckets,
            failed_buckets=self.failed,
            over=self.over,
            overloaded=self.overloaded,
            service_buckets=self.service,
        )
