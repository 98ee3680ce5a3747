"""The list of scenarios: last result, name, and its age or size."""

from __future__ import annotations

import msgspec

from tui.console.cells import Canvas, Piece, clean, width_of
from tui.console.glyphs import CURSOR, RUNNING, VERDICT
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.core.format import brief_duration
from tui.core.scenario import Scenario

KIND_TITLES = {"load": "Load"}


class Row(msgspec.Struct, frozen=True):
    """A line of the list: a group's title, or a scenario."""

    title: str
    index: int | None
    """In the scene's scenarios; None for a title."""


def rows_of(scene: Scene) -> list[Row]:
    """Titles and scenarios, in order."""
    rows: list[Row] = []
    kind = ""
    for index, scenario in enumerate(scene.scenarios):
        if scenario.kind != kind:
            kind = scenario.kind
            rows.append(Row(KIND_TITLES.get(kind, kind), None))
        rows.append(Row(scenario.id, index))
    return rows


def first_row(scene: Scene, height: int) -> int:
    """How far the list is scrolled so that the cursor is in sight."""
    rows = rows_of(scene)
    at = next((y for y, row in enumerate(rows) if row.index == scene.selected), 0)
    return min(max(at - height // 2, 0), max(len(rows) - height, 0))


def index_at(scene: Scene, height: int, y: int) -> int | None:
    """The scenario on a row of the framed panel."""
    number = first_row(scene, height - 2) + y - 1
    rows = rows_of(scene)
    return rows[number].index if 0 < y < height - 1 and number < len(rows) else None


def draw_scenarios(canvas: Canvas, scene: Scene) -> None:
    """The panel at the left."""
    focused = scene.panel == "scenarios" and (not scene.is_narrow or scene.is_list_open)
    title: list[Piece] = [("scenarios", Ink.ACCENT if focused else Ink.MUTE, focused)]
    busy = scene.snapshot.is_running or bool(scene.snapshot.preparing)
    foot: list[Piece] = [("enter queue" if busy else "enter run", Ink.FAINT)]
    if scene.find is not None:
        title = [("find ", Ink.MUTE), (f"{scene.find}▏", Ink.ACCENT, True)]
        foot = [("enter take · esc all", Ink.FAINT)]
    canvas.frame(title, foot, focused=focused)
    height = canvas.height - 2
    if not scene.scenarios:
        text = "none matches" if scene.find else "no scenario"
        canvas.put(2, 1, text, Ink.MUTE, end=canvas.width - 1)
    start = first_row(scene, height)
    for y, row in enumerate(rows_of(scene)[start : start + height], 1):
        if row.index is None:
            canvas.put(2, y, row.title, Ink.FAINT, end=canvas.width - 1)
        else:
            _draw_scenario(canvas, y, scene, row.index)


def _draw_scenario(canvas: Canvas, y: int, scene: Scene, index: int) -> None:
    scenario = scene.scenarios[index]
    selected = index == scene.selected
    run = scene.snapshot.run
    running = scene.snapshot.is_running and run and run.facts.scenario.id == scenario.id
    past = scene.last_of(scenario)
    if selected:
        canvas.fill(1, y, canvas.width - 2, 1, Ink.SELECT)
        canvas.put(1, y, CURSOR, Ink.ACCENT)
    if running or scene.snapshot.preparing == scenario.id:
        canvas.put(2, y, RUNNING, Ink.ACCENT, True)
    elif past and past.verdict:
        glyph, ink = VERDICT[past.verdict]
        canvas.put(2, y, glyph, ink, True)
    right, ink = _right_text(scene, scenario, selected), Ink.ACCENT if selected else Ink.MUTE
    end = canvas.width - 2
    if 4 + width_of(clean(scenario.id)) + 1 + len(right) > end:
        right = right.replace(" × ", "×")
    if right:
        end = canvas.right(end, y, right, ink, selected) - 1
    name_ink = Ink.ACCENT if selected else Ink.TEXT
    canvas.pieces(4, y, [(scenario.id, name_ink, selected)], end=end)


def _right_text(scene: Scene, scenario: Scenario, selected: bool) -> str:
    if scenario.id in scene.snapshot.queued:
        return "queued"
    past = scene.last_of(scenario)
    if past and not selected:
        # With `ago`: a bare age would read like the duration that stands in other rows.
        return f"{brief_duration(max(scene.snapshot.at_utc - past.started_at, 0))} ago"
    return f"{scenario.load.users} × {brief_duration(scenario.load.duration_s)}"
