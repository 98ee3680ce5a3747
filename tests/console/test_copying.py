"""`y`: commands that run the same without a console, ids, lines."""

from __future__ import annotations

import shlex
from pathlib import Path, PurePath

import click
import msgspec
import pytest

from tests.console.choosing import FILES, LADDER, LIMITS, MINUTE, change, copied
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.kept import ended
from tests.console.runs import DEMO, Script
from tests.console.sight import (
    CONFIG,
    PRODUCTION,
    WIDE,
    console,
    rows,
    settle,
)
from tui.cli import cli
from tui.cli.requests import changes_over
from tui.cli.run import run
from tui.console.clipboard import headless_command
from tui.console.outside import Outside
from tui.core import events as ev
from tui.core.config import Target
from tui.core.model import Refusal
from tui.core.scenario import parse_scenario


async def test_y_copies_what_runs_the_same_without_a_console(
    engine: FakeEngine, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console(engine, clock, outside=Outside(change=change), campaigns=(LADDER,))
    texts = copied(app, monkeypatch)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("y")
        assert (
            "✓ sent to the clipboard: jetproof run smoke --target demo --workers 2" in rows(app)[-1]
        )
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press("9", "enter")
        await pilot.pause()
        await pilot.press("y", "end", "y")
    assert texts == [
        "jetproof run smoke --target demo --workers 2",
        "jetproof run smoke --target demo --workers 2 --users 9",
        "jetproof run ladder --target demo --workers 2",
    ]


async def test_what_y_copies_finds_the_same_target_and_files(
    engine: FakeEngine, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Target("127.0.0.1:9000", "http://127.0.0.1:9000")
    options = ("--config", "/etc/jet proof.toml", "--state", "/var/jetproof")
    script = Script(MINUTE, target=target)
    started, *rest = script.whole()
    assert isinstance(started, ev.RunStarted)
    facts = msgspec.structs.replace(started.facts, note="rain, night")
    engine.play([msgspec.structs.replace(started, facts=facts), *rest])
    app = console(engine, clock, target=target, outside=Outside(options=options))
    texts = copied(app, monkeypatch)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("y", "escape", "y")
    tail = "--config '/etc/jet proof.toml' --state /var/jetproof"
    where = "--target http://127.0.0.1:9000"
    assert texts == [
        f"jetproof run standard {where} --duration 1m --note 'rain, night' {tail}",
        f"jetproof run smoke {where} --workers 2 {tail}",
    ]


async def test_y_hands_out_no_consent_for_a_protected_target(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console(engine, target=PRODUCTION)
    texts = copied(app, monkeypatch)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("y")
    assert texts == ["jetproof run smoke --target production --workers 2"]


@pytest.mark.parametrize("kind", list(FILES))
def test_a_copied_command_says_every_change_as_run_understands_it(kind: str) -> None:
    load, _, _, changes = FILES[kind]
    data = {"kind": "load", "title": kind, "load": load, "thresholds": LIMITS}
    path = PurePath(f"{kind}.toml")
    changes = {**changes, "thresholds.p95_ms": "< 800", "thresholds.p99_ms.limit": "< 900"}
    usual, now = parse_scenario(path, data, {}), parse_scenario(path, data, changes)
    words = shlex.split(headless_command(kind, DEMO, 1, CONFIG, change=(usual, now)))
    # Click keeps the names of a command's help option from the first time that it is asked.
    parent = click.Context(cli, **cli.context_settings)
    context = run.make_context("run", words[2:], parent=parent)
    understood, _ = changes_over(kind, data, context.params)
    assert parse_scenario(path, data, understood) == now


async def test_y_copies_run_ids_log_lines_and_refusals(
    engine: FakeEngine, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console(engine, clock, outside=ended(tmp_path, engine))
    texts = copied(app, monkeypatch)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("y", "4")
        await settle(app, pilot)
        await pilot.press("y", "5", "end", "y")
        engine.refuse(Refusal("busy", "smoke", "demo", "pid 7 has the board"))
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press("y")
    assert texts == [
        "jetproof run standard --target demo --duration 1m",
        "run-1",
        "standard on demo started",
        "smoke on demo: pid 7 has the board",
    ]
