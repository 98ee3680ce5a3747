"""Where a command's data goes: stdout or files."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.core.problem import InputError

if TYPE_CHECKING:
    from tui.core.model import RunView


class Outputs:
    """`--json` and `--out` of a run, tried before anything is started."""

    def __init__(self, json_file: str | None, out: Path | None) -> None:
        """InputError when either can't be written."""
        self._json_file = json_file
        self._out = out
        if json_file and json_file != "-":
            _try_file(Path(json_file))
        if out is not None:
            make_directory(out)

    def clear(self) -> None:
        """Remove an earlier report: beside a refused run it would pass for this one's."""
        if not self._json_file or self._json_file == "-":
            return
        # The file itself, not a link to it; a pipe or a device stays.
        path = Path(self._json_file).resolve()
        if path.is_file():
            try:
                path.unlink()
            except OSError:
                with contextlib.suppress(OSError):
                    path.write_bytes(b"")

    def write(self, views: Sequence[RunView]) -> None:
        """One report, or a session of several. InputError when it can't be written after all."""
        from tui.reports.report import report as report_of
        from tui.reports.report import to_json
        from tui.reports.session import session_report

        if self._json_file and views:
            whole = report_of(views[0]) if len(views) == 1 else session_report(views)
            _write_json_text(to_json(whole), self._json_file)
        for view in views if self._out else ():
            assert self._out is not None
            write_text(self._out / f"{view.facts.id}.json", to_json(report_of(view)))


def write_json(data: Any, file: str) -> None:
    """Indented JSON to a file; `-` is stdout."""
    _write_json_text(json.dumps(data, indent=2, ensure_ascii=False), file)


def make_directory(path: Path) -> None:
    """Make it unless it is there, but not what is above it: that is more often a slip."""
    try:
        path.mkdir(exist_ok=True)
        # Only a real file tells: a permission bit says nothing of read-only mounts, nor to root.
        with tempfile.TemporaryFile(dir=path):
            pass
    except FileExistsError:
        raise InputError.of(str(path), "", "is not a directory") from None
    except OSError as error:
        raise _unwritable(path, error) from None


def write_text(path: Path, text: str) -> None:
    """InputError in one line when it can't be written."""
    try:
        # A file name that is no UTF-8 is in there too, and its escape is good JSON.
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise _unwritable(path, error) from None


def say(text: str) -> None:
    """A block to stdout, without an empty line behind it."""
    click.echo(text.rstrip("\n"))


def say_notices(notices: Sequence[str]) -> None:
    """What the store found amiss when it was opened, to stderr."""
    for notice in notices:
        click.echo(notice, err=True)


def _write_json_text(text: str, file: str) -> None:
    if file == "-":
        say(text)
    else:
        write_text(Path(file), text)


def _try_file(path: Path) -> None:
    # Opening a pipe would wait for its reader; it is there, and that is enough.
    if path.exists() and not path.is_file() and not path.is_dir():
        return
    is_new = not path.exists()
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise _unwritable(path, error) from None
    if is_new:
        path.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> InputError:
    why = error.strerror or str(error)
    if isinstance(error, FileNotFoundError):
        why = f"there is no directory {path.parent}"
    return InputError.of(str(path), "", f"can't be written: {why}")
