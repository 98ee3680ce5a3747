"""The verdict strip says how things stand, in every state, at both sizes."""

from __future__ import annotations

from pathlib import PurePath

import msgspec
import pytest

from tests.console.fakes import FakeEngine, pasts
from tests.console.runs import Script, scenario, steady
from tests.console.sight import LOCAL, PRODUCTION, drawn, scene
from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.console.widgets.strip import draw_strip
from tui.core import events as ev
from tui.core.scenario import parse_scenario

MINUTE = scenario(minutes=1)


def strip(engine: FakeEngine, width: int = 120, **changes: object) -> list[str]:
    what = scene(engine, narrow=width < 100, **changes)  # type: ignore[arg-type]
    return drawn(draw_strip, what, width, 3).text().split("\n")


def test_idle_says_what_is_selected_and_what_it_is_judged_by(engine: FakeEngine) -> None:
    first, second, _ = strip(engine)
    assert first.startswith(" · IDLE  standard  20 users, 5 min, on demo. Passes if:")
    assert second.split("    ") == [" p95 < 2 000 ms", "p99 < 5 000 ms", "errors < 1 %", "rps ≥ 10"]


def test_idle_without_any_result_sends_to_the_first_scenario(engine: FakeEngine) -> None:
    assert strip(engine)[2] == (
        " smoke first (30 s) tells whether the service answers at all: home, enter"
    )


def test_idle_says_of_a_search_where_it_begins_and_ends(engine: FakeEngine) -> None:
    load = {
        "search": {"from": 5, "to": 200},
        "spawn_rate": 10,
        "duration": "15m",
        "locustfile": "users.py",
    }
    data = {"kind": "load", "title": "T", "load": load, "thresholds": {"p95_ms": "< 2000"}}
    what = parse_scenario(PurePath("limit.toml"), data, {})
    shown = strip(engine, scenarios=(what,), selected="limit")[0]
    assert "limit  5 to 200 users, until a limit breaks" in shown


def test_idle_says_how_old_the_last_result_is() -> None:
    assert strip(FakeEngine(pasts()))[0].endswith("last run 1 d ago")


def test_idle_warns_of_a_protected_target(engine: FakeEngine) -> None:
    assert "production is protected" in strip(engine, target=PRODUCTION)[2]


def test_idle_without_scenarios_names_the_first_problem(engine: FakeEngine) -> None:
    rows = strip(
        engine, scenarios=(), problems=("smoke.toml:kind: is missing",), selected="standard"
    )
    assert "smoke.toml:kind: is missing" in rows[1]


def test_preparing_has_no_clock_yet(engine: FakeEngine) -> None:
    engine.play(list(Script(MINUTE).opening())[:2])
    first = strip(engine)[0]
    assert "PREPARING" in first
    assert "left" not in first


def test_warm_up_is_not_judged(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(4))
    rows = strip(engine)
    assert " ● WARM-UP  standard  not judged yet" in rows[0]
    assert "╍" in rows[0]
    assert "━" not in rows[0]
    assert "warm-up: 8 of 20 users" in rows[2]


