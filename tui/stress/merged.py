"""The reports of a burner's processes as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui.core.events import BurnerSecond

Report = Mapping[str, Any]
Figures = dict[str, float | str]

COMMON = (
    *("kind", "at_s", "window_s", "asked", "reached", "unit", "verified", "bad"),
    *("done", "ran_s", "is_stopped", "ended_by", "advice", "held_by", "limits", "found"),
)
"""What every burner tells; the rest are its own figures."""
SUMMED = ("_per_s", "_bytes", "_s", "rounds", "cores")
"""Figures of several processes that add up, by the end of their names."""


def merged(name: str, reports: Sequence[Report], lost: int = 0, silent: int = 0) -> BurnerSecond:
    """One second of a burner, of at least one report: shares are the means of its processes.

    `lost`: processes that are gone before their time. Nothing of their share is reached.
    `silent`: how many of the reports stand for a process that told nothing.
    """
    count = len(reports)
    return BurnerSecond(
        name=name,
        unit=str(reports[0]["unit"]),
        asked=sum(float(each["asked"]) for each in reports) / count,
        reached=sum(float(each["reached"]) for each in reports) / (count + lost),
        verified=sum(int(each["verified"]) for each in reports),
        bad=sum(int(each["bad"]) for each in reports),
        figures={**figures(reports), "silent": float(silent)} if silent else figures(reports),
        held_by=first(reports, "held_by"),
    )


def first(reports: Sequence[Report], key: str) -> Any:
    """The first word that one of them has for it; empty where none has."""
    return next((each[key] for each in reports if each.get(key)), "")


def figures(reports: Sequence[Report]) -> Figures:
    """What the processes tell of their own, added up where it adds up."""
    found: Figures = {}
    for report in reports:
        for key, value in report.items():
            if key in COMMON:
                continue
            if isinstance(value, str):
                found[key] = value
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                before = found.get(key)
                adds_up = isinstance(before, (int, float)) and key.endswith(SUMMED)
                found[key] = float(value) + (float(before) if adds_up and before else 0.0)
    return found
