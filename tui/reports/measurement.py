"""What the instrument says of itself, in name and value."""

from __future__ import annotations

from tui.core import format as text
from tui.core.model import RunView
from tui.core.validity import Floor
from tui.reports.facts import Fact
from tui.reports.stress_words import jitter_words

UNLOADED = "no load, so no generator to trust"
WORDS = {True: "yes", False: "NO: INVALID", None: "nothing was measured"}


def measurement_of(view: RunView) -> tuple[Fact, ...]:
    """Validity first, then what was measured of the instrument and what was not judged."""
    validity = view.validity
    is_loaded = view.facts.scenario.load is not None
    facts: list[Fact] = [("trusted", WORDS[validity.valid] if is_loaded else UNLOADED)]
    facts += [("because", reason) for reason in validity.reasons]
    if is_loaded:
        facts += [
            ("generator", _of_a_core(validity.generator_cpu_percent)),
            ("its timers", f"late by {text.ms(validity.lag_p99_ms)} ms (p99)"),
        ]
    facts.append(("the console", _of_a_core(validity.console_cpu_percent)))
    if view.stress is not None:
        facts.append(("its clock", jitter_words(view.stress.jitter)))
    if is_loaded:
        facts.append(("its floor", floor_words(view.floor)))
    if validity.missed_sends:
        facts.append(("missed sends", text.count(validity.missed_sends)))
    if view.unmeasured_requests:
        failed = f", {text.count(view.unmeasured_failures)} failed"
        facts.append(
            (
                "not judged",
                f"{text.counted(view.unmeasured_requests, 'request')} in warm-up, pause or stop"
                f"{failed if view.unmeasured_failures else ''}",
            )
        )
    if view.unfinished:
        facts.append(("unfinished", text.counted(view.unfinished, "request")))
    if view.late_rows:
        facts.append(("late", text.counted(view.late_rows, "request")))
    if view.clean_up is not None:
        done = view.clean_up
        facts.append(
            (
                "clean-up",
                f"{text.count(done.created)} created, {text.count(done.deleted)} deleted, "
                f"{text.count(done.left)} left",
            )
        )
    facts.append(("board samples", text.count(view.telemetry_samples)))
    return tuple(facts)


def floor_words(floor: Floor | None) -> str:
    """What the instrument itself adds to a latency."""
    if floor is None:
        return "not known"
    return f"p50 {text.ms(floor.p50_ms)} ms, p99 {text.ms(floor.p99_ms)} ms above the truth"


def _of_a_core(cpu_percent: float | None) -> str:
    share = None if cpu_percent is None else cpu_percent / 100
    return f"{text.percent(share)} % of one core"
