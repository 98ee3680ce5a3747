"""Keys, dialogs and panels of the Bench while a stress is chosen, goes on, or is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.console.fakes import FakeClock, FakeEngine
from tests.console.runs import CATALOGUE, orin
from tests.console.sight import PRODUCTION, SMALL, WIDE, console, rows, text, tick
from tests.console.stressed import CPU, LOADED, MIXED, STRESSES, burning, over
from tests.console.test_sizes import SIZES, assert_framed
from tests.console.test_views import ask
from tui.console.app import Console
from tui.console.appearance import Appearance
from tui.console.glyphs import TierName
from tui.console.outside import Outside
from tui.console.scene import VIEWS_OF
from tui.console.screens.overrides import changes_of, written
from tui.console.screens.stressing import guards, stress_warning
from tui.console.tiles import arrange, is_narrow
from tui.console.widgets.cell_widget import CellWidget
from tui.core import events as ev
from tui.core.scenario import Scenario

FRAMED = ("stress", "burners", "board-chart", "latency", "throughput", "endpoints", "detail")
SHOWN = (*CATALOGUE, *STRESSES)


def opened(engine: FakeEngine, clock: FakeClock | None = None, **changes: Any) -> Console:
    return console(engine, clock, scenarios=SHOWN, **changes)


async def choose(pilot: Pilot[int], scenario: Scenario) -> None:
    await pilot.press("/", *scenario.id, "enter")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("work", VIEWS_OF)
def test_tiles_of_every_view_cover_the_window_and_never_each_other(
    size: tuple[int, int], work: str
) -> None:
    width, height = size
    for view in VIEWS_OF[work]:  # type: ignore[index]
        taken: set[tuple[int, int]] = set()
        for tile in arrange(width, height, view, False, work).values():  # type: ignore[arg-type]
            columns = range(tile.x, tile.x + tile.width)
            cells = {(x, y) for x in columns for y in range(tile.y, tile.y + tile.height)}
            assert not cells & taken
            taken |= cells
        assert len(taken) == (width * height if width >= 60 and height >= 18 else width * 3)


@pytest.mark.parametrize(
    ("tier", "size", "state"),
    [
        *(("full", size, state) for size in SIZES for state in ("mixed", "loaded")),
        *(("full", size, state) for size in (SMALL, WIDE) for state in ("over", "idle")),
        *(("ascii", size, "mixed") for size in (SMALL, WIDE)),
    ],
)
async def test_every_panel_stays_inside_its_borders_at_every_size(
    tier: TierName, size: tuple[int, int], state: str
) -> None:
    engines: dict[str, Callable[[], FakeEngine]] = {
        "mixed": lambda: burning(MIXED, 130),
        "loaded": lambda: burning(LOADED, 130),
        "over": over,
        "idle": FakeEngine,
    }
    app = opened(engines[state](), appearance=Appearance(glyphs=tier))
    async with app.run_test(size=size) as pilot:
        if state == "idle":
            await choose(pilot, CPU)
        for _ in range(len(VIEWS_OF["both"]) if is_narrow(*size) else 2):
            assert [len(row) <= size[0] for row in rows(app)] == [True] * size[1]
            for widget in app.screen.query(CellWidget):
                if widget.id in FRAMED and widget.size.width and widget.canvas.width:
                    assert_framed(widget)
            await pilot.press("c")
            await pilot.pause()


@pytest.mark.parametrize(
    ("what", "count"), [(CPU, len(VIEWS_OF["stress"])), (LOADED, len(VIEWS_OF["both"]))]
)
async def test_c_goes_round_what_the_run_has_in_a_small_window(what: Scenario, count: int) -> None:
    app = opened(burning(what))
    seen = []
    async with app.run_test(size=SMALL) as pilot:
        for _ in range(count):
            seen.append(next(row for row in rows(app)[4:] if row.startswith("╭"))[:14])
            await pilot.press("c")
            await pilot.pause()
        assert "level %" in text(app)
    assert len(set(seen)) == count
    assert seen[0].startswith("╭─ level %")
    assert any(row.startswith("╭─ burners") for row in seen)
    has_load = any(row.startswith("╭─ latency") for row in seen)
    assert has_load == (what is LOADED)


async def test_in_a_wide_window_c_changes_between_the_stress_and_the_load() -> None:
    app = opened(burning(LOADED))
    async with app.run_test(size=WIDE) as pilot:
        assert "╭─ level %" in text(app)
        assert "╭─ burners" in text(app)
        assert "╭─ latency ms" not in text(app)
        await pilot.press("c")
        await pilot.pause()
        assert "╭─ latency ms" in text(app)
        assert "╭─ endpoints" in text(app)
        assert "╭─ level %" not in text(app)
        await pilot.press("c")
        await pilot.pause()
        assert "╭─ level %" in text(app)


async def test_a_load_has_its_own_panels_back_when_it_is_chosen() -> None:
    app = opened(FakeEngine())
    async with app.run_test(size=WIDE) as pilot:
        assert "╭─ latency ms" in text(app)
        await choose(pilot, CPU)
        assert "╭─ level %" in text(app)
        await choose(pilot, CATALOGUE[0])
        assert "╭─ latency ms" in text(app)


async def test_the_first_s_takes_the_stress_away_and_the_second_ends_the_run(
    clock: FakeClock,
) -> None:
    engine = burning()
    app = opened(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        assert "s end stress" in rows(app)[-1]
        await pilot.press("s")
        assert engine.calls == [("calm",)]
        assert "s stress undone; again within 3 s ends the run" in rows(app)[-1]
        await pilot.press("s")
        assert engine.calls == [("calm",), ("stop", "stopped by hand")]


async def test_three_seconds_later_s_arms_again(clock: FakeClock) -> None:
    engine = burning()
    app = opened(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("s")
        clock.pass_s(4)
        await tick(app, pilot)
        assert "within 3 s" not in rows(app)[-1]
        await pilot.press("s")
        assert engine.calls == [("calm",), ("calm",)]


@pytest.mark.parametrize("seconds", [10, 150])
async def test_before_and_after_the_stress_there_is_nothing_to_undo(seconds: int) -> None:
    engine = burning(seconds=seconds)
    app = opened(engine)
    async with app.run_test(size=WIDE) as pilot:
        assert "s stop" in rows(app)[-1]
        await pilot.press("s")
        assert engine.calls == []
        assert rows(app)[-1].lstrip().startswith("s again within 3 s ends the run")
        await pilot.press("s")
        assert engine.calls == [("stop", "stopped by hand")]


@pytest.mark.parametrize("key", ["p", "h"])
@pytest.mark.parametrize("what", [CPU, LOADED])
async def test_a_stress_is_neither_paused_nor_held(key: str, what: Scenario) -> None:
    engine = burning(what)
    app = opened(engine)
    async with app.run_test(size=WIDE) as pilot:
        assert "pause" not in rows(app)[-1]
        await pilot.press(key)
        assert engine.calls == []
        assert "a stress is neither paused nor held: s ends it" in rows(app)[-1]
        await pilot.press("s")
        assert "again within 3 s" in rows(app)[-1]


async def test_without_a_load_no_key_changes_users_or_opens_requests() -> None:
    engine = burning()
    app = opened(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("+", "-", "w")
        assert engine.calls == []
        assert "worst" not in rows(app)[-1]


async def test_the_palette_ends_the_stress() -> None:
    engine = burning()
    app = opened(engine)
    async with app.run_test(size=WIDE) as pilot:
        await ask(app, pilot, "end the stress")
        assert engine.calls == [("calm",)]
        assert "the run watches the way back" in rows(app)[-1]


async def test_the_palette_offers_the_burners_in_a_small_window() -> None:
    app = opened(burning())
    async with app.run_test(size=SMALL) as pilot:
        await ask(app, pilot, "burners, health")
        assert "╭─ burners" in text(app)


async def pressed(app: Console, pilot: Pilot[int], clock: FakeClock, *keys: str) -> None:
    """Keys for a dialog that somebody has seen."""
    await pilot.pause()
    clock.pass_s(1)
    await pilot.press(*keys)
    await pilot.pause()


async def test_a_stress_starts_only_once_it_was_said_what_it_does(clock: FakeClock) -> None:
    engine = FakeEngine()
    app = opened(engine, clock)
    async with app.run_test(size=WIDE) as pilot:
        await choose(pilot, CPU)
        await pilot.press("enter")
        await pilot.pause()
        assert "burns cpu matrix 100 %, for 2 min" in text(app)
        assert "s ends it at once" in text(app)
        # The safe answer has the focus.
        await pressed(app, pilot, clock, "enter")
        assert engine.asked == []
        await pilot.press("enter")
        await pressed(app, pilot, clock, "right", "enter")
        assert [request.scenario.id for request in engine.asked] == [CPU.id]


async def test_a_protected_target_asks_for_its_name_and_says_it_too(clock: FakeClock) -> None:
    engine = FakeEngine()
    app = opened(engine, clock, target=PRODUCTION)
    async with app.run_test(size=WIDE) as pilot:
        await choose(pilot, LOADED)
        await pilot.press("enter")
        await pilot.pause()
        assert "burns cpu matrix 100 %" in text(app)
        await pressed(app, pilot, clock, *"production", "enter")
        assert [request.meant for request in engine.asked] == ["production"]


def told(scenario: Scenario, board: Mapping[str, ev.Reading]) -> str:
    lines = stress_warning(scenario, board)
    return " ".join("".join(piece[0] for piece in line).strip() for line in lines)


def test_only_guards_that_can_watch_are_promised() -> None:
    zone = {"tj_c": ev.Reading(50.0, "sysfs", limit=99.0, critical=104.5)}
    assert "stops 5 °C below throttling" in told(CPU, orin() | zone)
    blind = told(CPU, {})
    assert "below throttling" not in blind
    assert "not guarded on this board: heat" in blind
    assert CPU.stress is not None
    assert guards(CPU.stress)[-1] == "s ends it at once"


def test_the_lengths_of_a_stress_can_be_changed_for_its_next_start() -> None:
    before = written(CPU, CPU)
    assert [before[f"stress.{key}"] for key in ("before", "duration", "after")] == [
        "20s",
        "2m",
        "1m",
    ]
    assert "load.users" not in before
    changes = changes_of(CPU, {**before, "stress.duration": "30s"})
    assert changes == {"stress.duration": "30s"}
    assert changes_of(LOADED, {**written(LOADED, LOADED), "load.users": "5"}) == {"load.users": 5}


async def test_the_form_of_a_stress_asks_for_no_load_workers(clock: FakeClock) -> None:
    asked: list[Mapping[str, Any]] = []

    def change(usual: Scenario, changes: Mapping[str, Any]) -> Scenario:
        asked.append(changes)
        return usual

    app = opened(FakeEngine(), clock, outside=Outside(change=change))
    async with app.run_test(size=WIDE) as pilot:
        await choose(pilot, CPU)
        await pilot.press("e")
        await pilot.pause()
        assert "stressed for" in text(app)
        assert "load workers" not in text(app)
