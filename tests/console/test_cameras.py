"""The Cameras screen: which cameras are open, what is shown of one, and what is said of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.console.cameras import camera, failed, live, opened, picture, second, site
from tests.console.choosing import copied
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.looks import running
from tests.console.sight import (
    PRODUCTION,
    SMALL,
    WIDE,
    SeenConsole,
    console,
    rows,
    scene,
    text,
    tick,
)
from tests.console.test_sizes import SIZES
from tui.console.camera_place import CameraControls, Side
from tui.console.cells import Canvas
from tui.console.glyphs import ASCII, BLOCKS, FULL, Tier
from tui.console.pages import arrange_page
from tui.console.scene import Scene
from tui.console.screens.cameras import COVERED_S
from tui.console.theme import PALETTE, ThemeName
from tui.console.tiles import is_narrow
from tui.console.widgets.camera_focus import draw_focus
from tui.console.widgets.camera_list import draw_cameras
from tui.console.widgets.camera_measures import draw_measures
from tui.console.widgets.camera_picture import draw_picture
from tui.console.widgets.cell_widget import CellWidget
from tui.core import events as ev
from tui.ports import PictureAsk

PANELS = {
    "camera-list": draw_cameras,
    "camera-picture": draw_picture,
    "camera-measures": draw_measures,
    "camera-focus": draw_focus,
}
SIDES: tuple[Side, ...] = ("picture", "measures")


def looked(engine: FakeEngine) -> list[tuple[object, ...]]:
    return [call[1:] for call in engine.calls if call[0] == "look at"]


def asked(engine: FakeEngine) -> list[tuple[object, object]]:
    return [(call[1], call[2]) for call in engine.calls if call[0] == "show"]


def panel(app: SeenConsole, name: str) -> CellWidget:
    return next(widget for widget in app.screen_stack[0].query(CellWidget) if widget.id == name)


def pixels_in(app: SeenConsole) -> int:
    looks = panel(app, "camera-picture").canvas.looks
    return sum(bool(packed & PALETTE) for row in looks for packed in row)


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


@pytest.mark.parametrize("size", [SMALL, WIDE, (160, 50)])
async def test_pictures_are_asked_for_in_the_size_of_their_panel(
    clock: FakeClock, size: tuple[int, int]
) -> None:
    engine = site()
    app = console(engine, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await pilot.pause()
        width, height = panel(app, "camera-picture").size
        assert asked(engine) == [("dock", PictureAsk(width - 2, height - 2, 2.0))]
        await pilot.press("z")
        assert asked(engine)[-1] == ("dock", PictureAsk(width - 2, height - 2, 2.0, True))


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
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await pilot.pause()
        row = rows(app)[5]
        assert "✓ dock" in row
        assert "rtsp://10.0.0.7/live" in row
        assert "25.0 / 25 fps" in row
        assert "good" in row
        assert pixels_in(app) == 32 * 9
        assert "1 of 3 open" in text(app)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_what_is_no_camera_is_called_so_beside_its_picture(
    clock: FakeClock, size: tuple[int, int]
) -> None:
    engine = FakeEngine(cameras=[camera("pattern", "test:")])
    live(engine, "pattern")
    app = console(engine, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "simulated" in panel(app, "camera-picture").canvas.row(0)
        assert "config.toml" in rows(app)[6]
        if size == SMALL:
            await pilot.press("c")
            await pilot.pause()
            assert "simulated" in panel(app, "camera-measures").canvas.row(0)


async def test_a_window_without_room_shows_picture_or_measures(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "╭─ dock" in text(app)
        await pilot.press("c")
        await pilot.pause()
        assert "╭─ dock" not in text(app)
        assert "nothing is wrong with it" in text(app)
        assert asked(engine)[-1] == ("dock", None), "nobody sees a picture now"
        await pilot.press("c")
        assert asked(engine)[-1][1] is not None


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_camera_that_fails_says_why_what_next_and_is_tried_again_by_enter(
    clock: FakeClock, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = site().see(failed("dock", "unauthorized"))
    app = console(engine, clock)
    texts = copied(app, monkeypatch)
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "10.0.0.7 asks for a user name and password" in rows(app)[5]
        assert "next: give the camera credentials" in text(app)
        assert "cameras ✗1" in rows(app)[0]
        await pilot.press("y")
        assert texts[-1].startswith("give the camera credentials")
        engine.calls.clear()
        await pilot.press("enter")
        assert looked(engine) == [(), ("dock",)]
        assert asked(engine)[-1][0] == "dock"


async def test_a_camera_that_is_tried_again_by_itself_says_when(clock: FakeClock) -> None:
    engine = site().see(failed("dock", "refused", retry_s=5.0))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "tried again every 5 s" in text(app)


async def test_a_missing_package_is_told_with_its_command(clock: FakeClock) -> None:
    engine = site().see(failed("dock", "no-package"))
    app = console(engine, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "pip install 'jetproof[camera]'" in text(app)


async def test_what_breaks_a_limit_stands_beside_its_figure(clock: FakeClock) -> None:
    engine = live(site(), "dock").see(second("dock", 6, brightness=12.0))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        await pilot.pause()
        figures = panel(app, "camera-measures").canvas.text()
        assert "✗ brightness      12       20 to 235" in figures
        assert "next: set exposure, gain or light" in figures
        assert "fail" in rows(app)[5]


async def test_the_focus_bar_shows_how_far_the_best_is(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        await pilot.pause()

        def filled() -> int:
            return panel(app, "camera-focus").canvas.row(1).count("━")

        assert "100 % of the best" in text(app)
        best = filled()
        engine.see(second("dock", 6, focus=206.0))
        await tick(app, pilot)
        assert "50 % of the best  206 / 412" in text(app)
        assert best * 0.45 < filled() < best * 0.55
        await pilot.press("f")
        assert ("reset focus", "dock") in engine.calls


async def test_a_flat_picture_has_no_focus(clock: FakeClock) -> None:
    engine = live(site(), "dock").see(second("dock", 6, is_uniform=True))
    app = console(engine, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "too flat to tell" in text(app)
        assert "of the best" not in text(app)


async def test_the_terminal_rings_at_a_new_best_focus_only_when_told_to(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    rung: list[int] = []
    async with app.run_test(size=WIDE) as pilot:
        app.bell = lambda: rung.append(1)  # type: ignore[method-assign]
        await pilot.press("3")
        engine.see(second("dock", 6, focus=500.0))
        await tick(app, pilot)
        assert rung == []
        await pilot.press("o")
        for number, (focus, rings) in enumerate([(600, 1), (550, 1), (601, 1), (700, 2)], 7):
            engine.see(second("dock", number, focus=float(focus)))
            await tick(app, pilot)
            assert len(rung) == rings, focus


async def test_space_keeps_picture_and_figures_as_they_are(clock: FakeClock) -> None:
    engine = live(site(), "dock")
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        await pilot.pause()
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
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        await pilot.pause()
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
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        await pilot.pause()
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
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        await pilot.pause()
        shown = pixels_in(app)
        monkeypatch.setattr("textual.app.App.export_screenshot", fails)
        with pytest.raises(OSError, match="no font"):
            app.export_screenshot()
        await pilot.pause()
        assert shown
        assert pixels_in(app) == shown


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


async def test_cameras_keep_their_screen_during_a_run(clock: FakeClock) -> None:
    app = console(running(), clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "RUN" in rows(app)[1]
        assert "this engine watches no cameras" in text(app)


async def test_tabs_and_a_protected_target_share_a_small_header(clock: FakeClock) -> None:
    engine = site().see(failed("dock", "refused"))
    app = console(engine, clock, target=PRODUCTION)
    async with app.run_test(size=SMALL):
        words = rows(app)[0].split()
        assert words[3:-1] == ["3", "cameras", "✗1", "4", "runs", "5", "log", "!1", "production"]


def states() -> dict[str, FakeEngine]:
    """Cameras in every state, by its name."""
    closed = site()
    opening = site().see(ev.CameraTried(camera="dock"))
    young = site().see(opened("dock"))
    black = live(site(), "dock").see(second("dock", 6, is_black=True, focus=0.0))
    many = FakeEngine(cameras=[camera(f"camera-{n}", "test:") for n in range(16)])
    return {
        "closed": closed,
        "opening": opening,
        "young": young,
        "live": live(site(), "dock"),
        "black": black,
        "failed": site().see(failed("dock", "stalled", 5.0)),
        "none": FakeEngine(),
        "many": live(many, "camera-0"),
    }


def frames() -> Iterator[tuple[str, Scene, int, int]]:
    """Each of them in every size of window, on both sides."""
    for name, engine in states().items():
        for size, side in itertools.product(SIZES, SIDES):
            desk = CameraControls()
            desk.side, desk.has_grid, desk.answer = side, True, "/predict of demo: no objects"
            place = desk.place(engine.snapshot().cameras)
            frame = scene(engine, page="cameras", camera=place, narrow=is_narrow(*size))
            yield name, frame, *size


@pytest.mark.parametrize(("theme", "tier"), [("dark", FULL), ("16", BLOCKS), ("none", ASCII)])
def test_every_state_stays_inside_its_borders_at_every_size(theme: ThemeName, tier: Tier) -> None:
    for name, frame, width, height in frames():
        for panel_name, tile in arrange_page(frame, width, height).items():
            if panel_name not in PANELS:
                continue
            canvas = Canvas(tile.width, tile.height, tier=tier, theme=theme)
            PANELS[panel_name](canvas, frame)
            if tile.height > 1:
                edges = {(row[0], row[-1]) for row in canvas.chars[1:-1]}
                assert edges == {("│", "│")}, (name, panel_name, width, height)
                assert canvas.row(0)[0] + canvas.row(0)[-1] == "╭╮"


def test_tiles_cover_the_window_and_never_each_other() -> None:
    for name, frame, width, height in frames():
        tiles = arrange_page(frame, width, height).values()
        cells = [
            (x, y)
            for tile in tiles
            for x in range(tile.x, tile.x + tile.width)
            for y in range(tile.y, tile.y + tile.height)
        ]
        is_whole = width >= 60 and height >= 18
        assert len(cells) == len(set(cells)), name
        assert len(cells) == width * (height if is_whole else 3), name


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_no_state_breaks_a_panel(size: tuple[int, int], clock: FakeClock) -> None:
    for name, engine in states().items():
        app = console(engine, clock)
        async with app.run_test(size=size) as pilot:
            await pilot.press("3", "c")
            await pilot.pause()
            assert "no data" not in text(app), name
