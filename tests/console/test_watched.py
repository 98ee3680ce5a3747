"""A run that watches cameras, on the Bench."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.sight import drawn
from tests.core import script
from tests.core.test_run_cameras import (
    REFUSED,
    bench,
    camera,
    facts,
    opened,
    played,
    second,
    watched,
)
from tui.console.commands import offered_views, why_not, works
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.tiles import arrange
from tui.console.title import title_of
from tui.console.widgets.strip import draw_strip
from tui.console.widgets.watched import draw_watched
from tui.core import events as ev
from tui.core.model import RunView, Snapshot
from tui.core.session import Session

GOOD = watched(facts(camera("gate"), camera("pattern", "test:")))
BAD = watched(
    facts(camera("gate"), camera("yard")),
    opened("yard"),
    *(second("yard", n + 1.0, frames=20) for n in range(5)),
    ev.CameraFailed(at_s=6.0, camera="yard", fault=REFUSED, retry_s=1.0),
)


def snapshot(run: RunView | None) -> Snapshot:
    empty = Session("Orin Nano", "demo").snapshot(0.0, script.STARTED_AT)
    return msgspec.structs.replace(empty, run=run)


def frame(events: list[ev.Event], *, is_narrow: bool = False) -> Scene:
    """The Bench at the last of these events."""
    scenario = bench()
    return Scene(
        snapshot(played(events)),
        scenarios=(scenario,),
        catalogue=(scenario,),
        view="watched",
        is_narrow=is_narrow,
    )


def rows(scene: Scene, width: int = 90, height: int = 16) -> list[str]:
    text = drawn(draw_watched, scene, width, height).text()
    return [row.strip("│ ") for row in text.split("\n")[1:-1] if row.strip("│ ")]


def test_each_camera_has_its_row() -> None:
    gate, pattern = rows(frame(GOOD[:-1]))
    assert " ".join(gate.split()).startswith("✓ gate 25.00 / 25 fps 0 missing p95 40 ms")
    assert "simulated" in pattern


def test_what_is_wrong_stands_beneath_with_what_to_do() -> None:
    told = "\n".join(rows(frame(BAD[:-1])))
    assert "✗ 10.0.0.9 is there, and nothing listens on that port" in told
    assert "next: see whether the stream is switched on" in told
    assert "✗ dropped 20.00 %, limit < 5 %" in told


@pytest.mark.parametrize("width", [30, 44, 58, 120])
def test_a_narrow_panel_keeps_the_rate(width: int) -> None:
    assert "25.00 / 25 fps" in rows(frame(GOOD[:-1]), width)[0]


def test_more_than_there_is_room_for_is_counted() -> None:
    assert "more" in drawn(draw_watched, frame(BAD[:-1]), 40, 6).text()


def test_a_name_can_not_act_on_the_screen() -> None:
    evil = opened("gate", codec="\x1b[2J")
    events = [*GOOD[:2], evil]
    assert "\x1b" not in drawn(draw_watched, frame(events), 60, 10).text()


def test_the_strip_says_that_a_camera_fails() -> None:
    text = drawn(draw_strip, frame(BAD[:-1]), 120, 3).text()
    assert "yard fails" in text
    assert "within limits so far" not in text
    assert "validity" not in text


def test_the_strip_names_no_target_before_the_run() -> None:
    scene = Scene(snapshot(None), scenarios=(bench(),), catalogue=(bench(),))
    text = drawn(draw_strip, scene, 120, 3).text()
    assert "all cameras for 30 s. Passes if:" in text
    assert "on demo" not in text


def test_the_terminals_title_counts_those_that_deliver() -> None:
    assert title_of(snapshot(played(BAD[:-1]))).endswith("1 of 2 cameras")


class TestTheKeys:
    def test_that_hold_a_load_do_nothing_and_say_why(self) -> None:
        scene = frame(GOOD[:-1])
        assert not works("pause", scene)
        assert not works("more", scene)
        assert "s ends it" in why_not("pause", scene)

    def test_that_end_it_do(self) -> None:
        assert works("stop", frame(GOOD[:-1]))

    def test_that_show_the_slowest_request_do_nothing(self) -> None:
        assert not works("worst", frame(GOOD))

    def test_that_change_the_chart_have_another_one_in_a_narrow_window_alone(self) -> None:
        assert offered_views(frame(GOOD)) == ()
        assert "board" in offered_views(frame(GOOD, is_narrow=True))


def test_the_window_shows_the_cameras_and_the_board() -> None:
    wide = arrange(120, 36, "watched", is_list_open=False, work="cameras")
    assert {"watched", "board-chart", "board", "log"} <= set(wide)
    assert not {"latency", "throughput", "endpoints"} & set(wide)
    narrow = arrange(80, 24, "watched", is_list_open=False, work="cameras")
    assert "watched" in narrow


def test_a_failing_camera_is_red() -> None:
    canvas = drawn(draw_watched, frame(BAD[:-1]), 90, 12)
    y = next(y for y in range(12) if "yard" in canvas.row(y))
    assert canvas.looks[y][canvas.row(y).index("✗")] & 0xFF == Ink.FAIL
