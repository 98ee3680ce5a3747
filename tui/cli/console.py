"""`jetproof` without a command: the console."""

from __future__ import annotations

import io
import logging
import os
import threading
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

import click

from tui.cli.options import Places, log_to, target_of
from tui.core.problem import INTERNAL_EXIT

if TYPE_CHECKING:
    from tui.console.glyphs import TierName
    from tui.console.theme import ThemeName

JOIN_S = 1.0
CRASH_CODE = 1
"""Textual's, when its loop ended with an exception; the console itself never returns it."""


def open_console(
    places: Places,
    target_name: str | None,
    workers: int | None,
    theme: ThemeName | None,
    glyphs: TierName | None,
) -> int:
    """Show it until the user leaves; the exit code."""
    from tui.console.environment import appearance, prepare_environment

    prepare_environment()
    worn = appearance(theme, glyphs)
    loaded = places.loaded()
    contents = places.catalogue().contents()
    scenarios, problems = contents.scenarios, contents.problems
    target = target_of(loaded, target_name)
    state_dir = places.state_dir()
    log_to(state_dir, "warning")
    from tui.cli.outside import outside_of
    from tui.compose import engine
    from tui.console.app import run_console
    from tui.console.leaving import HUNG_UP
    from tui.console.outlast import outlast

    def start() -> None:
        from tui.load.hub import import_locust

        supervisor.start()
        import_locust()

    said = io.StringIO()
    # Textual draws through descriptor 2 and prints its traceback here: that belongs in the log.
    with engine(state_dir, loaded, target.name) as supervisor, redirect_stderr(said):
        code = run_console(
            supervisor,
            scenarios,
            loaded.config,
            target=target,
            workers=workers or loaded.config.workers,
            problems=[str(problem) for problem in problems],
            campaigns=contents.campaigns,
            outside=outside_of(state_dir, places, loaded),
            appearance=worn,
            after_first_paint=start,
        )
        if code == HUNG_UP:
            supervisor.hang_up()
            code = outlast(supervisor)
    if said.getvalue():
        logging.getLogger("tui").error("the console said: %s", said.getvalue())
    code = INTERNAL_EXIT if supervisor.failures and code != CRASH_CODE else code
    _leave_threads_behind(code)
    if code == CRASH_CODE:
        log = state_dir / "log" / "engine.log"
        click.echo(f"internal error: the console failed, {log} says where", err=True)
        return INTERNAL_EXIT
    return code


def _leave_threads_behind(code: int) -> None:
    """End now if a thread would keep this process for good: that of the input of a terminal that is
    gone goes on reading. All that is ours is closed already."""
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join(JOIN_S)
            if thread.is_alive():
                logging.shutdown()
                os._exit(code)
