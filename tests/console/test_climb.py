"""The dialog before a campaign: what was found, what has passed before, and what it leads to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import msgspec
import pytest

from tests.console.choosing import LADDER
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import CATALOGUE
from tests.console.sight import PRODUCTION, SMALL, WIDE, console, rows, settle, text, tick
from tests.core import script
from tui.console.app import Console
from tui.console.outside import Outside
from tui.core import events as ev
from tui.core.campaign import Campaign
from tui.core.climb import NoResumption, Resumption
from tui.core.config import Target
from tui.core.finding import Finding
from tui.core.model import Refusal, RunView
from tui.core.scenario import Scenario
from tui.ports import GoOn

COMMISSION = msgspec.structs.replace(LADDER, id="commission", preflight=True, report=True)
FINE = (Finding("Python", "ok", "3.12"), Finding("board", "ok", "Orin Nano"))
WARNED = (*FINE, Finding("gauges", "warn", "hottest_c: no sensor here"))
BAD = (*WARNED, Finding("state directory", "fail", "/data: 12 MB free", "make room"))
CLIMB = "commission-0123abcd"
NOTHING = NoResumption("")


def passed(*ids: str) -> tuple[RunView, ...]:
    return tuple(script.view_of(script.good_run(script.facts(each))) for each in ids)


def nothing_cut_off(
    campaign: Campaign, rungs: Sequence[Scenario], target: Target
) -> Resumption | NoResumption:
    return NOTHING


def looking(
    engine: FakeEngine,
    clock: FakeClock,
    findings: Sequence[Finding] = FINE,
    found: Resumption | NoResumption = NOTHING,
    **more: object,
) -> Console:
    """A console that finds these when it looks."""
    outside = Outside(
        examine=lambda target, go_on: findings, resumption=lambda campaign, rungs, target: found
    )
    return console(engine, clock, campaigns=(COMMISSION,), outside=outside, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_one_key_of_the_first_screen_asks_for_all_that_must_pass(
    engine: FakeEngine, clock: FakeClock, size: tuple[int, int]
) -> None:
    app = looking(engine, clock, WARNED)
    async with app.run_test(size=size) as pilot:
        strip = rows(app)[0]
        assert "a commission" in rows(app)[-1]
        await pilot.press("a")
        await settle(app, pilot)
        shown = text(app)
        assert "campaign commission" in shown
        assert "smoke → standard → peak" in shown
        assert "✓ 2 findings in order" in shown
        assert "! gauges: hottest_c: no sensor here" in shown
        assert rows(app)[0] == strip
        clock.pass_s(1)
        await pilot.press("enter")
        assert [request.scenario.id for request in engine.asked] == ["smoke", "standard", "peak"]
        assert {request.preflight for request in engine.asked} == {WARNED}
        assert len({request.climb for request in engine.asked}) == 1


async def test_nothing_starts_while_the_board_is_looked_at(
    engine: FakeEngine, clock: FakeClock
) -> None:
    looked = threading.Event()

    def examine(target: Target, go_on: GoOn) -> Sequence[Finding]:
        looked.wait(10)
        return FINE

    outside = Outside(examine=examine, resumption=nothing_cut_off)
    app = console(engine, clock, campaigns=(COMMISSION,), outside=outside)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("a")
        await pilot.pause()
        assert "looking at the board, the target and the cameras" in text(app)
        assert "run them" not in text(app)
        looked.set()
        await settle(app, pilot)
        # The key that was on its way was meant for the only choice there was.
        await pilot.press("enter")
        assert engine.asked == []
        clock.pass_s(1)
        await pilot.press("enter")
        assert len(engine.asked) == 3


async def test_what_failed_is_not_run_over_by_the_enter_key(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = looking(engine, clock, BAD)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("a")
        await settle(app, pilot)
        clock.pass_s(1)
        assert "✗ state directory: /data: 12 MB free" in text(app)
        assert "run them all the same" in text(app)
        await pilot.press("enter")
        assert engine.asked == []


async def test_a_look_that_fails_is_told(engine: FakeEngine, clock: FakeClock) -> None:
    def examine(target: Target, go_on: GoOn) -> Sequence[Finding]:
        raise OSError("no more processes")

    outside = Outside(examine=examine, resumption=nothing_cut_off)
    app = console(engine, clock, campaigns=(COMMISSION,), outside=outside)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("a")
        await settle(app, pilot)
        assert "✗ examination: OSError: no more processes" in text(app)
        assert "in order" not in text(app)


@pytest.mark.parametrize(
    ("keys", "ids", "climb"),
    [
        (["enter"], ["peak"], CLIMB),
        (["right", "enter"], ["smoke", "standard", "peak"], None),
    ],
)
async def test_one_that_was_cut_off_goes_on_or_is_climbed_anew(
    engine: FakeEngine, clock: FakeClock, keys: list[str], ids: list[str], climb: str | None
) -> None:
    app = looking(engine, clock, found=Resumption(CLIMB, passed("r1", "r2")))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("a")
        await settle(app, pilot)
        clock.pass_s(1)
        assert "2 of 3 runs passed before it was cut off" in text(app)
        assert "go on with run 3" in text(app)
        await pilot.press(*keys)
        assert [request.scenario.id for request in engine.asked] == ids
        assert (engine.asked[0].climb == CLIMB) == (climb == CLIMB)
        assert engine.asked[-1].rung == 3


async def test_why_it_does_not_go_on_is_said(engine: FakeEngine, clock: FakeClock) -> None:
    app = looking(engine, clock, found=NoResumption("config.toml was changed since"))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("a")
        await settle(app, pilot)
        assert "The last one is not gone on with: config.toml was changed since." in text(app)


async def test_a_protected_target_wants_its_name_behind_the_look(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = looking(engine, clock, target=PRODUCTION)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("a")
        await settle(app, pilot)
        clock.pass_s(1)
        await pilot.press("enter")
        clock.pass_s(1)
        assert engine.asked == []
        await pilot.press(*PRODUCTION.name, "enter")
        assert {request.meant for request in engine.asked} == {PRODUCTION.name}
        assert len(engine.asked) == 3


def of_commission(rung: int) -> script.RunMaker:
    def events(facts: ev.RunFacts) -> list[ev.Event]:
        about = {"campaign": "commission", "rung": rung, "rungs": 3, "climb": CLIMB}
        return script.good_run(msgspec.structs.replace(facts, **about))

    return events


@pytest.mark.parametrize(
    ("made", "queued", "is_written"),
    [
        (of_commission(3), (), True),
        (of_commission(2), ("peak",), False),
        # What should follow was stopped before it began.
        (of_commission(2), (), True),
        (script.good_run, (), False),
    ],
)
async def test_the_reports_are_written_when_it_is_over(
    engine: FakeEngine,
    clock: FakeClock,
    made: Callable[[ev.RunFacts], list[ev.Event]],
    queued: tuple[str, ...],
    is_written: bool,
) -> None:
    written: list[str] = []

    def write(run_id: str) -> str:
        written.append(run_id)
        return "/state/reports/report.html"

    outside = Outside(write_climb=write)
    app = console(engine, clock, campaigns=(COMMISSION,), outside=outside)
    async with app.run_test(size=WIDE) as pilot:
        engine.session.queued = queued
        engine.play(made(script.facts("r9")))
        await tick(app, pilot)
        await settle(app, pilot)
        await tick(app, pilot)
        await settle(app, pilot)
        assert written == (["r9"] if is_written else [])
        assert ("report: /state/reports/report.html" in text(app)) == is_written


async def test_a_climb_that_is_refused_half_way_has_its_reports_too(
    engine: FakeEngine, clock: FakeClock
) -> None:
    written: list[str] = []

    def write(run_id: str) -> str:
        written.append(run_id)
        return "report.html"

    app = console(engine, clock, campaigns=(COMMISSION,), outside=Outside(write_climb=write))
    async with app.run_test(size=WIDE) as pilot:
        engine.play(of_commission(2)(script.facts("r9")))
        engine.session.preparing = "peak"
        await tick(app, pilot)
        await settle(app, pilot)
        assert written == []
        engine.refuse(Refusal("target-down", "peak", "demo", "no answer"))
        await tick(app, pilot)
        await settle(app, pilot)
        assert written == ["r9"]


async def test_the_board_is_not_looked_at_beside_a_run(
    engine: FakeEngine, clock: FakeClock
) -> None:
    looks: list[Target] = []

    def examine(target: Target, go_on: GoOn) -> Sequence[Finding]:
        looks.append(target)
        return FINE

    outside = Outside(examine=examine, resumption=nothing_cut_off)
    app = console(engine, clock, campaigns=(COMMISSION,), outside=outside)
    async with app.run_test(size=WIDE) as pilot:
        engine.play(script.good_run(script.facts("r9"))[:5])
        await tick(app, pilot)
        await pilot.press("end", "enter")
        await settle(app, pilot)
        assert "commission looks at the board first: end this run" in text(app)
        assert (looks, engine.asked) == ([], [])


async def test_there_is_no_such_key_without_the_campaign(engine: FakeEngine) -> None:
    app = console(engine, campaigns=(LADDER,), scenarios=CATALOGUE)
    async with app.run_test(size=WIDE) as pilot:
        assert "commission" not in text(app)
        await pilot.press("a")
        assert "campaign" not in rows(app)[5]
