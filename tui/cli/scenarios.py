"""`jetproof list` and `show`: scenarios and campaigns as files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from math import ceil
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click
import msgspec

from tui.cli.options import Places, common_options, target_of
from tui.cli.output import write_json
from tui.cli.storage_show import storage_lines
from tui.cli.stress_show import stress_lines
from tui.cli.workflow_show import workflow_lines, workflow_size
from tui.core.problem import Problem

if TYPE_CHECKING:
    from tui.core.camera.plan import CamerasPlan
    from tui.core.campaign import Campaign
    from tui.core.config import Target
    from tui.core.load import Load, Stage
    from tui.core.scenario import Scenario
    from tui.core.search import Search

CAMPAIGN = "campaign"
SCENARIO_KINDS = ("load", "stress", "benchmark", "e2e", "smoke")
"""As in `core.scenario.KINDS`, which is not imported for a line of help."""
KINDS = (*SCENARIO_KINDS, CAMPAIGN)
_MEANT = {"smoke": ": suites of short tests; `smoke` of load is none"}
"""Behind a heading that may be taken for something else."""
WIDTH = 80
LABEL = 9
"""Of a line of `show`, with the blanks around it."""


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@common_options
@click.pass_context
def list_(context: click.Context, /, kind: str | None, json_file: str | None, **_: Any) -> int:
    """List the scenarios and campaigns that can be run, of all kinds or of one."""
    contents = Places(context).catalogue().contents()
    scenarios = [each for each in contents.scenarios if kind in (None, each.kind)]
    campaigns = contents.campaigns if kind in (None, CAMPAIGN) else ()
    if json_file:
        listed = chain[Any](scenarios, campaigns)
        write_json([msgspec.to_builtins(each) for each in listed], json_file)
    else:
        by_id = {scenario.id: scenario for scenario in contents.scenarios}
        lines = {
            **{
                name: [
                    (each.id, _size(each), each.summary) for each in scenarios if each.kind == name
                ]
                for name in SCENARIO_KINDS
            },
            CAMPAIGN: [
                (each.id, _length(each, by_id.values()), each.summary) for each in campaigns
            ],
        }
        for line in _columns({kind: rows for kind, rows in lines.items() if rows}):
            click.echo(line)
    for problem in contents.problems:
        click.echo(str(problem), err=True)
    return 2 if contents.problems else 0


@click.command()
@click.argument("scenario_id", metavar="SCENARIO")
@click.option("--target", help="How a workflow asks this one: of config.toml, or a URL.")
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@common_options
@click.pass_context
def show(
    context: click.Context, /, scenario_id: str, target: str | None, json_file: str | None, **_: Any
) -> int:
    """Show what a scenario or a campaign does, and what judges it."""
    places = Places(context)
    catalogue = places.catalogue()
    campaign = catalogue.campaign(scenario_id)
    shown = campaign or catalogue.scenario(scenario_id)
    if json_file:
        write_json(msgspec.to_builtins(shown), json_file)
        return 0
    problems: list[Problem] = []
    if campaign is not None:
        lines = _campaign_lines(campaign, [catalogue.scenario(rung) for rung in campaign.runs])
    else:
        from tui.cli.validate import workflow_problems

        scenario = catalogue.scenario(scenario_id)
        asked = target_of(places.loaded(), target) if target else None
        lines = _scenario_lines(scenario, asked)
        problems = workflow_problems(scenario, places, target)
    click.echo(f"{shown.title}: {shown.summary}")
    for label, text in (*lines, ("file", shown.path)):
        for line in [text] if label == "file" else _wrapped(text):
            click.echo(f"  {label:<{LABEL - 2}} {line}")
            label = ""
    for problem in problems:
        click.echo(str(problem), err=True)
    return 2 if problems else 0


def _columns(groups: dict[str, list[tuple[str, str, str]]]) -> Iterable[str]:
    """A heading and its lines, for each group that has any; columns as wide as it needs."""
    for number, (heading, rows) in enumerate(groups.items()):
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        if number:
            yield ""
        yield f"{heading} ({len(rows)}){_MEANT.get(heading, '')}"
        for name, size, summary in rows:
            yield f"{name:<{widths[0]}}  {size:>{widths[1]}}  {summary}"


def _wrapped(text: str) -> list[str]:
    """In lines that fit; behind a name and two blanks they go on below what follows it."""
    hanging = re.match(r" *\S+ {2,}| *", text)
    indent = " " * (hanging.end() if hanging is not None else 0)
    return wrap(text, WIDTH - LABEL - 1, subsequent_indent=indent) or [text]


def _size(scenario: Scenario) -> str:
    """`20 × 5 m`, `20–200 × 15 m`, `5/s × 5 m`, `10 × 10 ops`; of a stress its length.

    Of a workflow `3 × 5 steps`: how long they take is the service's to say.
    """
    from tui.core.format import brief_duration

    if scenario.workflow is not None:
        return workflow_size(scenario.workflow)
    load, length = scenario.load, brief_duration(scenario.duration_s)
    if load is None or scenario.stress is not None:
        return length
    if load.search is not None:
        span = _span([load.search.from_, load.search.to])
        return f"{span}{'/s' if load.search.by == 'rate' else ''} × {length}"
    if load.arrival is not None:
        return f"{_span([load.arrival.from_rps, load.arrival.to_rps])}/s × {length}"
    if load.operations_per_user is not None:
        return f"{load.users} × {load.operations_per_user} ops"
    levels = [stage.users for stage in load.stages if stage.users]
    return f"{_span(levels or [load.users])} × {length}"


def _span(numbers: Sequence[float]) -> str:
    lowest, highest = min(numbers), max(numbers)
    return f"{lowest:g}" if lowest == highest else f"{lowest:g}–{highest:g}"


def _length(campaign: Campaign, scenarios: Iterable[Scenario]) -> str:
    from tui.core.campaign import total_s
    from tui.core.format import counted

    rungs = [each for rung in campaign.runs for each in scenarios if each.id == rung]
    # Always minutes: an hour and a half would be cut to `1 h`.
    least = "≥ " if any(each.workflow is not None for each in rungs) else ""
    minutes = ceil(total_s(rungs)[0] / 60)
    length = f", {least}{minutes} m" if minutes else ""
    return f"{counted(len(campaign.runs), 'run')}{length}"


def _campaign_lines(campaign: Campaign, rungs: Sequence[Scenario]) -> list[tuple[str, str]]:
    from tui.core.campaign import total_s, works_text
    from tui.core.format import duration

    width = max(len(rung) for rung in campaign.runs)
    lines = [
        (f"run {number}", f"{rung.id:<{width}}  {rung.plan}")
        for number, rung in enumerate(rungs, 1)
    ]
    _, cooling_s = total_s(rungs)
    text = f"{works_text(rungs)}, and {duration(cooling_s)} for cooling down at most"
    return [*lines, ("length", text), ("ends", "with the first run that does not pass")]


def _scenario_lines(scenario: Scenario, target: Target | None) -> list[tuple[str, str]]:
    """`target`: how a workflow asks it is told; None: by the names of its operations alone."""
    lines: list[tuple[str, str]] = []
    if scenario.stress is not None:
        lines += stress_lines(scenario.stress)
    if scenario.load is not None:
        lines += _load_lines(scenario.load, is_beside=scenario.stress is not None)
    if scenario.cameras is not None:
        lines += _camera_lines(scenario.cameras)
    if scenario.workflow is not None:
        lines += workflow_lines(scenario.workflow, target)
    if scenario.storage is not None:
        lines += storage_lines(scenario.storage)
    for label, limits in (("passes", scenario.thresholds), ("goals", scenario.goals)):
        texts = ", ".join(f"{limit.metric} {limit.text}" for limit in limits)
        lines.append((label, texts or "none"))
    if scenario.judges_stages:
        lines.append(("judged", "stage by stage: the first that breaks a limit ends the run"))
    if scenario.load is not None and scenario.load.reserve:
        reserve = f"{scenario.load.reserve:g} times the target's normal users"
        lines.append(("reserve", reserve))
    if scenario.ask_below_memory_gb:
        text = f"first, on a board with less than {scenario.ask_below_memory_gb:g} GB of memory"
        lines.append(("asks", text))
    return lines


def _camera_lines(plan: CamerasPlan) -> list[tuple[str, str]]:
    from tui.core.camera.plan import cameras_text
    from tui.core.format import duration

    names = ", ".join(plan.names) or "all of config.toml; without any, the embedded pattern"
    settle = f"; the first {duration(plan.settle_s)} are not judged" if plan.settle_s else ""
    return [
        ("watches", f"{cameras_text(plan)}{settle}"),
        ("cameras", names),
        ("fails", "a camera that fails, freezes, goes black, or breaks a limit of its own, too"),
    ]


def _load_lines(load: Load, *, is_beside: bool) -> list[tuple[str, str]]:
    from tui.core.e2e.load_beside import least_text
    from tui.core.format import load_level, load_plan

    plan = f"{load_level(load)} all along" if is_beside else load_plan(load)
    if load.goes_on:
        plan = f"{load_level(load)} {least_text(load)}"
    if not (load.stages or load.arrival or load.shape):
        plan += f", {load.spawn_rate:g} started per second"
    lines = [("load", plan)]
    if load.search is not None:
        lines += _search_lines(load.search)
    if load.stages:
        lines.append(("stages", _stages(load.stages)))
    if load.arrival is not None:
        lines.append(("", f"they begin when they are due; at most {load.users} at a time"))
    if load.operations_per_user is not None and load.barrier_s is not None:
        lines.append(("", f"all begin at the same instant, once in {load.barrier_s:g} s"))
    classes = ", ".join(f"{name} {weight}" for name, weight in load.user_classes.items())
    lines += [("users", classes or "all classes"), ("", f"of {load.locustfile}")]
    for label, tags in (("tasks", load.tags), ("without", load.exclude_tags)):
        if tags:
            lines.append((label, f"tagged {' or '.join(tags)}"))
    return lines


def _search_lines(search: Search) -> list[tuple[str, str]]:
    from tui.core.search_words import climb_text, near_text, windows_text

    return [("search", f"{climb_text(search)}; {near_text(search)}"), ("", windows_text(search))]


def _stages(stages: Sequence[Stage]) -> str:
    """`50 users 10 s, none 20 s; 6 times`."""
    from tui.core.format import duration

    period = next(
        length
        for length in range(1, len(stages) + 1)
        if len(stages) % length == 0
        and tuple(stages) == tuple(stages[:length]) * (len(stages) // length)
    )
    texts = []
    lengths = {stage.duration_s for stage in stages}
    for stage in stages[:period]:
        users = f"{stage.users}" if stage.users else "none"
        texts.append(users if len(lengths) == 1 else f"{users} for {duration(stage.duration_s)}")
    each = f", each for {duration(stages[0].duration_s)}" if len(lengths) == 1 else ""
    times = f"; {len(stages) // period} times" if len(stages) > period else ""
    return f"{', '.join(texts)}{each}{times}"
