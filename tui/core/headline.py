"""Which one sentence matters most right now."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.events import Level, Phase
from tui.core.format import clock, count, counted, duration, ms
from tui.core.incidents import Incident, Rise
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
    rise: Rise | None = None,
    incidents: Sequence[Incident] = (),
    invalid: str = "",
    own: Headline | None = None,
    is_loaded: bool = True,
) -> Headline:
    """The sentence for a run that goes on, by urgency.

    `rise` is the one of p95 that goes on; `incidents` go on too, the weightiest first.
    `invalid` is why the measurement can't be trusted so far. `own` is what matters of the stress
    that goes on, of the cameras or of the workflow; `is_loaded`: whether there is a load.
    """
    if phase == "preparing":
        # Cameras are opened before anything is watched; a stress has nothing to say then.
        said = Headline("info", "preparing", ": target, workers" if is_loaded else ": target")
        return own or said
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
    if invalid and phase == "measuring":
        return Headline("warn", "not valid so far", f": {invalid}")
    if rise is not None:
        level: Level = "info" if rise.is_on_purpose else "warn"
        return Headline(level, rise_text(rise), f", {cause_text(rise)}")
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
    # A board that is stressed is busy, and that is what was asked for.
    told = [one for one in incidents if own is None or one.kind == "throttle"]
    told += [one for one in incidents if own is not None and one.level == "fail"]
    heavy = next((one for one in told if one.level in ("warn", "fail")), None)
    if heavy is not None and not (phase == "warm-up" and warm_up_failure):
        figure = figure_text(heavy)
        return Headline(heavy.level, heavy.text, f"{figure and ', '}{figure}")
    if own is not None and (own.level == "fail" or not is_loaded):
        return own
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
    if own is not None:
        return own
    return Headline("ok", f"steady for {duration(round(measured_s))}", ", no failures")


def rise_text(rise: Rise) -> str:
    """`p95 +38 % since 01:40`, or for one that is over `p95 +38 % from 01:40 to 02:05`."""
    if rise.ended_s is None:
        share = (rise.now_ms / rise.before_ms - 1) * 100
        return f"p95 {share:+.0f} % since {clock(rise.began_s)}"
    return f"p95 {rise.percent:+.0f} % from {clock(rise.began_s)} to {clock(rise.ended_s)}"


def cause_text(rise: Rise) -> str:
    """`2 s after oc3 over-current began, 12/s   heat, memory and clocks unchanged`.

    Of what the run did: `as latency 400 ms (ours) began   about 800 ms of the peak are the fault's
    own`.
    """
    same = _listed(rise.unchanged)
    same = f"{same} unchanged" if same and not rise.is_on_purpose else ""
    same = "   ".join(filter(None, (_peak_text(rise), same)))
    if not rise.cause:
        return "   ".join(filter(None, ("no board cause found", same)))
    figure = f"{rise.detail and ', '}{rise.detail}"
    if rise.by == "load":
        return f"with the load: {rise.detail}"
    if rise.by == "gauge":
        return f"{rise.cause} at the same time{figure}"
    word = "" if rise.by == "change" else " began"
    figure += " on the replayed board" if rise.is_replayed else ""
    lag_s = round(rise.lag_s)
    when = f"{lag_s} s after" if lag_s > 0 else "as" if lag_s == 0 else f"{-lag_s} s before"
    return "   ".join(filter(None, (f"{when} {rise.cause}{word}{figure}", same)))


def figure_text(incident: Incident) -> str:
    """`at worst 1 240 ms at 01:42` of an alert with a value, else what it says of itself now.

    Its value now may be within the limit already. Only for one on the clock of a run.
    """
    return worst_text(incident) if incident.kind == "alert" else incident.detail


def worst_text(incident: Incident) -> str:
    """`at worst 1 240 ms at 01:42`; what it says of itself now where it has no value."""
    peak_s = incident.peak_s
    if peak_s is None:
        return incident.detail
    when = f"at {clock(peak_s)}" if peak_s >= 0 else "before the work began"
    return f"at worst {incident.peak_detail} {when}"


def _peak_text(rise: Rise) -> str:
    """What of the run's own doing p95 was highest under, and how much of that is its own."""
    is_other = bool(rise.peak_under) and rise.peak_under != rise.cause
    highest = f"highest under {rise.peak_under}" if is_other else ""
    own = f"about {ms(rise.own_ms)} ms of the peak are the fault's own" if rise.own_ms else ""
    return ", ".join(filter(None, (highest, own)))


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