def test_a_run_within_its_limits_never_reads_pass(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    rows = strip(engine)
    assert " ● RUN  standard  within limits so far" in rows[0]
    assert rows[0].endswith("00:40 / 01:00   0:20 left")
    assert "PASS" not in "".join(rows)
    assert rows[1].count("✓") == 5


def test_a_run_over_a_limit_names_it_first(engine: FakeEngine) -> None:
    what = scenario(minutes=1, p95="< 500")
    engine.play(Script(what).until(40))
    rows = strip(engine)
    assert "p95 over its limit" in rows[0]
    assert rows[1].startswith(" ✗ p95")


def test_an_armed_stop_takes_the_third_row(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    assert strip(engine, armed=True)[2] == " ! s again within 3 s ends the run"


def test_a_pause_is_a_pause(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    engine.play([ev.PhaseEntered(at_s=22.0, phase="paused")])
    rows = strip(engine)
    assert "PAUSED" in rows[0]
    assert "clock of the verdict stands still" in rows[2]
    engine.at_s = 52.0
    assert strip(engine)[0] == rows[0]
    assert rows[0].endswith("00:21 / 01:00   0:39 left")


@pytest.mark.parametrize("at_s", [22.0, 22.3, 22.5, 22.9])
def test_elapsed_and_left_add_up_to_the_total(engine: FakeEngine, at_s: float) -> None:
    engine.play(Script(MINUTE).until(20))
    engine.at_s = at_s
    assert strip(engine)[0].endswith("00:21 / 01:00   0:39 left")


def test_a_stall_is_the_one_sentence_that_matters(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    engine.play([ev.LoadReported(at_s=26.0, users=20, in_flight=20, oldest_s=4.4, silent_s=4.2)])
    assert strip(engine)[2].startswith(" ✗ nothing answered for 4 s, 20 in flight")


def test_what_is_queued_stands_at_the_right(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    engine.session.queued = ("spike",)
    assert strip(engine)[2].endswith("then spike")


def test_draining_is_stopping(engine: FakeEngine) -> None:
    script = Script(MINUTE)
    engine.play(script.until(60))
    engine.play(list(script.ending(60))[:1])
    assert " ● STOPPING " in strip(engine)[0]


def verdict_of(engine: FakeEngine, width: int = 120) -> Canvas:
    return drawn(draw_strip, scene(engine, narrow=width < 100), width, 3)


def grounds(canvas: Canvas, x: int) -> set[int]:
    return {canvas.looks[y][x] >> 8 & 0xFF for y in range(3)}


def test_pass_is_large_on_green_and_says_what_it_rests_on(engine: FakeEngine) -> None:
    canvas = verdict_of(engine.play(Script(MINUTE, target=LOCAL).whole()))
    rows = canvas.text().split("\n")
    assert grounds(canvas, 0) == {Ink.PASS}
    assert "standard" in rows[0]
    assert "requests within all limits" in rows[0]
    assert "no warnings, measured for 50 s, all 36 things it created deleted again" in rows[2]
    assert "█" in rows[1]


@pytest.mark.parametrize(("width", "least"), [(80, 30), (120, 70)])
def test_a_pass_with_warnings_counts_them_and_says_the_first(
    engine: FakeEngine, width: int, least: int
) -> None:
    script = Script(MINUTE)
    engine.play(script.until(30))
    engine.play([ev.UsersRequested(at_s=31.5, users=22)])
    for number in range(30, 60):
        engine.play(script.second(number))
    row = verdict_of(engine.play(script.ending(60)), width).row(2)
    assert "! 2 warnings: the target is the embedded demo" in row
    assert len(row[row.index("!") :].rstrip()) >= least
    assert "no warnings" not in row


def test_a_small_verdict_shows_every_limit_that_fits(engine: FakeEngine) -> None:
    row = verdict_of(engine.play(Script(MINUTE, p50=steady(27)).whole()), 80).row(1)
    for part in ("✓ p95 ", "✓ p99 ", "✓ err 0", "✓ rps ", "✓ valid"):
        assert part in row
    assert "more" not in row


def test_fail_by_latency_says_when_it_broke(engine: FakeEngine) -> None:
    script = Script(MINUTE, p50=lambda second: 390 if second < 30 else 2600)
    canvas = verdict_of(engine.play(script.whole()))
    rows = canvas.text().split("\n")
    assert grounds(canvas, 0) == {Ink.FAIL}
    assert grounds(canvas, 60) == {Ink.FAIL_STRIP}
    assert "limit 2 000 ms" in rows[0]
    assert "✗ p95" in rows[1]
    assert rows[1].index("✗ p95") < rows[1].index("✓ rps")
    assert "p95 went over at 00:30, 20 s after 20 users" in rows[2]


def test_fail_by_errors_names_the_failing_endpoint(engine: FakeEngine) -> None:
    script = Script(MINUTE, failures=lambda second: second % 2)
    rows = verdict_of(engine.play(script.whole())).text().split("\n")
    assert "errors" in rows[0]
    assert "POST /predict: 503 Service Unavailable, 25 times from 00:11" in rows[2]


@pytest.mark.parametrize("width", [80, 120])
def test_invalid_says_what_to_change(engine: FakeEngine, width: int) -> None:
    canvas = verdict_of(engine.play(Script(MINUTE, generator_cpu=97).whole()), width)
    rows = canvas.text().split("\n")
    assert grounds(canvas, 0) == {Ink.INVALID}
    assert "generator-bound" in rows[0]
    assert "? not valid" in rows[1]
    assert "use more workers (--workers 2)" in rows[2]


@pytest.mark.parametrize(("width", "reason"), [(80, "above 90 % of…"), (120, "50 of 50 windows")])
def test_the_reason_of_an_invalid_run_is_whole_or_cut_behind_a_word(
    engine: FakeEngine, width: int, reason: str
) -> None:
    engine.play(Script(MINUTE, generator_cpu=97).whole())
    assert (
        verdict_of(engine, width)
        .row(0)
        .rstrip()
        .endswith(f"a worker {reason}" if width == 80 else reason)
    )


@pytest.mark.parametrize("width", [80, 120])
def test_a_measurement_that_is_not_valid_so_far_says_why_beneath_its_bar(
    engine: FakeEngine, width: int
) -> None:
    engine.play(Script(MINUTE, generator_cpu=97).until(40))
    first, _, third = strip(engine, width)
    assert "not valid so far" in first
    assert "━" in first
    assert third.startswith(" ! not valid so far: generator-bound: a worker above 90 %")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_interrupted_keeps_room_for_its_reason(engine: FakeEngine, width: int) -> None:
    script = Script(MINUTE)
    engine.play(script.until(30))
    engine.play(script.ending(30, "stopped", "stopped by hand"))
    rows = verdict_of(engine, width).text().split("\n")
    assert "stopped by hand" in rows[0]
    assert "runs it again" in rows[2]


@pytest.mark.parametrize(("page", "keys"), [("bench", "enter"), ("log", "1, enter")])
def test_a_run_is_started_again_by_keys_that_do_so_on_this_screen(
    engine: FakeEngine, page: str, keys: str
) -> None:
    engine.play(Script(MINUTE).until(30))
    engine.play(Script(MINUTE).ending(30, "stopped", "stopped by hand"))
    assert f"  {keys} runs it again." in strip(engine, page=page)[2]


def test_a_verdict_that_was_put_away_gives_the_strip_back(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).whole())
    assert "IDLE" in strip(engine, put_away="run-1")[0]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_every_limit_or_how_many_more_is_told_at_any_width(engine: FakeEngine, width: int) -> None:
    engine.play(Script(MINUTE, p50=steady(1234)).until(40))
    row = strip(engine, width)[1]
    shown = sum(row.count(name) for name in ("p95", "p99", "err", "rps"))
    assert shown == 4 or f"+{4 - shown} more" in row
    assert len(row) <= width


def test_a_scenario_without_limits_says_so(engine: FakeEngine) -> None:
    bare = scenario(minutes=1)
    bare = msgspec.structs.replace(bare, summary="", thresholds=(), goals=())
    rows = (
        drawn(draw_strip, scene(engine, scenarios=(bare,), selected="smoke"), 120, 3)
        .text()
        .split("\n")
    )
    assert "No limits" in rows[0]


def test_asking_the_target_shows_what_is_about_to_start(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).whole())
    engine.session.preparing = "load"
    rows = strip(engine)
    assert " ● PREPARING  load  asking the target" in rows[0]
    assert "p95 < 2 000 ms" in rows[1]
