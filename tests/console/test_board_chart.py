"""The board over the run, on the time axis of the other charts."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from tests.console.fakes import FakeEngine
from tests.console.kept import keep
from tests.console.runs import Script, board, orin, scenario
from tests.console.sight import SMALL, WIDE, console, drawn, rows, scene, settle, text, tick
from tui.console.cells import Canvas
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.board_chart import BoardChart
from tui.console.widgets.window import windowed
from tui.core import events as ev
from tui.core.board_series import CHARTED, board_series
from tui.core.model import Mark

FIVE = scenario(minutes=5)
BRAILLE = "".join(map(chr, range(0x2801, 0x2900)))


def charted(
    readings: Callable[[int], dict[str, ev.Reading]], seconds: int = 130, *, marks: int = 0
) -> Scene:
    """A frame of a run whose board was this."""
    events = list(Script(FIVE, board=readings).until(seconds))
    what = scene(FakeEngine().play(events))
    assert what.run is not None
    points = tuple(
        msgspec.structs.replace(
            point, gauges={name: held for name, held in point.gauges.items() if name in CHARTED}
        )
        for point in board_series(events).points
    )
    shown = tuple(Mark(40.0 + number, f"event {number}", "warn") for number in range(marks))
    run = msgspec.structs.replace(what.run, board_points=points, marks=shown)
    snapshot = msgspec.structs.replace(what.snapshot, run=run)
    return msgspec.structs.replace(what, snapshot=snapshot)


def inks(canvas: Canvas, glyphs: str) -> set[int]:
    """The inks in which these glyphs stand."""
    return {
        canvas.looks[y][x] & 0xFF
        for y in range(1, canvas.height - 1)
        for x in range(canvas.width)
        if canvas.chars[y][x] in glyphs
    }


def test_heat_loads_and_power_share_an_axis_with_the_trip_in_it() -> None:
    canvas = drawn(BoardChart(), charted(orin), 58, 15)
    assert canvas.row(0).startswith("╭─ ━ tj °C  ─ GPU %  ■ CPU %  ┈ VDD W ─")
    assert "limit 99 °C" in canvas.text()
    assert inks(canvas, BRAILLE) == {Ink.P95, Ink.P99}
    assert inks(canvas, "█") == {Ink.AREA}
    assert inks(canvas, "┈") == {Ink.ACCENT}
    for figure in (" 71.", " W ", " % "):
        assert figure in canvas.text()


def test_heat_over_its_trip_is_red_and_only_there() -> None:
    below = drawn(BoardChart(), charted(lambda second: orin(second, tj=95)), 58, 15)
    assert Ink.FAIL not in inks(below, BRAILLE)
    hot = charted(lambda second: orin(second, tj=80 if second < 60 else 101))
    assert {Ink.FAIL, Ink.P95} <= inks(drawn(BoardChart(), hot, 58, 15), BRAILLE)


def test_a_gauge_that_is_not_there_has_neither_curve_nor_legend() -> None:
    title = drawn(BoardChart(), charted(board), 58, 8).row(0)
    assert "CPU %" in title
    assert "GPU" not in title
    assert "VDD" not in title


def test_without_any_gauge_it_says_so() -> None:
    shown = drawn(BoardChart(), charted(lambda second: {}), 58, 8).text()
    assert "no gauge to draw" in shown


def test_events_stand_in_it_and_their_words_never_touch() -> None:
    shown = drawn(BoardChart(), charted(orin, marks=1), 80, 15).text()
    assert "┊event 0" in shown
    many = drawn(BoardChart(), charted(orin, marks=30), 80, 15).text()
    assert "eventevent" not in many.replace(" ", "").replace("┊", "")


@pytest.mark.parametrize("size", [(4, 2), (10, 3), (30, 6), (58, 8), (80, 15), (200, 40)])
@pytest.mark.parametrize("seconds", [0, 1, 40])
def test_it_draws_at_any_size_and_any_moment(size: tuple[int, int], seconds: int) -> None:
    canvas = drawn(windowed(BoardChart()), charted(orin, seconds), *size)
    assert all(len(row) == size[0] for row in canvas.chars)


def test_a_window_shows_its_part_of_the_board_too() -> None:
    steep = charted(lambda second: orin(second, tj=40 if second < 100 else 95))
    whole = drawn(windowed(BoardChart()), steep, 80, 15).text()
    last = msgspec.structs.replace(steep, window_s=60.0)
    shown = drawn(windowed(BoardChart()), last, 80, 15).text()
    assert "1 m" in shown.split("\n")[0]
    assert shown != whole
    # In the last minute there are forty seconds of cold at most.
    cold = [row for row in shown.split("\n")[1:] if any(dot in row[7:30] for dot in BRAILLE)]
    assert cold


def test_a_second_changes_a_few_cells_of_it() -> None:
    before = drawn(BoardChart(), charted(orin, 100), 58, 8)
    after = drawn(BoardChart(), charted(orin, 101), 58, 8)
    different = sum(before.chars[y][x] != after.chars[y][x] for y in range(8) for x in range(58))
    assert different < 20


async def test_c_changes_the_lower_chart_of_a_wide_window(engine: FakeEngine) -> None:
    engine.play(Script(FIVE, board=orin).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        assert "requests/s   " in text(app)
        assert "c board" in text(app)
        await pilot.press("c")
        assert "requests/s   " not in text(app)
        assert "━ tj °C  ─ GPU %" in text(app)
        assert "c requests/s" in text(app)
        await pilot.press("c")
        assert "requests/s   " in text(app)


async def test_a_tall_window_has_all_three_charts_and_nothing_to_change(engine: FakeEngine) -> None:
    engine.play(Script(FIVE, board=orin).until(20))
    app = console(engine)
    async with app.run_test(size=(120, 48)) as pilot:
        for _ in range(2):
            for title in ("latency ms", "requests/s", "tj °C"):
                assert title in text(app)
            assert "c board" not in text(app)
            await pilot.press("c")


async def test_steps_of_a_second_are_as_wide_as_its_columns(engine: FakeEngine) -> None:
    engine.play(Script(FIVE, board=orin).until(60))
    app = console(engine)
    async with app.run_test(size=SMALL) as pilot:
        wide = app.bench.column_s()
        await pilot.press("c", "c")
        await tick(app, pilot)
        assert app.bench.column_s() == wide
        assert "tj °C" in rows(app)[4]


async def test_a_second_that_is_read_back_shows_the_board_of_that_second(
    engine: FakeEngine, tmp_path: object
) -> None:
    script = Script(FIVE, board=lambda second: orin(second, tj=50.0 + second))
    outside = keep(tmp_path, "run-1", script.until(60), engine)  # type: ignore[arg-type]
    app = console(engine, outside=outside)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x", "home", "right")
        await settle(app, pilot)
        assert "56.1 / 99.0 °C" in text(app)
        await pilot.press("end")
        await settle(app, pilot)
        assert "56.1 / 99.0 °C" not in text(app)
        assert "/ 99.0 °C" in text(app)
