"""`jetproof list`, `show` and `validate`: scenarios as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options
from tui.cli.output import write_json
from tui.core.problem import InputError

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
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@common_options
@click.pass_context
def validate(context: click.Context, /, files: tuple[Path, ...], **_: Any) -> int:
    """Check scenario files and config.toml; nothing is started."""
    from tui.catalogue import read_scenario, read_toml
    from tui.core.config import parse_config

    wrong = 0
    for path in files:
        try:
            if path.name == "config.toml":
                parse_config(path.name, read_toml(path))
            else:
                read_scenario(path, {})
            click.echo(f"{path}: in order")
        except InputError as error:
            wrong += 1
            click.echo(str(error), err=True)
    return 2 if wrong else 0


def _listed(scenario: Scenario) -> Any:
    import msgspec

    return msgspec.to_builtins(scenario)
