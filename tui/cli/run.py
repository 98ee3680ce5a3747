"""`jetproof run`: scenarios without a terminal."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options, log_to, target_of
from tui.cli.output import write_reports
from tui.core.problem import InputError

if TYPE_CHECKING:
    from tui.core.model import RunView


@click.command()
@click.argument("ids", metavar="SCENARIO...", nargs=-1, required=True)
@click.option("--target", help="A target of config.toml, or a URL.")
@click.option("--users", type=int, help="Instead of the scenario's.")
@click.option("--spawn-rate", type=float, help="Users started per second.")
@click.option("--duration", help="As in 30s, 5m, 1h20m.")
@click.option("--workers", type=click.IntRange(1, 64), help="Load worker processes.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A scenario's key.")
@click.option("--force", is_flag=True, help="Run although the target does not answer.")
@click.option("--yes-i-mean", "meant", default="", metavar="NAME", help="A protected target.")
@click.option("--fail-fast", is_flag=True, help="Stop after the first run that does not pass.")
@click.option("--json", "json_file", metavar="FILE", help="The report; - is stdout.")
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
    from tui.headless import INTERNAL_EXIT, StopRequest, run_headless
    from tui.ports import RunRequest
    from tui.reports.summary import summary_for

    places = Places(context)
    loaded = places.loaded()
    changes = _changes(options)
    catalogue = places.catalogue()
    scenarios = [catalogue.scenario(scenario_id, changes) for scenario_id in ids]
    target = target_of(loaded, options["target"])
    state_dir = places.state_dir()
    log_to(state_dir, log_level)
    workers = options["workers"] or loaded.config.workers
    requests = [
        RunRequest(scenario, target, workers, options["force"], options["meant"])
        for scenario in scenarios
    ]
    stop = StopRequest()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: stop.request_stop(signal.Signals(got).name))
    from tui.compose import engine
    from tui.load.hub import import_locust

    import_locust()
    # The report owns stdout when it goes there; the summary then steps aside.
    out = sys.stderr if options["json_file"] == "-" else sys.stdout
    views: list[RunView] = []
    with engine(state_dir, loaded, target.name) as supervisor:
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
    write_reports(views, options["json_file"], options["out"])
    return INTERNAL_EXIT if supervisor.failures else code


def _changes(options: dict[str, Any]) -> dict[str, Any]:
    changes = {
        f"load.{key}": options[key]
        for key in ("users", "spawn_rate", "duration")
        if options[key] is not None
    }
    for setting in options["settings"]:
        key, separator, value = setting.partition("=")
        if not separator or not key:
            raise InputError.of("command line", "--set", f'"{setting}" is not KEY=VALUE')
        changes[key.strip()] = _value(value)
    return changes


def _value(text: str) -> Any:
    """A TOML value, or the text itself: `5` is a number, `30s` and `< 1500` are text."""
    from tui.catalogue import parse_toml

    try:
        return parse_toml(f"value = {text}")["value"]
    except ValueError:
        return text
