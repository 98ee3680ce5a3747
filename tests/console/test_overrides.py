"""What is different about the next start, and scenarios of one's own from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import msgspec
import pytest

from tests.console.choosing import FILES, LIMITS, change
from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import CATALOGUE, scenario
from tests.console.sight import (
    SMALL,
    WIDE,
    console,
    rows,
    text,
)
from tests.console.stressed import CPU
from tui.console.outside import Outside
from tui.console.screens.overrides import changes_of, written
from tui.core.problem import InputError
from tui.core.scenario import Scenario, parse_scenario

TWO_MINUTES = scenario(minutes=2)


async def test_an_override_counts_for_the_next_start_alone(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock, outside=Outside(change=change))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press(*"30", "down", "down", *"2m", *["down"] * 4, "3", "enter")
        await pilot.pause()
        assert "30 users for 2 min" in text(app)
        assert "smoke  changed" in text(app)
        await pilot.press("enter", "enter")
        first, second = engine.asked
        assert (first.scenario.users, first.scenario.duration_s) == (30, 120)
        assert first.workers == 3
        assert (second.scenario.users, second.workers) == (5, 2)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["0"], "users: 0 users can't load anything"),
        ([*"2.5"], "users: 2.5 is not a whole number"),
        (["backspace"], "users: nothing is not a whole number"),
        (["down", *"no"], "started per s: no is not a number"),
        (["down", "down", *"soon"], 'duration: "soon" is not a duration'),
        ([*["down"] * 6, *"99"], "load workers: a number from 1 to 64"),
        ([*["down"] * 3, *"quick"], 'p95_ms: "quick" is not a limit'),
        ([*"9999999"], "users: more users than a generator can be"),
    ],
)
async def test_a_bad_value_is_one_clear_line_and_nothing_starts(
    engine: FakeEngine, clock: FakeClock, keys: Sequence[str], said: str
) -> None:
    app = console(engine, clock, outside=Outside(change=change))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press(*keys, "enter")
        assert said in text(app)
        await pilot.press("escape")
        assert app.bench.frame.changed == frozenset()


@pytest.mark.parametrize("kind", list(FILES))
def test_the_course_of_every_kind_of_load_can_be_changed(kind: str) -> None:
    load, shown, typed, changes = FILES[kind]
    data = {"kind": "load", "title": kind, "load": load, "thresholds": LIMITS}
    usual = parse_scenario(PurePath(f"{kind}.toml"), data, {})
    before = written(usual, usual)
    limits = {"thresholds.p95_ms": "< 2000", "thresholds.error_rate": "< 0.01"}
    # What aborts a run is not loosened in passing.
    assert list(before.items()) == [*zip(before, shown, strict=False), *limits.items()]
    values = {**before, **{key: text for key, text in zip(before, typed, strict=False) if text}}
    assert changes_of(usual, before) == {}
    assert changes_of(usual, values) == changes
    changed = parse_scenario(PurePath(f"{kind}.toml"), data, changes)
    assert {**written(changed, usual), **limits} == values
    assert changed.duration_s in (120, 240)


def test_a_rising_rate_that_was_made_level_can_be_changed_again() -> None:
    data = {"kind": "load", "title": "Rate", "load": FILES["rising-rate"][0]}
    usual = parse_scenario(PurePath("rate.toml"), data, {})
    level = parse_scenario(PurePath("rate.toml"), data, {"load.arrival_rate.from": 61.0})
    assert written(level, usual)["load.arrival_rate.from"] == "61"


def test_a_limit_typed_as_a_number_keeps_its_operator() -> None:
    usual = CATALOGUE[0]
    values = {**written(usual, usual), "thresholds.p95_ms": "800", "thresholds.p99_ms": "<= 900"}
    assert changes_of(usual, values) == {
        "thresholds.p95_ms": "< 800",
        "thresholds.p99_ms": "<= 900",
    }


async def test_a_file_that_lost_a_limit_meanwhile_breaks_no_form(
    engine: FakeEngine, clock: FakeClock
) -> None:
    def changed(usual: Scenario, changes: Mapping[str, Any]) -> Scenario:
        return msgspec.structs.replace(change(usual, changes), thresholds=())

    app = console(engine, clock, outside=Outside(change=changed))
    async with app.run_test(size=WIDE) as pilot:
        for users in (["7", "enter"], ["8", "enter"]):
            await pilot.press("e")
            clock.pass_s(1)
            await pilot.press(*users)
            await pilot.pause()
        assert "8 users" in text(app)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_every_field_of_the_longest_form_is_on_the_smallest_screen(
    engine: FakeEngine, clock: FakeClock, size: tuple[int, int]
) -> None:
    app = console(engine, clock, outside=Outside(change=change))
    async with app.run_test(size=size) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        shown = text(app)
        for label in ("users", "started per s", "p95, ms", "errors, 0 to 1", "target", "use it"):
            assert label in shown


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (["2"], "2▏"),
        (["right", "2"], "2m2▏"),
        (["left", "4"], "4▏2m"),
        (["end", "left", "5"], "25▏m"),
        (["home", "delete", "9"], "9▏m"),
        (["end", "backspace", "s"], "2s▏"),
        (["backspace", "3", "h"], "3h▏"),
        (["delete", "4"], "4▏"),
        ([], "▏2m"),
    ],
)
async def test_a_text_is_replaced_by_typing_or_changed_behind_the_arrows(
    engine: FakeEngine, clock: FakeClock, keys: Sequence[str], shown: str
) -> None:
    app = console(engine, clock, scenarios=(TWO_MINUTES,), outside=Outside(change=change))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press("down", "down", *keys)
        (row,) = [row for row in rows(app) if "▌duration" in row]
        assert row.partition("▌duration")[2].split()[0] == shown


async def test_of_a_stress_its_length_is_what_is_changed_first(
    engine: FakeEngine, clock: FakeClock
) -> None:
    app = console(engine, clock, scenarios=(CPU,), outside=Outside(change=change))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("e")
        assert "▌stressed for" in text(app)
        assert "replace it" in rows(app)[-1]


async def test_an_override_can_be_taken_back(engine: FakeEngine, clock: FakeClock) -> None:
    app = console(engine, clock, outside=Outside(change=change))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press("7", "enter")
        await pilot.pause()
        assert "7 users" in text(app)
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press("up", "right", "right", "enter")
        await pilot.pause()
        assert "5 users for 30 s" in text(app)


async def test_a_changed_scenario_is_saved_under_a_name_that_is_free(
    engine: FakeEngine, clock: FakeClock
) -> None:
    saved: list[tuple[str, str, dict[str, Any]]] = []

    def save(name: str, what: Scenario, changes: Mapping[str, Any]) -> Scenario:
        saved.append((name, what.id, dict(changes)))
        return msgspec.structs.replace(what, id=name, path=f"/home/me/{name}.toml")

    app = console(engine, clock, outside=Outside(change=change, save=save))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press("9", "up", "right", "enter")
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press(*"peak", "enter")
        assert "peak is taken: nothing is overwritten" in text(app)
        await pilot.press("backspace", *"rl", "enter")
        await pilot.pause()
        assert saved == [("pearl", "smoke", {"load.users": 9})]
        assert "pearl" in next(row for row in rows(app) if row.startswith("│▌"))
        assert "saved as /home/me/pearl.toml" in rows(app)[-1]


async def test_what_cannot_be_saved_says_why(engine: FakeEngine, clock: FakeClock) -> None:
    def save(name: str, what: Scenario, changes: Mapping[str, Any]) -> Scenario:
        raise InputError.of("pearl.toml", "", "can't be written: Read-only file system")

    app = console(engine, clock, outside=Outside(change=change, save=save))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("e")
        clock.pass_s(1)
        await pilot.press("up", "right", "enter")
        await pilot.pause()
        clock.pass_s(1)
        await pilot.press("enter")
        await pilot.pause()
        assert "! pearl.toml: can't be written: Read-only file system" in rows(app)[-1]
