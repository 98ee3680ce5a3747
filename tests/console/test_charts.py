"""Both charts, each drawn alone and read as text."""

from __future__ import annotations

import re
from copy import deepcopy
from random import Random

import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import Script, scenario, steady
from tests.console.sight import drawn, scene
from tui.console.cells import Canvas
from tui.console.glyphs import FAILED
from tui.console.theme import Ink
from tui.console.widgets.latency_chart import LatencyChart
from tui.console.widgets.throughput_chart import ThroughputChart
from tui.core import events as ev

MINUTE = scenario(minutes=1)


def inks(canvas: Canvas, glyphs: str) -> set[int]:
    """The inks in which these glyphs stand."""
    return {
        canvas.looks[y][x] & 0xFF
        for y in range(canvas.height)
        for x in range(canvas.width)
        if canvas.chars[y][x] in glyphs
    }


BRAILLE = "".join(map(chr, range(0x2801, 0x2900)))


def latency(engine: FakeEngine, width: int = 58, height: int = 15, **changes: object) -> Canvas:
    return drawn(LatencyChart(), scene(engine, **changes), width, height)  # type: ignore[arg-type]


def test_an_idle_chart_shows_the_limit_and_what_to_press(engine: FakeEngine) -> None:
    shown = latency(engine).text()
    assert "limit 2 000" in shown
    assert "enter runs standard" in shown


def test_the_chart_of_a_run_has_its_three_courses_and_their_newest_figures(
    engine: FakeEngine,
) -> None:
    engine.play(Script(MINUTE).until(40))
    run = engine.snapshot().run
    assert run is not None
    newest = run.points[-1]
    canvas = latency(engine)
    shown = canvas.text()
    assert {Ink.P95, Ink.P99} <= inks(canvas, BRAILLE)
    assert inks(canvas, "█") == {Ink.AREA}
    for value in (newest.p50_ms, newest.p95_ms, newest.p99_ms):
        assert value is not None
        assert f" {value:.0f}" in shown
    assert "┊20 users" in shown


