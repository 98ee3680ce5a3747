"""`w` on a workflow: the steps that failed, and each with its whole exchange."""

from __future__ import annotations

from typing import Any

import pytest

from tests.console.choosing import copied
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import CATALOGUE, DEMO
from tests.console.sight import SMALL, WIDE, SeenConsole, console, rows, settle, text
from tests.lib import workflows as w
from tui.console.screens.dialog import IGNORED_S
from tui.core import events as ev

MADE = w.facts(scenario=w.SCENARIO, target=DEMO)
LONG = "\n".join(f"line {number} of the answer" for number in range(40))


def failed(**keys: Any) -> FakeEngine:
    """Three rounds; the second could not store its picture."""
    return FakeEngine().play(w.whole(3, "store", made=MADE, **keys))


def opened(engine: FakeEngine, clock: FakeClock) -> SeenConsole:
    return console(engine, clock, scenarios=(*CATALOGUE, w.SCENARIO))


async def press(pilot: Any, clock: FakeClock, *keys: str) -> None:
    """Each where a dialog may have opened before it, and is listening by now."""
    for key in keys:
        clock.pass_s(IGNORED_S * 2)
        await pilot.press(key)
        await pilot.pause()


@pytest.mark.parametrize("size", [(60, 18), SMALL, WIDE])
async def test_the_list_opens_the_exchange_of_one(size: tuple[int, int], clock: FakeClock) -> None:
    app = opened(failed(), clock)
    async with app.run_test(size=size) as pilot:
        assert "w failed" in rows(app)[-1]
        await press(pilot, clock, "w")
        assert "1 failed step of capture-to-storage" in text(app)
        assert "2 store" in text(app)
        await press(pilot, clock, "enter")
        shown = text(app)
        assert w.WHY in shown
        assert "wanted  c0ffee" in shown
        assert "got     beef" in shown
        assert "r1-2" in shown
        if size != (60, 18):
            assert "asked   POST /images?name=r1-2.jpg" in shown
            assert "sent    form, file of 52 310 bytes" in shown
            assert "status  201" in shown
            assert "headers content-type: application/json" in shown
            assert '{"id": 7, "sha256": "beef"}' in shown
        await press(pilot, clock, "escape")
        assert "1 failed step" in text(app)


async def test_what_is_longer_than_the_window_scrolls_and_is_copied_whole(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = ev.Exchange(method="GET", url="/images/7", status=500, answer=LONG)
    app = opened(failed(exchange=exchange), clock)
    texts = copied(app, monkeypatch)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, clock, "w", "enter")
        assert "line 39" not in text(app)
        assert "rounds complete" in rows(app)[2], "the verdict strip stays in sight"
        await press(pilot, clock, "end")
        assert "line 39 of the answer" in text(app)
        await press(pilot, clock, "home")
        assert w.WHY in text(app)
        await press(pilot, clock, "y")
    assert len(texts) == 1
    for words in ("line 39 of the answer", "GET /images/7", "r1-2", MADE.url):
        assert words in texts[0]


async def test_its_second_can_be_read_back(clock: FakeClock) -> None:
    app = opened(failed(), clock)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, clock, "w", "enter", "x")
        await settle(app, pilot)
        assert app.screen.frame.back is not None  # type: ignore[attr-defined]


async def test_where_nothing_failed_the_key_says_so(clock: FakeClock) -> None:
    app = opened(FakeEngine().play(w.whole(3, made=MADE)), clock)
    async with app.run_test(size=WIDE) as pilot:
        assert "w failed" not in rows(app)[-1]
        await press(pilot, clock, "w")
        assert "no step failed" in text(app)


async def test_of_a_suite_the_test_is_named(clock: FakeClock) -> None:
    scenario = w.suite_scenario()
    app = console(FakeEngine().play(w.suite("ppppfsopp")), clock, scenarios=(*CATALOGUE, scenario))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, clock, "w")
        assert "SMK-03 store" in text(app)
        await press(pilot, clock, "enter")
        assert "failed step SMK-03 store" in text(app)
        assert "nothing was asked of the service" in text(app)
