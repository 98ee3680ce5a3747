"""Dialogs: what they ask, what they answer, and when they listen."""

from __future__ import annotations

import pytest

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import Script, scenario
from tests.console.sight import LOCAL, PRODUCTION, SMALL, WIDE, console, rows, text, tick
from tui.core.model import Refusal
from tui.ports import RunRequest

MINUTE = scenario(minutes=1)
DOWN = Refusal("target-down", "smoke", "demo", "connection refused on http://127.0.0.1:8000")


async def test_keys_typed_before_a_dialog_was_seen_are_ignored(
    engine: FakeEngine, clock: FakeClock
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("q")
        clock.pass_s(0.29)
        await pilot.press("right", "enter")
        assert "keep running" in text(app)
        assert engine.calls == []
        clock.pass_s(0.02)
        await pilot.press("enter")
        assert "keep running" not in text(app)
        assert app.is_running
        assert engine.calls == []


async def test_quit_while_running_can_stop_the_run_and_leave(
    engine: FakeEngine, clock: FakeClock
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("q")
        clock.pass_s(1)
        assert "standard has 0:40 to go." in text(app)
        await pilot.press("right", "enter")
        await pilot.pause()
    assert engine.calls == [("stop", "stopped by hand")]
    assert app.return_value == 0


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("key", ["q", "?", "t"])
async def test_no_dialog_covers_the_verdict_strip(
    engine: FakeEngine, size: tuple[int, int], key: str
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=size) as pilot:
        before = rows(app)[:4]
        await pilot.press(key)
        await pilot.pause()
        assert "esc close" in text(app)
        assert rows(app)[:4] == before


async def test_a_run_goes_on_behind_a_dialog(engine: FakeEngine) -> None:
    script = Script(MINUTE)
    engine.play(script.until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("?")
        engine.play(script.second(20))
        await tick(app, pilot)
        assert "00:21 / 01:00" in rows(app)[1]
        assert "this help" in text(app)


async def test_the_footer_tells_the_keys_of_the_dialog(engine: FakeEngine) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("?")
        await pilot.pause()
        assert rows(app)[-1].strip() == "enter esc close"
        assert "glyphs" in text(app)


@pytest.mark.parametrize(
    ("key", "footer"),
    [
        ("q", "← → choose  enter take  esc close"),
        ("t", "↑ ↓ choose  enter take  esc close"),
        (":", "↑ ↓ choose  enter take  esc close"),
    ],
)
async def test_the_footer_names_the_arrows_that_choose(
    engine: FakeEngine, key: str, footer: str
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert rows(app)[-1].strip() == footer


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_who_insists_leaves_without_choosing(
    engine: FakeEngine, clock: FakeClock, key: str
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(key)
        clock.pass_s(1)
        assert "ctrl+c twice: stop and quit" in text(app)
        await pilot.press(key)
        await pilot.pause()
        assert f"! {key} again: stop and quit" in text(app)
        assert engine.calls == []
        clock.pass_s(2.9)
        await pilot.press(key)
        await pilot.pause()
    assert engine.calls == [("stop", "stopped by hand")]
    assert app.return_value == 0


async def test_a_second_ctrl_c_that_comes_late_only_arms_again(
    engine: FakeEngine, clock: FakeClock
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("q")
        clock.pass_s(1)
        await pilot.press("ctrl+c")
        clock.pass_s(3.1)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "ctrl+c again" in text(app)
        assert engine.calls == []


async def test_ctrl_c_in_another_dialog_asks_the_same(engine: FakeEngine, clock: FakeClock) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("?")
        clock.pass_s(1)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "keep running" in text(app)


async def test_a_protected_target_wants_its_name_in_full(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock, target=PRODUCTION)
    async with app.run_test(size=WIDE) as pilot:
        assert " production protected " in rows(app)[0]
        await pilot.press("enter")
        clock.pass_s(1)
        await pilot.press(*"productio", "enter")
        assert engine.asked == []
        await pilot.press("enter")
        clock.pass_s(1)
        await pilot.press(*"productiox", "backspace", "n", "enter")
        assert [request.meant for request in engine.asked] == ["production"]


async def test_a_target_that_is_down_can_be_asked_again(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        engine.refuse(DOWN)
        await pilot.pause()
        shown = text(app)
        assert "the target is not ready" in shown
        assert "connection refused on http://127.0.0.1:8000" in shown
        clock.pass_s(1)
        await pilot.press("enter")
        assert len(engine.asked) == 2
        assert engine.asked[0] == engine.asked[1]


async def test_a_target_that_refuses_is_not_called_silent(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        engine.refuse(Refusal("target-down", "smoke", "demo", "HTTP 401: the token is wrong"))
        await pilot.pause()
        shown = text(app)
        assert "demo was asked whether it is ready for load:" in shown
        assert "HTTP 401: the token is wrong" in shown
        assert "answer" not in shown


async def test_f_goes_on_although_the_target_is_down(engine: FakeEngine, clock: FakeClock) -> None:
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        engine.refuse(DOWN)
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press("f")
        first = engine.asked[0]
        assert engine.asked[1:] == [
            RunRequest(first.scenario, first.target, first.workers, force=True)
        ]


async def test_t_leads_from_a_target_that_is_down_to_another(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("enter")
        engine.refuse(DOWN)
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press("t")
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press("down", "enter", "enter")
        assert engine.asked[-1].target == LOCAL


async def test_the_same_refusal_twice_asks_twice(engine: FakeEngine, clock: FakeClock) -> None:
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        for _ in range(2):
            await pilot.press("enter")
            engine.refuse(DOWN)
            await pilot.pause()
            clock.pass_s(1)
            assert "the target is not ready" in text(app)
            await pilot.press("escape")
            assert "the target is not ready" not in text(app)


async def test_another_refusal_is_told_in_plain_words(engine: FakeEngine, clock: FakeClock) -> None:
    app = console(engine, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        engine.refuse(Refusal("busy", "smoke", "demo", "pid 4711 runs endurance on this board"))
        await pilot.pause()
        assert "another run has the board" in text(app)
        assert "pid 4711 runs endurance on this board" in text(app)
        clock.pass_s(1)
        await pilot.press("enter")
        assert "pid 4711" not in text(app)


async def test_a_refusal_from_before_the_console_opened_is_not_asked_again(
    engine: FakeEngine,
) -> None:
    engine.session.refuse(DOWN)
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await tick(app, pilot)
        assert "the target is not ready" not in text(app)
