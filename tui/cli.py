"""The command line. Imports what a command needs when it runs: the console must be quick."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui import __version__
from tui.core.problem import InputError

if TYPE_CHECKING:
    from tui.catalogue import Catalogue, Loaded
    from tui.core.model import RunView
    from tui.core.scenario import Scenario

INTERNAL_EXIT = 70
F = TypeVar("F", bound=Callable[..., Any])


def common_options(command: F) -> F:
    """`--config`, `--scenarios` and `--state`, before or after the command."""
    for option in (
        click.option("--state", type=click.Path(path_type=Path), help="Where runs are kept."),
        click.option(
            "--scenarios", type=click.Path(path_type=Path), help="Adds to the shipped scenarios."
        ),
        click.option("--config", type=click.Path(path_type=Path), help="Instead of config.toml."),
    ):
        command = option(command)
    return command


class Places:
    """The common options, as given to the group and to the command."""

    def __init__(self, context: click.Context) -> None:
        above = context.parent.params if context.parent else {}
        here = context.params
        self._config = here.get("config") or above.get("config")
        self._scenarios = here.get("scenarios") or above.get("scenarios")
        self._state = here.get("state") or above.get("state")

    def loaded(self) -> Loaded:
        """The configuration in force."""
        from tui.catalogue import find_config

        return find_config(self._config)

    def catalogue(self) -> Catalogue:
        """Shipped scenarios and the user's."""
        from tui.catalogue import find_scenarios

        return find_scenarios(self._scenarios)

    def state_dir(self) -> Path:
        """Where runs are kept; exists and can be written."""
        from tui.store.paths import state_directory

        return state_directory(self._state)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jetproof")
@click.option("--target", help="A target of config.toml, or a URL.")
@click.option("--workers", type=click.IntRange(1, 64), help="Load worker processes.")
@common_options
@click.pass_context
def cli(context: click.Context, /, target: str | None, workers: int | None, **_: Any) -> int:
    """Proves that an NVIDIA Jetson is ready to go live. Without a command: the console."""
    if context.invoked_subcommand is not None:
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("jetproof needs a terminal; without one use `jetproof run smoke`", err=True)
        return 2
    return _console(Places(context), target, workers)


@cli.command()
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
    from tui.headless import StopRequest, run_headless
    from tui.ports import RunRequest
    from tui.reports.summary import summary_for

    places = Places(context)
    loaded = places.loaded()
    changes = _changes(options)
    catalogue = places.catalogue()
    scenarios = [catalogue.scenario(scenario_id, changes) for scenario_id in ids]
    target = _target(loaded, options["target"])
    state_dir = places.state_dir()
    _log_to(state_dir, log_level)
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
    _write_reports(views, options["json_file"], options["out"])
    return code


@cli.command("list")
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@common_options
@click.pass_context
def list_(context: click.Context, /, json_file: str | None, **_: Any) -> int:
    """List the scenarios that can be run."""
    from tui.core.format import brief_duration

    scenarios, problems = Places(context).catalogue().scenarios()
    if json_file:
        _write_json([_listed(scenario) for scenario in scenarios], json_file)
    else:
        width = max((len(scenario.id) for scenario in scenarios), default=0)
        for scenario in scenarios:
            load = scenario.load
            size = f"{load.users} × {brief_duration(load.duration_s)}"
            click.echo(f"{scenario.id:<{width}}  {size:>11}  {scenario.summary}")
    for problem in problems:
        click.echo(str(problem), err=True)
    return 2 if problems else 0


@cli.command()
@click.argument("scenario_id", metavar="SCENARIO")
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@common_options
@click.pass_context
def show(context: click.Context, /, scenario_id: str, json_file: str | None, **_: Any) -> int:
    """Show what a scenario does and what judges it."""
    from tui.core.format import duration

    scenario = Places(context).catalogue().scenario(scenario_id)
    if json_file:
        _write_json(_listed(scenario), json_file)
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


@cli.command()
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


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0: any free one.")
@click.option("--host", default="127.0.0.1", help="Where it listens.")
@click.option("--token-env", metavar="NAME", help="The variable that holds a bearer token.")
def demo(port: int, host: str, token_env: str | None) -> int:
    """Run the demo inference service in the foreground."""
    from tui.demo.server import DemoOptions, serve

    def ready(url: str) -> None:
        click.echo(f"demo service at {url} (ctrl-c ends it)")

    return serve(DemoOptions(host=host, port=port, token_env=token_env, on_ready=ready))


