"""`jetproof runs` and `report`: what was kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.options import Places, common_options
from tui.cli.output import kept, make_directory, say, say_notices, write_json, write_text
from tui.core.outcome import NotRun
from tui.reports.export import FORMS, documents_of, render_all

if TYPE_CHECKING:
    from tui.core.model import Past
    from tui.core.outcome import Outcome
    from tui.reports.export import Kept
    from tui.store.history import History


TEXT = "text"
"""What the form `txt` is called on the command line."""
FORMATS = (TEXT, *(form for form in FORMS if form != "txt"))

session_option = click.option(
    "--session", is_flag=True, help="All runs of its session, such as the rungs of a campaign."
)


@click.command()
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=20,
    show_default=True,
    help="How many, newest first.",
)
@common_options
@click.pass_context
def runs(context: click.Context, /, json_file: str | None, limit: int, **_: Any) -> int:
    """List the runs that were kept, newest first."""
    import msgspec

    from tui.reports.clean import visible
    from tui.reports.run_table import run_table
    from tui.store.history import History

    history = History(Places(context).state_dir())
    say_notices(history.notices)
    every = history.runs()
    found = tuple(_without_empty_rate(run) for run in every[:limit])
    if json_file:
        write_json(msgspec.to_builtins(found), json_file)
    else:
        say("\n".join(map(visible, run_table(found).split("\n"))))
    if len(found) < len(every):
        rest = f"{len(found)} of {len(every)} runs; --limit {len(every)} shows all"
        click.echo(rest, err=True)
    return 0


@click.command()
@click.argument("run_id", metavar="[ID|last]", default="last")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=TEXT,
    show_default=True,
    help="csv is several files, so without --out it prints the first alone.",
)
@session_option
@click.option("--out", type=click.Path(path_type=Path), help="Directory for the report.")
@common_options
@click.pass_context
def report(
    context: click.Context,
    /,
    run_id: str,
    form: str,
    session: bool,
    out: Path | None,
    **_: Any,
) -> int:
    """Print the report of a run that was kept, or write it to --out as ID.html and so on.

    With --session all runs of its session are one report, session.html and so on; as JSON, --out
    gets every document that `jetproof run --out` writes.
    """
    from tui.reports.summary import summary_for
    from tui.store.history import History

    history = History(Places(context).state_dir())
    say_notices(history.notices)
    outcomes = outcomes_of(history, run_id, session=session)
    if out is not None:
        make_directory(out)
    if form == TEXT and out is None:
        say("\n".join(map(summary_for(sys.stdout), outcomes)))
        return 0
    asked = kept(outcomes, history.events)
    if out is None:
        say(next(iter(render_all(form, asked, is_session=session).values())))
        return 0
    for name, text in _files(form, asked, is_session=session).items():
        write_text(out / name, text)
    return 0


def _files(form: str, asked: Sequence[Kept | NotRun], *, is_session: bool) -> dict[str, str]:
    """File name to text, as `--out` takes them."""
    if is_session and form == "json":
        return documents_of(asked, is_session=True)
    first = asked[0]
    name = "session" if is_session or isinstance(first, NotRun) else first[0].facts.id
    texts = render_all("txt" if form == TEXT else form, asked, is_session=is_session)
    return {f"{name}{end}": text for end, text in texts.items()}


def outcomes_of(history: History, word: str, *, session: bool) -> Sequence[Outcome]:
    """The run, or with `session` all runs of its session and the rungs that a campaign lacks."""
    from tui.core.outcome import with_missing_rungs

    run_id = history.find(word).run_id
    if not session:
        return [history.view(run_id)]
    return with_missing_rungs([history.view(each) for each in history.session(run_id)])


def _without_empty_rate(run: Past) -> Past:
    """A rate of 0 where nothing was measured is no figure."""
    import msgspec

    return run if run.rps else msgspec.structs.replace(run, rps=None)
