"""Every key does what the footer, the help and the palette say."""

from __future__ import annotations

import pytest

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import Script, scenario
from tests.console.sight import LOCAL, SMALL, WIDE, console, rows, text, tick
from tui.console.commands import BY_KEY, COMMANDS
from tui.console.scene import VIEWS
from tui.core import events as ev

MINUTE = scenario(minutes=1)


def footer(shown: list[str]) -> str:
    return shown[-1]


async def test_enter_runs_the_scenario_under_the_cursor(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "j", "enter")
        assert [request.scenario.id for request in engine.asked] == ["standard"]
        assert engine.asked[0].workers == 2
        assert not engine.asked[0].force


async def test_enter_during_a_run_queues_another(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        assert "enter queue" in footer(rows(app))
        await pilot.press("up", "k", "enter")
        assert [request.scenario.id for request in engine.asked] == ["smoke"]
        assert engine.asked[0].cool_down, "it waits for the board as the run before it found it"


async def test_one_s_arms_and_the_second_within_three_seconds_stops(
    engine: FakeEngine, clock: FakeClock
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("s")
        assert engine.calls == []
        assert "s again within 3 s ends the run" in rows(app)[3]
        assert "again within 3 s ends the run" in footer(rows(app))
        clock.pass_s(2.9)
        await pilot.press("s")
        assert engine.calls == [("stop", "stopped by hand")]


async def test_an_armed_stop_goes_off_by_itself(engine: FakeEngine, clock: FakeClock) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("s")
        clock.pass_s(3.1)
        await tick(app, pilot)
        assert "s again" not in text(app)
        await pilot.press("s")
        assert engine.calls == []


@pytest.mark.parametrize("key", ["escape", "down", "p"])
async def test_any_other_key_takes_a_first_s_back(engine: FakeEngine, key: str) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("s", key, "s")
        assert ("stop", "stopped by hand") not in engine.calls


async def test_s_without_a_run_does_nothing(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("s", "s")
        assert engine.calls == []


async def test_p_pauses_and_resumes(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("p")
        engine.play([ev.PhaseEntered(at_s=22, phase="paused")])
        await tick(app, pilot)
        assert "p resume" in footer(rows(app))
        await pilot.press("p")
        assert engine.calls == [("pause",), ("resume",)]


async def test_slash_finds_and_enter_keeps_what_was_found(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("/", "s", "p", "i")
        shown = text(app)
        assert "find spi" in shown
        assert "endurance" not in shown
        await pilot.press("enter")
        assert engine.asked == []
        await pilot.press("enter")
        assert engine.asked[0].scenario.id == "spike"


async def test_letters_typed_to_find_are_no_commands(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("/", "s", "s", "p", "q")
        assert engine.calls == []
        assert "none matches" in text(app)
        await pilot.press("escape")
        assert "endurance" in text(app)


async def test_t_chooses_the_target_of_the_next_run(engine: FakeEngine, clock: FakeClock) -> None:
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("t")
        clock.pass_s(1)
        assert "the embedded demo" in text(app)
        await pilot.press("t", "enter")
        assert " local " in rows(app)[0]
        await pilot.press("enter")
        assert engine.asked[0].target == LOCAL


async def test_c_goes_round_the_panels_of_a_small_window(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=SMALL) as pilot:
        seen = []
        for _ in VIEWS:
            seen.append(rows(app)[4].split()[1])
            await pilot.press("c")
        assert seen == ["latency", "■", "━", "host", "endpoints", "smoke", "log"]
        assert rows(app)[4].split()[1] == "latency"


async def test_tab_lays_the_scenarios_over_the_chart_of_a_small_window(
    engine: FakeEngine,
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=SMALL) as pilot:
        assert "scenarios ─" not in rows(app)[4]
        await pilot.press("tab")
        assert "╭─ scenarios ─" in rows(app)[4]
        await pilot.press("escape")
        assert "latency ms" in rows(app)[4]


async def test_a_small_window_begins_with_the_scenarios(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "╭─ scenarios ─" in rows(app)[4]
        engine.play(Script(MINUTE).until(3))
        await tick(app, pilot)
        assert "latency ms" in rows(app)[4]


async def test_nobody_queues_what_they_do_not_see(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        assert engine.asked == []
        assert "╭─ scenarios ─" in rows(app)[4]
        await pilot.press("enter")
        assert len(engine.asked) == 1


async def test_tab_moves_the_arrows_to_the_log_of_a_wide_window(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        assert "00:10 · warm-up done" in text(app)
        await pilot.press("tab", "tab", "down")
        assert "00:10 · warm-up done" not in text(app)
        await pilot.press("escape")
        assert "00:10 · warm-up done" in text(app)


async def test_esc_puts_a_verdict_away_and_never_stops_a_run(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("escape", "escape")
        assert engine.calls == []
        engine.play(Script(MINUTE).ending(20))
        await tick(app, pilot)
        assert "requests within all limits" in rows(app)[1]
        await pilot.press("escape")
        assert " · IDLE " in rows(app)[1]


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_an_idle_console_leaves_at_once(engine: FakeEngine, key: str) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert not app.is_running or app.return_value == 0
    assert app.return_value == 0
    assert engine.calls == []


async def test_a_click_moves_the_cursor_without_running_anything(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.click(offset=(8, 9))
        assert "▌  load" in text(app)
        assert engine.asked == []


async def test_the_palette_offers_what_works_now_and_does_it(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(":")
        await app.workers.wait_for_complete()
        await pilot.pause()
        shown = rows(app)
        assert "● RUN" in shown[1]
        assert any("Pause the load, or resume it" in row for row in shown)
        await pilot.press(*"pause")
        await app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        assert engine.calls == [("pause",)]


async def test_the_palette_of_an_idle_console_does_not_offer_to_stop(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Stop the run" not in text(app)
        assert "Find a scenario" in text(app)


def test_no_key_means_two_things() -> None:
    assert len(BY_KEY) == sum(len(command.keys) for command in COMMANDS)


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("seconds", [0, 4, 20])
async def test_the_footer_has_at_most_eight_keys_of_the_moment_and_all_fit(
    size: tuple[int, int], seconds: int
) -> None:
    engine = FakeEngine()
    if seconds:
        engine.play(Script(MINUTE).until(seconds))
    app = console(engine)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = footer(rows(app))
        items = [item.split()[0] for item in shown.split("  ") if item.strip()]
        assert len(items) >= 5
        assert len([key for key in items if key not in ("tab", ":", "?", "q")]) <= 8
        assert items[-1] == "q"
        assert len(shown) < size[0]
