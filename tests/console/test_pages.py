"""Runs and Log: what was kept, what happened, and the ways from there to the Bench."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.kept import FIVE, ended, keep, live
from tests.console.runs import STARTED_AT, Script, scenario
from tests.console.sight import SMALL, WIDE, console, rows, settle, text, tick
from tests.core import script as stored
from tui.console.outside import NoArchive, Outside
from tui.core.model import Past
from tui.core.problem import InputError


def several(state_dir: Path) -> Outside:
    """Five runs of other days."""
    keep(state_dir, "r-good", stored.run("r-good", hour=1).events)
    keep(state_dir, "r-bad", stored.run("r-bad", stored.failing_run, hour=2).events)
    keep(state_dir, "r-odd", stored.run("r-odd", stored.invalid_run, hour=3).events)
    smoke = stored.scenario("smoke")
    keep(state_dir, "r-smoke", stored.run("r-smoke", scenario=smoke, hour=4).events)
    return keep(state_dir, "r-cut", stored.run("r-cut", stored.cut_short_run, hour=5).events)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_digits_change_the_screen_under_the_same_strip(
    engine: FakeEngine, size: tuple[int, int]
) -> None:
    engine.play(Script(FIVE).until(20))
    app = console(engine)
    async with app.run_test(size=size) as pilot:
        strip = rows(app)[1:4]
        for digit, title in (("4", "╭─ runs "), ("5", "╭─ log ")):
            await pilot.press(digit)
            await settle(app, pilot)
            assert rows(app)[4].startswith(title)
            assert rows(app)[1:4] == strip
        await pilot.press("escape")
        await pilot.pause()
        assert "latency ms" in text(app)


async def test_the_header_names_only_the_screens_there_are(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=SMALL):
        header = rows(app)[0]
        assert "1 bench" in header
        assert "4 runs" in header
        assert "5 log" in header
        assert "ready" not in header


async def test_the_log_tab_counts_what_is_wrong(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE):
        assert "5 log !1" in rows(app)[0]


async def test_runs_are_listed_newest_first_with_a_dash_for_what_is_not_known(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=several(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        shown = [row for row in rows(app)[6:-2] if row.strip("│ ")]
        verdicts = [row.split()[2] for row in shown[1:]]
        assert "INTERRUPTED" in shown[0]
        assert verdicts == ["PASS", "INVALID", "FAIL", "PASS"]
        assert all("–" in row for row in shown)


async def test_runs_are_found_by_any_words(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=several(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("/", *"fail", "space", *"demo")
        assert "r-bad" not in text(app)
        assert "1 of 1" in text(app)
        await pilot.press("enter", "d")
        await pilot.pause()
        assert "delete this run?" in text(app)


async def test_letters_typed_to_find_do_not_delete(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=several(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("/", "d", "q", "s")
        assert "find dqs" in text(app)
        assert "none matches" in text(app)
        await pilot.press("escape")
        assert "1 of 5" in text(app)
        assert app.is_running


async def test_enter_opens_a_stored_run_on_the_bench_at_its_verdict(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=several(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("j", "j", "j", "enter")
        await settle(app, pilot)
        shown = text(app)
        assert "not live" in rows(app)[3]
        assert "errors" in rows(app)[1]
        assert "/predict" in shown
        await pilot.press("escape")
        assert "IDLE" in rows(app)[1]


async def test_a_deleted_run_comes_back_with_u(
    engine: FakeEngine, clock: FakeClock, tmp_path: Path
) -> None:
    app = console(engine, clock, outside=several(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("j", "d")
        clock.pass_s(1)
        await pilot.press("enter")
        await settle(app, pilot)
        assert "1 of 5" in text(app) or "2 of 5" in text(app)
        await pilot.press("d")
        clock.pass_s(1)
        await pilot.press("right", "enter")
        await settle(app, pilot)
        await settle(app, pilot)
        assert "of 4" in text(app)
        assert "deleted r-smoke; u takes that back" in rows(app)[-1]
        clock.pass_s(5)
        await tick(app, pilot)
        assert "u undo" in rows(app)[-1]
        await pilot.press("u")
        await settle(app, pilot)
        await settle(app, pilot)
        assert "of 5" in text(app)


async def test_a_run_that_goes_on_is_never_deleted(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        assert "● RUN" in rows(app)[6]
        await pilot.press("d")
        await pilot.pause()
        assert "delete this run?" not in text(app)
        assert "goes on: it can't be deleted" in rows(app)[-1]


class Refusing(NoArchive):
    """A store that can't be read."""

    def runs(self, limit: int) -> tuple[()]:
        raise InputError.of("jetproof.db", "", "can't be read: disk I/O error")


