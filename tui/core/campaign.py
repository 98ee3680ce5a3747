"""Campaigns: several runs one after the other, until one does not pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, Literal

import msgspec

from tui.core.format import counted, duration
from tui.core.mistakes import Mistakes
from tui.core.scenario import Scenario
from tui.core.scenario_table import checked_id
from tui.core.toml import read_table

MAX_RUNGS = 50


class _RunsTable(msgspec.Struct, forbid_unknown_fields=True):
    runs: list[str]
    preflight: bool = False
    report: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["campaign"]
    title: str
    campaign: _RunsTable
    summary: str = ""


class Campaign(msgspec.Struct, frozen=True):
    """A campaign file, understood."""

    id: str
    kind: Literal["campaign"]
    title: str
    summary: str
    runs: tuple[str, ...]
    """Ids of the scenarios, lightest first: the first that does not pass ends the campaign. As the
    file has them, they may name other campaigns, whose runs stand for them."""
    preflight: bool = False
    """Whether the surroundings are examined before the first run."""
    report: bool = False
    """Whether its reports are written at its end without being asked for."""
    path: str = ""
    """Where it was read."""


def parse_campaign(path: PurePath, data: Mapping[str, Any]) -> Campaign:
    """The campaign in a decoded TOML file. InputError lists what is wrong with it."""
    mistakes = Mistakes(path.name)
    campaign_id = checked_id(mistakes, path)
    file = read_table(mistakes, data, _File)
    runs = file.campaign.runs
    if not 1 <= len(runs) <= MAX_RUNGS:
        what = f"names 1 to {MAX_RUNGS} scenarios"
        mistakes.add("campaign.runs", what, unless=["campaign.runs"])
    mistakes.end()
    return Campaign(
        id=campaign_id,
        kind="campaign",
        title=file.title,
        summary=file.summary,
        runs=tuple(runs),
        preflight=file.campaign.preflight,
        report=file.campaign.report,
        path=str(path),
    )


def works_text(scenarios: Sequence[Scenario]) -> str:
    """How long these take without the cool-downs: `5 min`, `5 min and 1 workflow`."""
    workflows = sum(scenario.workflow is not None for scenario in scenarios)
    works_s, _ = total_s(scenarios)
    length = [] if workflows and not works_s else [duration(works_s)]
    return " and ".join([*length, *([counted(workflows, "workflow")] if workflows else [])])


def length_text(scenarios: Sequence[Scenario]) -> str:
    """`8 runs, 33 min 30 s and 2 workflows, up to 12 min of cooling between`."""
    _, cooling_s = total_s(scenarios)
    text = f"{counted(len(scenarios), 'run')}, {works_text(scenarios)}"
    return f"{text}, up to {duration(round(cooling_s))} of cooling between" if cooling_s else text


def total_s(scenarios: Sequence[Scenario]) -> tuple[float, float]:
    """How long these take one after the other, and the longest that the cool-downs may add.

    Workflows are not in it: how long one takes is known when it is over.
    """
    works_s = sum(scenario.duration_s for scenario in scenarios)
    return works_s, sum(scenario.cool_down_s for scenario in scenarios[:-1])
