"""The command line. Each command imports what it needs when it runs: the console must be quick."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from typing import Any

import click

from tui import __version__
from tui.cli.console import open_console
from tui.cli.options import Places, common_options
from tui.core.config import MAX_WORKERS
from tui.core.failure import printable
from tui.core.problem import COMMAND_LINE, INTERNAL_EXIT, InputError, Problem

COMMANDS = {
    "run": "run:run",
    "list": "scenarios:list_",
    "show": "scenarios:show",
    "validate": "validate:validate",
    "doctor": "doctor:doctor",
    "board": "board:board",
    "camera": "camera:camera",
    "demo": "demo:demo",
    "peer": "peer:peer",
    "runs": "history:runs",
    "report": "history:report",
    "explain": "explain:explain",
}
"""Name to module and function; imported when it is asked for."""

LONGEST_USAGE = 200
_BLIND_TERMS = {"", "dumb", "unknown"}


class LazyGroup(click.Group):
    """A group whose commands are imported by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"tui.cli.{module}"), name)
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="jetproof")
@click.option("--target", help="A target of config.toml, or a URL.")
@click.option("--workers", type=click.IntRange(1, MAX_WORKERS), help="Load worker processes.")
@click.option("--theme", type=click.Choice(["dark", "sun", "16"]), help="The console's colours.")
@click.option(
    "--glyphs", type=click.Choice(["full", "blocks", "ascii"]), help="What it is drawn with."
)
@common_options
@click.pass_context
def cli(
    context: click.Context,
    /,
    target: str | None,
    workers: int | None,
    theme: Any,
    glyphs: Any,
    **_: Any,
) -> int:
    """Proves that an NVIDIA Jetson is ready to go live. Without a command: the console."""
    if context.invoked_subcommand is not None:
        return 0
    lacks = _lack_of_screen()
    if lacks:
        click.echo(f"jetproof needs {lacks}; without one use `jetproof run smoke`", err=True)
        return 2
    return open_console(Places(context), target, workers, theme, glyphs)


def _lack_of_screen() -> str:
    """What is missing to show the console; empty when nothing is."""
    # A stream is None when whoever started us had closed it.
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream is not None and stream.isatty() for stream in streams):
        return "a terminal"
    term = os.environ.get("TERM", "")
    if term in _BLIND_TERMS:
        return f'a terminal that can draw (TERM is "{term}")'
    return ""


def _usage_problem(error: click.UsageError) -> Problem:
    """Click's words on our line: where, and what is wrong there."""
    option = ""
    if isinstance(error, click.BadParameter) and isinstance(error.param, click.Option):
        option = max(error.param.opts, key=len)
    what = (error.message if option and error.message else error.format_message()).rstrip(".")
    if len(what) > LONGEST_USAGE:
        what = f"{what[:LONGEST_USAGE]}…"
    command = error.ctx.command_path if error.ctx else "jetproof"
    hint = "" if option else f" (see: {command} --help)"
    return Problem(COMMAND_LINE, option, what[:1].lower() + what[1:] + hint)


def main() -> None:
    """The entry point: every way out has its exit code, none a traceback."""
    # What is logged before there is a file for it would otherwise go to the terminal.
    logging.getLogger("tui").addHandler(logging.NullHandler())
    try:
        code = cli(standalone_mode=False, prog_name="jetproof")
    except InputError as error:
        click.echo(str(error), err=True)
        code = 2
    except click.UsageError as error:
        click.echo(str(_usage_problem(error)), err=True)
        code = error.exit_code
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
        click.echo(f"internal error: {type(error).__name__}: {printable(str(error))}", err=True)
        code = INTERNAL_EXIT
    sys.exit(code if isinstance(code, int) else 0)
