"""Which part of the run the limits on the screen speak of, and how the stages before it went."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.glyphs import sign
from tui.console.theme import Ink
from tui.core.format import brief_duration, count, counted
from tui.core.load import Load
from tui.core.model import RunView
from tui.core.stress.scope import is_judged_under_stress

UNDER_STRESS = "under stress"


def judged_stage(run: RunView, width: int) -> list[Piece]:
    """`stage 2 of 3, 40 users  ` ahead of the limits; nothing where they speak of the whole run.

    `under stress  ` where those of requests speak of that alone.
    """
    if is_judged_under_stress(run.facts.scenario):
        return [(f"{UNDER_STRESS}  ", Ink.TEXT, True)]
    number = run.judged_stage
    stage = next((each for each in run.stages if each.stage == number), None)
    if stage is None:
        return []
    text = f"stage {stage.stage + 1}"
    if width >= 90:
        text += f" of {len(run.facts.scenario.stages)}, {counted(stage.users, 'user')}"
    return [(f"{text}  ", Ink.TEXT, True)]


def stage_items(load: Load, run: RunView | None) -> list[list[Piece]]:
    """Users and length of each stage; of a `run` judged by stages also whether it held."""
    passed = {}
    if run is not None and load.judge == "stage":
        passed = {stage.stage: stage.passed for stage in run.stages}
    items: list[list[Piece]] = []
    for number, stage in enumerate(load.stages):
        item: list[Piece] = [
            (count(stage.users), Ink.TEXT),
            (f" × {brief_duration(stage.duration_s)}", Ink.MUTE),
        ]
        if passed.get(number) is not None:
            glyph, ink = sign(passed[number])
            item.insert(0, (f"{glyph} ", ink, True))
        items.append(item)
    return items
