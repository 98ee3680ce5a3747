"""The picture of a camera: what is asked for, shown, held and kept out of screenshots."""

from __future__ import annotations

import pytest

from tests.console.cameras import (
    asked,
    at_cameras,
    live,
    panel,
    picture,
    pixels_in,
    second,
    site,
)
from tests.console.fakes import FakeClock
from tests.console.sight import (
    SMALL,
    WIDE,
    console,
    text,
    tick,
)
from tui.ports import PictureAsk


@pytest.mark.parametrize("size", [SMALL, WIDE, (160, 50)])
async def test_pictures_are_asked_for_in_the_size_of_their_panel(
    clock: FakeClock, size: tuple[int, int]
) -> None:
    engine = site()
    app = console(engine, clock)
    async with at_cameras(app, size) as pilot:
        width, height = panel(app, "camera-picture").size
        assert asked(engine) == [("dock", PictureAsk(width - 2, height - 2, 2.0))]
        await pilot.press("z")
        assert asked(engine)[-1] == ("dock", PictureAsk(width - 2, height - 2, 2.0, True))


async def test_a_window_without_room_shows_picture_or_measures(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with at_cameras(app, SMALL) as pilot:
        assert "╭─ dock" in text(app)
        await pilot.press("c")
        await pilot.pause()
        assert "╭─ dock" not in text(app)
        assert "nothing is wrong with it" in text(app)
        assert asked(engine)[-1] == ("dock", None), "nobody sees a picture now"
        await pilot.press("c")
        assert asked(engine)[-1][1] is not None


async def test_space_keeps_picture_and_figures_as_they_are(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with at_cameras(app, WIDE) as pilot:
        before = panel(app, "camera-picture").canvas.looks[5:-2]
        await pilot.press("space")
        assert asked(engine)[-1] == ("dock", None)
        engine.see(second("dock", 6, brightness=200.0), picture("dock", (10, 250, 10)))
        await tick(app, pilot)
        assert panel(app, "camera-picture").canvas.looks[5:-2] == before
        assert "frozen by space" in text(app)
        assert "118" in panel(app, "camera-measures").canvas.text()
        await pilot.press("space")
        await pilot.pause()
        assert panel(app, "camera-picture").canvas.looks[5:-2] != before
        assert asked(engine)[-1][1] is not None


async def test_a_new_picture_is_painted_at_once(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with at_cameras(app, WIDE) as pilot:
        engine.tell()
        await pilot.pause()
        before = panel(app, "camera-picture").canvas.looks
        engine.see(picture("dock", (10, 250, 10)))
        engine.tell()
        await pilot.pause()
        await pilot.pause()
        assert panel(app, "camera-picture").canvas.looks != before


async def test_screenshots_show_no_picture(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with at_cameras(app, WIDE) as pilot:
        shown = pixels_in(app)
        assert shown
        assert "▀" not in app.export_screenshot()
        assert "stay&#160;out&#160;of&#160;screenshots" in app.export_screenshot()
        await pilot.pause()
        assert pixels_in(app) == shown


async def test_a_screenshot_that_fails_leaves_the_picture_on_the_screen(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> str:
        raise OSError("no font")

    engine = live(site(), "dock")
    app = console(engine, clock)
    async with at_cameras(app, WIDE) as pilot:
        shown = pixels_in(app)
        monkeypatch.setattr("textual.app.App.export_screenshot", fails)
        with pytest.raises(OSError, match="no font"):
            app.export_screenshot()
        await pilot.pause()
        assert shown
        assert pixels_in(app) == shown


async def test_a_slow_link_is_sent_fewer_pictures_and_says_so(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    app.link._clock = clock
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("3")
        whole = asked(engine)[-1][1]
        for _ in range(8):
            app.link.queued()
            clock.pass_s(3)
            app.link.left(1, 9_000)
            await tick(app, pilot)
        least = asked(engine)[-1][1]
        assert isinstance(whole, PictureAsk)
        assert isinstance(least, PictureAsk)
        assert (whole.fps, least.fps) == (2.0, 0.5)
        assert (least.columns, least.rows) == (60, 20)
        assert "0.5 fps, slow link" in text(app)
