"""The board's panel: the verdict on throttling, gauges against their limits, lost sources."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.console.fakes import FakeEngine
from tests.console.looks import throttled
from tests.console.runs import STARTED_AT, Script, board, incident, orin, scenario
from tests.console.sight import SMALL, WIDE, console, drawn, rows, scene, text
from tui.console.bridge import state_key
from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.console.widgets.board import draw_board
from tui.console.widgets.header import draw_header, short_device
from tui.console.widgets.strip import draw_strip
from tui.core import events as ev
from tui.core.events import Reading

FIVE = scenario(minutes=5)
THERMAL = incident("thermal", text="thermal throttling", label="thermal", detail="tj 57.0 °C")
HEAT = incident(
    "heat", kind="alert", text="heat", label="heat", detail="tj 91.2 °C, 7.8 below its limit"
)


def sampled(readings: dict[str, Reading], **told: Any) -> FakeEngine:
    """An engine at rest beside a board that reads this."""
    engine = FakeEngine()
    engine.session.sample_board(ev.Sample(readings), STARTED_AT, 0.0)
    engine.told = {"is_throttled": False, "incidents": (), "lost": {}, **told}
    return engine


def panel(engine: FakeEngine, width: int = 36, height: int = 20, **changes: Any) -> list[str]:
    """The rows of the panel, without its sides."""
    canvas = drawn(draw_board, scene(engine, **changes), width, height)
    return [row.strip("│╭╮╰╯ ─") for row in canvas.text().split("\n")]


def ink_of(canvas: Canvas, row: str, glyphs: str) -> set[int]:
    """The inks of these glyphs in the row that begins with a word."""
    y = next(y for y in range(canvas.height) if canvas.row(y)[2:].startswith(row))
    return {canvas.looks[y][x] & 0xFF for x in range(canvas.width) if canvas.chars[y][x] in glyphs}


def test_an_orins_panel_reads_from_the_verdict_down_to_the_service() -> None:
    assert panel(sampled(orin())) == [
        "board",
        "✓ not throttled",
        "GPU ━━━━━━━╸──    74 %  918/1020",
        "CPU ━━━━╸─────    43 %  1.73 GHz",
        "RAM ━━━━━━╸───   4.9 / 7.4 GiB",
        "EMC ━━━───────    31 %  3.2 GHz",
        "tj  ━━━━━━━───  71.4 / 99.0 °C",
        "VDD ━━━━━━╸───  16.3 / 25.0 W",
        "fan ━━━━╸─────    45 % 1 636 rpm",
        "net ↓            3.4  ↑ 0.8 Mb/s",
        "6 cores ▄▆▅▂▁▄  clocks pinned",
        "swap 0  OOM 0  eth0 1000 Mb/s",
        "data 212 GiB  nvme 41 °C",
        "load 2.4  up 3 d",
        "",
        "infer.service pid 1841",
        "3.1 cores  1.9 GiB  0 restarts",
        "",
        "console 3 %  generator 23 %",
        "sysfs + jtop · 0.4 s ago",
    ]


def test_what_weighs_most_survives_in_a_short_panel() -> None:
    shown = panel(sampled(orin()), height=8)
    assert [row.split()[0] for row in shown[1:-1]] == ["✓", "GPU", "CPU", "RAM", "tj", "VDD"]


def test_a_clock_stands_beside_its_highest_only_when_it_is_below_it() -> None:
    wide = panel(sampled(orin()), width=50)
    assert any("918 / 1 020 MHz" in row for row in wide)
    assert any(row.endswith("1.73 GHz") for row in wide)


@pytest.mark.parametrize(
    ("tj", "ink"), [(88.5, Ink.P50), (89.0, Ink.WARN), (98.9, Ink.WARN), (99.0, Ink.FAIL)]
)
def test_heat_is_yellow_from_ten_degrees_below_the_trip_and_red_at_it(tj: float, ink: Ink) -> None:
    canvas = drawn(draw_board, scene(sampled(orin(tj=tj))), 36, 20)
    assert ink_of(canvas, "tj", "━╸") == {ink}


@pytest.mark.parametrize(("tj", "filled"), [(49.5, 5.0), (99.0, 10.0), (120.0, 10.0)])
def test_the_trip_is_the_end_of_the_gauge(tj: float, filled: float) -> None:
    row = next(row for row in panel(sampled(orin(tj=tj))) if row.startswith("tj"))
    assert row.count("━") + row.count("╸") / 2 == filled


def test_an_open_incident_takes_the_first_line_with_the_runs_own_clock() -> None:
    engine = FakeEngine().play(Script(FIVE, board=orin).until(120))
    engine.told = {"is_throttled": True, "incidents": (incident(),)}
    assert panel(engine)[1] == "! WARN oc3 12/s since 01:38"
    assert panel(engine, width=60)[1] == "! WARN oc3 over-current 12/s since 01:38"


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (36, "! WARN cpu 99 % since 01:38"),
        (52, "! WARN CPU above 85 %, at worst 99 % since 01:38"),
        (64, "! WARN CPU above 85 %, at worst 99 % at 01:40 since 01:38"),
    ],
)
def test_an_alert_tells_its_worst_value_and_not_its_last(width: int, words: str) -> None:
    alert = incident(
        "cpu_percent",
        kind="alert",
        text="CPU above 85 %",
        label="cpu",
        detail="12 %",
        peak=99.0,
        peak_s=STARTED_AT + 101.0,
        peak_detail="99 %",
    )
    engine = FakeEngine().play(Script(FIVE, board=orin).until(120))
    engine.told = {"is_throttled": True, "incidents": (alert,)}
    assert panel(engine, width=width)[1] == words


def test_outside_a_run_an_incident_tells_the_time_of_day() -> None:
    engine = sampled(orin(), is_throttled=True, incidents=(incident(),))
    assert panel(engine)[1] == "! WARN oc3 12/s since 14:14:59"


def test_further_incidents_are_lines_where_there_is_room_and_names_elsewhere() -> None:
    alert = incident("cpu_percent", kind="alert", text="CPU above 85 %", label="cpu", detail="92 %")
    engine = sampled(orin(), is_throttled=True, incidents=(incident(), alert, alert))
    assert [row[:6] for row in panel(engine, height=26)[1:4]] == ["! WARN"] * 3
    short = panel(engine, height=12)
    assert short[1] == "! oc3 since 14:14:59 ! cpu ! cpu"
    assert short[2].startswith("GPU")


def test_expected_over_current_stands_beside_a_verdict_that_it_does_not_change() -> None:
    engine = sampled(orin(), incidents=(incident(level="info", detail="4/s"),))
    assert panel(engine)[1] == "✓ not throttled · oc3 4/s"
    assert panel(engine, width=64)[1] == "✓ not throttled · oc3 over-current 4/s since 14:14:59"
    small = drawn(draw_board, scene(engine, narrow=True), 80, 4).row(2)
    assert small.endswith("✓ not throttled · oc3 4/s  │")


def test_another_alert_leaves_the_verdict_on_throttling_a_row_of_its_own() -> None:
    notes = (HEAT, incident(level="info", detail="4/s"))
    shown = panel(sampled(orin(), incidents=notes))
    assert shown[1:3] == ["! WARN heat since 14:14:59", "✓ not throttled · oc3 4/s"]
    throttled = panel(sampled(orin(), is_throttled=True, incidents=(THERMAL, HEAT)))
    assert not any("not throttled" in row for row in throttled)


def test_throttling_comes_before_every_other_incident_and_names_what_follows() -> None:
    fan = incident("fan", kind="alert", text="the fan stands still", label="fan", level="fail")
    cpu = incident("cpu_percent", kind="alert", text="CPU above 85 %", label="cpu")
    told = (fan, THERMAL, HEAT)
    small = drawn(
        draw_board, scene(sampled(orin(), is_throttled=True, incidents=told), narrow=True), 80, 4
    )
    assert small.row(2).endswith("! thermal ✗ fan ! heat     │")
    more = sampled(orin(), is_throttled=True, incidents=(*told, cpu, cpu))
    row = drawn(draw_board, scene(more, narrow=True), 80, 4).row(2)
    assert row.endswith("! thermal ✗ fan ! heat +2  │")


def test_an_incident_loses_its_figure_before_its_name_and_its_time() -> None:
    engine = sampled(orin(), is_throttled=True, incidents=(THERMAL,))
    assert panel(engine, width=36)[1] == "! WARN thermal since 14:14:59"
    assert panel(engine, width=64)[1] == "! WARN thermal throttling, tj 57.0 °C since 14:14:59"
    running = FakeEngine().play(Script(FIVE, board=orin).until(120))
    running.told = {"is_throttled": True, "incidents": (THERMAL,)}
    assert panel(running, width=36)[1] == "! thermal tj 57.0 °C since 01:38"


def test_a_host_says_that_nothing_tells_of_throttling() -> None:
    shown = panel(sampled(board(), is_throttled=None))
    assert shown[0] == "host"
    assert shown[1] == "? throttling: nothing here tells"
    assert shown[-1] == "psutil · now"


def test_absent_gauges_take_no_line_and_missing_ones_say_why() -> None:
    readings = orin() | {"emc_percent": Reading(None, "sysfs", "needs root or jtop")}
    del readings["fan_percent"], readings["vdd_in_mw"], readings["nvme_c"]
    shown = panel(sampled(readings))
    assert "EMC n/a: needs root or jtop" in shown
    assert not any(row.startswith(("fan", "VDD")) or "nvme" in row for row in shown)


def test_a_gauge_that_shares_a_row_says_why_in_one_of_its_own() -> None:
    readings = orin() | {"net_link_mbps": Reading(None, "sysfs", "no cable")}
    shown = panel(sampled(readings), height=24)
    assert "link n/a: no cable" in shown


def test_cores_that_are_off_are_dots_or_a_number() -> None:
    assert any(row.startswith("6 cores ▄▆▅▂··") for row in panel(sampled(orin(off=2))))
    hidden = {name: each for name, each in orin(off=2).items() if each.text != "off"}
    assert any("+2 off" in row for row in panel(sampled(hidden)))


def test_a_lost_source_says_since_when_and_what_stands_in_for_it() -> None:
    kept = {name: each for name, each in orin().items() if each.source != "jtop"}
    gone = incident("source.jtop", kind="source", text="jtop lost", label="jtop", detail="")
    engine = sampled(kept, lost={"jtop": "the service died"}, incidents=(gone,))
    shown = panel(engine, width=64, height=30)
    assert "n/a: jtop stopped 14:14:59, sysfs since: the service died" in shown
    assert shown[1] == "✓ not throttled"
    assert shown[-1] == "sysfs · now"


def test_a_source_that_never_told_anything_says_why() -> None:
    engine = sampled(board(), lost={"nvml": "the driver is too old"})
    assert "n/a: nvml the driver is too old" in panel(engine, width=50)


def test_the_age_is_that_of_the_slowest_source_and_not_of_a_slow_gauge() -> None:
    readings = orin()
    readings["disk_free_mb"] = Reading(217_088.0, "sysfs", age_s=9.0)
    assert panel(sampled(readings))[-1] == "sysfs + jtop · 0.4 s ago"
    hung = {
        name: Reading(each.value, each.source, age_s=6.2 if each.source == "jtop" else 0.0)
        for name, each in readings.items()
    }
    assert panel(sampled(hung))[-1] == "sysfs + jtop · 6.2 s ago"


def test_a_replay_is_labelled_in_title_border_and_foot() -> None:
    readings = {
        name: Reading(each.value, "replay", limit=each.limit, text=each.text)
        for name, each in orin().items()
    }
    canvas = drawn(draw_board, scene(sampled(readings)), 36, 20)
    assert canvas.row(0).startswith("╭─ board   replay ─")
    assert "replay · now" in canvas.row(19)
    for x, y in ((0, 0), (35, 5), (11, 0)):
        assert canvas.looks[y][x] & 0xFF == Ink.WARN


def test_a_service_that_does_not_run_is_a_warning() -> None:
    readings = orin() | {"service_processes": Reading(0, "process", text="infer.service")}
    assert "! infer.service does not run" in panel(sampled(readings))


def test_a_service_that_cannot_be_watched_says_why() -> None:
    readings = orin() | {"service_processes": Reading(None, "process", "no such unit")}
    assert "service n/a: no such unit" in panel(sampled(readings))


def test_a_restart_stands_out() -> None:
    readings = orin() | {"service_restarts": Reading(2, "process")}
    canvas = drawn(draw_board, scene(sampled(readings)), 36, 20)
    assert "2 restarts" in canvas.text()
    assert Ink.FAIL in ink_of(canvas, "3.1 cores", "2")


def test_two_rows_hold_what_matters_most() -> None:
    engine = sampled(orin(), is_throttled=True, incidents=(incident(),))
    canvas = drawn(draw_board, scene(engine, narrow=True), 80, 4)
    assert canvas.text().split("\n") == [
        "╭─ board   Orin Nano Super · MAXN_SUPER ───────────────────────────────────────╮",
        "│ GPU ━━━╸─ 74 %  918 MHz  RAM ━━━╸─ 4.9 / 7.4 GiB  VDD ━━━━━─── 16.3 / 25.0 W │",
        "│ CPU ━╸── 43 %  1.73 GHz  tj  ━━━─ 71.4 / 99.0 °C  ! oc3 12/s since 14:14:59  │",
        "╰─────────────────────────────────────────────────── sysfs + jtop · 0.4 s ago ─╯",
    ]


@pytest.mark.parametrize("width", range(60, 100))
@pytest.mark.parametrize("readings", [orin(), board()], ids=["orin", "host"])
def test_no_figure_of_the_two_rows_is_cut(width: int, readings: dict[str, Reading]) -> None:
    shown = drawn(draw_board, scene(sampled(readings), narrow=True), width, 4).text()
    # A label may be cut, its figure never.
    assert not re.search(r"[0-9/.] ?…", shown)


def test_the_header_tells_the_power_mode_as_far_as_there_is_room() -> None:
    engine = sampled(orin())
    assert "Orin Nano Super MAXN_SUPER  demo" in drawn(draw_header, scene(engine), 120, 1).text()
    narrow = drawn(draw_header, scene(engine, narrow=True), 88, 1).text()
    assert "Orin Nano Super  demo" in narrow
    assert "MAXN" not in narrow
    # Tabs, target and clock are what a small screen has room for.
    small = drawn(draw_header, scene(engine, narrow=True), 80, 1).text()
    assert "Orin" not in small
    assert small.rstrip().endswith("demo  14:13")


def test_the_name_of_a_board_is_short_and_that_of_a_host_its_own() -> None:
    kit = "NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super"
    assert short_device(kit) == "Orin Nano Super"
    assert short_device("NVIDIA Jetson AGX Orin Developer Kit") == "AGX Orin"
    assert short_device("x86_64 host") == "x86_64 host"


def test_at_rest_the_strip_warns_of_what_would_spoil_the_next_run() -> None:
    hot = incident("thermal", text="thermal throttling", detail="tj 99.2 °C", level="fail")
    engine = sampled(orin(), is_throttled=True, incidents=(hot,))
    row = drawn(draw_strip, scene(engine), 120, 3).text().split("\n")[2]
    assert row == (" ✗ thermal throttling, tj 99.2 °C since 14:14:59.  enter runs it all the same.")
    near = sampled(orin(), incidents=(HEAT,))
    small = drawn(draw_strip, scene(near, narrow=True), 80, 3).text().split("\n")[2]
    assert small.endswith("7.8 below its limit since 14:14:59.  enter runs it.")


@pytest.mark.parametrize("changes", [{"level": "info"}, {"kind": "change"}, {"kind": "source"}])
def test_at_rest_the_strip_is_silent_on_what_would_not(changes: dict[str, Any]) -> None:
    engine = sampled(orin(), incidents=(incident(**changes),))
    row = drawn(draw_strip, scene(engine), 120, 3).text().split("\n")[2]
    assert "oc3" not in row


def test_an_incident_is_painted_without_waiting_for_the_timer() -> None:
    engine = sampled(orin())
    before = state_key(engine.snapshot())
    engine.told = {"incidents": (incident(),)}
    assert state_key(engine.snapshot()) != before


@pytest.mark.parametrize("size", [WIDE, SMALL, (160, 50), (60, 18), (100, 30)])
async def test_a_throttled_orin_is_told_of_in_every_window(size: tuple[int, int]) -> None:
    app = console(throttled())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "no data" not in text(app)
        assert "✗" in "".join(rows(app)[4:])
        assert "oc3" in text(app) or "+1" in text(app)
