"""One step of a workflow, over all rounds."""

from __future__ import annotations

from tui.core.e2e.round_fold import LEFT_OUT, Shown
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.times import Times
from tui.core.e2e.view import FailedStep, StepView
from tui.core.e2e.workflow import Step
from tui.core.events import StepEnded


class StepFold:
    """Fed with the ends of the step.

    Percentiles and overhead are those of where it passed: a refusal is quick and says nothing of
    how long the step takes. The longest is of all, for a step that fails may have waited long.
    """

    def __init__(
        self, step: Step, what: str, *, is_cleanup: bool, test: SmokeTest | None = None
    ) -> None:
        self.name = step.name
        self.plan = step
        self.is_cleanup = is_cleanup
        self.passed = 0
        self.failed = 0
        self.omitted = 0
        self.first: FailedStep | None = None
        """The first time that it failed."""
        self.test = test
        """The one that it belongs to, in a suite."""
        self._what = what
        self._requests = 0
        self._passed = Times()
        self._overhead = Times()
        self._most_ms: float | None = None
        self._items = self._items_failed = 0
        self._items_ms = self._total_ms = 0.0
        self._slowest_items: StepEnded | None = None
        """Of the round whose p95 of items is the highest."""
        self._hashes = 0
        self._records = self._records_complete = 0

    def add(self, event: StepEnded) -> None:
        """It is over in one round."""
        self._requests += event.requests
        self._total_ms += event.ms
        self._hashes += event.hashes
        self._add_items(event)
        self.omitted += event.state == "omitted"
        if event.state in LEFT_OUT:
            return
        self._most_ms = max(event.ms, self._most_ms or 0.0)
        if event.state == "failed":
            self.failed += 1
            return
        self.passed += 1
        self._passed.add(event.ms)
        overhead_ms = max(event.ms - event.request_ms - event.wait_ms, 0.0)
        self._overhead.add(overhead_ms / max(event.items, 1))

    def _add_items(self, event: StepEnded) -> None:
        self._records += event.records
        self._records_complete += event.records_complete
        if event.items:
            self._items += event.items
            self._items_failed += event.items_failed
            self._items_ms += event.ms
        slowest = self._slowest_items.item_p95_ms if self._slowest_items is not None else None
        if event.item_p95_ms is not None and event.item_p95_ms > (slowest or 0.0):
            self._slowest_items = event

    def view(self, shown: Shown) -> StepView:
        """All rounds, beside how it stands in the one that is shown."""
        slowest = self._slowest_items
        return StepView(
            name=self.name,
            what=self._what,
            is_cleanup=self.is_cleanup,
            state=shown.state,
            began_s=shown.began_s,
            ms=shown.ms,
            request_ms=shown.request_ms,
            p50_ms=self._passed.percentile_ms(0.50),
            p95_ms=self._passed.percentile_ms(0.95),
            most_ms=self._most_ms,
            total_ms=self._total_ms,
            overhead_p95_ms=self._overhead.percentile_ms(0.95),
            passed=self.passed,
            failed=self.failed,
            requests=self._requests,
            why=shown.why,
            test=self.test.id if self.test is not None else "",
            group=self.test.group if self.test is not None else "",
            note=shown.note,
            items=self._items,
            items_failed=self._items_failed,
            item_p50_ms=slowest.item_p50_ms if slowest is not None else None,
            item_p95_ms=slowest.item_p95_ms if slowest is not None else None,
            item_limit_ms=self.plan.p95_ms,
            items_per_s=self._items / self._items_ms * 1000 if self._items_ms else None,
            done=shown.done,
            of=shown.of,
            going_per_s=shown.per_s,
            records=self._records,
            records_complete=self._records_complete,
            hashes=self._hashes,
            omitted=self.omitted,
        )
