"""Where a command's data goes: stdout or files."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.core.failure import UNSEEN
from tui.core.problem import InputError

if TYPE_CHECKING:
    from tui.core.events import Event
    from tui.core.outcome import NotRun, Outcome
    from tui.reports.export import Kept


_ACTING = re.compile(f"[\x7f-\x9f\ud800-\udfff{UNSEEN}]")
"""What JSON may hold as it is, and a terminal or an encoder may not."""


class Outputs:
    """Where the reports of a run go, tried before anything is started."""

    def __init__(self, json_file: str | None, out: Path | None, **files: str | None) -> None:
        """`files`: html, csv (a prefix), junit and md, by their options' names.

        InputError when one can't be written, or two are the same file.
        """
        self._files = {form: name for form, name in {"json": json_file, **files}.items() if name}
        self._out = out
        seen: dict[Path, str] = {}
        for form, path in self._paths():
            same = seen.setdefault(path.resolve(), form)
            # A pipe or a device takes more than one.
            if same != form and (path.is_file() or not path.exists()):
                what = f"--{same} and --{form} name the same file"
                raise InputError.of(str(path), "", what)
            _try_file(path)
        if out is not None:
            make_directory(out)

    @property
    def owns_stdout(self) -> bool:
        """Whether the report goes there, and the summary has to step aside."""
        return self._files.get("json") == "-"

    def clear(self) -> None:
        """Remove earlier reports: beside a refused run they would pass for this one's."""
        from tui.reports.validation import FIXED_NAMES

        fixed = [self._out / name for name in FIXED_NAMES] if self._out is not None else []
        for given in [*(path for _, path in self._paths()), *fixed]:
            # The file itself, not a link to it; a pipe or a device stays.
            path = given.resolve()
            if path.is_file():
                try:
                    path.unlink()
                except OSError:
                    with contextlib.suppress(OSError):
                        path.write_bytes(b"")

    def write(
        self, outcomes: Sequence[Outcome], events_of: Callable[[str], Iterable[Event]]
    ) -> None:
        """Everything that was asked for, of one outcome for each run that was asked for.

        `events_of` gives a run's stored events by its id, read as they are asked for. InputError
        when something can't be written after all.
        """
        from tui.reports.export import documents_of, render_all

        for form, name in self._files.items():
            for end, text in render_all(form, kept(outcomes, events_of)).items():
                if name == "-" and form == "json":
                    say(text)
                else:
                    write_text(Path(f"{name}{end}" if form == "csv" else name), text)
        if self._out is not None:
            for name, text in documents_of(kept(outcomes, events_of)).items():
                write_text(self._out / name, text)

    def _paths(self) -> Iterator[tuple[str, Path]]:
        """Each file whose name is known before the run."""
        from tui.reports.export import EVERY_CSV_END

        for form, name in self._files.items():
            if form == "csv":
                yield from ((form, Path(f"{name}{end}")) for end in EVERY_CSV_END)
            elif name != "-" or form != "json":
                yield form, Path(name)


def kept(
    outcomes: Sequence[Outcome], events_of: Callable[[str], Iterable[Event]]
) -> list[Kept | NotRun]:
    """Each run beside its stored events, which can be read once."""
    from tui.core.outcome import NotRun

    return [
        each if isinstance(each, NotRun) else (each, events_of(each.facts.id)) for each in outcomes
    ]


def write_json(data: Any, file: str) -> None:
    """Indented JSON to a file; `-` is stdout."""
    _write_json_text(json_text(data, indent=2), file)


def json_text(data: Any, indent: int | None = None) -> str:
    """JSON in which every character that acts unseen is escaped; it reads back the same."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


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
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        why = f"there is no directory {path.parent}"
    return InputError.of(str(path), "", f"can't be written: {why}")
