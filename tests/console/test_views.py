"""What a small window can show in the place of its chart, and how one finds it."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.console.fakes import FakeEngine
from tests.console.runs import STARTED_AT, Script, incident, orin, scenario
from tests.console.sight import SMALL, WIDE, console, drawn, rows, scene, text
from tui.console.app import Console
from tui.console.commands import VIEWS as OFFERED
from tui.console.scene import VIEWS
from tui.console.widgets.board import draw_board
from tui.core import events as ev
from tui.core.incidents import Incident

MINUTE = scenario(minutes=1)
MANY: tuple[Incident, ...] = (
    incident("fan", kind="alert", text="the fan stands still", label="fan", level="fail"),
    incident("thermal", text="thermal throttling", label="thermal", detail="tj 57.0 °C"),
    incident("cpu_percent", kind="alert", text="CPU above 85 %", label="cpu", detail="92 %"),
    incident("heat", kind="alert", text="heat", label="heat", detail="tj 91.2 °C"),
    incident(level="info", detail="4/s"),
)


@pytest.fixture
def hot() -> FakeEngine:
    """An Orin under load."""
    engine = FakeEngine().play(Script(MINUTE, board=orin).until(20))
    engine.told = {"is_throttled": False}
    return engine


def all_gauges(readings: dict[str, ev.Reading], *incidents: Incident, lost: str = "") -> list[str]:
    """The rows of the panel in the body of a small window, without its sides."""
    engine = FakeEngine()
    engine.session.sample_board(ev.Sample(readings), STARTED_AT, 0.0)
    engine.told = {
        "is_throttled": any(each.key == "thermal" for each in incidents),
        "incidents": incidents,
        "lost": {"jtop": lost} if lost else {},
    }
    canvas = drawn(draw_board, scene(engine, narrow=True, view="gauges"), 80, 19)
    return [row.strip("│╭╮╰╯ ─") for row in canvas.text().split("\n")]


def test_all_gauges_stand_in_two_columns_under_the_verdict() -> None:
    assert all_gauges(orin()) == [
        "board   Orin Nano Super · MAXN_SUPER",
        "✓ not throttled",
        "GPU ━━━━━━━━━━━────    74 %  918/1020  cpu0 ━━━━━╸────────    40 %",
        "CPU ━━━━━━╸────────    43 %  1.73 GHz  cpu1 ━━━━━━━━━━╸───    74 %",
        "RAM ━━━━━━━━━━─────   4.9 / 7.4 GiB    cpu2 ━━━━━━━━──────    58 %",
        "EMC ━━━━╸──────────    31 %  3.2 GHz   cpu3 ━━────────────    16 %",
        "tj  ━━━━━━━━━━━────  71.4 / 99.0 °C    cpu4 ━╸────────────     9 %",
        "VDD ━━━━━━━━━━─────  16.3 / 25.0 W     cpu5 ━━━━━━╸───────    48 %",
        "fan ━━━━━━━────────    45 % 1 636 rpm",
        "net ↓                 3.4  ↑ 0.8 Mb/s  CPU+GPU 7.1 W  SOC 3.1 W",
        "cpu 70 °C  gpu 71 °C  soc0 68 °C",
        "clocks pinned  swap 0  OOM 0           NVDEC off",
        "eth0 1000 Mb/s  data 212 GiB",
        "nvme 41 °C  load 2.4  up 3 d           infer.service pid 1841",
        "3.1 cores  1.9 GiB  0 restarts",
        "34 threads  57 files",
        "console                 3 %  92 MiB",
        "generator              23 % of a core",
        "c endpoints · sysfs + jtop · 0.4 s ago",
    ]


def test_every_incident_is_a_row_there_and_throttling_the_first() -> None:
    shown = all_gauges(orin(), *MANY)
    assert shown[1:6] == [
        "! WARN thermal throttling, tj 57.0 °C since 14:14:59",
        "✗ FAIL the fan stands still 12/s since 14:14:59",
        "! WARN CPU above 85 %, 92 % since 14:14:59",
        "! WARN heat, tj 91.2 °C since 14:14:59",
        "· oc3 over-current 4/s since 14:14:59",
    ]
    for word in ("GPU", "tj", "VDD", "cpu5", "infer.service", "3.1 cores"):
        assert any(word in row for row in shown[6:]), word


def test_gauges_keep_their_rows_however_much_goes_on() -> None:
    shown = all_gauges(orin(), *MANY, *MANY, *MANY, lost="the service was killed")
    assert any(row.startswith("GPU") for row in shown)
    assert any("infer.service" in row for row in shown)
    assert sum(row[:1] in "!✗·" for row in shown[1:]) <= 10


def test_a_lost_source_says_there_why() -> None:
    assert "n/a: jtop the service was killed" in all_gauges(orin(), lost="the service was killed")


def test_many_cores_are_bars_in_one_row_where_they_would_push_out_the_service() -> None:
    twelve = orin() | {f"cpu{core}_percent": ev.Reading(50.0, "sysfs") for core in range(12)}
    shown = all_gauges(twelve, *MANY)
    assert any("12 cores" in row for row in shown)
    assert any("infer.service" in row for row in shown)
    assert not any("cpu11" in row for row in shown)


async def test_c_leads_from_the_boards_chart_to_all_gauges(hot: FakeEngine) -> None:
    app = console(hot)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("c", "c")
        assert "c all gauges · tab scenarios" in rows(app)[18]
        assert "infer.service" not in text(app)
        await pilot.press("c")
        assert "infer.service pid 1841" in text(app)
        assert "0 restarts" in text(app)


async def test_every_frame_of_a_small_window_says_what_comes_next(hot: FakeEngine) -> None:
    app = console(hot)
    said = []
    async with app.run_test(size=SMALL) as pilot:
        for _ in VIEWS:
            await pilot.pause()
            foot = next(row for row in rows(app)[5:] if row.startswith("╰"))
            said.append(foot.strip("╰╯─ ").split(" · ")[0])
            await pilot.press("c")
    assert said == [
        "c throughput",
        "c board chart",
        "c all gauges",
        "c endpoints",
        "c scenario",
        "c log",
        "c latency",
    ]


async def ask(app: Console, pilot: Pilot[int], words: str) -> None:
    """Type this into the palette, and take its first answer."""
    await pilot.press(":")
    await app.workers.wait_for_complete()
    await pilot.press(*words)
    await app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("board", "tj °C"),
        ("gauges", "infer.service"),
        ("endpoints", "POST /predict"),
        ("throughput", "■ requests/s"),
    ],
)
async def test_the_palette_leads_to_every_panel_of_a_small_window(
    hot: FakeEngine, words: str, shows: str
) -> None:
    app = console(hot)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("tab")
        assert shows not in text(app)
        await ask(app, pilot, words)
        assert shows in text(app)
        assert "╭─ scenarios" not in text(app)


async def test_the_palette_leads_to_the_boards_chart_from_another_screen(hot: FakeEngine) -> None:
    app = console(hot)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("5")
        await ask(app, pilot, "board")
        assert "tj °C" in text(app)
        await ask(app, pilot, "throughput")
        assert "tj °C" not in text(app)
        assert "■ requests/s" in text(app)


def test_every_panel_is_offered() -> None:
    assert tuple(OFFERED) == VIEWS
