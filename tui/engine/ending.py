"""Which of several ends is a run's, where one comes upon another."""

from __future__ import annotations

from tui.core.events import EndReason, RunEnded

WEIGHTIEST_FIRST: tuple[EndReason, ...] = (
    "guard",
    "crashed",
    "stopped",
    "workers-lost",
    "shape-failed",
    "threshold",
    "completed",
)


def weightier(earlier: RunEnded | None, later: RunEnded) -> RunEnded:
    """The one that counts; of two alike the earlier."""
    if earlier is None:
        return later
    return min(earlier, later, key=lambda one: WEIGHTIEST_FIRST.index(one.reason))
