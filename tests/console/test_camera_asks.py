"""A picture leaves the screen only when somebody agreed: to a file, or to the service."""

from __future__ import annotations

import asyncio
import time

import pytest
from textual.pilot import Pilot

from tests.console.cameras import live, site
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.sight import PRODUCTION, SMALL, WIDE, SeenConsole, console, rows, text, tick
from tests.lib.eventually import LIMIT_S
from tui.console.outside import Outside
from tui.console.screens.cameras import COVERED_S
from tui.core.problem import InputError
from tui.ports import NoStill, Prediction, Still

STILL = Still("dock", "rtsp://10.0.0.7/live", b"jpeg", "5a", "", 8, 8, "h264", 0.0, 0.0, True)


class Shelf:
    """Where stills go."""

    def __init__(self, trouble: str = "") -> None:
        self.kept: list[tuple[Still, str]] = []
        self._trouble = trouble

    def keep(self, still: Still, reason: str) -> str:
        if self._trouble:
            raise InputError.of("snapshots", "", self._trouble)
        self.kept.append((still, reason))
        return "/srv/snapshots/dock-1.jpg"

    def outside(self) -> Outside:
        return Outside(keep_still=self.keep, stills="/srv/snapshots")


def of_kind(engine: FakeEngine, kind: str) -> list[tuple[object, ...]]:
    return [call[1:] for call in engine.calls if call[0] == kind]


async def ask(pilot: Pilot[int], clock: FakeClock, *keys: str) -> None:
    """Open a dialog by these keys, until it takes an answer."""
    await pilot.press(*keys)
    await pilot.pause()
    clock.pass_s(1)


async def until_said(app: SeenConsole, words: str) -> None:
    ends_s = time.monotonic() + LIMIT_S
    while words not in rows(app)[-1]:
        assert time.monotonic() < ends_s, rows(app)[-1]
        await asyncio.sleep(0.005)


async def test_a_snapshot_asks_for_its_reason_once_in_a_sitting(clock: FakeClock) -> None:
    engine, shelf = live(site(), "dock"), Shelf()
    app = console(engine, clock, outside=shelf.outside())
    async with app.run_test(size=SMALL) as pilot:
        await ask(pilot, clock, "3", "n")
        assert "/srv/snapshots" in text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "say why" in text(app), "without a reason nothing is stored"
        assert of_kind(engine, "still") == []
        await pilot.press(*"hand", "space", *"over", "enter")
        await pilot.pause()
        assert of_kind(engine, "still") == [("dock",)]
        engine.on_still(STILL)
        await until_said(app, "stored: dock-1.jpg, in /srv/snapshots")
        await pilot.press("n")
        assert of_kind(engine, "still") == [("dock",)] * 2
        clock.pass_s(10)
        await tick(app, pilot)
        engine.on_still(STILL)
        await until_said(app, "stored")
    assert [reason for _, reason in shelf.kept] == ["hand over"] * 2


async def test_no_reason_no_snapshot(clock: FakeClock) -> None:
    engine, shelf = live(site(), "dock"), Shelf()
    app = console(engine, clock, outside=shelf.outside())
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot, clock, "3", "n")
        await pilot.press("escape", "n")
        await pilot.pause()
        assert "reason" in text(app), "it is asked again"
    assert of_kind(engine, "still") == []
    assert shelf.kept == []


@pytest.mark.parametrize("where", ["camera", "disk"])
async def test_a_snapshot_that_fails_says_why(clock: FakeClock, where: str) -> None:
    engine, shelf = live(site(), "dock"), Shelf("" if where == "camera" else "no space left")
    app = console(engine, clock, outside=shelf.outside())
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot, clock, "3", "n")
        await pilot.press("x", "enter")
        await pilot.pause()
        engine.on_still(NoStill("no picture within 7 s") if where == "camera" else STILL)
        await until_said(app, "no picture within 7 s" if where == "camera" else "no space left")
    assert shelf.kept == []


@pytest.mark.parametrize("key", ["n", "v"])
async def test_nothing_is_taken_of_a_camera_that_delivers_nothing_or_is_frozen(
    clock: FakeClock, key: str
) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "space", key)
        await pilot.pause()
        assert "space first" in rows(app)[-1]
        await pilot.press("down", key)
        await pilot.pause()
        assert "gate delivers no pictures" in rows(app)[-1]


async def test_a_question_of_this_screen_leaves_its_camera_open(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "n")
        await pilot.pause()
        clock.pass_s(COVERED_S * 3)
        await tick(app, pilot)
        assert of_kind(engine, "look at")[-1] == ("dock",)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_the_service_is_sent_a_picture_after_one_question_for_each_target(
    clock: FakeClock, size: tuple[int, int]
) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=size) as pilot:
        await ask(pilot, clock, "3", "v")
        await pilot.press("enter")
        await pilot.pause()
        assert of_kind(engine, "predict") == [], "the focus is on the safe answer"
        await ask(pilot, clock, "v")
        await pilot.press("right", "enter")
        await pilot.pause()
        assert of_kind(engine, "predict") == [("dock", "demo")]
        engine.on_prediction(Prediction(200, 84.0, {"truck": 1, "person": 2}))
        said = "/predict of demo: 3 objects (2 person, 1 truck), 84 ms, HTTP 200"
        await until_said(app, said)
        clock.pass_s(10)
        await tick(app, pilot)
        assert "/predict of demo: 3 objects" in text(app), "it stays until the cursor moves"
        await pilot.press("v")
        assert of_kind(engine, "predict") == [("dock", "demo")] * 2


async def test_a_protected_target_wants_its_name_first(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock, target=PRODUCTION)
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot, clock, "3", "v")
        assert "production is protected" in text(app)
        await pilot.press(*"prod", "enter")
        await pilot.pause()
        assert of_kind(engine, "predict") == []
        await ask(pilot, clock, "v")
        await pilot.press(*"production", "enter")
        await pilot.pause()
        assert of_kind(engine, "predict") == [("dock", "production")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Prediction(500, 12.0, trouble="it answered with an error"), "an error, 12 ms, HTTP 500"),
        (Prediction(None, None, trouble="connection refused"), "connection refused"),
        (NoStill("nobody looks at the camera"), "nobody looks at the camera"),
        (Prediction(200, 9.0), "no objects, 9.0 ms, HTTP 200"),
    ],
)
async def test_whatever_comes_of_a_picture_is_said(
    clock: FakeClock, answer: Prediction | NoStill, words: str
) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot, clock, "3", "v")
        await pilot.press("right", "enter")
        await pilot.pause()
        engine.on_prediction(answer)
        await until_said(app, words)
