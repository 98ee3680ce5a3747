"""Where a command's data goes: stdout or files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.core.problem import InputError

if TYPE_CHECKING:
    from tui.core.model import RunView


def write_reports(views: Sequence[RunView], json_file: str | None, out: Path | None) -> None:
    """`--json` and `--out` of a run: one report, or a session of several."""
    from tui.reports.report import report as report_of
    from tui.reports.report import to_json
    from tui.reports.session import session_report

    if json_file and views:
        whole = report_of(views[0]) if len(views) == 1 else session_report(views)
        _write_json_text(to_json(whole), json_file)
    for view in views if out else ():
        assert out is not None
        write_text(out / f"{view.facts.id}.json", to_json(report_of(view)))


def write_json(data: Any, file: str) -> None:
    """Indented JSON to a file; `-` is stdout."""
    _write_json_text(json.dumps(data, indent=2, ensure_ascii=False), file)


def _write_json_text(text: str, file: str) -> None:
    if file == "-":
        click.echo(text)
    else:
        write_text(Path(file), text)


def write_text(path: Path, text: str) -> None:
    """InputError in one line when it can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError.of(str(path), "", f"can't be written: {error.strerror}") from None


def say_notices(notices: Sequence[str]) -> None:
    """What the store found amiss when it was opened, to stderr."""
    for notice in notices:
        click.echo(notice, err=True)
