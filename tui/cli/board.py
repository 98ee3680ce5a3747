"""`jetproof board`: what the board does, once or as it goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options, target_of
from tui.cli.output import Outputs, make_directory
from tui.core.problem import COMMAND_LINE, InputError
from tui.core.target_process import process_of

if TYPE_CHECKING:
    from tui.catalogue import Loaded
    from tui.cli.health_watch import HealthWatch
    from tui.core.config import Target
    from tui.ports import Board


@click.command()
@click.option("--once", is_flag=True, help="One look at everything; so it is without --watch.")
@click.option("--watch", is_flag=True, help="Every second, until ctrl-c.")
@click.option(
    "--json",
    "json_file",
    metavar="FILE",
    help="As JSON, with --watch a line for each second; - is stdout.",
)
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="Read this tree instead of the board: a recording, or a root file system.",
)
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    help="Save what is read of the board in this directory, for whoever helps.",
)
@click.option(
    "--target",
    metavar="NAME|URL",
    help="Check its health too, with --watch every 5 s, and keep that for its uptime; of one on "
    "this machine --watch says at its end whether its memory leaks.",
)
@click.option("--yes-i-mean", "meant", default="", metavar="NAME", help="A protected target.")
@common_options
@click.pass_context
def board(
    context: click.Context,
    /,
    once: bool,
    watch: bool,
    json_file: str | None,
    root: Path | None,
    record: Path | None,
    target: str | None,
    meant: str,
    **_: Any,
) -> int:
    """Show every gauge of the board, whether it holds itself back and why, and what is missing."""
    if once and watch:
        raise InputError.of(COMMAND_LINE, "--watch", "not together with --once")
    Outputs(json_file, None)
    places = Places(context)
    loaded = places.loaded(root)
    settings = loaded.config.board
    if target and settings.root:
        with_what = "--root" if root is not None else f"root of {loaded.config.path}"
        what = f"not together with {with_what}: another tree has no running service"
        raise InputError.of(COMMAND_LINE, "--target", what)
    asked = _asked_target(loaded, target, meant) if target else None
    if record is not None:
        _check_bundle(record)
    state_dir = places.state_dir()
    from tui.board.detect import detect_board
    from tui.board.recording import RECORDING_FAILED
    from tui.cli.board_look import look_on, look_once
    from tui.cli.look import Look

    with ExitStack() as held:
        health = held.enter_context(_health(loaded, asked, state_dir)) if asked else None
        detected = detect_board(settings, state_dir, list, record=record)
        held.callback(_close, detected.board, record)
        process = process_of(asked, asked.url) if asked is not None else ""
        detected.board.watch(process)
        look = Look(
            detected, settings.root, loaded.config.alerts, health, is_watching=bool(process)
        )
        try:
            (look_on if watch else look_once)(look, json_file)
        except BrokenPipeError:
            # Whoever read it has left. click would make that a failure.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if record is not None:
        problem = "; ".join(detected.board.troubles().values())
        if RECORDING_FAILED in problem:
            raise InputError.of(str(record), "", problem)
        click.echo(f"{record}: recorded; `jetproof board --root {record}` reads it", err=True)
    return 0


def _close(sources: Board, record: Path | None) -> None:
    try:
        sources.close()
    except OSError as error:
        # The rest of a recording is written at the end.
        what = f"can't be written: {error.strerror or error}"
        raise InputError.of(str(record), "", what) from None


def _asked_target(loaded: Loaded, name: str, meant: str) -> Target:
    target = target_of(loaded, name)
    if target.is_demo:
        what = "the embedded demo lives in runs alone; start `jetproof demo` and give its URL"
        raise InputError.of(COMMAND_LINE, "--target", what)
    if target.protected and meant != target.name:
        what = f"{target.name} is protected: its name must be typed (--yes-i-mean {target.name})"
        raise InputError.of(COMMAND_LINE, "--target", what)
    return target


def _check_bundle(directory: Path) -> None:
    """InputError for a directory that holds anything else than an earlier recording."""
    from tui.board.tree import MANIFEST

    make_directory(directory)
    if os.listdir(directory) and not (directory / MANIFEST).is_file():
        what = f"{directory} is not empty and holds no recording: choose another"
        raise InputError.of(COMMAND_LINE, "--record", what)


@contextmanager
def _health(loaded: Loaded, target: Target, state_dir: Path) -> Iterator[HealthWatch]:
    from tui.cli.health_watch import HealthWatch
    from tui.cli.output import say_notices
    from tui.core.uptime import ALERT_PERCENT
    from tui.service.client import HttpService
    from tui.service.token import read_token
    from tui.store.health import HealthHistory

    history = HealthHistory(state_dir)
    say_notices(history.notices)
    alerts = {rule.metric: rule.limit for rule in loaded.config.alerts}
    alert_percent = alerts.get("uptime_percent", ALERT_PERCENT)
    service = HttpService(reads_paths=False)
    health = HealthWatch(service, target, read_token(target), history, alert_percent)
    try:
        yield health
    finally:
        health.close()
