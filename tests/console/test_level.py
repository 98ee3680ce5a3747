"""`+` and `-`: each press builds on the one before."""

from __future__ import annotations

import pytest

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import Script, scenario
from tests.console.sight import WIDE, console, tick
from tui.core import events as ev

MINUTE = scenario(minutes=1)


@pytest.mark.parametrize(("key", "users"), [("+", 22), ("=", 22), ("-", 18)])
async def test_plus_and_minus_change_the_users_by_ten_percent(
    engine: FakeEngine, key: str, users: int
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(key)
        assert engine.calls == [("rescale", users)]


async def test_quick_presses_add_up_before_the_picture_follows(
    engine: FakeEngine, clock: FakeClock
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("+", "+", "+")
        assert engine.calls == [("rescale", users) for users in (22, 24, 26)]
        engine.play([ev.UsersRequested(at_s=22, users=22)])
        await tick(app, pilot)
        await pilot.press("-")
        assert engine.calls[-1] == ("rescale", 23)


async def test_a_level_that_never_came_is_forgotten(engine: FakeEngine, clock: FakeClock) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("+", "+")
        clock.pass_s(3.1)
        await pilot.press("+")
        assert engine.calls[-1] == ("rescale", 22)


async def test_a_level_that_came_is_not_held_against_a_later_one(
    engine: FakeEngine, clock: FakeClock
) -> None:
    engine.play(Script(MINUTE).until(20))
    app = console(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("+")
        for users in (22, 10):
            engine.play([ev.UsersRequested(at_s=22, users=users)])
            await tick(app, pilot)
        await pilot.press("-")
        assert engine.calls[-1] == ("rescale", 9)


async def test_few_users_change_by_one_and_never_below_one(engine: FakeEngine) -> None:
    engine.play(Script(scenario(users=1, minutes=1)).until(20))
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("-", "+")
        assert engine.calls == [("rescale", 1), ("rescale", 2)]
