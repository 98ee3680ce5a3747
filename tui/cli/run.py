"""`jetproof run`: scenarios without a terminal."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options, log_to, target_of
from tui.cli.output import Outputs
from tui.core.config import MAX_WORKERS
from tui.core.problem import COMMAND_LINE, INTERNAL_EXIT, InputError, quoted

if TYPE_CHECKING:
    from tui.catalogue import Loaded
    from tui.core.model import RunView
    from tui.ports import RunRequest


@click.command()
@click.argument("ids", metavar="SCENARIO...", nargs=-1, required=True)
@click.option("--target", help="A target of config.toml, or a URL.")
@click.option("--users", type=int, help="Instead of the scenario's.")
@click.option("--spawn-rate", type=float, help="Users started per second.")
@click.option("--duration", help="As in 30s, 5m, 1h20m.")
@click.option("--workers", type=click.IntRange(1, MAX_WORKERS), help="Load worker processes.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A scenario's key.")
@click.option("--force", is_flag=True, help="Run although the target does not answer.")
@click.option("--yes-i-mean", "meant", default="", metavar="NAME", help="A protected target.")
@click.option("--fail-fast", is_flag=True, help="Stop after the first run that does not pass.")
@click.option(
    "--json", "json_file", metavar="FILE", help="The report, in place of an old one; - is stdout."
)
@click.option("--out", type=click.Path(path_type=Path), help="Directory for the reports.")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option(
    "--log-level",
    default="warning",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="Of the engine's log file.",
)
@common_options
@click.pass_context
def run(context: click.Context, /, ids: tuple[str, ...], log_level: str, **options: Any) -> int:
    """Run scenarios headless, one after the other."""
    from tui.headless import StopRequest, run_headless
    from tui.reports.summary import summary_for

    places = Places(context)
    loaded = places.loaded()
    requests = _requests(places, loaded, ids, options)
    state_dir = places.state_dir()
    outputs = Outputs(options["json_file"], options["out"])
    log_to(state_dir, log_level)
    outputs.clear()
    stop = StopRequest()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: stop.request_stop(signal.Signals(got).name))
    from tui.compose import engine
    from tui.load.hub import import_locust

    import_locust()
    # The report owns stdout when it goes there; the summary then steps aside.
    out = sys.stderr if options["json_file"] == "-" else sys.stdout
    views: list[RunView] = []
    with engine(state_dir, loaded, requests[0].target.name) as supervisor:
        supervisor.start()
        code = run_headless(
            supervisor,
            requests,
            out=out,
            err=sys.stderr,
            quiet=options["quiet"],
            fail_fast=options["fail_fast"],
            summary=summary_for(out),
            on_report=views.append,
            stop=stop,
        )
    outputs.write(views)
    return INTERNAL_EXIT if supervisor.failures else code


def _requests(
    places: Places, loaded: Loaded, ids: tuple[str, ...], options: dict[str, Any]
) -> list[RunRequest]:
    from tui.ports import RunRequest

    changes, flags = _changes(options)
    catalogue = places.catalogue()
    try:
        scenarios = [catalogue.scenario(scenario_id, changes) for scenario_id in ids]
    except InputError as error:
        raise error.blaming(flags) from None
    target = target_of(loaded, options["target"])
    workers = options["workers"] or loaded.config.workers
    return [
        RunRequest(scenario, target, workers, options["force"], options["meant"])
        for scenario in scenarios
    ]


def _changes(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The keys that options lay over a scenario, and the option that set each of them."""
    changes, flags = {}, {}
    for key in ("users", "spawn_rate", "duration"):
        if options[key] is not None:
            changes[f"load.{key}"] = options[key]
            flags[f"load.{key}"] = f"--{key.replace('_', '-')}"
    for setting in options["settings"]:
        key, separator, value = setting.partition("=")
        key = key.strip()
        if not separator or not key:
            raise InputError.of(COMMAND_LINE, "--set", f"{quoted(setting)} is not KEY=VALUE")
        changes[key] = _value(value)
        flags[key] = f"--set {key}"
    return changes, flags


def _value(text: str) -> Any:
    """A TOML value, or the text itself: `5` is a number, `30s` and `< 1500` are text."""
    from tui.catalogue import parse_toml

    try:
        return parse_toml(f"value = {text}")["value"]
    except ValueError:
        return text
