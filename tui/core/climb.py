"""A campaign that was cut off: which of its rungs need not be climbed again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.core.format import counted, duration
from tui.core.model import RunView
from tui.core.outcome import status
from tui.core.scenario import Scenario

CLIMB_DIGITS = 8
"""Hexadecimal ones, behind the campaign's id and a dash: what a climb is called by."""
MOST_AGE_S = 24 * 3600.0
"""What passed longer ago says little of today."""


class Now(msgspec.Struct, frozen=True):
    """What a climb would go on with."""

    campaign: str
    rungs: tuple[Scenario, ...]
    device: str
    """The board's model."""
    version: str
    config_sha256: str
    at_utc: float


class Resumption(msgspec.Struct, frozen=True):
    """How a climb goes on."""

    climb: str
    passed: tuple[RunView, ...]
    """A run for each rung that need not be climbed again, the first rung first."""


class NoResumption(msgspec.Struct, frozen=True):
    """It is climbed anew."""

    why: str
    """In a clause; empty where there was nothing to go on with."""


def resumption(now: Now, kept: Sequence[RunView]) -> Resumption | NoResumption:
    """How the newest climb goes on; `kept` are the runs of that climb, oldest first.

    What failed is not gone on with: whatever was mended since may have broken what passed before.
    """
    if not kept:
        return NoResumption("")
    failed = next((view.facts.rung for view in kept if status(view) == "FAIL"), None)
    if failed is not None:
        return NoResumption(f"rung {failed} of it failed: what passed before is tried again, too")
    changed = _changed(now, kept)
    if changed:
        return NoResumption(f"{changed} since")
    by_rung = {view.facts.rung: view for view in kept if status(view) == "PASS"}
    passed: list[RunView] = []
    for number in range(1, len(now.rungs) + 1):
        if number not in by_rung:
            break
        passed.append(by_rung[number])
    if len(passed) == len(now.rungs):
        return NoResumption("")
    if not passed:
        return NoResumption("none of its rungs passed")
    age_s = now.at_utc - passed[0].facts.started_at
    if not 0 <= age_s <= MOST_AGE_S:
        what = f"its first rung passed more than {duration(MOST_AGE_S)} ago"
        return NoResumption(what if age_s > 0 else "its first rung is of the future")
    return Resumption(kept[0].facts.climb, tuple(passed))


def resumption_text(found: Resumption, rungs: int) -> str:
    """`4 of 8 runs passed before it was cut off`."""
    return f"{len(found.passed)} of {counted(rungs, 'run')} passed before it was cut off"


def _changed(now: Now, kept: Sequence[RunView]) -> str:
    """What is not as it was, in a clause; empty where nothing changed."""
    for view in kept:
        facts = view.facts
        if facts.version != now.version:
            return "jetproof was updated"
        if facts.config_sha256 != now.config_sha256:
            return "config.toml was changed"
        if facts.device.model != now.device:
            return "the board was changed"
        if facts.rungs != len(now.rungs):
            return f"{now.campaign} was changed"
        scenario = now.rungs[facts.rung - 1]
        if not _is_same(facts.scenario, scenario):
            return f"{scenario.id} was changed"
    return ""


def _is_same(then: Scenario, now: Scenario) -> bool:
    """Whether a run's scenario is the file's; the steps that a service's own document brought to
    it are the service's. Whether a suite ends at its first failure is no matter to what passed."""
    then, now = _patient(then), _patient(now)
    if then.workflow is not None and now.workflow is not None and now.workflow.openapi:
        plain = msgspec.structs.replace(then.workflow, steps=(), cleanup=())
        then = msgspec.structs.replace(then, workflow=plain)
        bare = msgspec.structs.replace(now.workflow, steps=(), cleanup=())
        now = msgspec.structs.replace(now, workflow=bare)
    return msgspec.structs.replace(then, path="") == msgspec.structs.replace(now, path="")


def _patient(scenario: Scenario) -> Scenario:
    if scenario.workflow is None:
        return scenario
    workflow = msgspec.structs.replace(scenario.workflow, fail_fast=False)
    return msgspec.structs.replace(scenario, workflow=workflow)
