"""What was done with results in a database: counts and durations."""

from __future__ import annotations

from tui.stress.burner import Figures
from tui.stress.latencies import Latencies


class Work:
    """What was done in one window, or in all of a run."""

    def __init__(self) -> None:
        self.inserts, self.queries = Latencies(), Latencies()
        """Whole transactions, and single queries."""
        self.rows = self.busy_errors = self.verified = self.bad = 0
        self.busy_s = 0.0

    def merge(self, other: Work) -> None:
        """Add another's."""
        self.inserts.merge(other.inserts)
        self.queries.merge(other.queries)
        self.rows += other.rows
        self.busy_errors += other.busy_errors
        self.verified += other.verified
        self.bad += other.bad
        self.busy_s += other.busy_s

    def told(self, over_s: float) -> Figures:
        """Rates over that time, and durations of what there was."""
        figures: Figures = {
            "rows_per_s": self.rows / over_s,
            "queries_per_s": self.queries.count / over_s,
            "busy_errors": self.busy_errors,
        }
        for name, each in (("insert", self.inserts), ("query", self.queries)):
            told = each.told()
            for key in ("p50", "p99"):
                us = told[f"{key}_us"]
                if us is not None:
                    figures[f"{name}_{key}_ms"] = us / 1000
        return figures
