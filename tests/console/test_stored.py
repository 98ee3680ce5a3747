"""A run that measures storage, on the Bench."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.console.sight import drawn
from tests.console.test_watched import snapshot
from tests.core.storage import measured as made
from tui.console.commands import offered_views, why_not, works
from tui.console.scene import Scene
from tui.console.tiles import arrange
from tui.console.title import title_of
from tui.console.widgets.stored import draw_stored
from tui.console.widgets.strip import draw_strip
from tui.core import events as ev

NOW = ev.CellBegan(place="store", size_mb=1, parallel=8)
BEGUN = [*made.GOOD[:5], NOW]


def frame(
    told: Sequence[ev.Event] | None, *, ended: bool = False, is_narrow: bool = False
) -> Scene:
    """The Bench at the last of these events; None: before a run."""
    scenario = made.scenario()
    run = None if told is None else made.run_of(told, ended=ended)
    return Scene(
        snapshot(run),
        scenarios=(scenario,),
        catalogue=(scenario,),
        view="stored",
        is_narrow=is_narrow,
    )


def rows(scene: Scene, width: int = 60, height: int = 24) -> list[str]:
    text = drawn(draw_stored, scene, width, height).text()
    return [row.strip("│ ") for row in text.split("\n")[1:-1] if row.strip("│ ")]


def test_each_cell_has_its_row_with_both_places_side_by_side() -> None:
    found = rows(frame(made.GOOD, ended=True))
    assert found[0].split() == ["write", "read"]
    assert found[1].split() == ["local", "store", "local", "store"]
    assert found[2].split() == ["1", "MB", "×", "1", "400.0", "40.0", "400.0", "40.0"]
    assert found[5].split()[:4] == ["20", "MB", "×", "8"]
    assert any("local is faster at every size" in row for row in found)
    assert any("10 000 records/s" in row for row in found)


def test_before_a_run_it_shows_what_will_be_measured() -> None:
    found = rows(frame(None))
    assert [row.split()[:4] for row in found[2:4]] == [
        ["1", "MB", "×", "1"],
        ["1", "MB", "×", "8"],
    ]
    assert "–" in found[2]


def test_without_a_store_there_is_one_place_and_the_reason() -> None:
    alone = [each for each in made.GOOD if isinstance(each, ev.CellMeasured)][::2]
    found = rows(frame([ev.StorageOpened(opened=made.NO_STORE), *alone], ended=True))
    assert found[1].split() == ["local", "local"]
    assert any("n/a: no endpoint is configured" in row for row in found)


def test_what_is_wrong_stands_above_with_what_to_do() -> None:
    found = rows(frame(made.failing("credentials")))
    assert "✗ object store:" in found[0]
    assert any(row.startswith("next: ") for row in found)


def test_the_strip_tells_how_far_it_is_and_no_time_that_nobody_knows() -> None:
    text = drawn(draw_strip, frame(BEGUN), 100, 3).text()
    assert "cell 4 of 8" in text
    assert "left" not in text
    assert "1 MB, 8 at once, object store" in text


def test_the_title_of_the_terminal_tells_it_too() -> None:
    assert "cell 4 of 8" in title_of(frame(BEGUN).snapshot)


@pytest.mark.parametrize(("width", "height"), [(120, 36), (100, 30), (160, 50)])
def test_a_wide_window_shows_it_in_the_place_of_the_charts(width: int, height: int) -> None:
    tiles = arrange(width, height, "latency", False, "storage")
    assert {"stored", "board-chart"} <= set(tiles)
    assert "latency" not in tiles
    assert rows(frame(made.GOOD, ended=True), tiles["stored"].width, tiles["stored"].height)


def test_a_narrow_window_goes_round_its_own_views() -> None:
    scene = frame(BEGUN, is_narrow=True)
    assert set(offered_views(scene)) <= {"board", "gauges", "scenario", "log"}
    found = rows(scene, 80, 15)
    assert found[2].split()[0] == "1"


def test_it_is_neither_paused_nor_held() -> None:
    scene = frame(BEGUN)
    for command in ("pause", "hold"):
        assert not works(command, scene)
    assert "storage is neither paused nor held" in why_not("pause", scene)
