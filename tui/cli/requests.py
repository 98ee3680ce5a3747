"""Words and options of the command line as the runs that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from tui.cli.options import Places, target_of
from tui.core.admission import too_many_users
from tui.core.problem import COMMAND_LINE, InputError, quoted

if TYPE_CHECKING:
    from tui.catalogue import Catalogue, Loaded
    from tui.core.campaign import Campaign
    from tui.core.climb import Resumption
    from tui.core.config import Target
    from tui.core.scenario import Scenario
    from tui.ports import RunRequest

    Resumed = Callable[[Campaign, Sequence[Scenario], Target], Resumption | None]

_LOAD_KEYS = ("users", "spawn_rate")
"""What asks for another load: a scenario that puts none on its target has no place for it."""
_TABLES = {"stress": "stress", "benchmark": "cameras", "e2e": "", "smoke": ""}
"""Where a kind that need not have a load says how long it takes; a workflow nowhere."""


def run_requests(
    places: Places,
    loaded: Loaded,
    ids: Sequence[str],
    options: dict[str, Any],
    resumed: Resumed = lambda campaign, rungs, target: None,
) -> list[RunRequest]:
    """A request for each scenario, and one for each rung of a campaign. InputError if any is wrong.

    A run that follows another waits for the board to cool, unless `--no-cool-down`. What `resumed`
    says of a campaign has passed is not asked for again.
    """
    from tui.ports import as_rungs

    catalogue = places.catalogue()
    campaigns = [catalogue.campaign(word) for word in ids]
    if options["resume"] and (len(campaigns) != 1 or campaigns[0] is None):
        raise InputError.of(COMMAND_LINE, "--resume", "goes on with one campaign alone")
    target = target_of(loaded, options["target"])
    workers = options["workers"] or loaded.config.workers
    requests: list[RunRequest] = []
    for word, campaign in zip(ids, campaigns, strict=True):
        rungs = campaign.runs if campaign else (word,)
        scenarios = [_scenario(catalogue, each, options) for each in rungs]
        asked = [_request(scenario, target, workers, options) for scenario in scenarios]
        if campaign is None:
            requests += asked
        else:
            requests += as_rungs(campaign.id, asked, resumed(campaign, scenarios, target))
    for request in requests:
        # Before the first run, not in the middle of a campaign.
        too_many = too_many_users(request.scenario.load, target)
        if too_many:
            raise InputError.of(COMMAND_LINE, request.scenario.id, too_many)
    waits = not options["no_cool_down"]
    return [
        msgspec.structs.replace(request, cool_down=waits and number > 0)
        for number, request in enumerate(requests)
    ]


def opening(requests: Sequence[RunRequest]) -> str:
    """How long several runs will take; empty for a single one."""
    from tui.core.campaign import total_s, works_text
    from tui.core.format import counted, duration

    if len(requests) < 2:
        return ""
    scenarios = [request.scenario for request in requests]
    _, cool_downs_s = total_s(scenarios)
    waits = any(request.cool_down for request in requests) and cool_downs_s
    cool = f", and at most {duration(cool_downs_s)} of cool-down" if waits else ""
    return f"{counted(len(requests), 'run')} of {works_text(scenarios)} in all{cool}"


def changes_over(
    scenario_id: str, data: dict[str, Any], options: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The keys that options lay over a decoded file, and the option that sets each of them."""
    keys = _keys(scenario_id, data, options)
    settings = _settings(options)
    changes = {key: options[option] for key, option in keys.items()} | settings
    flags = {key: f"--{option.replace('_', '-')}" for key, option in keys.items()}
    return changes, flags | {key: f"--set {key}" for key in settings}


def _scenario(catalogue: Catalogue, scenario_id: str, options: dict[str, Any]) -> Scenario:
    from tui.catalogue import read_toml

    data = read_toml(catalogue.path(scenario_id))
    changes, flags = changes_over(scenario_id, data, options)
    try:
        scenario = catalogue.scenario(scenario_id, changes)
    except InputError as error:
        raise error.blaming(flags) from None
    workflow = scenario.workflow
    if workflow is None or not workflow.tests or not options["fail_fast"]:
        return scenario
    hasty = msgspec.structs.replace(workflow, fail_fast=True)
    return msgspec.structs.replace(scenario, workflow=hasty)


def _keys(scenario_id: str, data: dict[str, Any], options: dict[str, Any]) -> dict[str, str]:
    """The keys that flags set in a file of its kind, and the option behind each."""
    kind = data.get("kind")
    asked = [option for option in _LOAD_KEYS if options[option] is not None]
    if asked and kind in _TABLES and "load" not in data:
        flag = f"--{asked[0].replace('_', '-')}"
        what = f"{scenario_id} puts no load on its target: it has no users"
        raise InputError.of(COMMAND_LINE, flag, what)
    keys = {f"load.{option}": option for option in asked}
    if options["duration"] is not None:
        table = _TABLES.get(str(kind), "load")
        if "storage" in data:
            what = f"{scenario_id} takes as long as its cells do (meant --set storage.cell=5s?)"
            raise InputError.of(COMMAND_LINE, "--duration", what)
        if not table:
            what = f"{scenario_id} takes as long as its rounds do (meant --set e2e.rounds=10?)"
            if kind == "smoke":
                what = f"{scenario_id} takes as long as its tests do"
            raise InputError.of(COMMAND_LINE, "--duration", what)
        keys[f"{table}.duration"] = "duration"
    return keys


def _request(
    scenario: Scenario, target: Target, workers: int, options: dict[str, Any]
) -> RunRequest:
    from tui.ports import RunRequest

    return RunRequest(
        scenario,
        target,
        workers,
        force=options["force"],
        meant=options["meant"],
        note=options["note"],
    )


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """What `--set` lays over every scenario."""
    settings = {}
    for setting in options["settings"]:
        key, separator, value = setting.partition("=")
        key = key.strip()
        if not separator or not key:
            raise InputError.of(COMMAND_LINE, "--set", f"{quoted(setting)} is not KEY=VALUE")
        settings[key] = _value(value)
    return settings


def _value(text: str) -> Any:
    """A TOML value, or the text itself: `5` is a number, `30s` and `< 1500` are text."""
    from tui.catalogue import parse_toml

    try:
        return parse_toml(f"value = {text}")["value"]
    except ValueError:
        return text
