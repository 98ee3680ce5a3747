"""Every size of window: nothing overlaps, borders stay whole, and a wide one shows more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.console.fakes import FakeEngine
from tests.console.looks import STATES, running
from tests.console.runs import STARTED_AT, board
from tests.console.sight import console, rows, text, tick
from tui.console.appearance import Appearance
from tui.console.scene import VIEWS
from tui.console.tiles import arrange, is_narrow
from tui.console.widgets.cell_widget import CellWidget
from tui.core import events as ev

SIZES = [(59, 17), (60, 18), (80, 24), (100, 30), (120, 36), (160, 45), (200, 60)]
FRAMED = (
    "scenarios",
    "detail",
    "latency",
    "throughput",
    "board-chart",
    "endpoints",
    "board",
    "log",
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("is_list_open", [True, False])
def test_tiles_cover_the_window_and_never_each_other(
    size: tuple[int, int], view: str, is_list_open: bool
) -> None:
    width, height = size
    taken: set[tuple[int, int]] = set()
    for tile in arrange(width, height, view, is_list_open).values():  # type: ignore[arg-type]
        cells = {
            (x, y)
            for x in range(tile.x, tile.x + tile.width)
            for y in range(tile.y, tile.y + tile.height)
        }
        assert not cells & taken
        assert all(0 <= x < width and 0 <= y < height for x, y in cells)
        taken |= cells
    whole = width * height if width >= 60 and height >= 18 else width * 3
    assert len(taken) == whole


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
async def test_every_state_stays_inside_its_borders_at_every_size(
    size: tuple[int, int], state: str
) -> None:
    app = console(STATES[state](), appearance=Appearance(glyphs="full"))
    async with app.run_test(size=size) as pilot:
        views = ("c",) * len(VIEWS)
        for keys in (("tab",), *views) if is_narrow(*size) else ((), ("c",)):
            await pilot.press(*keys)
            await pilot.pause()
            assert "no data" not in text(app)
            assert [len(row) <= size[0] for row in rows(app)] == [True] * size[1]
            for widget in app.screen.query(CellWidget):
                if widget.id in FRAMED and widget.size.width and widget.canvas.width:
                    assert_framed(widget)


def assert_framed(widget: CellWidget) -> None:
    canvas = widget.canvas
    last = canvas.width - 1
    corners = (canvas.chars[0][0], canvas.chars[0][last], canvas.chars[-1][0])
    assert (*corners, canvas.chars[-1][last]) == ("╭", "╮", "╰", "╯"), widget.id
    for y in range(1, canvas.height - 1):
        # Arrows tell that a list goes on.
        assert canvas.chars[y][0] == "│", (widget.id, y)
        assert canvas.chars[y][last] in "│↑↓", (widget.id, y)


@pytest.mark.parametrize(("size", "shows"), [((59, 17), False), ((60, 18), True)])
async def test_too_small_a_window_shows_the_strip_alone(size: tuple[int, int], shows: bool) -> None:
    app = console(running())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "RUN" in text(app)
        assert ("jetproof" in text(app)) == shows
        assert any(row.strip() for row in rows(app)[4:]) == shows


def minute(engine: FakeEngine) -> Callable[[], None]:
    """A second goes by on the board."""
    seconds = iter(range(10_000))

    def pass_second() -> None:
        engine.at_s += 1
        engine.session.sample_board(
            ev.Sample(board(next(seconds))), STARTED_AT + engine.at_s, engine.at_s
        )

    return pass_second


@pytest.mark.parametrize(("size", "has_sparks"), [((150, 45), False), ((160, 45), True)])
async def test_a_wide_window_shows_the_last_minute_beside_the_gauges(
    size: tuple[int, int], has_sparks: bool
) -> None:
    engine = running()
    app = console(engine)
    pass_second = minute(engine)
    async with app.run_test(size=size) as pilot:
        for _ in range(70):
            pass_second()
            await tick(app, pilot)
        line = next(row for row in rows(app) if "CPU" in row)
        spark = line[-30:]
        assert any("\u2800" < character <= "\u28ff" for character in spark) == has_sparks


async def test_a_second_of_a_minute_changes_few_cells_of_the_board() -> None:
    engine = running()
    app = console(engine)
    pass_second = minute(engine)
    async with app.run_test(size=(160, 45)) as pilot:
        for _ in range(70):
            pass_second()
            await tick(app, pilot)
        panel = next(widget for widget in app.screen.query(CellWidget) if widget.id == "board")
        before = [row[-32:] for row in panel.canvas.chars]
        pass_second()
        await tick(app, pilot)
        after = [row[-32:] for row in panel.canvas.chars]
        for old, new in zip(before, after, strict=True):
            assert sum(a != b for a, b in zip(old, new, strict=True)) <= 3
