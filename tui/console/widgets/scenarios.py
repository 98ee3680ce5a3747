"""The list of scenarios: last result, name, and its age or size."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.cells import Canvas, Piece, clean, width_of
from tui.console.glyphs import CURSOR, RUNNING, VERDICT
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.core.e2e.workflow import Workflow
from tui.core.format import brief_duration, counted, rate
from tui.core.scenario import Scenario

GROUPS = ("Smoke", "Load", "Staged load", "Arrival rate", "Stress", "End to end", "Benchmark")
QUEUED = "queued"


class Row(msgspec.Struct, frozen=True):
    """A line of the list: a group's title, a scenario or a campaign."""

    title: str
    index: int | None
    """In the scene's scenarios and the campaigns behind them; None for a title."""


def group_of(scenario: Scenario) -> str:
    """The title that it stands under."""
    load = scenario.load
    if scenario.workflow is not None:
        return "Smoke" if scenario.kind == "smoke" else "End to end"
    if scenario.stress is not None or load is None:
        return scenario.kind.capitalize()
    if load.arrival is not None:
        return "Arrival rate"
    return "Staged load" if load.stages or load.shape else "Load"


def grouped(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The same, each group in one piece, its order kept."""
    return tuple(sorted(scenarios, key=lambda scenario: GROUPS.index(group_of(scenario))))


def rows_of(scene: Scene) -> list[Row]:
    """Titles and scenarios, in order."""
    rows: list[Row] = []
    title = ""
    for index, scenario in enumerate(scene.scenarios):
        if group_of(scenario) != title:
            title = group_of(scenario)
            rows.append(Row(title, None))
        rows.append(Row(scenario.id, index))
    if scene.campaigns:
        rows.append(Row("Campaigns", None))
    for index, campaign in enumerate(scene.campaigns, len(scene.scenarios)):
        rows.append(Row(campaign.id, index))
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
    busy = scene.newest.is_running or bool(scene.snapshot.preparing)
    foot: list[Piece] = [("enter queue" if busy else "enter run", Ink.FAINT)]
    if scene.back is not None:
        foot = []
    if scene.find is not None:
        title = [("find ", Ink.MUTE), (f"{scene.find}▏", Ink.ACCENT, True)]
        foot = [("enter take · esc all", Ink.FAINT)]
    height = canvas.height - 2
    start, rows = first_row(scene, height), rows_of(scene)
    if scene.find is None and rows and rows[start].index is not None:
        title = _scrolled_title(title, rows[:start], canvas.width)
    canvas.frame(title, foot, focused=focused)
    if not scene.scenarios and not scene.campaigns:
        text = "none matches" if scene.find else "no scenario"
        canvas.put(2, 1, text, Ink.MUTE, end=canvas.width - 1)
    for y, row in enumerate(rows[start : start + height], 1):
        if row.index is None:
            canvas.put(2, y, row.title, Ink.FAINT, end=canvas.width - 1)
        elif row.index < len(scene.scenarios):
            _draw_scenario(canvas, y, scene, row.index)
        else:
            _draw_campaign(canvas, y, scene, row)
    # Nothing else tells that there is more.
    if start > 0:
        canvas.put(canvas.width - 1, 1, "↑", Ink.MUTE)
    if start + height < len(rows):
        canvas.put(canvas.width - 1, canvas.height - 2, "↓", Ink.MUTE)


def _scrolled_title(title: list[Piece], above: Sequence[Row], width: int) -> list[Piece]:
    """With the group that the first row belongs to; alone where both have no room."""
    group = next(row.title for row in reversed(above) if row.index is None)
    both: list[Piece] = [*title, (f"  {group}", Ink.MUTE)]
    return both if line_width(both) <= width - 6 else [(group, *title[0][1:])]


def _draw_campaign(canvas: Canvas, y: int, scene: Scene, row: Row) -> None:
    selected = row.index == scene.selected
    ink = Ink.ACCENT if selected else Ink.TEXT
    if selected:
        canvas.fill(1, y, canvas.width - 2, 1, Ink.SELECT)
        canvas.put(1, y, CURSOR, Ink.ACCENT)
    rungs = len(scene.campaigns[(row.index or 0) - len(scene.scenarios)].runs)
    right = Ink.ACCENT if selected else Ink.MUTE
    end = canvas.right(canvas.width - 2, y, counted(rungs, "run"), right, selected) - 1
    canvas.pieces(4, y, [(row.title, ink, selected)], end=end)


def _draw_scenario(canvas: Canvas, y: int, scene: Scene, index: int) -> None:
    scenario = scene.scenarios[index]
    selected = index == scene.selected
    run = scene.newest.run
    running = scene.newest.is_running and run and run.facts.scenario.id == scenario.id
    past = scene.last_of(scenario)
    if selected:
        canvas.fill(1, y, canvas.width - 2, 1, Ink.SELECT)
        canvas.put(1, y, CURSOR, Ink.ACCENT)
    if running or scene.newest.preparing == scenario.id:
        canvas.put(2, y, RUNNING, Ink.ACCENT, True)
    elif past and past.verdict:
        glyph, ink = VERDICT[past.verdict]
        canvas.put(2, y, glyph, ink, True)
    right, ink = _right_text(scene, scenario, selected), Ink.ACCENT if selected else Ink.MUTE
    end = canvas.width - 2
    if 4 + width_of(clean(scenario.id)) + 1 + len(right) > end:
        right = right.replace(" × ", "×")
    if 4 + width_of(clean(scenario.id)) + 1 + len(right) > end:
        # The name is what one looks for; the panel beneath tells the rest.
        right = right.partition("×")[2] or right
    if 4 + width_of(clean(scenario.id)) + 1 + len(right) > end and right != QUEUED:
        right = "*" if scenario.id in scene.changed else ""
    if right:
        end = canvas.right(end, y, right, ink, selected) - 1
    name_ink = Ink.ACCENT if selected else Ink.TEXT
    canvas.pieces(4, y, [(scenario.id, name_ink, selected)], end=end)


def _workflow_size(workflow: Workflow) -> str:
    """`16 tests`, `3 rounds`, `25 steps`; of an OpenAPI document nobody knows how many."""
    if workflow.tests:
        return counted(len(workflow.tests), "test")
    if workflow.rounds > 1:
        return counted(workflow.rounds, "round")
    return "OpenAPI" if workflow.openapi else counted(len(workflow.names), "step")


def _right_text(scene: Scene, scenario: Scenario, selected: bool) -> str:
    if scenario.id in scene.newest.queued:
        return QUEUED
    past = scene.last_of(scenario)
    if past and not selected and scenario.id not in scene.changed:
        # With `ago`: a bare age would read like the duration that stands in other rows.
        return f"{brief_duration(max(scene.snapshot.at_utc - past.started_at, 0))} ago"
    load = scenario.load
    text = length = brief_duration(scenario.duration_s)
    if scenario.workflow is not None:
        text = _workflow_size(scenario.workflow)
    if load is not None and scenario.stress is None and scenario.workflow is None:
        text = f"{load.users} × {length}"
    if load is not None and load.arrival is not None and scenario.workflow is None:
        text = f"{rate(load.arrival.to_rps).removesuffix('.0')}/s {length}"
    return f"{text} *" if scenario.id in scene.changed else text