async def test_a_store_that_cannot_be_read_says_why(engine: FakeEngine) -> None:
    app = console(engine, outside=Outside(archive=Refusing()))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        assert "! jetproof.db: can't be read: disk I/O error" in text(app)


async def test_an_empty_list_says_what_to_press(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        assert "no run is kept yet: 1 enter runs a scenario" in text(app)
        await pilot.press("enter", "d", "u", "y", "r", "j", "pagedown")
        assert app.is_running


async def test_the_log_has_failed_and_slow_requests_as_lines(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("5")
        await pilot.pause()
        shown = [row for row in rows(app)[5:-2] if row.strip("│ ")]
        assert "✗ /predict 503 Service Unavailable, 3 times" in shown[0]
        assert "! POST /predict took 4 231 ms" in shown[1]
        assert "standard on demo started" in shown[-1]


async def test_space_hides_a_kind_and_esc_shows_it_again(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("5", "down", "space")
        await pilot.pause()
        assert "took" not in text(app)
        assert "without 1 slow" in rows(app)[4]
        await pilot.press("escape")
        assert "took 4 231 ms" in text(app)
        await pilot.press("/", *"worker", "enter")
        assert "1 worker ready" in text(app)
        assert "took" not in text(app)


async def test_enter_on_a_line_leads_to_its_second(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("5", "/", *"spawned", "enter", "enter")
        await settle(app, pilot)
        assert "00:10 / 05:00" in rows(app)[1]
        assert "not live" in rows(app)[3]


async def test_a_line_outside_every_run_says_so(engine: FakeEngine) -> None:
    engine.session.note(STARTED_AT, "warn", "the disk is nearly full")
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("5", "enter")
        await pilot.pause()
        assert "belongs to no second of the run" in rows(app)[-1]


async def test_enter_on_a_failed_request_opens_answer_and_board(
    engine: FakeEngine, clock: FakeClock, tmp_path: Path
) -> None:
    app = console(engine, clock, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("5", "enter")
        await settle(app, pilot)
        shown = text(app)
        assert "failed request" in shown
        assert "try later" in shown
        assert "3 times from 00:41" in shown
        assert "cpu thermal" in shown
        clock.pass_s(1)
        await pilot.press("enter")
        await settle(app, pilot)
        assert "00:41 / 05:00" in rows(app)[1]


async def test_the_cursor_stays_on_its_line_when_newer_ones_come(
    engine: FakeEngine, tmp_path: Path
) -> None:
    app = console(engine, outside=live(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("5", "down")
        await pilot.pause()
        engine.session.note(STARTED_AT + 999, "info", "something new")
        await tick(app, pilot)
        at = next(row for row in rows(app) if row.startswith("│▌"))
        assert "took 4 231 ms" in at


async def test_a_long_list_scrolls_with_its_cursor(engine: FakeEngine) -> None:
    class Many(NoArchive):
        def runs(self, limit: int) -> tuple[Past, ...]:  # type: ignore[override]
            return tuple(
                Past(f"r{n}", f"s{n}", "PASS", STARTED_AT - n * 90, 100.0, 9.0, "demo")
                for n in range(500)
            )

    app = console(engine, outside=Outside(archive=Many()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        for keys, name in ((["end"], "s499"), (["pageup"], "s489"), (["home", "j"], "s1 ")):
            await pilot.press(*keys)
            assert name in next(row for row in rows(app) if row.startswith("│▌"))


async def test_a_campaign_and_scenarios_by_the_dozen_stay_usable(engine: FakeEngine) -> None:
    many = tuple(scenario(f"scenario-{number:02}", users=number + 1) for number in range(26))
    app = console(engine, scenarios=many)
    async with app.run_test(size=SMALL) as pilot:
        for _ in range(25):
            await pilot.press("down")
            assert any("▌" in row[:3] for row in rows(app))
        assert "scenario-25" in next(row for row in rows(app) if row.startswith("│▌"))
        assert "scenarios  Load" in rows(app)[4]


async def test_a_stored_run_may_end_while_it_is_listed(engine: FakeEngine, tmp_path: Path) -> None:
    app = console(engine, outside=ended(tmp_path, engine))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("enter")
        await settle(app, pilot)
        assert "not live" in rows(app)[3]
        assert "requests within all limits" in rows(app)[1]
