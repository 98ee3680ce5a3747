"""Why p95 rose, in the strip: while the run goes on, and in the reason of a failure."""

from __future__ import annotations

import msgspec
import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import Script, scenario
from tests.console.sight import drawn, scene
from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.console.widgets.strip import draw_strip
from tui.core.headline import cause_text
from tui.core.incidents import Rise
from tui.core.model import Headline

MINUTE = scenario(minutes=1)
OC3 = Rise(
    20.0, None, 700, 960, 950, "oc3 over-current", "oc3", 2.0, "12/s", ("heat",), by="incident"
)
REPLAYED = msgspec.structs.replace(OC3, is_replayed=True)
SINCE = "p95 +37 % since 00:20"


def strip(engine: FakeEngine, rise: Rise, width: int = 120) -> Canvas:
    """The strip of a run in which p95 rose."""
    what = scene(engine, narrow=width < 100)
    assert what.run is not None
    same = ("heat", "memory", "clocks")
    told = msgspec.structs.replace(OC3, unchanged=same, is_replayed=rise.is_replayed)
    headline = Headline("warn", SINCE, f", {cause_text(told)}")
    run = msgspec.structs.replace(what.run, rises=(rise,), headline=headline)
    snapshot = msgspec.structs.replace(what.snapshot, run=run)
    return drawn(draw_strip, msgspec.structs.replace(what, snapshot=snapshot), width, 3)


def inks_of(canvas: Canvas, words: str) -> set[int]:
    """The inks of these words in the third row."""
    x = canvas.row(2).index(words)
    return {canvas.looks[2][column] & 0xFF for column in range(x, x + len(words))}


def test_a_cause_on_the_board_stands_out_in_the_sentence(engine: FakeEngine) -> None:
    canvas = strip(engine.play(Script(MINUTE).until(40)), OC3)
    assert inks_of(canvas, "oc3 over-current") == {Ink.WARN}
    assert inks_of(canvas, ", 2 s after") == {Ink.MUTE}


def test_more_load_is_no_warning(engine: FakeEngine) -> None:
    load = msgspec.structs.replace(OC3, by="load")
    canvas = strip(engine.play(Script(MINUTE).until(40)), load)
    assert Ink.WARN not in inks_of(canvas, "oc3 over-current")


def test_what_did_not_change_is_told_as_a_whole_or_not_at_all(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(40))
    assert "heat, memory and clocks unchanged" in strip(engine, OC3, 120).row(2)
    assert strip(engine, OC3, 80).row(2).rstrip().endswith("began, 12/s")


@pytest.mark.parametrize("width", [120, 160])
def test_a_failure_says_what_began_on_the_board_before_it(engine: FakeEngine, width: int) -> None:
    slow = Script(MINUTE, p50=lambda second: 390 if second < 30 else 2600)
    engine.play(slow.whole())
    row = strip(engine, OC3, width).row(2)
    # p95 went over its limit 12 s after the over-current began in second 18.
    assert "p95 went over at 00:30, 12 s after oc3 over-current began, 12/s" in row
    assert "…" not in row


@pytest.mark.parametrize(
    ("width", "ends"),
    [(120, "12/s on the replayed board"), (80, "began, 12/s, replayed"), (70, "began, replayed")],
)
def test_a_cause_on_a_replayed_board_says_so_in_every_window(
    engine: FakeEngine, width: int, ends: str
) -> None:
    engine.play(Script(MINUTE).until(40))
    assert strip(engine, REPLAYED, width).row(2).rstrip().endswith(ends)


def test_a_failure_says_that_its_cause_was_on_a_replayed_board(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE, p50=lambda second: 390 if second < 30 else 2600).whole())
    assert "oc3 over-current began, 12/s on the replayed board" in strip(engine, REPLAYED, 160).row(
        2
    )
    assert "replayed" in strip(engine, REPLAYED, 120).row(2)
