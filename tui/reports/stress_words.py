"""What a stress did, in the words of every form of a report.

A service's and a board's own words among them are bounded and made visible; whoever shows them
still has to escape them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from tui.core import format as text
from tui.core.stress.burner_words import figures_of
from tui.core.stress.levels import asked_text, is_stepped, reached_text
from tui.core.stress.plan import Intent, Part, Stress, burner_text
from tui.core.stress.view import (
    BurnerView,
    Change,
    Jitter,
    Level,
    Price,
    StepView,
    StressView,
)
from tui.reports.clean import shortened, visible
from tui.reports.held_words import held_words

LONGEST = 120
MAX_STEPS = 8
MAX_ROWS = 20
"""Of any table, and of what stands for one."""
MAX_OUTAGES = 5
MAX_FIGURES = 12
INTENTS: dict[Intent, str] = {
    "soak": "makes heat and stands back for the service",
    "contend": "competes with the service",
}
PARTS: dict[Part, str] = {"before": "before", "stress": "under stress", "after": "afterwards"}
CHANGED = {"p95_ms": "p95", "rps": "rps", "health_p95_ms": "health p95 of the answered checks"}
Named = tuple[str, str]


def said(words: str) -> str:
    """Foreign words as a report may show them."""
    return shortened(visible(words), LONGEST)


def seconds(value_s: float) -> str:
    """`0.4 s`, `12 s`, `3 min 5 s`."""
    return f"{value_s:.1f} s" if 0 < value_s < 9.95 else text.duration(round(value_s))


def figure(value: float) -> str:
    """As many decimals as tell something; a dash for what is no number."""
    if not isfinite(value):
        return text.NOTHING
    if value == int(value) or abs(value) >= 100:
        return text.count(value)
    return text.fixed(value, 1 if abs(value) >= 10 else 2)


def plan_words(stress: Stress) -> tuple[Named, ...]:
    """What was asked for, by name: burners, steps, intent, and what was watched."""
    what = [burner_text(plan) for plan in stress.burners]
    what += ["all free space of the disk but a floor"] if stress.disk is not None else []
    ramp = f", reached in {text.duration(stress.ramp_s)}" if stress.ramp_s else ""
    until = ", ended early once the board is steady" if stress.until_steady else ""
    before, after = text.duration(stress.before_s), text.duration(stress.after_s)
    found = (
        ("burners", "; ".join(what)),
        ("steps", f"{_steps(stress)}{ramp}{until}"),
        ("intent", f"{stress.intent}: {INTENTS[stress.intent]}"),
        ("watched", f"{before} before, at most {after} afterwards"),
    )
    return tuple((name, said(words)) for name, words in found if words)


def reached_words(burner: BurnerView) -> str:
    """`cpu reached 41 % of the 54 % asked for (share of 2 cores), 1 234 verified, 0 wrong`.

    Of a stepped one `cpu: 25 · 50 % asked, 25 · 49 % reached (share of 2 cores)`.
    """
    name = said(burner.name)
    if burner.why_not:
        return f"{name} was not burnt: {said(burner.why_not)}"
    if burner.mean_reached is None:
        shares = f"{name} told of nothing"
    else:
        of_what = f" ({said(burner.unit)})" if burner.unit else ""
        asked, reached = asked_text(burner), reached_text(burner)
        shares = f"{name} reached {reached} % of the {asked} % asked for{of_what}"
        if is_stepped(burner):
            shares = f"{name}: {asked} % asked, {reached} % reached{of_what}"
    proved = ""
    if burner.verified or burner.bad:
        proved = f", {text.count(burner.verified)} verified, {text.count(burner.bad)} wrong"
    ended = f", ended early: {said(burner.ended_by)}" if burner.ended_by else ""
    return f"{shares}{proved}{ended}"


def level_words(level: Level | None) -> str:
    """`74 of 75`: percent, reached of asked; a dash where nothing was told."""
    if level is None:
        return text.NOTHING
    return f"{text.percent(level.reached)} of {text.percent(level.asked)}"


def step_words(stress: StressView) -> tuple[Named, ...]:
    """What service and board did in each step, by what it was; empty where there was one level."""
    return tuple(
        (said(step.text), ", ".join(_step(stress, step)) or "nothing was told of it")
        for step in steps_told(stress)
    )


def steps_told(stress: StressView) -> tuple[StepView, ...]:
    """The steps that are worth a row each: none where there was one level, and no fault."""
    is_stepless = len(stress.steps) < 2 and not has_faults(stress)
    return () if is_stepless else stress.steps[:MAX_ROWS]


def _step(stress: StressView, step: StepView) -> Iterator[str]:
    figures = step.figures
    if figures.until_s is not None:
        yield f"for {seconds(figures.until_s - figures.from_s)}"
    for burner in stress.burners:
        level = next((each for each in burner.levels if each.step == step.step), None)
        if level is not None:
            yield f"{said(burner.name)} reached {level_words(level)} %"
    if figures.p95_ms is not None:
        yield f"p50 {text.ms(figures.p50_ms)} ms, p95 {text.ms(figures.p95_ms)} ms"
    if figures.rps is not None:
        yield f"{text.rate(figures.rps)} rps"
    if figures.error_rate is not None:
        yield f"{text.percent(figures.error_rate)} % errors"
    elif figures.health_p95_ms is not None:
        yield f"health p95 {text.ms(figures.health_p95_ms)} ms of the answered"
    if figures.tj_max_c is not None:
        yield f"{figures.tj_max_c:.1f} °C at most"
    if figures.power_mean_mw is not None:
        yield f"{figures.power_mean_mw / 1000:.1f} W"


def figures_words(burner: BurnerView) -> str:
    """A burner's own figures, those of its end where it has ended: `write 41 MB/s, 120 IOPS`."""
    return ", ".join(map(said, figures_of(burner)[:MAX_FIGURES]))


