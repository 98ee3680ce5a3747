"""What a run was, in name and value: the head of every form of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core import format as text
from tui.core.finding import Finding
from tui.core.load_fold import sought
from tui.core.model import RunView
from tui.core.scenario import Scenario
from tui.core.search_words import climb_text, near_text, windows_text
from tui.reports.board_words import REPLAYED, is_replayed
from tui.reports.camera_words import name_words
from tui.reports.clean import shortened
from tui.reports.stress_words import plan_words
from tui.reports.utc import stamp

LONGEST_MODE = 40
MOST_TOLD = 3
_TOLD = ("warn", "fail")
Fact = tuple[str, str]


def facts_of(view: RunView) -> tuple[Fact, ...]:
    """Name and value; what nobody said is left out."""
    facts, device = view.facts, view.facts.device
    mode = device.power_mode and shortened(device.power_mode, LONGEST_MODE)
    board = ", ".join(
        each
        for each in (
            device.model,
            text.counted(device.cpu_count, "core"),
            f"{text.fixed(device.memory_mb / 1024, 1)} GiB",
            mode and f"mode {mode}",
            clocks_words(view),
            device.l4t and f"L4T {device.l4t}",
            device.jetpack and f"JetPack {device.jetpack}",
        )
        if each
    )
    rung = f", rung {facts.rung} of {facts.rungs}" if facts.rungs else ""
    demo = " (embedded demo)" if facts.is_demo else ""
    target = f"{facts.target.name}{demo}, {facts.url}"
    duration = text.duration(round(view.elapsed_s)) if view.elapsed_s else text.NOTHING
    if view.facts.scenario.load is not None:
        measured = text.duration(round(view.measured_s)) if view.measured_s else "nothing"
        duration += f", measured {measured}"
    stress = facts.scenario.stress
    asked = () if stress is None else plan_words(stress)
    every: tuple[Fact, ...] = (
        ("target", target if facts.scenario.asks_service else ""),
        ("cameras", ", ".join(map(name_words, view.cameras))),
        ("board", board),
        ("board data", REPLAYED if is_replayed(view) else ""),
        ("site", facts.site.name),
        ("ambient", facts.site.ambient),
        ("note", facts.note),
        (_work(facts.scenario), load_words(view)),
        *asked,
        *_search(view),
        ("started", f"{stamp(facts.started_at)} UTC"),
        ("duration", duration),
        ("campaign", f"{facts.campaign}{rung}" if facts.campaign else ""),
        ("preflight", preflight_words(facts.preflight)),
        ("run", facts.id),
        ("version", f"jetproof {facts.version}"),
        ("configuration", facts.config_sha256[:16]),
        *((role, whom) for role, whom in facts.site.contacts.items()),
    )
    return tuple(fact for fact in every if fact[1])


def preflight_words(findings: Sequence[Finding]) -> str:
    """`19 findings in order; gauges: hottest_c: no sensor here`; empty without any."""
    if not findings:
        return ""
    told = [f"{finding.name}: {finding.said}" for finding in findings if finding.state in _TOLD]
    fine = sum(finding.state == "ok" for finding in findings)
    more = [f"{len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    return "; ".join([f"{text.counted(fine, 'finding')} in order", *told[:MOST_TOLD], *more])


def _work(scenario: Scenario) -> str:
    """What a plan is of."""
    if scenario.cameras is not None:
        return "watched"
    if scenario.storage is not None:
        return "storage"
    if scenario.workflow is not None:
        return "workflow"
    return "load" if scenario.stress is None else "stress"


def _search(view: RunView) -> Iterator[Fact]:
    search = sought(view.facts)
    if search is None:
        return
    yield "levels", f"{climb_text(search)}; {near_text(search)}"
    yield "each level", windows_text(search)


def clocks_words(view: RunView) -> str:
    """Whether the clocks were pinned in the run; empty where that is not known."""
    pinned = next((each for each in view.telemetry if each.name == "clocks_pinned"), None)
    if pinned is None:
        return ""
    if pinned.min != pinned.max:
        return "clocks pinned for a part of the run"
    return "clocks pinned" if pinned.max else "clocks not pinned"


def load_words(view: RunView) -> str:
    """`20 users for 5 min`, and what was changed by hand."""
    held = f", held {text.duration(round(view.held_s))} longer by hand" if view.held_s >= 1 else ""
    return f"{view.facts.scenario.plan}{held}"
