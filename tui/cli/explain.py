"""`jetproof explain`: a kept run in plain words."""

from __future__ import annotations

import sys
from typing import Any

import click

from tui.cli.history import outcomes_of, session_option
from tui.cli.options import Places, common_options
from tui.cli.output import say, say_notices


@click.command()
@click.argument("run_id", metavar="[ID|last]", default="last")
@session_option
@common_options
@click.pass_context
def explain(context: click.Context, /, run_id: str, session: bool, **_: Any) -> int:
    """Say in plain words what a run did, what judged it, why it ended so and what to do next."""
    from tui.reports.explain import explain_all
    from tui.reports.summary import is_ascii_only, plain
    from tui.store.history import History

    history = History(Places(context).state_dir())
    say_notices(history.notices)
    words = explain_all(outcomes_of(history, run_id, session=session))
    say(plain(words) if is_ascii_only(sys.stdout) else words)
    return 0
