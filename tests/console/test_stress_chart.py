"""The upper chart of a run with a stress: what was asked, what was reached, and when."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.runs import board
from tests.console.sight import drawn
from tests.console.stressed import (
    CPU,
    LOADED,
    MIXED,
    TELLING,
    burning,
    frame,
    over,
    stress_scenario,
    with_stress,
)
from tui.console.cells import Canvas
from tui.console.glyphs import ASCII
from tui.console.scene import Back, Scene
from tui.console.theme import Ink
from tui.console.widgets.board_chart import BoardChart
from tui.console.widgets.burner_looks import ink_of
from tui.console.widgets.stress_chart import draw_stress
from tui.console.widgets.stress_parts import spans_of
from tui.console.widgets.window import windowed
from tui.core.scenario import Scenario
from tui.core.stress.plan import name_of
from tui.core.stress.view import FaultView, PartView

WIDTH, HEIGHT = 80, 16


def chart(scene: Scene) -> list[str]:
    return drawn(draw_stress, scene, WIDTH, HEIGHT).text().split("\n")


def cells_in(canvas: Canvas, ink: Ink) -> list[tuple[int, int]]:
    """Where dots of a curve in that colour stand, inside the frame."""
    return [
        (x, y)
        for y in range(1, canvas.height - 2)
        for x in range(7, canvas.width - 9)
        if "\u2800" < canvas.chars[y][x] <= "\u28ff" and canvas.looks[y][x] & 0xFF == ink
    ]


def test_every_burner_has_its_colour_and_its_name_in_the_title() -> None:
    canvas = drawn(draw_stress, frame(burning(MIXED, 130), MIXED), WIDTH, HEIGHT)
    assert canvas.row(0).startswith("╭─ level %   ━ cpu  ━ memory  ━ storage  ━ network  ┈ asked")
    inks = {ink_of(name) for name in ("cpu", "memory", "storage", "network")}
    assert len(inks) == 4
    # The processor and the storage reach the same, so one covers the other.
    assert all(cells_in(canvas, ink) for ink in inks - {ink_of("storage")})


def test_the_newest_figures_stand_behind_the_curves_with_their_names() -> None:
    shown = "\n".join(chart(frame(burning(MIXED, 130), MIXED)))
    assert all(word in shown for word in ("cpu 98 %", "mem 39 %", "stor 98 %", "net 78 %"))


def test_what_was_reached_climbs_in_steps() -> None:
    canvas = drawn(draw_stress, frame(burning(seconds=139)), WIDTH, HEIGHT)
    dots = cells_in(canvas, ink_of("cpu"))
    highest = {x: min(y for column, y in dots if column == x) for x, _ in dots}
    rows = [highest[x] for x in sorted(highest)]
    assert rows == sorted(rows, reverse=True)
    assert rows[0] - rows[-1] >= 6


def test_what_is_yet_to_be_asked_is_drawn_before_the_start() -> None:
    idle = frame(burning(), put_away="run-1")
    plan = cells_in(drawn(draw_stress, frame_without_run(idle), WIDTH, HEIGHT), Ink.LINE)
    assert plan
    assert "enter runs stress-cpu" in "\n".join(chart(frame_without_run(idle)))


def frame_without_run(scene: Scene) -> Scene:
    snapshot = msgspec.structs.replace(scene.snapshot, run=None)
    return msgspec.structs.replace(scene, snapshot=snapshot)


def test_the_parts_stand_along_the_upper_edge_and_the_stress_on_the_axis() -> None:
    rows = chart(frame(burning()))
    assert [word for word in ("before", "stress", "after") if word in rows[1]] == [
        "before",
        "stress",
        "after",
    ]
    assert "━" in rows[-2]
    assert "stress over" not in "\n".join(rows)


def test_a_part_that_ended_early_brings_the_next_ones_forward() -> None:
    planned = spans_of(frame(burning()))
    early = frame(burning())
    assert early.run is not None
    assert early.run.stress is not None
    parts = [(span.part, span.from_s, span.until_s) for span in planned]
    assert parts == [("before", 0.0, 20.0), ("stress", 20.0, 140.0), ("after", 140.0, 200.0)]
    told = tuple(part for part in TELLING.parts if part.part == "before")
    calmed = with_stress(early, part="after", parts=(*told, *_calmed()))
    assert [(span.part, span.until_s) for span in spans_of(calmed)] == [
        ("before", 20.0),
        ("stress", 60.0),
        ("after", 120.0),
    ]


def _calmed() -> tuple[PartView, ...]:
    return PartView("stress", 20.0, 60.0), PartView("after", 60.0, None)


def test_without_a_load_the_levels_end_with_the_stress() -> None:
    canvas = drawn(draw_stress, frame(over()), WIDTH, HEIGHT)
    last = max(x for x, _ in cells_in(canvas, ink_of("cpu")))
    assert last < WIDTH * 0.75
    assert "cpu 98 %" not in canvas.text()


def test_a_stress_of_faults_alone_shows_them_as_bars() -> None:
    what = stress_scenario(
        "stress-net",
        load=True,
        cpu=None,
        steps_percent=None,
        faults=[{"latency_ms": 200}, {"cut": "black_hole"}],
    )
    faults = (
        FaultView("network", "latency 200 ms", 20.0, 80.0),
        FaultView("network", "black hole", 80.0),
    )
    shown = with_stress(frame(burning(what, 90), what), faults=faults)
    rows = chart(shown)
    assert rows[0].startswith("╭─ faults")
    bars = [row for row in rows if "latency 200 ms" in row or "black hole" in row]
    assert [row.count("━") > 10 for row in bars] == [True, True]
    assert bars[0].index("━") < bars[1].index("━")


@pytest.mark.parametrize("what", [CPU, MIXED, LOADED])
def test_curves_are_letters_where_a_cell_is_the_finest_that_can_be_drawn(what: Scenario) -> None:
    canvas = Canvas(WIDTH, HEIGHT, tier=ASCII)
    draw_stress(canvas, frame(burning(what, 130), what))
    assert what.stress is not None
    for plan in what.stress.burners:
        letter = name_of(plan)[0]
        # What reaches the same may be covered.
        assert letter in canvas.text()


def test_read_back_the_head_stands_at_the_cursor_alone() -> None:
    live = frame(burning(seconds=130))
    earlier = frame(burning(seconds=60))
    back = Back("run-1", 58.0, is_stored=True, course=live.run)
    shown = msgspec.structs.replace(earlier, back=back)
    text = drawn(windowed(draw_stress), shown, WIDTH, HEIGHT).text()
    assert text.count("cpu 49 %") == 1
    assert " 49 %" not in text.replace("cpu 49 %", "")


def test_a_narrower_window_shows_the_levels_of_its_stretch() -> None:
    whole = drawn(windowed(draw_stress), frame(burning(seconds=139)), WIDTH, HEIGHT)
    near = drawn(windowed(draw_stress), frame(burning(seconds=139), window_s=60.0), WIDTH, HEIGHT)
    assert len(cells_in(near, ink_of("cpu"))) > 0
    assert "0:00" in whole.text()
    assert "0:00" not in near.text()


def test_a_board_without_heat_and_power_says_so_beside_a_stress() -> None:
    shown = frame(burning())
    assert shown.run is not None
    bare = msgspec.structs.replace(
        shown.snapshot,
        board={name: each for name, each in board().items() if not name.endswith("_c")},
        run=msgspec.structs.replace(shown.run, board_points=()),
    )
    poor = msgspec.structs.replace(shown, snapshot=bare)
    assert "n/a: temperature, power" in drawn(BoardChart(), poor, WIDTH, 10).row(0)
    assert "n/a" not in drawn(BoardChart(), shown, WIDTH, 10).row(0)
