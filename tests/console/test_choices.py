"""What can be chosen: campaigns, hold, cool-down, reports, the worst."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from tests.console.choosing import LADDER, MINUTE, change, copied
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.kept import FIVE, ended, live
from tests.console.runs import CATALOGUE, Script
from tests.console.sight import (
    PRODUCTION,
    SMALL,
    WIDE,
    console,
    drawn,
    rows,
    scene,
    settle,
    text,
    tick,
)
from tests.lib.loads import load_of
from tui.console.commands import COMMANDS
from tui.console.outside import Outside
from tui.console.widgets.endpoints import draw_endpoints
from tui.core import events as ev
from tui.core.campaign import Campaign
from tui.core.load import Arrival, Stage
from tui.core.model import Cooling, Latency, Refusal, Snapshot
from tui.core.problem import InputError


async def test_a_campaign_shows_its_rungs_and_starts_them_all_once_confirmed(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock, campaigns=(LADDER,))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("end")
        shown = text(app)
        assert "Campaigns" in shown
        assert "3 rungs, 10 min 30 s" in rows(app)[1]
        assert "10 min 30 s in all" in shown
        assert "2   standard" in shown
        await pilot.press("enter")
        clock.pass_s(1)
        assert engine.asked == []
        assert "80 users for 5 min" in text(app)
        await pilot.press("enter")
        assert [request.scenario.id for request in engine.asked] == ["smoke", "standard", "peak"]
        assert [(request.rung, request.rungs) for request in engine.asked] == [
            (1, 3), (2, 3), (3, 3)
        ]  # fmt: skip
        assert {request.campaign for request in engine.asked} == {"ladder"}
        assert [request.cool_down for request in engine.asked] == [False, True, True]


async def test_a_campaign_takes_its_scenarios_as_their_files_have_them(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock, outside=Outside(change=change), campaigns=(LADDER,))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press(*"33", "enter")
        await pilot.pause()
        await pilot.press("end", "enter")
        clock.pass_s(1)
        assert "33 users" not in text(app).split("campaign ladder")[1]
        await pilot.press("enter")
        assert [request.scenario.users for request in engine.asked] == [5, 20, 80]
        await pilot.press("home", "enter")
        assert engine.asked[-1].scenario.users == 33


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_protected_target_is_told_every_level_of_a_campaign_before_its_name_is_typed(
    engine: FakeEngine, clock: FakeClock, size: tuple[int, int]
) -> None:
    loads = [msgspec.structs.replace(each, cool_down_s=300.0) for each in CATALOGUE]
    whole = Campaign("whole", "campaign", "Whole", "", tuple(each.id for each in loads))
    app = console(engine, clock, scenarios=loads, campaigns=(whole,), target=PRODUCTION)
    async with app.run_test(size=size) as pilot:
        await pilot.press("end", "enter")
        clock.pass_s(1)
        shown = text(app)
        assert "whole puts 7 loads, 53 min 30 s in all, on" in shown
        assert "5 users for 30 s" in shown
        assert "20 users for 30 min" in shown
        assert "and 1 more" in shown
        assert "Cooling in between takes 30 min at most." in shown
        assert "The first that does not pass ends it." in shown
        assert "Type its name to go on:" in shown
        assert "› ▏  production" in shown
        assert "run it" in shown


async def test_a_campaign_on_a_protected_target_wants_its_name(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock, campaigns=(LADDER,), target=PRODUCTION)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("end", "enter")
        clock.pass_s(1)
        assert "ladder puts 3 loads, 10 min 30 s in all, on" in text(app)
        await pilot.press(*"production", "enter")
        assert {request.meant for request in engine.asked} == {"production"}
        assert len(engine.asked) == 3


async def test_a_rung_that_was_refused_can_be_asked_for_again_with_those_behind_it(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock, campaigns=(LADDER,))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("end", "enter")
        clock.pass_s(1)
        await pilot.press("enter")
        engine.asked.clear()
        engine.refuse(Refusal("target-down", "standard", "demo", "connection refused"))
        await settle(app, pilot)
        clock.pass_s(1)
        await pilot.press("enter")
        assert [request.scenario.id for request in engine.asked] == ["standard", "peak"]


async def test_a_precondition_can_be_overruled(engine: FakeEngine, clock: FakeClock) -> None:
    app = console(engine, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        engine.refuse(Refusal("precondition", "smoke", "demo", "meant for boards with 16 GB"))
        await pilot.pause()
        assert "meant for boards with 16 GB" in text(app)
        clock.pass_s(1)
        await pilot.press("f")
        assert [request.force for request in engine.asked] == [False, True]


async def test_h_holds_the_level_and_lets_it_go(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        assert "h hold" in rows(app)[-1]
        await pilot.press("h")
        engine.play([ev.HoldChanged(at_s=22.0, is_held=True)])
        await tick(app, pilot)
        assert "h go on" in rows(app)[-1]
        await pilot.press("h")
        assert engine.calls == [("hold",), ("release",)]


class Cool(FakeEngine):
    """A board that is still warm from the run before."""

    def snapshot(self) -> Snapshot:
        cooling = Cooling("spike", 130.0, 61.2, 55.0, 1.2, 0.8)
        return msgspec.structs.replace(super().snapshot(), cooling=cooling)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_board_that_cools_can_be_waited_for_or_not(size: tuple[int, int]) -> None:
    engine = Cool()
    engine.play(Script(MINUTE).whole())
    app = console(engine)
    async with app.run_test(size=size) as pilot:
        assert " ● COOLING  spike" in rows(app)[1]
        assert rows(app)[1].endswith("2:10 left")
        assert "61.2 > 55.0 °C" in rows(app)[2]
        assert "enter skip the wait" in rows(app)[3]
        await pilot.press("enter", "s")
        assert engine.calls == [("skip cool-down",), ("stop", "stopped by hand")]
        assert engine.asked == []


async def test_the_worst_of_a_run_opens_and_is_copied(
    engine: FakeEngine, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console(engine, clock, outside=live(tmp_path, engine))
    texts = copied(app, monkeypatch)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("w")
        clock.pass_s(1)
        shown = text(app)
        assert "worst of standard: 1 kind of failure, 1 slow request" in shown
        assert "503 Service Unavailable" in shown
        await pilot.press("down", "y")
        assert texts == ["POST http://127.0.0.1:8000 /predict took 4 231 ms at 00:33 (run run-1)"]
        await pilot.press("enter")
        await settle(app, pilot)
        assert "slow request" in text(app)
        assert "4 231 ms" in text(app)
        clock.pass_s(1)
        await pilot.press("escape")
        await pilot.pause()
        assert "worst of standard" in text(app)


async def test_a_run_without_anything_bad_says_so(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("w")
        await pilot.pause()
        assert "nothing failed, and nothing took 1 000 ms (slow_ms) or more" in rows(app)[-1]


async def test_a_report_is_written_in_the_forms_that_are_ticked(
    engine: FakeEngine, clock: FakeClock, tmp_path: Path
) -> None:
    asked: list[tuple[str, tuple[str, ...], Path, str]] = []

    def export(run_id: str, forms: Sequence[str], directory: Path) -> Sequence[Path]:
        asked.append((run_id, tuple(forms), directory, threading.current_thread().name))
        return [directory / f"{run_id}.{form}" for form in forms]

    outside = msgspec.structs.replace(
        ended(tmp_path, engine), forms=("html", "json", "csv"), export=export
    )
    app = console(engine, clock, outside=outside)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        clock.pass_s(1)
        assert str(Path.cwd())[:30] in text(app)
        # Text typed over a tick goes to the directory, in place of what stands there.
        await pilot.press("space", "down", "down", "space", *"out", "enter")
        await settle(app, pilot)
        assert asked == [("run-1", ("json", "csv"), Path.cwd() / "out", "reader")]
        assert "2 files written" in text(app)
        assert "run-1.csv" in text(app)


async def test_a_report_that_cannot_be_written_says_why(
    engine: FakeEngine, clock: FakeClock, tmp_path: Path
) -> None:
    def export(run_id: str, forms: Sequence[str], directory: Path) -> Sequence[Path]:
        raise InputError.of("/nowhere", "", "can't be written: Permission denied")

    outside = msgspec.structs.replace(ended(tmp_path, engine), forms=("html",), export=export)
    app = console(engine, clock, outside=outside)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        clock.pass_s(1)
        await pilot.press("space", "enter")
        assert "tick at least one form" in text(app)
        await pilot.press("space", "enter")
        await settle(app, pilot)
        assert "Permission denied" in text(app)


async def test_a_run_that_goes_on_has_no_report_yet(engine: FakeEngine) -> None:
    engine.play(Script(FIVE).until(20))
    app = console(engine, outside=Outside(forms=("html",)))
    async with app.run_test(size=WIDE) as pilot:
        assert "r report" not in rows(app)[-1]
        await pilot.press("r")
        await pilot.pause()
        assert "directory" not in text(app)


@pytest.mark.parametrize("page", ["1", "4", "5"])
async def test_no_key_breaks_any_screen(engine: FakeEngine, tmp_path: Path, page: str) -> None:
    app = console(engine, outside=live(tmp_path, engine), campaigns=(LADDER,))
    every = [command.keys[0] for command in COMMANDS]
    async with app.run_test(size=SMALL) as pilot:
        for key in every:
            if key in ("q", "ctrl+c", ":", "s"):
                continue
            await pilot.press(page, key)
            await pilot.pause()
            assert "no data" not in text(app)
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await pilot.press("escape")
    assert app._exception is None


async def test_a_staged_load_tells_its_stages_and_an_arrival_rate_its_rate(
    engine: FakeEngine,
) -> None:
    load = load_of(CATALOGUE[0])
    stages = (Stage(5, 1.0, 60.0), Stage(50, 5.0, 120.0))
    staged = msgspec.structs.replace(load, stages=stages, users=50, duration_s=180.0)
    arriving = msgspec.structs.replace(load, arrival=Arrival(20.0, 20.0), users=200)
    many = (
        msgspec.structs.replace(CATALOGUE[1], id="steps", load=staged),
        msgspec.structs.replace(CATALOGUE[2], id="rate", load=arriving),
    )
    app = console(engine, scenarios=many)
    async with app.run_test(size=WIDE) as pilot:
        shown = text(app)
        assert "Staged load" in shown
        assert "Arrival rate" in shown
        assert "5 to 50 users in" in shown
        assert "5 × 1 m  50 × 2 m" in shown
        await pilot.press("down")
        assert "20 operations/s for 30 s" in rows(app)[1]
        assert "20/s 30 s" in text(app)


def test_the_open_model_shows_the_latency_from_the_send_beside_the_other() -> None:
    engine = FakeEngine().play(Script(MINUTE).until(30))
    frame = scene(engine)
    run = frame.run
    assert run is not None
    total = msgspec.structs.replace(run.total, service=Latency(p50=11.0, p95=22.0, p99=33.0))
    snapshot = msgspec.structs.replace(
        frame.snapshot, run=msgspec.structs.replace(run, total=total)
    )
    frame = msgspec.structs.replace(frame, snapshot=snapshot)
    lines = drawn(draw_endpoints, frame, 58, 8).text().split("\n")
    assert lines[-2].strip("│ ").split() == ["from", "the", "send", "11", "22", "33"]
    assert lines[-3].startswith("│ all")
    assert len(drawn(draw_endpoints, frame, 58, 4).text().split("\n")) == 4
