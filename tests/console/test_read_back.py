"""`x`: any second of a run, live or stored, while everything says that it is not live."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.kept import FIVE, ended, keep, live
from tests.console.runs import Script, scenario
from tests.console.sight import SMALL, WIDE, console, rows, settle, text, tick
from tests.lib.eventually import eventually
from tui.console.outside import NoArchive, Outside
from tui.core.problem import InputError
from tui.ports import GoOn, Moment


async def test_x_shows_another_second_on_every_panel_and_esc_the_newest(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        assert "01:00 / 05:00" in rows(app)[1]
        await pilot.press("x")
        await pilot.press(*["left"] * 6)
        await settle(app, pilot)
        shown = rows(app)
        assert "00:16 / 05:00" in shown[1]
        assert "standard 01:00 goes on" in shown[3]
        assert shown[3].endswith("14:13:37, not live")
        assert "503" not in text(app)
        run = app.bench.frame.run
        assert run is not None
        assert f"{run.total.requests}" in text(app)
        assert run.elapsed_s == pytest.approx(16, abs=2)
        await pilot.press("escape")
        await pilot.pause()
        assert "not live" not in text(app)
        assert "503" in text(app)
        assert engine.calls == []


async def test_a_live_run_goes_on_being_told_of(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x", "left")
        await settle(app, pilot)
        before = rows(app)[1]
        for second in range(60, 90):
            engine.play(Script(FIVE).second(second))
        await tick(app, pilot)
        assert rows(app)[1] == before
        assert "standard 01:30 goes on" in rows(app)[3]


async def test_the_cursor_stays_within_what_is_kept(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x", "home", "left")
        await settle(app, pilot)
        assert "00:00 / 05:00" in rows(app)[1]
        await pilot.press("end", "right")
        await settle(app, pilot)
        back = app.bench.frame.back
        assert back is not None
        assert back.at_s == back.last_s
        assert 55 < back.at_s < 61


async def test_steps_are_as_wide_as_a_column_of_the_chart(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x", "home", "right")
        back = app.bench.frame.back
        assert back is not None
        assert back.at_s == app.bench.column_s() > 5
        await pilot.press("home", *[","] * 4, "right")
        back = app.bench.frame.back
        assert back is not None
        assert back.at_s == app.bench.column_s() == 1


async def test_a_minute_of_a_long_run_is_drawn_in_seconds(
    engine: FakeEngine, tmp_path: Path
) -> None:
    long = Script(scenario(minutes=20))
    outside = keep(tmp_path, "run-1", long.until(900), engine)
    app = console(engine, outside=outside)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(",", ",", ",")
        await settle(app, pilot)
        assert "1 m" in rows(app)[4]
        assert "in steps" not in text(app)
        assert app.bench.frame.fine[0].width_s == 1


async def test_a_window_that_is_coarse_says_so(engine: FakeEngine) -> None:
    engine.play(Script(scenario(minutes=20)).until(900))
    app = console(engine)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(",", ",", ",")
        await settle(app, pilot)
        assert "1 m in steps of 4 s" in rows(app)[4]


async def test_a_window_moves_by_steps_and_not_with_every_second(
    engine: FakeEngine, tmp_path: Path
) -> None:
    script = Script(FIVE)
    engine.play(script.until(100))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(",")
        axes = set()
        for second in range(100, 130):
            engine.play(script.second(second))
            await tick(app, pilot)
            axes.add(next(row[26:80] for row in rows(app) if " 0 0:" in row or " 0 1:" in row))
        assert len(axes) <= 4


async def test_wider_ends_at_the_whole_run(engine: FakeEngine) -> None:
    engine.play(Script(FIVE).until(100))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        whole = text(app)
        await pilot.press(",")
        assert text(app) != whole
        await pilot.press(".", ".", ".")
        assert text(app) == whole


class Slow(NoArchive):
    """Answers when it is told to."""

    def __init__(self, inner: Outside) -> None:
        self.inner = inner.archive
        self.gate = threading.Event()
        self.asked: list[float] = []
        self.given_up = 0

    def moment(self, run_id: str, load_s: float, go_on: GoOn) -> Moment | None:
        self.asked.append(load_s)
        while not self.gate.wait(0.005):
            if not go_on(0.43):
                self.given_up += 1
                return None
        return self.inner.moment(run_id, load_s, go_on)


async def test_the_screen_goes_on_while_something_is_read_and_the_newest_wish_wins(
    engine: FakeEngine, tmp_path: Path
) -> None:
    archive = Slow(live(tmp_path, engine))
    app = console(engine, outside=Outside(archive=archive))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x")
        eventually(lambda: archive.asked)
        await pilot.press("left", "left")
        assert "reading…" in rows(app)[3]
        eventually(lambda: archive.given_up)
        await tick(app, pilot)
        archive.gate.set()
        await settle(app, pilot)
        assert "reading…" not in text(app)
        back = app.bench.frame.back
        assert back is not None
        run = app.bench.frame.run
        assert run is not None
        assert run.elapsed_s == pytest.approx(back.at_s, abs=2)


async def test_esc_gives_up_what_is_being_read(engine: FakeEngine, tmp_path: Path) -> None:
    archive = Slow(live(tmp_path, engine))
    app = console(engine, outside=Outside(archive=archive))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x")
        eventually(lambda: archive.asked)
        await pilot.press("escape")
        eventually(lambda: archive.given_up)
        await pilot.pause()
        assert "not live" not in text(app)


class Broken(NoArchive):
    """A store that fails in both of its ways."""

    def moment(self, run_id: str, load_s: float, go_on: GoOn) -> Moment | None:
        if load_s > 50:
            raise InputError.of("store", "", "the disk is gone")
        raise ZeroDivisionError("our own mistake")


async def test_what_cannot_be_read_says_so_and_the_screen_lives_on(engine: FakeEngine) -> None:
    engine.play(Script(FIVE).until(60))
    app = console(engine, outside=Outside(archive=Broken()))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x")
        await settle(app, pilot)
        assert "the disk is gone" in rows(app)[3]
        await pilot.press("home")
        await settle(app, pilot)
        assert "ZeroDivisionError: our own mistake" in rows(app)[3]
        await pilot.press("escape")
        assert "our own mistake" not in text(app)


async def test_a_run_that_has_ended_reads_back_to_its_verdict(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=ended(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x")
        await settle(app, pilot)
        assert "█" in rows(app)[2]
        await pilot.press("pageup")
        await settle(app, pilot)
        assert " ● RUN  standard" in rows(app)[1]
        assert "not live" in rows(app)[3]


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (200, 60), (40, 10)])
async def test_every_window_can_be_read_back(
    engine: FakeEngine, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=size) as pilot:
        await pilot.press("x", "left", ",", "left", "pageup", "pagedown", ".")
        await settle(app, pilot)
        assert "no data" not in text(app)
        assert "not live" in text(app)


async def test_enter_runs_nothing_while_another_second_is_shown(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, FakeClock(), outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("x")
        await settle(app, pilot)
        assert "enter" not in text(app)
        await pilot.press("enter")
        assert engine.asked == []
