"""List, table, board, log and detail, each drawn alone and read as text."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.fakes import FakeEngine, pasts
from tests.console.runs import STARTED_AT, Script, board, scenario, steady
from tests.console.sight import drawn, scene
from tests.console.stressed import burning, over, stress_scenario
from tests.lib.loads import load_of
from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.console.widgets.board import draw_board
from tui.console.widgets.detail import draw_detail
from tui.console.widgets.endpoints import draw_endpoints
from tui.console.widgets.log import draw_log, wrapped
from tui.console.widgets.scenarios import draw_scenarios, index_at, rows_of
from tui.core import events as ev
from tui.core.events import Reading
from tui.core.format import ms
from tui.core.model import Past

MINUTE = scenario(minutes=1)


def inks(canvas: Canvas, glyphs: str) -> set[int]:
    """The inks in which these glyphs stand."""
    return {
        canvas.looks[y][x] & 0xFF
        for y in range(canvas.height)
        for x in range(canvas.width)
        if canvas.chars[y][x] in glyphs
    }


def test_the_list_shows_results_ages_sizes_and_the_running_one() -> None:
    engine = FakeEngine(pasts()).play(Script(MINUTE).until(5))
    shown = drawn(draw_scenarios, scene(engine, selected="load"), 26, 12).text()
    assert shown == (
        "╭─ scenarios ────────────╮\n"
        "│ Load                   │\n"
        "│ ✓ smoke        2 h ago │\n"
        "│ ✗ quick        4 d ago │\n"
        "│ ● standard     1 d ago │\n"
        "│▌  load       50 × 10 m │\n"
        "│ ? spike        3 d ago │\n"
        "│   endurance  20 × 30 m │\n"
        "│   peak        80 × 5 m │\n"
        "│                        │\n"
        "│                        │\n"
        "╰────────── enter queue ─╯"
    )


def test_a_size_gives_way_to_a_long_name(engine: FakeEngine) -> None:
    shown = drawn(draw_scenarios, scene(engine), 24, 10).text()
    assert "endurance  20×30 m" in shown
    assert "load     50 × 10 m" in shown


def test_a_list_longer_than_its_panel_keeps_the_cursor_in_sight(engine: FakeEngine) -> None:
    shown = drawn(draw_scenarios, scene(engine, selected="peak"), 26, 5).text()
    assert "▌  peak" in shown


def test_a_click_finds_the_scenario_that_is_drawn_there(engine: FakeEngine) -> None:
    what = scene(engine, selected="smoke")
    assert index_at(what, 12, 2) == 0
    assert index_at(what, 12, 1) is None
    assert index_at(what, 12, 11) is None
    assert len(rows_of(what)) == 8


def test_the_table_sums_up_in_its_last_row(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    rows = drawn(draw_endpoints, scene(engine), 58, 8).text().split("\n")
    heads = [word for word in rows[0].split() if word.isalnum()]
    assert heads == ["endpoints", "req", "fail", "p50", "p95", "p99"]
    assert rows[1].startswith("│ POST /predict ")
    assert rows[5].startswith("│ all")
    assert [row.index(" 0 ") > 0 for row in rows[1:6]] == [True] * 5
    run = engine.snapshot().run
    assert run is not None
    assert rows[5].split()[2] == str(sum(figures.requests for figures in run.endpoints))


def test_names_stay_readable_in_a_window_of_a_hundred_columns(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE, p50=steady(1500)).until(40))
    rows = drawn(draw_endpoints, scene(engine), 46, 8).text().split("\n")
    assert [word for word in rows[0].split() if word.isalnum()] == [
        "endpoints", "req", "fail", "p95", "p99",
    ]  # fmt: skip
    assert any(row.startswith("│ POST /predict +image  ") for row in rows)
    assert any(row.startswith("│ POST /images 1080p  ") for row in rows)


def test_figures_never_touch_each_other_however_long(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE, p50=lambda second: 9000).until(40))
    for width in (40, 46, 58, 80):
        row = drawn(draw_endpoints, scene(engine), width, 8).text().split("\n")[1]
        figures = scene(engine).run
        assert figures is not None
        latency = figures.endpoints[0].latency
        for value in (latency.p95, latency.p99):
            assert f" {ms(value)} " in row


def test_the_sum_stays_in_sight_when_there_are_too_many_endpoints(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    shown = drawn(draw_endpoints, scene(engine), 58, 5).text()
    assert "all" in shown
    assert "2 more" in shown


def test_failures_on_an_endpoint_out_of_sight_are_told(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE, failures=lambda second: second % 2).until(40))
    shown = drawn(draw_endpoints, scene(engine, panel="endpoints", scroll=3), 58, 4).text()
    assert "3 more, 15 failed" in shown


def test_a_scrolled_table_shows_the_later_endpoints(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    shown = drawn(draw_endpoints, scene(engine, panel="endpoints", scroll=9), 58, 5).text()
    assert "/health" in shown
    assert "/predict " not in shown


def test_an_endpoint_name_can_neither_colour_nor_move_anything(engine: FakeEngine) -> None:
    script = Script(MINUTE)
    window = script.window(0, 1, 20)
    row = window.rows[0]
    nasty = "\x1b[2J[red]日本語\n" + "x" * 200
    evil = type(row)(
        row.method, nasty, 1, row.requests, 0, row.sum_ms, row.min_ms, row.max_ms,
        row.buckets, {}, row.over,
    )  # fmt: skip
    engine.play(script.opening())
    engine.play([ev.PhaseEntered(at_s=2, phase="measuring")])
    engine.play([type(window)(
        at_s=3, second=1, rows=[evil], failures=[], slow=[], users=20, in_flight=1,
        oldest_s=0.1, lag_p99_ms=1, generator_cpu_percent=5,
    )])  # fmt: skip
    canvas = drawn(draw_endpoints, scene(engine), 58, 8)
    assert "\x1b" not in canvas.text()
    assert "[2J[red]日本語" in canvas.text()
    assert canvas.chars[1][-1] == "│"


def test_the_board_shows_what_was_read_and_calls_a_host_a_host(engine: FakeEngine) -> None:
    shown = drawn(draw_board, scene(engine), 36, 15).text()
    assert shown.startswith("╭─ host ")
    for part in ("CPU ━", "43 %  1.73 GHz", "4.9 / 7.4 GiB", "6 cores", "61.4 °C", "psutil · now"):
        assert part in shown
    assert "console" in shown


@pytest.mark.parametrize("width", [30, 36, 48, 60])
def test_no_figure_of_the_board_loses_its_unit(width: int) -> None:
    engine = FakeEngine()
    values = {"ram_used_mb": 90_000, "ram_total_mb": 128_000, "net_rx_kbps": 940_000.0,
              "net_tx_kbps": 88_100.0}  # fmt: skip
    readings = board() | {key: Reading(value, "psutil") for key, value in values.items()}
    engine.session.sample_board(ev.Sample(readings), STARTED_AT, 0.0)
    shown = drawn(draw_board, scene(engine), width, 20).text()
    for part in (
        "87.9 / 125.0 GiB",
        "940  ↑ 88.1 Mb/s",
        "43 %",
        "61.4 °C",
        "console 3 %" if width < 60 else "MiB",
    ):
        assert part in shown
    assert width < 60 or " % of a core  92 MiB" in shown


def test_a_gauge_without_a_value_says_why_and_an_absent_one_says_nothing() -> None:
    engine = FakeEngine()
    readings = board() | {"cpu_thermal_c": Reading(None, "psutil", "no sensor")}
    del readings["swap_used_mb"]
    engine.session.sample_board(ev.Sample(readings), STARTED_AT, 0.0)
    shown = drawn(draw_board, scene(engine), 36, 15).text()
    assert "cpu thermal n/a: no sensor" in shown
    assert "swap" not in shown


def test_an_old_reading_says_how_old_it_is(engine: FakeEngine) -> None:
    engine.at_s = 9.0
    assert "psutil · 9.0 s ago" in drawn(draw_board, scene(engine), 36, 15).text()


def test_memory_turns_yellow_when_it_runs_out() -> None:
    engine = FakeEngine()
    readings = board() | {"ram_used_mb": Reading(7000, "psutil")}
    engine.session.sample_board(ev.Sample(readings), STARTED_AT, 0.0)
    canvas = drawn(draw_board, scene(engine), 36, 15)
    assert Ink.WARN in inks(canvas, "━╸")


def test_two_rows_of_a_small_window_hold_the_levels(engine: FakeEngine) -> None:
    shown = drawn(draw_board, scene(engine, narrow=True), 80, 4).text()
    assert "Orin Nano Super" in shown
    assert "CPU ━" in shown
    assert "RAM ━" in shown


def test_the_log_is_newest_first_and_goes_on_in_the_next_row(engine: FakeEngine) -> None:
    script = Script(MINUTE, failures=lambda second: 2 if second == 20 else 0)
    engine.play(script.until(25))
    rows = drawn(draw_log, scene(engine), 36, 12).text().split("\n")
    assert rows[1].startswith("│ 00:21 ✗ /predict 503 Service")
    assert rows[2].startswith("│         Unavailable, 2 times")
    assert rows[-2].strip("│ ") == ""
    assert "standard on demo started" in "".join(rows)


def test_problems_of_the_catalogue_stand_on_top_of_the_log(engine: FakeEngine) -> None:
    shown = drawn(draw_log, scene(engine, problems=("a.toml:kind: is missing",)), 36, 6).text()
    assert "! a.toml:kind: is missing" in shown


def test_words_longer_than_a_row_are_broken() -> None:
    assert wrapped("one " + "x" * 25, 10) == ["one", "x" * 10, "x" * 10]
    assert wrapped("", 10) == [""]


@pytest.mark.parametrize("size", [(26, 8), (48, 15), (80, 15), (10, 4)])
def test_the_detail_tells_load_mix_and_the_last_result(size: tuple[int, int]) -> None:
    shown = drawn(draw_detail, scene(FakeEngine(pasts())), *size).text()
    if size[0] > 20:
        assert "20 users for 5 min" in shown
        assert "✓ p95 648, 1 d ago" in shown
        assert "Baseline 70  Peak 20" in shown
        assert "predict 60" in shown


def test_the_age_of_the_last_result_is_never_cut() -> None:
    past = Past("a", "standard", "PASS", STARTED_AT - 750, 1234.0, 9.0, "demo")
    engine = FakeEngine({("standard", "demo"): past})
    assert "│ ✓ p95 1 234, 12 m ago  │" in drawn(draw_detail, scene(engine), 26, 8).text()


@pytest.mark.parametrize(
    ("locustfile", "classes", "said", "mixed"),
    [
        ("mine.py", {}, "all of mine.py", False),
        ("mine.py", {"Picky": 1}, "Picky", False),
        ("mine.py", {"BaselineUser": 1}, "BaselineUser", False),
        ("users.py", {"Picky": 3, "BaselineUser": 1}, "Picky 3  BaselineUser 1", False),
        ("users.py", {"PeakUser": 1}, "PeakUser", True),
        ("users.py", {"StressTestUser": 1}, "StressTestUser", True),
        ("users.py", {"BaselineUser": 7, "AdminUser": 3}, "Baseline 7  Admin 3", True),
    ],
)
def test_the_mix_is_shown_for_the_shipped_users_alone(
    engine: FakeEngine, locustfile: str, classes: dict[str, int], said: str, mixed: bool
) -> None:
    plain = scenario()
    usual = load_of(plain)
    load = msgspec.structs.replace(usual, locustfile=f"/x/{locustfile}", user_classes=classes)
    own = msgspec.structs.replace(plain, load=load)
    shown = drawn(draw_detail, scene(engine, scenarios=(own,)), 40, 15).text()
    assert said in shown
    assert ("predict 60" in shown) == mixed


def test_a_roomy_detail_also_says_what_the_scenario_is_for() -> None:
    shown = drawn(draw_detail, scene(FakeEngine(pasts())), 48, 15).text()
    assert "what a site with 20 cameras asks" in shown
    assert "passes if" in shown


def test_the_detail_of_a_run_that_was_changed_for_its_start_is_as_it_runs() -> None:
    usual = stress_scenario("stress-short", cpu={})
    short = stress_scenario("stress-short", cpu={}, duration="80s", after="90s")
    engine = burning(short, 30)
    shown = scene(engine, scenarios=(usual,), selected="stress-short")
    running = drawn(draw_detail, shown, 48, 15).text()
    assert "stress-short  running" in running
    assert "cpu for 80 s" in running
    assert "20 s before, 90 s after" in running
    changed = msgspec.structs.replace(shown, changed=frozenset({"stress-short"}))
    assert "running" not in drawn(draw_detail, changed, 48, 15).text()
    same = drawn(draw_detail, scene(engine, scenarios=(short,), selected="stress-short"), 48, 15)
    assert "running" not in same.text()
    ended = scene(over(short), scenarios=(usual,), selected="stress-short")
    assert "cpu for 2 min" in drawn(draw_detail, ended, 48, 15).text()


def test_the_detail_of_a_stress_tells_the_disk_and_when_it_ends_early(engine: FakeEngine) -> None:
    what = stress_scenario("stress-full", disk={}, until_steady=True, intent="soak")
    shown = drawn(draw_detail, scene(engine, scenarios=(what,), selected=what.id), 26, 18).text()
    for words in ("all free space to its", "ends once it grows no", "yields to the service"):
        assert words in shown
