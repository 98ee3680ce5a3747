"""Which one sentence matters most right now."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.events import Phase
from tui.core.format import clock, count, counted, duration
from tui.core.model import FailureGroup, Headline, Now


def stalled_s(silent_s: float, oldest_s: float, usual_p99_ms: float | None) -> float | None:
    """How long a request has waited while nothing was answered, if that is unusually long.

    Silence alone proves nothing: users who think leave a service nothing to answer.
    """
    waited_s = min(silent_s, oldest_s)
    patience_s = max(1.0, 2 * (usual_p99_ms or 0.0) / 1000)
    return waited_s if waited_s >= patience_s else None


def headline(
    *,
    phase: Phase,
    now: Now,
    users_asked: int,
    is_open: bool,
    elapsed_s: float,
    lost_workers: Sequence[str],
    user_errors: int,
    failures: Sequence[FailureGroup],
    warm_up_failure: str,
    measured_s: float,
) -> Headline:
    """The sentence for a run that goes on, by urgency."""
    if phase == "preparing":
        return Headline("info", "preparing", ": target, workers")
    if phase == "cleaning":
        return Headline("info", "cleaning up", " what the run created on the target")
    if now.stalled_s is not None:
        return Headline(
            "fail",
            f"nothing answered for {now.stalled_s:.0f} s",
            f", {now.in_flight} in flight, the oldest for {now.oldest_s:.0f} s",
        )
    if lost_workers:
        return Headline("fail", lost_workers[-1])
    if user_errors:
        times = counted(user_errors, "time")
        return Headline("fail", f"the locustfile's own code failed {times}", ", see the log")
    recent = [group for group in failures if elapsed_s - group.last_s <= 10]
    if recent:
        worst = max(recent, key=lambda group: group.count)
        return Headline(
            "warn",
            f"{worst.method} {worst.name} fails: {worst.error}",
            f", {count(worst.count)} times since {clock(worst.first_s)}",
        )
    if phase == "paused":
        return Headline("info", "paused", ": no load, the clock of the verdict stands still")
    if phase == "draining":
        return Headline("info", "finishing", f" {now.in_flight} requests in flight")
    if phase == "warm-up":
        if warm_up_failure:
            return Headline("warn", f"failing in warm-up: {warm_up_failure}")
        if is_open:
            return Headline("info", "warm-up", ", not judged yet")
        return Headline("info", f"warm-up: {now.users} of {users_asked} users", ", not judged yet")
    if failures:
        total = sum(group.count for group in failures)
        last = max(failures, key=lambda group: group.last_s)
        rest = f", the last at {clock(last.last_s)}: {last.error}"
        return Headline("warn", f"{count(total)} failed so far", rest)
    return Headline("ok", f"steady for {duration(round(measured_s))}", ", no failures")
