"""What the board did in a run and what it did to the latency, in the words of every report.

Names of zones, rails and power modes are the board's own: what is said here is bounded, and
whoever shows it still has to make it `visible` and escape it.
"""

from __future__ import annotations

from tui.core import format as text
from tui.core.gauge_figure import figure
from tui.core.headline import cause_text
from tui.core.incidents import Rise
from tui.core.leak import Leak
from tui.core.model import RunView
from tui.reports.bouts import Bout, bouts_of, lasted_s
from tui.reports.clean import shortened
from tui.reports.gauge_words import REPLAY
from tui.reports.outage import BEFORE, told

LONGEST = 200
MAX_KEYS = 10
"""There are fewer reasons and sources than that on any board."""
REPLAYED = "the board's figures are replayed from files: they are not of this machine"
_THROTTLED = {True: "yes", False: "no", None: "not known (nothing here can tell)"}


def throttled_words(view: RunView) -> str:
    """`yes, for 25 s in all`, `no`, or that it is not known."""
    words = _THROTTLED[view.is_throttled]
    reasons = [one for one in view.incidents if one.kind == "throttle"]
    if not view.is_throttled or not reasons:
        return words
    return f"{words}, for {_duration(lasted_s(view, reasons))} in all"


def throttle_reasons(view: RunView) -> tuple[str, ...]:
    """Why the board held itself back, since when and how long; one line a reason."""
    return tuple(bout_words(view, bout) for bout in bouts_of(view, "throttle")[:MAX_KEYS])


def bout_words(view: RunView, bout: Bout) -> str:
    """`oc3 over-current from 01:38 for 25 s, at worst 12/s`."""
    when = span_words(view, bout.began_s, bout.ended_s)
    if bout.times > 1:
        whole = f", {_duration(bout.lasted_s)} in all" if bout.lasted_s >= 1 else ""
        when = f"{bout.times} times {_from(bout.began_s)} on{whole}"
    said = f"{shortened(told(bout.last), LONGEST)} {when}"
    worst = worst_words(bout)
    return f"{said}, {worst}" if worst else said


def worst_words(bout: Bout) -> str:
    """`at worst 91.4 °C at 01:42`; what it said of itself where it has no figure."""
    if bout.peak is None or not bout.last.gauge:
        return shortened(bout.last.detail, LONGEST)
    return f"at worst {peak_words(bout)}"


def peak_words(bout: Bout) -> str:
    """`91.4 °C at 01:42`, for one that has a figure; without the time where nobody knows it."""
    when = "" if bout.peak_s is None else f" {_at(bout.peak_s)}"
    return f"{figure(bout.last.gauge, bout.peak)}{when}"


def change_words(view: RunView) -> tuple[str, ...]:
    """`power mode changed at 01:40: MAXN to 15W`, each change by itself."""
    found = []
    for one in view.incidents:
        if one.kind == "change":
            detail = f": {shortened(one.detail, LONGEST)}" if one.detail else ""
            found.append(f"{shortened(one.text, LONGEST)} {_at(one.began_s)}{detail}")
    return tuple(found)


def lost_words(view: RunView) -> tuple[str, ...]:
    """Sources that fell silent, and why."""
    found = []
    for bout in bouts_of(view, "source")[:MAX_KEYS]:
        why = f": {shortened(bout.last.detail, LONGEST)}" if bout.last.detail else ""
        when = span_words(view, bout.began_s, bout.ended_s)
        times = f"{bout.times} times, first " if bout.times > 1 else ""
        found.append(f"{shortened(bout.last.text, LONGEST)} {times}{when}{why}")
    return tuple(found)


def rise_words(view: RunView, rise: Rise) -> str:
    """`p95 +38 % (846 to 1 167 ms) from 01:40 for 23 s, 2 s after …; heat, memory unchanged`."""
    up = f"p95 +{text.percent(rise.percent / 100)} % "
    up += f"({text.ms(rise.before_ms)} to {text.ms(rise.peak_ms)} ms)"
    return f"{up} {span_words(view, rise.began_s, rise.ended_s)}, {cause_words(rise)}"


def cause_words(rise: Rise) -> str:
    """`2 s after oc3 over-current began, 12/s; heat unchanged`, or that no cause was found."""
    return shortened(cause_text(rise).replace("   ", "; "), LONGEST)


def leaks_told(view: RunView) -> tuple[Leak, ...]:
    """The verdicts worth a line: of a run of minutes nobody expects one on a leak."""
    return tuple(leak for leak in view.leaks if leak.slope_mb_per_h is not None)


def leak_words(leak: Leak) -> str:
    """`python3 1841 leaks: +14 MiB/h (9 to 19)`, or why nothing can be said of its memory."""
    who = shortened(leak.process, LONGEST) or "the service"
    slope = "" if leak.slope_mb_per_h is None else f"{leak.slope_mb_per_h:+.1f} MiB/h"
    if leak.verdict == "inconclusive":
        return f"memory of {who}: inconclusive, {leak.why}{slope and ', '}{slope}"
    if leak.lower_mb_per_h is not None and leak.upper_mb_per_h is not None:
        slope += f" ({leak.lower_mb_per_h:+.1f} to {leak.upper_mb_per_h:+.1f})"
    return f"memory of {who} {'leaks' if leak.verdict == 'leak' else 'is steady'}: {slope}"


def worst_rise(view: RunView) -> Rise | None:
    """The highest one."""
    return max(view.rises, key=lambda rise: rise.percent, default=None)


def alerts_words(view: RunView, most: int = 3) -> str:
    """`2 alerts: cpu above 85 %, heat`; empty without one."""
    bouts = bouts_of(view, "alert")
    if not bouts:
        return ""
    names = [shortened(told(bout.last), LONGEST) for bout in bouts[:most]]
    more = f" and {len(bouts) - most} more" if len(bouts) > most else ""
    return f"{text.counted(len(bouts), 'alert')}: {', '.join(names)}{more}"


def incomparable_words(view: RunView) -> str:
    """Why it should not be compared with other runs; empty where it can be."""
    if not view.incomparable:
        return ""
    reasons = "; ".join(shortened(reason, LONGEST) for reason in view.incomparable)
    return f"not comparable with other runs, because of this: {reasons}"


def is_replayed(view: RunView) -> bool:
    """Whether figures of the board come from files."""
    return view.facts.device.source == REPLAY or any(
        gauge.source == REPLAY for gauge in view.telemetry
    )


def span_words(view: RunView, began_s: float, ended_s: float | None) -> str:
    """`from 01:38 for 25 s`, `at 01:38`, `from 01:38 to the end`, `since 01:38`."""
    if ended_s is None:
        return f"{_from(began_s)} to the end" if view.is_over else f"since {_clock(began_s)}"
    if ended_s - began_s < 1:
        return _at(began_s)
    return f"{_from(began_s)} for {_duration(ended_s - began_s)}"


def _at(load_s: float) -> str:
    return BEFORE if load_s < 0 else f"at {text.clock(load_s)}"


def _from(load_s: float) -> str:
    return f"from {_clock(load_s)}"


def _clock(load_s: float) -> str:
    return BEFORE if load_s < 0 else text.clock(load_s)


def _duration(length_s: float) -> str:
    return text.duration(round(length_s)) if length_s >= 1 else "less than 1 s"