@cli.command()
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@click.option("--limit", type=click.IntRange(1), default=20, help="How many, newest first.")
@common_options
@click.pass_context
def runs(context: click.Context, /, json_file: str | None, limit: int, **_: Any) -> int:
    """List the runs that were kept, newest first."""
    import msgspec

    from tui.reports.run_table import run_table
    from tui.store.history import History

    history = History(Places(context).state_dir())
    _say_notices(history.notices)
    found = history.runs(limit)
    if json_file:
        _write_json(msgspec.to_builtins(found), json_file)
    else:
        click.echo(run_table(found))
    return 0


@cli.command()
@click.argument("run_id", metavar="[ID|last]", default="last")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--out", type=click.Path(path_type=Path), help="Directory for the report.")
@common_options
@click.pass_context
def report(context: click.Context, /, run_id: str, form: str, out: Path | None, **_: Any) -> int:
    """Print the report of a run that was kept."""
    from tui.reports.report import report as report_of
    from tui.reports.report import to_json
    from tui.reports.summary import summary_for
    from tui.store.history import History

    history = History(Places(context).state_dir())
    _say_notices(history.notices)
    view = history.view(history.find(run_id).run_id)
    if form == "json":
        text, suffix = to_json(report_of(view)), "json"
    else:
        text, suffix = summary_for(sys.stdout)(view), "txt"
    if out is None:
        click.echo(text)
    else:
        _write_text(out / f"{view.facts.id}.{suffix}", text)
    return 0


def main() -> None:
    """The entry point: every way out has its exit code, none a traceback."""
    try:
        code = cli(standalone_mode=False)
    except InputError as error:
        click.echo(str(error), err=True)
        code = 2
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        # Whoever read our output has left; what was printed so far is what they wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except Exception as error:
        logging.getLogger("tui").exception("internal error")
        click.echo(f"internal error: {type(error).__name__}: {error}", err=True)
        code = INTERNAL_EXIT
    sys.exit(code if isinstance(code, int) else 0)


def _console(places: Places, target_name: str | None, workers: int | None) -> int:
    from tui.console.environment import prepare_environment

    prepare_environment()
    loaded = places.loaded()
    scenarios, problems = places.catalogue().scenarios()
    target = _target(loaded, target_name)
    state_dir = places.state_dir()
    _log_to(state_dir, "warning")
    from tui.compose import engine
    from tui.console.app import run_console

    def import_locust() -> None:
        from tui.load.hub import import_locust

        import_locust()

    with engine(state_dir, loaded, target.name) as supervisor:
        code = run_console(
            supervisor,
            scenarios,
            loaded.config,
            target=target,
            workers=workers or loaded.config.workers,
            problems=[str(problem) for problem in problems],
            after_first_paint=import_locust,
        )
    return INTERNAL_EXIT if supervisor.failures else code


def _say_notices(notices: Sequence[str]) -> None:
    for notice in notices:
        click.echo(notice, err=True)


def _target(loaded: Loaded, name: str | None) -> Any:
    return loaded.config.target(name) if name else loaded.config.targets[0]


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


def _listed(scenario: Scenario) -> Any:
    import msgspec

    return msgspec.to_builtins(scenario)


def _write_reports(views: Sequence[RunView], json_file: str | None, out: Path | None) -> None:
    from tui.reports.report import report as report_of
    from tui.reports.report import to_json
    from tui.reports.session import session_report

    if json_file and views:
        whole = report_of(views[0]) if len(views) == 1 else session_report(views)
        _write_json_text(to_json(whole), json_file)
    for view in views if out else ():
        assert out is not None
        _write_text(out / f"{view.facts.id}.json", to_json(report_of(view)))


def _write_json(data: Any, file: str) -> None:
    _write_json_text(json.dumps(data, indent=2, ensure_ascii=False), file)


def _write_json_text(text: str, file: str) -> None:
    if file == "-":
        click.echo(text)
    else:
        _write_text(Path(file), text)


def _write_text(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError.of(str(path), "", f"can't be written: {error.strerror}") from None


def _log_to(state_dir: Path, level: str) -> None:
    log_dir = state_dir / "log"
    log_dir.mkdir(exist_ok=True)
    logging.basicConfig(
        filename=log_dir / "engine.log",
        level=level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