def change_words(change: Change) -> str:
    """`p95 under stress 1.84 times what it was before (95 % sure: 1.62 to 2.10)`."""
    if change.low is None or change.high is None:
        sure = "too little for an interval"
    else:
        sure = f"95 % sure: {change.low:.2f} to {change.high:.2f}"
    return (
        f"{CHANGED[change.metric]} {PARTS[change.part]} {change.ratio:.2f} times "
        f"what it was before ({sure})"
    )


def health_words(stress: StressView) -> str:
    """`38 of 40 checks answered over the whole run, p95 of these 9.9 ms, at worst 22 ms`.

    And that it goes around faults, where there are some.
    """
    health = stress.health
    if not health.probes:
        return "the service's health check was not asked"
    times = ""
    if health.p95_ms is not None:
        worst = f"at worst {text.ms(health.worst_ms)} ms"
        times = f", p95 of these {text.ms(health.p95_ms)} ms, {worst}"
    around = ", asked directly and not through the faults" if has_faults(stress) else ""
    answered = f"{text.count(health.answered)} of {text.count(health.probes)} checks answered"
    return f"{answered} over the whole run{times}{around}"


def has_faults(stress: StressView) -> bool:
    """Whether the load's way to the service led through faults; its health check's never does."""
    return any(step.is_fault for step in stress.steps)


def outage_words(stress: StressView) -> str:
    """`3.0 s without an answer, 00:12 to 00:15: HTTP 503`; empty without a health check.

    What was lacking before the stress is told apart.
    """
    health = stress.health
    if not health.probes:
        return ""
    if not health.outages:
        return "none: the health check was always answered"
    spans = [
        f"{text.clock(since_s)} to {text.clock(until_s)}" for since_s, until_s in health.outages
    ]
    more = f" and {len(spans) - MAX_OUTAGES} more" if len(spans) > MAX_OUTAGES else ""
    why = f": {said(health.detail)}" if health.detail else ""
    when = ", ".join(spans[:MAX_OUTAGES])
    before = ""
    if health.outage_before_s:
        before = f" since the stress began, {seconds(health.outage_before_s)} before it"
    return f"{seconds(health.outage_s)} without an answer{before}, {when}{more}{why}"


