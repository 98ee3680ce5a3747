"""Lines on stdout: plain into a pipe, coloured on a terminal, or painted again in place."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

import click

from tui.cli.board_table import Line, text_of
from tui.reports.clean import visible

_STYLES = {"head": "bold", "dim": "dim", "ok": "green", "warn": "yellow", "bad": "bold red"}
_STAND_INS = str.maketrans({"·": "-", "…": "...", "–": "-", "✓": "+", "✗": "x", "°": ""})


class Screen:
    """Where a table goes. BrokenPipeError when whoever read it has left."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self._painted: list[str] = []
        self._width = 0

    @property
    def width(self) -> int:
        """Columns to fill."""
        return min(shutil.get_terminal_size().columns, 120) if self.is_terminal else 80

    def say(self, lines: Sequence[Line]) -> None:
        """Below what is there."""
        self._painted = []
        _write("\n".join(self._drawn(lines)) + "\n")

    def say_text(self, text: str) -> None:
        """One plain line."""
        self.say([((text, ""),)])

    def paint(self, lines: Sequence[Line]) -> None:
        """Over what was painted before; lines that are the same cost next to nothing."""
        size = shutil.get_terminal_size()
        drawn = self._drawn(lines)
        if len(drawn) >= size.lines:
            rest = len(drawn) - size.lines + 2
            drawn = [*drawn[: size.lines - 2], f"… {rest} more lines: make the window taller"]
        if size.columns != self._width:
            # What stands there was wrapped anew: begin below it.
            self._painted, self._width = [], size.columns
        before = self._painted
        out = [f"\r\x1b[{len(before)}A"] if before else []
        for number, line in enumerate(drawn):
            is_same = number < len(before) and before[number] == line
            out.append("\n" if is_same else f"{line}\x1b[0m\x1b[K\n")
        if len(before) > len(drawn):
            out.append("\x1b[J")
        self._painted = drawn
        _write("".join(out))

    def _drawn(self, lines: Sequence[Line]) -> list[str]:
        # Names of a stranger's recording are in there: none may drive the terminal.
        lines = [tuple((visible(piece), ink) for piece, ink in line) for line in lines]
        if not self.is_terminal:
            return [text_of(line) for line in lines]
        from rich.console import Console
        from rich.text import Text

        # Rich knows NO_COLOR, and what the terminal can show.
        console = Console(width=self.width, highlight=False, soft_wrap=True)
        drawn = []
        for line in lines:
            text = Text(no_wrap=True, end="")
            for piece, ink in line:
                text.append(piece, _STYLES.get(ink, ""))
            text.rstrip()
            text.truncate(self.width, overflow="ellipsis")
            with console.capture() as captured:
                console.print(text, end="")
            drawn.append(captured.get())
        return drawn


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_STAND_INS).encode(encoding, "replace").decode(encoding)
    click.echo(text, nl=False)
