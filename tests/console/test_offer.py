"""Which scenario is under the cursor: what is found, and where a first start is sent."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import scenario
from tests.console.sight import WIDE, console, rows, text
from tests.console.stressed import CPU


async def test_the_hint_of_a_first_start_leads_to_the_scenario_it_names(
    engine: FakeEngine,
) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "down", "down")
        assert "smoke first" in text(app)
        assert "home, enter" in text(app)
        await pilot.press("home", "enter")
        assert [asked.scenario.id for asked in engine.asked] == ["smoke"]


async def test_the_hint_of_a_first_start_gives_way_where_its_keys_go_elsewhere(
    engine: FakeEngine,
) -> None:
    app = console(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "tab")
        assert "smoke first" not in text(app)
        await pilot.press("escape")
        assert "smoke first" in text(app)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("stress", ["stress", "stress-cpu", "heat", "night-stress"]),
        ("STRESS-", ["stress-cpu", "night-stress"]),
        ("load", ["load", "night-stress", "stress", "smoke", "stress-cpu"]),
    ],
)
async def test_what_is_found_stands_in_order_of_how_well_it_matches(
    engine: FakeEngine, typed: str, found: list[str]
) -> None:
    heat = msgspec.structs.replace(CPU, id="heat", title="Hot and long")
    cpu = msgspec.structs.replace(CPU, title="Under load")
    night = scenario("night-stress", users=2, minutes=9)
    night = msgspec.structs.replace(night, title="A stress- test by night")
    catalogue = (night, scenario("load"), scenario("stress"), cpu, heat, scenario("smoke"))
    app = console(engine, scenarios=catalogue)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "/", *typed)
        frame = app.bench.frame
        assert [each.id for each in frame.scenarios][: len(found)] == found
        assert frame.chosen == frame.scenarios[0]


async def test_what_is_found_stands_under_its_kind(engine: FakeEngine) -> None:
    app = console(engine, scenarios=(scenario("stress"), CPU))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("/", *"stress")
        listed = [row[2:22].split()[:1] for row in rows(app)[5:9]]
        assert listed == [["Load"], ["stress"], ["Stress"], ["stress-cpu"]]