def recovery_words(stress: StressView) -> str:
    """`4.0 s after the stress, as its load tells`, or that it did not come; empty before."""
    recovery = stress.recovery
    if recovery is None:
        return ""
    by = "as its load tells" if recovery.by == "load" else "as its health check tells"
    worse = []
    if recovery.first_bad_s is not None:
        worse.append(f"first worse {seconds(recovery.first_bad_s)} into the stress")
    if recovery.worst_p95_ms is not None:
        worse.append(f"p95 {text.ms(recovery.worst_p95_ms)} ms at worst")
    if recovery.lost_requests:
        worse.append(f"{text.counted(recovery.lost_requests, 'request')} lost")
    beside = f"; {', '.join(worse)}" if worse else ""
    held = held_words(recovery)
    back = f" (back: each 5 s has {held})" if held else ""
    if recovery.recovered_s is None:
        if recovery.why:
            return f"can't be told: {said(recovery.why)}"
        watched = seconds(recovery.watched_s)
        if stress.part == "after":
            return f"not yet, in {watched}{beside}"
        return f"not within the {watched} that were watched, {by}{back}{beside}"
    if recovery.first_bad_s is None and not recovery.recovered_s:
        return f"none was needed: each 5 s had {held or 'what it must'}, {by}{beside}"
    return f"{seconds(recovery.recovered_s)} after the stress, {by}{back}{beside}"


def price_words(stress: StressView) -> tuple[Named, ...]:
    """What the board paid, by name; what nobody measured is left out."""
    price = stress.price
    throttled = ""
    if price.throttled_s is not None:
        throttled = f"for {seconds(price.throttled_s)}" if price.throttled_s else "no"
    written = f"{figure(price.written_bytes / 1e6)} MB" if price.written_bytes else ""
    least = price.memory_least_mb
    steady = stress.steady_after_s
    found = (
        ("temperature", _heat(price)),
        ("power", _power(price)),
        ("energy", "" if price.energy_j is None else f"{figure(price.energy_j)} J"),
        ("held back", throttled),
        ("written", written),
        ("least memory", "" if least is None else f"{text.count(least)} MiB were available"),
        ("steady", "" if steady is None else f"no warmer after {seconds(steady)}"),
    )
    return tuple((name, words) for name, words in found if words)


def jitter_words(jitter: Jitter) -> str:
    """`late by 0.40 ms (p99), 6.0 ms at worst; 0 of 18 s disturbed`."""
    if not jitter.seconds:
        return "not known"
    return (
        f"late by {text.ms(jitter.p99_ms)} ms (p99), {text.ms(jitter.worst_ms)} ms at worst; "
        f"{text.count(jitter.disturbed_s)} of {text.count(jitter.seconds)} s disturbed"
    )


def overloaded_words(stress: StressView) -> str:
    """How many of the failures were honest; empty without failures."""
    if stress.overloaded_share is None:
        return ""
    if not stress.overloaded_share:
        return "none of the failed requests was answered with 429 or 503"
    share = text.percent(stress.overloaded_share)
    return f"{share} % of the failed requests were answered with 429 or 503, as is right"


def _steps(stress: Stress) -> str:
    steps = stress.steps
    lengths = {step.duration_s for step in steps}
    each = " each" if len(steps) > 1 else ""
    length = f" for {text.duration(steps[0].duration_s)}{each}" if len(lengths) == 1 else ""
    rest = f" and {len(steps) - MAX_STEPS} more" if len(steps) > MAX_STEPS else ""
    shown = steps[:MAX_STEPS]
    if any(step.toxics is not None for step in steps):
        return f"{'; '.join(step.text for step in shown)}{rest}{length}"
    return f"{', '.join(f'{step.share * 100:g}' for step in shown)}{rest} %{length}"


def _heat(price: Price) -> str:
    if price.tj_max_c is None:
        return ""
    before = "" if price.tj_before_c is None else f"{price.tj_before_c:.1f} °C before, "
    rise = price.tj_rise_c_per_min
    rose = "" if rise is None else f", {rise:+.1f} °C a minute at first"
    return f"{before}{price.tj_max_c:.1f} °C at most{rose}"


def _power(price: Price) -> str:
    known: Sequence[tuple[float | None, str]] = (
        (price.power_before_mw, "before"),
        (price.power_mean_mw, "mean"),
        (price.power_max_mw, "at most"),
    )
    return ", ".join(f"{mw / 1000:.1f} W {word}" for mw, word in known if mw is not None)
