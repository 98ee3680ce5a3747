"""`jetproof validate`: scenarios, campaigns and config.toml, looked at and not run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options
from tui.core.format import counted
from tui.core.problem import InputError, Problem

if TYPE_CHECKING:
    from tui.core.config import Config
    from tui.core.scenario import Scenario


@click.command()
@click.argument("words", metavar="FILE|SCENARIO...", nargs=-1, required=True)
@click.option("--target", help="Whether workflows fit this one: of config.toml, or a URL.")
@common_options
@click.pass_context
def validate(
    context: click.Context, /, words: tuple[str, ...], target: str | None, **_: Any
) -> int:
    """Check scenarios and config.toml, by file or by name; nothing is started.

    Workflows must fit a target: that of --target, else at least one of config.toml.
    """
    places = Places(context)
    wrong = 0
    for word in words:
        warnings: list[str] = []
        try:
            problems = _problems_of(_file_of(word, places), places, target, warnings)
        except InputError as error:
            problems = list(error.problems)
        for line in (*map(str, problems), *(f"warning: {each}" for each in warnings)):
            click.echo(line, err=True)
        if problems:
            wrong += 1
        else:
            beside = f", with {counted(len(warnings), 'warning')}" if warnings else ""
            click.echo(f"{word}: in order{beside}")
    return 2 if wrong else 0


def workflow_problems(scenario: Scenario, places: Places, target: str | None) -> list[Problem]:
    """What is wrong with a workflow beyond its own file: files that it sends, and what the
    configured targets, or the one of that name or URL, have otherwise."""
    from tui.cli.options import target_of
    from tui.cli.step_files import step_file_problems
    from tui.core.e2e.fitting import fit_problems

    if scenario.workflow is None:
        return []
    config = places.loaded().config
    targets = [target_of(places.loaded(), target)] if target else config.targets
    cameras = [camera.name for camera in config.cameras]
    where = Path(scenario.path).name
    return [
        *step_file_problems(scenario),
        *fit_problems(scenario.workflow, targets, cameras, where),
    ]


def config_warnings(config: Config, places: Places) -> Iterator[str]:
    """What of its operations no workflow fits; those are looked at that can be listed."""
    from tui.core.e2e.fitting import operation_warnings

    scenarios = places.catalogue().contents().scenarios
    workflows = {each.id: each.workflow for each in scenarios if each.workflow is not None}
    for target in config.targets:
        yield from operation_warnings(target, workflows)


def _file_of(word: str, places: Places) -> Path:
    path = Path(word)
    if path.is_file() or path.suffix == ".toml" or "/" in word:
        return path
    return places.catalogue().path(word)


def _problems_of(
    path: Path, places: Places, target: str | None, warnings: list[str]
) -> list[Problem]:
    """Of a file; to `warnings` is added what may be meant so."""
    from tui.catalogue import is_campaign, read_scenario, read_toml, with_tree
    from tui.cli.locustfile import locustfile_problems
    from tui.core.campaign import parse_campaign
    from tui.core.config import is_config, parse_config

    data = read_toml(path)
    if path.name == "config.toml" or is_config(data):
        config = parse_config(path.name, data)
        with_tree(config, path)
        warnings += [f"{path.name}: {each}" for each in config_warnings(config, places)]
        return []
    if is_campaign(data):
        places.catalogue().checked(parse_campaign(path, data))
        return []
    scenario = read_scenario(path, {})
    return [*locustfile_problems(scenario), *workflow_problems(scenario, places, target)]
