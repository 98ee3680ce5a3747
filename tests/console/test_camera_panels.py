"""The panels of the Cameras screen hold every state at every size."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.console.cameras import (
    camera,
    failed,
    live,
    opened,
    second,
    site,
)
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.sight import (
    SMALL,
    WIDE,
    console,
    scene,
    text,
)
from tests.console.test_sizes import SIZES
from tui.console.camera_place import CameraControls, Side
from tui.console.cells import Canvas
from tui.console.glyphs import ASCII, BLOCKS, FULL, Tier
from tui.console.pages import arrange_page
from tui.console.scene import Scene
from tui.console.theme import ThemeName
from tui.console.tiles import is_narrow
from tui.console.widgets.camera_focus import draw_focus
from tui.console.widgets.camera_list import draw_cameras
from tui.console.widgets.camera_measures import draw_measures
from tui.console.widgets.camera_picture import draw_picture
from tui.core import events as ev

PANELS = {
    "camera-list": draw_cameras,
    "camera-picture": draw_picture,
    "camera-measures": draw_measures,
    "camera-focus": draw_focus,
}
SIDES: tuple[Side, ...] = ("picture", "measures")


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
