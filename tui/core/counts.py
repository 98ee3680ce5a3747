"""What a run's requests came to: in all, by endpoint, by failure, and the slowest of them."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import events as ev
from tui.core.figures import figures_of
from tui.core.groups import FailureGroups, Slowest
from tui.core.model import Figures
from tui.core.tally import MEASURED, Row, Tally


class Counts:
    """Rows, failures and slow requests in; figures of the measured phase out."""

    def __init__(self, counted: int) -> None:
        self._counted = counted
        self._endpoints: dict[tuple[str, str], Tally] = {}
        self.total = Tally(counted)
        self.groups = FailureGroups()
        self.slowest = Slowest()
        self.unmeasured_requests = 0
        self.unmeasured_failures = 0

    def add(
        self,
        rows: Sequence[Row],
        failures: Sequence[ev.FailureCount],
        slow: Sequence[ev.SlowRequest],
        at_s: float,
    ) -> None:
        """What ended in a window, or came too late for one; `at_s` since the load began."""
        for row in rows:
            self._count(row)
        for failure in failures:
            self.groups.add(failure, at_s)
        for request in slow:
            if request.phase == MEASURED:
                self.slowest.add(request)

    def endpoints(self, counted_s: float) -> tuple[Figures, ...]:
        """By endpoint, the busiest first: a small screen cuts off the rest."""
        busiest = sorted(self._endpoints.items(), key=lambda item: -item[1].requests)
        return tuple(figures_of(*name, tally, counted_s) for name, tally in busiest)

    def _count(self, row: Row) -> None:
        if row.phase != MEASURED:
            self.unmeasured_requests += row.requests
            self.unmeasured_failures += row.failures
            return
        self.total.add(row)
        key = (row.method, row.name)
        if key not in self._endpoints:
            self._endpoints[key] = Tally(self._counted)
        self._endpoints[key].add(row)
