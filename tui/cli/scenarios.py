"""`jetproof list`, `show` and `validate`: scenarios as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options
from tui.cli.output import write_json
from tui.core.problem import InputError, Problem

if TYPE_CHECKING:
    from tui.core.scenario import Scenario


@click.command("list")
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@common_options
@click.pass_context
def list_(context: click.Context, /, json_file: str | None, **_: Any) -> int:
    """List the scenarios that can be run."""
    from tui.core.format import brief_duration

    scenarios, problems = Places(context).catalogue().scenarios()
    if json_file:
        write_json([_listed(scenario) for scenario in scenarios], json_file)
    else:
        width = max((len(scenario.id) for scenario in scenarios), default=0)
        for scenario in scenarios:
            load = scenario.load
            size = f"{load.users} × {brief_duration(load.duration_s)}"
            click.echo(f"{scenario.id:<{width}}  {size:>11}  {scenario.summary}")
    for problem in problems:
        click.echo(str(problem), err=True)
    return 2 if problems else 0


@click.command()
@click.argument("scenario_id", metavar="SCENARIO")
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@common_options
@click.pass_context
def show(context: click.Context, /, scenario_id: str, json_file: str | None, **_: Any) -> int:
    """Show what a scenario does and what judges it."""
    from tui.core.format import duration

    scenario = Places(context).catalogue().scenario(scenario_id)
    if json_file:
        write_json(_listed(scenario), json_file)
        return 0
    load = scenario.load
    click.echo(f"{scenario.title}: {scenario.summary}")
    click.echo(f"  {load.users} users at {load.spawn_rate:g}/s for {duration(load.duration_s)}")
    classes = ", ".join(f"{name} {weight}" for name, weight in load.user_classes.items())
    click.echo(f"  users   {classes or 'all classes'} of {load.locustfile}")
    for title, limits in (("passes", scenario.thresholds), ("goals", scenario.goals)):
        texts = ", ".join(f"{limit.metric} {limit.text}" for limit in limits)
        click.echo(f"  {title:<7} {texts or 'none'}")
    click.echo(f"  file    {scenario.path}")
    return 0


@click.command()
@click.argument("words", metavar="FILE|SCENARIO...", nargs=-1, required=True)
@common_options
@click.pass_context
def validate(context: click.Context, /, words: tuple[str, ...], **_: Any) -> int:
    """Check scenarios and config.toml, by file or by name; nothing is started."""
    places = Places(context)
    wrong = 0
    for word in words:
        try:
            problems = _problems_of(_file_of(word, places))
        except InputError as error:
            problems = list(error.problems)
        for problem in problems:
            click.echo(str(problem), err=True)
        if problems:
            wrong += 1
        else:
            click.echo(f"{word}: in order")
    return 2 if wrong else 0


def _file_of(word: str, places: Places) -> Path:
    path = Path(word)
    if path.is_file() or path.suffix == ".toml" or "/" in word:
        return path
    return places.catalogue().path(word)


def _problems_of(path: Path) -> list[Problem]:
    from tui.catalogue import read_scenario, read_toml
    from tui.cli.locustfile import locustfile_problems
    from tui.core.config import is_config, parse_config

    data = read_toml(path)
    if path.name == "config.toml" or is_config(data):
        parse_config(path.name, data)
        return []
    return locustfile_problems(read_scenario(path, {}))


def _listed(scenario: Scenario) -> Any:
    import msgspec

    return msgspec.to_builtins(scenario)