def test_p95_turns_red_above_its_limit_and_only_there(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    assert Ink.FAIL not in inks(latency(engine), BRAILLE)
    slow = FakeEngine().play(
        Script(MINUTE, p50=lambda second: 390 if second < 20 else 2600).until(40)
    )
    assert {Ink.FAIL, Ink.P95} <= inks(latency(slow), BRAILLE)


def test_a_limit_far_above_the_data_is_pinned_to_the_upper_edge(engine: FakeEngine) -> None:
    engine.play(Script(scenario(minutes=1, p95="< 9000")).until(40))
    row = latency(engine).row(1)
    assert "limit 9 000 ↑" in row
    assert row.strip("│ ").split()[0] != "9"


def test_a_limit_near_the_data_stands_at_its_own_height(engine: FakeEngine) -> None:
    engine.play(Script(scenario(minutes=1, p95="< 500")).until(40))
    canvas = latency(engine)
    at = [y for y in range(canvas.height) if "limit 500" in canvas.row(y)]
    assert at
    assert canvas.row(at[0]).strip("│ ").startswith("500")


def test_a_stall_replaces_the_head_figures(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    engine.play([ev.LoadReported(at_s=46, users=20, in_flight=20, oldest_s=4.4, silent_s=4.2)])
    assert "nothing answered for 4 s" in latency(engine).text()


def test_the_time_axis_is_the_whole_run_from_its_first_second(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(2))
    assert "0:00" in latency(engine).row(13)
    assert "1:00" in latency(engine).row(13)


def test_a_second_changes_a_few_cells_of_the_chart(engine: FakeEngine) -> None:
    script = Script(scenario(minutes=5))
    engine.play(script.until(100))
    chart = LatencyChart()
    before = drawn(chart, scene(engine), 58, 15)
    engine.play(script.second(100))
    after = drawn(chart, scene(engine), 58, 15)
    different = sum(before.chars[y][x] != after.chars[y][x] for y in range(15) for x in range(58))
    assert 0 < different < 40


@pytest.mark.parametrize("size", [(4, 2), (10, 3), (30, 6), (58, 15), (200, 40)])
@pytest.mark.parametrize("seconds", [0, 1, 12, 60])
def test_charts_draw_at_any_size_and_any_moment(size: tuple[int, int], seconds: int) -> None:
    engine = FakeEngine()
    if seconds:
        engine.play(Script(MINUTE).until(seconds))
    for chart in (LatencyChart(), ThroughputChart()):
        canvas = drawn(chart, scene(engine), *size)
        assert all(len(row) == size[0] for row in canvas.chars)


def test_failures_are_red_marks_on_the_axis_of_the_throughput(engine: FakeEngine) -> None:
    script = Script(MINUTE, failures=lambda second: 2 if second == 20 else 0)
    engine.play(script.until(40))
    canvas = drawn(ThroughputChart(), scene(engine), 58, 8)
    red = [x for x in range(58) if canvas.chars[5][x] == FAILED]
    assert len(red) == 1
    assert canvas.looks[5][red[0]] & 0xFF == Ink.FAIL


def test_the_throughput_title_tells_users_and_requests_in_flight(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    title = drawn(ThroughputChart(), scene(engine), 58, 8).row(0)
    assert "■ requests/s   20 users   9 in flight, oldest 0.6 s" in title


def test_events_close_together_each_keep_their_word(engine: FakeEngine) -> None:
    engine.play(Script(scenario(minutes=5)).until(40))
    engine.play(
        [
            ev.UsersRequested(at_s=44, users=22),
            ev.WorkerLost(at_s=46, name="a", reason="x", users=2),
        ]
    )
    shown = latency(engine).text()
    for word in ("20 users", "22 users", "worker lost"):
        assert word in shown


def test_a_burst_of_one_kind_is_told_once_by_its_last(engine: FakeEngine) -> None:
    engine.play(Script(scenario(minutes=5)).until(40))
    engine.play(ev.UsersRequested(at_s=60 + step, users=22 + 2 * step) for step in range(5))
    shown = latency(engine).text()
    assert "┊30 users" in shown
    assert "22 users" not in shown
    assert "28 users" not in shown


@pytest.fixture(scope="module")
def almost_five_minutes() -> FakeEngine:
    """A run of 280 s, folded once for all that play on from a copy of it."""
    return FakeEngine().play(Script(scenario(minutes=5), p50=steady(90)).until(280))


@pytest.mark.parametrize("seed", range(40))
def test_words_of_events_are_whole_however_many_there_are(
    seed: int, almost_five_minutes: FakeEngine
) -> None:
    random = Random(seed)
    engine = deepcopy(almost_five_minutes)
    at_s = 20.0
    labels = set()
    while at_s < 280:
        at_s += random.choice([2, 5, 9, 20])
        users = random.randint(1, 100)
        engine.play([
            random.choice([
                ev.UsersRequested(at_s=at_s, users=users),
                ev.PhaseEntered(at_s=at_s, phase="paused"),
                ev.WorkerLost(at_s=at_s, name="a", reason="x", users=2),
            ])
        ])  # fmt: skip
    run = engine.snapshot().run
    assert run is not None
    labels = {mark.label for mark in run.marks}
    for row in latency(engine, 90, 20).text().split("\n")[2:6]:
        # Between lines, curves and the axis there are whole labels or nothing.
        for word in re.split(r"[^a-z0-9 ]+|  +", row[7:]):
            assert not re.search("[a-z]", word) or word.strip() in labels


def test_an_event_line_never_cuts_through_a_word(engine: FakeEngine) -> None:
    engine.play(Script(scenario(minutes=5)).until(100))
    engine.play([
        ev.UsersRequested(at_s=60, users=6),
        ev.PhaseEntered(at_s=66, phase="paused"),
        ev.PhaseEntered(at_s=72, phase="warm-up"),
    ])  # fmt: skip
    shown = latency(engine, 90, 20).text()
    for word in ("┊6 users", "┊paused", "┊resumed"):
        assert word in shown


def test_the_limit_of_the_throughput_stays_although_requests_fail() -> None:
    for rps in (12, 27, 90, 300):
        script = Script(MINUTE, rps=lambda second: rps, failures=lambda second: 1)  # noqa: B023
        engine = FakeEngine().play(script.until(60))
        for width, height in ((46, 7), (58, 8), (80, 15)):
            assert "limit 10" in drawn(ThroughputChart(), scene(engine), width, height).text()


def test_the_drain_of_an_ended_run_is_not_its_throughput(engine: FakeEngine) -> None:
    script = Script(MINUTE)
    engine.play(script.until(60))
    empty = script.window(60, 1, 0)
    engine.play([type(empty)(
        at_s=62, second=60, rows=[], failures=[], slow=[], users=0, in_flight=0,
        oldest_s=0, lag_p99_ms=1, generator_cpu_percent=1,
    )])  # fmt: skip
    engine.play(script.ending(61))
    assert " 0.0 " not in drawn(ThroughputChart(), scene(engine), 58, 8).text()


def test_the_limits_figure_gives_way_to_the_head_figures() -> None:
    slow = Script(scenario(minutes=5), p50=lambda second: 390 if second < 150 else 1150)
    for seconds in (160, 200, 240, 260, 280, 299):
        shown = latency(FakeEngine().play(slow.until(seconds)), 60, 9).text()
        assert shown.count("limit 2 000") == 1
