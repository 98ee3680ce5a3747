"""`jetproof run`: scenarios without a terminal."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.climbing import Climbing, speaks_against
from tui.cli.hang_up import on_hang_up
from tui.cli.options import Places, common_options, log_to
from tui.cli.output import Outputs
from tui.cli.requests import opening, run_requests
from tui.cli.stopping import stop_on_signals
from tui.core.config import MAX_WORKERS
from tui.core.problem import INTERNAL_EXIT
from tui.reports.clean import visible

if TYPE_CHECKING:
    from tui.core.outcome import Outcome


@click.command()
@click.argument("ids", metavar="SCENARIO|CAMPAIGN...", nargs=-1, required=True)
@click.option("--target", help="A target of config.toml, or a URL.")
@click.option("--users", type=int, help="Instead of the scenario's.")
@click.option("--spawn-rate", type=float, help="Users started per second.")
@click.option("--duration", help="As in 30s, 5m, 1h20m.")
@click.option("--workers", type=click.IntRange(1, MAX_WORKERS), help="Load worker processes.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A scenario's key.")
@click.option(
    "--force",
    is_flag=True,
    help="Run although the target is silent, the board small, or the examination fails.",
)
@click.option("--yes-i-mean", "meant", default="", metavar="NAME", help="A protected target.")
@click.option("--note", default="", metavar="TEXT", help="Printed in the reports, never judged.")
@click.option("--no-cool-down", is_flag=True, help="Do not wait for the board between runs.")
@click.option("--resume", is_flag=True, help="Go on with a campaign that was cut off.")
@click.option(
    "--fail-fast",
    is_flag=True,
    help="Stop after the first run, or test of a smoke suite, that does not pass.",
)
@click.option(
    "--json",
    "json_file",
    metavar="FILE",
    help="The report of the run, or of several the session; - is stdout.",
)
@click.option("--html", metavar="FILE", help="One page of all runs, to open offline or print.")
@click.option(
    "--csv",
    metavar="PREFIX",
    help="PREFIX_stats.csv, _stats_history and _failures in Locust's columns, and _board, _stress, "
    "_search, _cameras, _steps, _failed_steps and _tests as far as there are any; of several runs "
    "PREFIX_RUN_stats.csv and so on.",
)
@click.option("--junit", metavar="FILE", help="JUnit XML, a suite for each run asked for.")
@click.option("--md", metavar="FILE", help="Markdown of all runs, for a ticket.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Directory for the JSON documents: RUN.json of each run, session.json of several, "
    "production_validation_report_TIME.json, load_test_report.json and performance_report.json.",
)
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
    """Run scenarios and campaigns headless, one after the other.

    Report files of an earlier command are replaced when the first run begins.
    """
    from tui.headless import REFUSED_EXIT, not_run, run_headless
    from tui.reports.summary import summary_for
    from tui.store.history import History

    places = Places(context)
    loaded = places.loaded()
    climbing = Climbing(places, loaded, options, _say)
    requests = run_requests(places, loaded, ids, options, climbing.resumed)
    state_dir = places.state_dir()
    files = {form: options[form] for form in ("html", "csv", "junit", "md")}
    outputs = Outputs(options["json_file"], options["out"], **files)
    log_to(state_dir, log_level)
    outputs.clear()
    requests = climbing.examined(requests)
    against = speaks_against(requests)
    if against and not options["force"]:
        click.echo(f"not started: {against} (--force runs it all the same)", err=True)
        refused = [
            not_run(each, time.time(), "REFUSED", against, REFUSED_EXIT) for each in requests
        ]
        outputs.write([*climbing.passed, *refused], History(state_dir).events)
        return REFUSED_EXIT
    stop = stop_on_signals()
    from tui.compose import engine
    from tui.load.hub import import_locust

    import_locust()
    # The report owns stdout when it goes there; the summary then steps aside.
    out = sys.stderr if outputs.owns_stdout else sys.stdout
    outcomes: list[Outcome] = list(climbing.passed)
    if not options["quiet"] and opening(requests):
        click.echo(opening(requests), err=True)
    with engine(state_dir, loaded, requests[0].target.name) as supervisor:
        on_hang_up(supervisor.hang_up)
        supervisor.start()
        code = run_headless(
            supervisor,
            requests,
            out=out,
            err=sys.stderr,
            quiet=options["quiet"],
            fail_fast=options["fail_fast"],
            summary=summary_for(out),
            on_outcome=outcomes.append,
            stop=stop,
        )
    history = History(state_dir)
    outputs.write(outcomes, history.events)
    climbing.write(requests, history, outcomes)
    return INTERNAL_EXIT if supervisor.failures else code


def _say(line: str) -> None:
    click.echo(visible(line), err=True)
