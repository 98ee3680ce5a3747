"""The whole screen: sizes, repaints, robustness, title and bell."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from tests.console.fakes import FakeClock, FakeEngine, pasts
from tests.console.runs import Script, scenario
from tests.console.sight import SMALL, WIDE, console, rows, text, tick
from tui.console.bell import Bell
from tui.console.bridge import Bridge, state_key
from tui.console.tiles import arrange
from tui.console.title import title_of
from tui.console.widgets import board as board_module
from tui.console.widgets.cell_widget import CellWidget
from tui.core import events as ev
from tui.core.model import Snapshot

MINUTE = scenario(minutes=1)


async def test_the_first_screen_of_a_wide_window() -> None:
    app = console(FakeEngine(pasts()))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        shown = rows(app)
        assert len(shown) == 36
        assert shown[0].startswith(" jetproof   1 bench")
        assert shown[0].endswith("Orin Nano Super  demo  14:13:20")
        for title in ("scenarios", "latency ms", "requests/s", "endpoints", "host", "log"):
            assert title in text(app)
        assert "ready" not in text(app)
        assert "baseline" not in text(app)


@pytest.mark.parametrize(
    "size", [(120, 36), (160, 50), (80, 24), (60, 18), (59, 18), (40, 10), (20, 3), (200, 60)]
)
@pytest.mark.parametrize("seconds", [0, 20, 60])
async def test_every_size_shows_at_least_the_strip(
    clock: FakeClock, size: tuple[int, int], seconds: int
) -> None:
    engine = FakeEngine()
    if seconds:
        engine.play(Script(MINUTE).until(seconds))
    if seconds == 60:
        engine.play(Script(MINUTE).ending(60))
    app = console(engine, clock)
    async with app.run_test(size=size) as pilot:
        await pilot.press("tab", "c", "c", "?")
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press("escape")
        await tick(app, pilot)
        shown = rows(app)
        assert len(shown) == size[1]
        assert "no data" not in text(app)
        assert any(word in text(app) for word in ("IDLE", "RUN", "▀", "PASS"))


async def test_a_window_may_change_its_size_in_the_middle_of_a_run(engine: FakeEngine) -> None:
    script = Script(MINUTE)
    engine.play(script.until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        for number, size in enumerate([SMALL, (40, 10), WIDE, (160, 50), SMALL]):
            await pilot.resize_terminal(*size)
            engine.play(script.second(20 + number))
            await tick(app, pilot)
            assert len(rows(app)) == size[1]
            assert ("endpoints" in text(app)) == (size[0] >= 100)
            assert f"00:{21 + number} / 01:00" in text(app) or size[0] < 60


async def test_a_resize_behind_a_dialog_reaches_the_panels_too(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("?")
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert rows(app)[0].endswith("14:13")


async def test_a_panel_that_fails_says_so_and_the_rest_goes_on(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("tj")

    monkeypatch.setattr(board_module, "lines_of", broken)
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert "no data: KeyError: 'tj'" in text(app)
        assert "within limits so far" in text(app)


@pytest.mark.parametrize(("size", "most"), [(WIDE, 0.12), (SMALL, 0.12)])
async def test_a_second_of_a_run_costs_a_fraction_of_a_repaint(
    size: tuple[int, int], most: float
) -> None:
    script = Script(scenario(minutes=5))
    engine = FakeEngine().play(script.until(60))
    app = console(engine)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.sent.clear()
        for number in range(60, 70):
            engine.play(script.second(number))
            await tick(app, pilot)
        second = sum(map(len, app.sent)) / 10
        app.sent.clear()
        await pilot.press("ctrl+l")
        await pilot.pause()
        full = max(map(len, app.sent))
        assert second / full < most


async def test_a_dialog_costs_what_it_covers_and_closing_it_what_it_covered(
    engine: FakeEngine, clock: FakeClock
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        full = sum(map(len, app.sent))
        app.sent.clear()
        await pilot.press("q")
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press("escape")
        await pilot.pause()
        assert 0 < sum(map(len, app.sent)) < full / 2


async def test_nothing_new_costs_nothing(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.sent.clear()
        await tick(app, pilot)
        assert app.sent == []


async def test_the_first_screen_is_painted_once(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert "".join(app.sent).count("jetproof") == 1


async def test_after_the_first_painting_comes_the_callers_turn(engine: FakeEngine) -> None:
    turns: list[tuple[bool, bool]] = []
    app = console(engine)

    def turn() -> None:
        turns.append((bool(app.sent), threading.current_thread() is threading.main_thread()))
        app.exit(0)

    app._after_first_paint = turn
    await app.run_async(headless=True, size=WIDE)
    assert turns == [(True, True)]


async def test_a_change_of_state_is_painted_without_waiting_for_the_timer(
    engine: FakeEngine,
) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        engine.play(Script(MINUTE).until(3))
        thread = threading.Thread(target=engine.tell)
        thread.start()
        thread.join()
        await pilot.pause()
        assert " ● WARM-UP " in rows(app)[1]


def test_the_bridge_lets_state_through_and_holds_figures_back(engine: FakeEngine) -> None:
    seen: list[Snapshot] = []
    bridge = Bridge(seen.append)
    script = Script(MINUTE)
    for number in range(14):
        engine.play(script.opening() if number == 0 else script.second(number - 1))
        bridge(engine.snapshot())
    phases = [snapshot.run.phase for snapshot in seen if snapshot.run]
    assert phases[:2] == ["warm-up", "measuring"]
    assert len(seen) <= 4


def test_a_closed_bridge_is_silent(engine: FakeEngine) -> None:
    seen: list[Snapshot] = []
    bridge = Bridge(seen.append)
    bridge.is_open = False
    bridge(engine.snapshot())
    assert seen == []
    assert state_key(engine.snapshot()) == state_key(engine.snapshot())


async def test_one_bell_rings_at_the_verdict(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(MINUTE)
    engine.play(script.until(60))
    app = console(engine)
    rung: list[bool] = []
    monkeypatch.setattr(app, "bell", lambda: rung.append(True))
    async with app.run_test(size=WIDE) as pilot:
        await tick(app, pilot)
        assert rung == []
        engine.play(script.ending(60))
        for _ in range(3):
            await tick(app, pilot)
        assert rung == [True]


def test_the_title_tells_a_window_in_the_background_how_it_stands(engine: FakeEngine) -> None:
    assert title_of(engine.snapshot()) == "jetproof"
    script = Script(MINUTE)
    engine.play(script.until(33))
    assert title_of(engine.snapshot()).startswith("● 00:33 standard p95 ")
    engine.play(script.ending(33))
    assert title_of(engine.snapshot()) == "✓ PASS standard"


async def test_without_colour_glyphs_and_words_still_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    engine = FakeEngine(pasts()).play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        for widget in app.query(CellWidget):
            for strip in widget.render_lines(widget.size.region):
                for segment in strip:
                    assert (
                        segment.style is None
                        or segment.style.color is None
                        or (segment.style.color.is_default)
                    )
        assert "● RUN" in text(app)
        assert "✗ quick" in text(app)


async def test_colours_are_the_terminals_own_256_and_no_faint_or_moving_text(
    engine: FakeEngine,
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        sent = "".join(app.sent)
        assert "38;2;" not in sent
        assert "48;2;" not in sent
        assert "\x1b[2m" not in sent
        assert "\x1b[5m" not in sent


def test_every_tile_lies_inside_the_window_and_none_on_another() -> None:
    for width, height in ((60, 18), (80, 24), (100, 30), (120, 36), (160, 50), (250, 70)):
        for is_list_open in (False, True):
            cells: set[tuple[int, int]] = set()
            for tile in arrange(width, height, "latency", is_list_open).values():
                own = {
                    (x, y)
                    for x in range(tile.x, tile.x + tile.width)
                    for y in range(tile.y, tile.y + tile.height)
                }
                assert not own & cells
                cells |= own
            assert cells == {(x, y) for x in range(width) for y in range(height)}


def test_a_stopped_run_of_another_day_is_no_bell(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    engine.play([ev.RunEnded(at_s=22, reason="stopped")])
    assert not Bell(engine.snapshot()).rings(engine.snapshot())


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("tui.console.environment", ("textual", "rich")),
        ("tui.console.app", ("locust", "gevent", "httpx", "tui.engine", "plotext", "numpy")),
    ],
)
def test_importing_it_does_not_bring_in_what_is_heavy(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
