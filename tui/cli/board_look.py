"""Reads the board once or every second, and shows it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

import click

from tui.cli.board_json import document
from tui.cli.board_rows import brief_of
from tui.cli.board_table import (
    SIGNS,
    Line,
    clock_of,
    leak_lines,
    news_line,
    table,
    text_of,
    uptime_lines,
)
from tui.cli.look import Look
from tui.cli.output import json_text, write_json
from tui.cli.scene import Scene
from tui.cli.screen import Screen
from tui.cli.stopping import stop_on_signals
from tui.core.problem import InputError
from tui.reports.clean import visible

if TYPE_CHECKING:
    from tui.core.incidents import Incident
    from tui.headless import StopRequest

EVERY_S = 1.0
SHOWN_INCIDENTS = 5


def look_once(look: Look, json_file: str | None) -> None:
    """One table, or one document."""
    if look.health is not None:
        look.health.ask()
    scene = look.steady()
    if json_file:
        write_json(document(scene), json_file)
    if json_file != "-":
        screen = Screen()
        screen.say(table(scene, screen.width))
    _say_warnings(look.unheard_alerts(scene))
    _say_problem(look)


def look_on(look: Look, json_file: str | None) -> None:
    """Until somebody asks for the end: a table in place on a terminal, else a line a second."""
    screen = Screen()
    stop = stop_on_signals()
    if look.health is not None:
        look.health.start()
    with _json_lines(json_file) as put:
        shown = _Shown(None if json_file == "-" else screen)
        is_warned = False
        for _ in _seconds(stop):
            scene = look.scene()
            if json_file:
                put(json_text(document(scene)))
            if not is_warned and look.is_heard(scene):
                is_warned = True
                shown.warn(look.unheard_alerts(scene))
            shown.show(scene, look.news)
    last = list(_last_lines(look, screen.width))
    if last and json_file == "-":
        # Stdout is for the program that reads it.
        click.echo("\n".join(visible(text_of(line)) for line in last), err=True)
    elif last:
        screen.say(last)
    _say_problem(look)


class _Shown:
    """What stands on the screen while the watch goes on."""

    def __init__(self, screen: Screen | None) -> None:
        self._screen = screen
        self._news: deque[Line] = deque(maxlen=SHOWN_INCIDENTS)

    def warn(self, warnings: Sequence[str]) -> None:
        """What is wrong with what was asked for."""
        if self._screen is not None and self._screen.is_terminal:
            self._news += [((f"{SIGNS['warn']} {line}", "warn"),) for line in warnings]
        else:
            _say_warnings(warnings)

    def show(self, scene: Scene, news: Sequence[Incident]) -> None:
        """One second more."""
        if self._screen is None:
            return
        lines = [news_line(one, scene.at_s) for one in news]
        if not self._screen.is_terminal:
            state = {True: "yes", False: "no", None: "unknown"}[scene.is_throttled]
            mark = "[replay] " if scene.is_replay else ""
            said = f"{mark}throttled {state}  {brief_of(scene.sample.readings)}"
            self._screen.say([*lines, ((f"{clock_of(scene.at_s)}  {said}", ""),)])
            return
        self._news += lines
        shown = table(scene, self._screen.width)
        self._screen.paint([*self._news, (), *shown] if self._news else shown)


def _seconds(stop: StopRequest) -> Iterator[None]:
    """Once in each second until `stop`; a late one does not make the next come sooner."""
    due_s = time.monotonic()
    while not stop.by:
        yield
        due_s = max(due_s + EVERY_S, time.monotonic())
        while not stop.by and (left_s := due_s - time.monotonic()) > 0:
            try:
                stop.mail.get(timeout=left_s)
            except Empty:
                break


@contextmanager
def _json_lines(file: str | None) -> Iterator[Callable[[str], None]]:
    """What takes a line; InputError when the file does not take it any more."""
    if file is None or file == "-":
        yield click.echo if file else lambda _: None
        return

    def unwritten(error: OSError) -> InputError:
        return InputError.of(file, "", f"can't be written: {error.strerror or error}")

    with ExitStack() as held:
        try:
            stream = held.enter_context(
                Path(file).open("w", encoding="utf-8", errors="backslashreplace")
            )
        except OSError as error:
            raise unwritten(error) from None

        def put(line: str) -> None:
            try:
                stream.write(line + "\n")
                stream.flush()
            except OSError as error:
                raise unwritten(error) from None

        yield put


def _last_lines(look: Look, width: int) -> Iterator[Line]:
    """What only the whole watch can tell."""
    if look.health is not None:
        yield from uptime_lines(look.health.close_up(), width)
    if look.is_watching:
        yield from leak_lines(look.leaks(), width)


def _say_warnings(warnings: Sequence[str]) -> None:
    for line in warnings:
        click.echo(f"warning: {line}", err=True)


def _say_problem(look: Look) -> None:
    if look.health is not None and look.health.problem:
        click.echo(f"uptime is not kept: {look.health.problem}", err=True)
