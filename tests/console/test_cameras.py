"""The Cameras screen: which cameras are open, and what is said of one."""

from __future__ import annotations

import pytest

from tests.console.cameras import (
    asked,
    at_cameras,
    camera,
    failed,
    live,
    looked,
    panel,
    pixels_in,
    site,
)
from tests.console.choosing import copied
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.looks import running
from tests.console.sight import (
    PRODUCTION,
    SMALL,
    WIDE,
    console,
    rows,
    text,
    tick,
)
from tui.console.screens.cameras import COVERED_S
from tui.core import events as ev


async def test_only_an_open_screen_has_cameras_open(clock: FakeClock) -> None:
    engine = site()
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await tick(app, pilot)
        assert looked(engine) == []
        for way_out in ("1", "escape", "5"):
            await pilot.press("3")
            assert looked(engine)[-1] == ("dock",)
            await pilot.press(way_out)
            assert looked(engine)[-1] == ()
        await pilot.press("3")
    assert looked(engine)[-1] == ()


async def test_the_cursor_opens_what_it_rests_on_and_closes_what_it_left(clock: FakeClock) -> None:
    engine = site()
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "down", "down")
        assert looked(engine)[-1] == (), "it may still be on its way"
        clock.pass_s(1)
        await tick(app, pilot)
        assert looked(engine)[-1] == ("yard",)
        assert asked(engine)[-1][0] == "yard"


async def test_enter_keeps_a_camera_open_while_the_cursor_is_elsewhere(clock: FakeClock) -> None:
    engine = site()
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "enter", "down")
        clock.pass_s(1)
        await tick(app, pilot)
        assert looked(engine)[-1] == ("dock", "gate")
        assert "stays on" in rows(app)[5]
        await pilot.press("up", "enter", "down")
        clock.pass_s(1)
        await tick(app, pilot)
        assert looked(engine)[-1] == ("gate",)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_camera_that_delivers_is_told_in_one_row(
    clock: FakeClock, size: tuple[int, int]
) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with at_cameras(app, size):
        row = rows(app)[5]
        assert "✓ dock" in row
        assert "rtsp://10.0.0.7/live" in row
        assert "25.0 / 25 fps" in row
        assert "good" in row
        assert pixels_in(app) == 32 * 9
        assert "1 of 3 open" in text(app)


async def test_a_camera_that_was_looked_at_still_says_how_it_stood(clock: FakeClock) -> None:
    engine = live(site(), "dock").see(ev.CameraClosed(camera="dock"))
    app = console(engine, clock)
    async with at_cameras(app, WIDE) as pilot:
        assert "✓ dock" in rows(app)[5]
        assert "not open, was good" in rows(app)[5]
        assert "not open" in rows(app)[6]
        assert "not open," not in rows(app)[6]
        engine.see(failed("dock", "refused", retry_s=2.0), ev.CameraTried(camera="dock"))
        await tick(app, pilot)
        assert "✗ dock" in rows(app)[5], "what fails is not shown as it was"
        assert "nothing listens on that port" in rows(app)[5]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_what_is_no_camera_is_called_so_beside_its_picture(
    clock: FakeClock, size: tuple[int, int]
) -> None:
    engine = FakeEngine(cameras=[camera("pattern", "test:")])
    live(engine, "pattern")
    app = console(engine, clock)
    async with at_cameras(app, size) as pilot:
        assert "simulated" in panel(app, "camera-picture").canvas.row(0)
        assert "config.toml" in rows(app)[6]
        if size == SMALL:
            await pilot.press("c")
            await pilot.pause()
            assert "simulated" in panel(app, "camera-measures").canvas.row(0)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_camera_that_fails_says_why_what_next_and_is_tried_again_by_enter(
    clock: FakeClock, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = site().see(failed("dock", "unauthorized"))
    app = console(engine, clock)
    texts = copied(app, monkeypatch)
    async with at_cameras(app, size) as pilot:
        assert "10.0.0.7 asks for a user name and password" in rows(app)[5]
        assert "next: give the camera credentials" in text(app)
        assert "cameras ✗1" in rows(app)[0]
        await pilot.press("y")
        assert texts[-1].startswith("give the camera credentials")
        engine.calls.clear()
        await pilot.press("enter")
        assert looked(engine) == [(), ("dock",)]
        assert asked(engine)[-1][0] == "dock"


@pytest.mark.parametrize(
    ("fault", "size", "words"),
    [
        (failed("dock", "refused", retry_s=5.0), WIDE, "tried again every 5 s"),
        (failed("dock", "no-package"), SMALL, "pip install 'jetproof[camera]'"),
    ],
    ids=["tried again by itself", "missing package"],
)
async def test_what_ends_a_fault_is_told(
    clock: FakeClock, fault: ev.CameraFailed, size: tuple[int, int], words: str
) -> None:
    app = console(site().see(fault), clock)
    async with at_cameras(app, size):
        assert words in text(app)


async def test_another_dialog_in_front_stops_pictures_and_after_a_while_readers(
    clock: FakeClock,
) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "?")
        await pilot.pause()
        assert asked(engine)[-1] == ("dock", None)
        assert looked(engine)[-1] == ("dock",)
        clock.pass_s(COVERED_S + 1)
        await tick(app, pilot)
        assert looked(engine)[-1] == ()
        await pilot.press("escape")
        await pilot.pause()
        assert looked(engine)[-1] == ("dock",)
        assert asked(engine)[-1][1] is not None


async def test_cameras_keep_their_screen_during_a_run(clock: FakeClock) -> None:
    app = console(running(), clock)
    async with at_cameras(app, SMALL):
        assert "RUN" in rows(app)[1]
        assert "this engine watches no cameras" in text(app)


async def test_tabs_and_a_protected_target_share_a_small_header(clock: FakeClock) -> None:
    engine = site().see(failed("dock", "refused"))
    app = console(engine, clock, target=PRODUCTION)
    async with app.run_test(size=SMALL):
        words = rows(app)[0].split()
        assert words[3:-1] == ["3", "cameras", "✗1", "4", "runs", "5", "log", "!1", "production"]
