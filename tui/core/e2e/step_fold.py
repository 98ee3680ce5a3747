"""One step of a workflow, over all rounds."""

from __future__ import annotations

from tui.core.e2e.round_fold import Shown
from tui.core.e2e.times import Times
from tui.core.e2e.view import FailedStep, StepView
from tui.core.events import StepEnded


class StepFold:
    """Fed with the ends of the step.

    Percentiles and overhead are those of where it passed: a refusal is quick and says nothing of
    how long the step takes. The longest is of all, for a step that fails may have waited long.
    """

    def __init__(self, name: str, what: str, *, is_cleanup: bool) -> None:
        self.name = name
        self.is_cleanup = is_cleanup
        self.passed = 0
        self.failed = 0
        self.first: FailedStep | None = None
        """The first time that it failed."""
        self._what = what
        self._requests = 0
        self._passed = Times()
        self._overhead = Times()
        self._most_ms: float | None = None

    def add(self, event: StepEnded) -> None:
        """It is over in one round."""
        self._requests += event.requests
        if event.state == "skipped":
            return
        self._most_ms = max(event.ms, self._most_ms or 0.0)
        if event.state == "failed":
            self.failed += 1
            return
        self.passed += 1
        self._passed.add(event.ms)
        self._overhead.add(max(event.ms - event.request_ms - event.wait_ms, 0.0))

    def view(self, shown: Shown) -> StepView:
        """All rounds, beside how it stands in the one that is shown."""
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
            overhead_p95_ms=self._overhead.percentile_ms(0.95),
            passed=self.passed,
            failed=self.failed,
            requests=self._requests,
            why=shown.why,
        )
