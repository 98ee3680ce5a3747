"""`jetproof runs` and `report`: what was kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options
from tui.cli.output import make_directory, say, say_notices, write_json, write_text

if TYPE_CHECKING:
    from tui.core.model import Past


FORMATS = ("text", "json", "html", "md", "junit", "csv")


@click.command()
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=20, help="How many, newest first."
)
@common_options
@click.pass_context
def runs(context: click.Context, /, json_file: str | None, limit: int, **_: Any) -> int:
    """List the runs that were kept, newest first."""
    import msgspec

    from tui.reports.run_table import run_table
    from tui.store.history import History

    history = History(Places(context).state_dir())
    say_notices(history.notices)
    found = tuple(_without_empty_rate(run) for run in history.runs(limit))
    if json_file:
        write_json(msgspec.to_builtins(found), json_file)
    else:
        say(run_table(found))
    return 0


@click.command()
@click.argument("run_id", metavar="[ID|last]", default="last")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    help="csv is four files, so without --out it prints the statistics alone.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Directory for the report.")
@common_options
@click.pass_context
def report(context: click.Context, /, run_id: str, form: str, out: Path | None, **_: Any) -> int:
    """Print the report of a run that was kept, or write it to --out as ID.html and so on."""
    from tui.reports.export import render
    from tui.reports.summary import summary_for
    from tui.store.history import History

    history = History(Places(context).state_dir())
    say_notices(history.notices)
    view = history.view(history.find(run_id).run_id)
    if form == "text":
        texts = {".txt": summary_for(sys.stdout)(view)}
    else:
        needs_events = form in ("html", "csv")
        events = history.events(view.facts.id) if needs_events else ()
        texts = render(form, view, events)
    if out is None:
        say(next(iter(texts.values())))
        return 0
    make_directory(out)
    for end, text in texts.items():
        write_text(out / f"{view.facts.id}{end}", text)
    return 0


def _without_empty_rate(run: Past) -> Past:
    """A rate of 0 where nothing was measured is no figure."""
    import msgspec

    return run if run.rps else msgspec.structs.replace(run, rps=None)
