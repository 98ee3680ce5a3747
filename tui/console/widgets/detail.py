"""The scenario under the cursor: how much, of what, judged by what, and how it went last."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from tui.console.cells import Canvas, Piece
from tui.console.glyphs import VERDICT
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.limits import all_wanted, line_width, wanted
from tui.console.widgets.log import wrapped
from tui.console.widgets.planned_steps import order_text
from tui.console.widgets.plot import next_foot
from tui.console.widgets.stage import stage_items
from tui.core.campaign import Campaign, total_s, works_text
from tui.core.config import Mix
from tui.core.format import brief_duration, duration, fixed, ms
from tui.core.load import Load
from tui.core.mix import sends_the_mix
from tui.core.model import Past, RunView
from tui.core.scenario import Scenario
from tui.core.stress.plan import Stress, burner_text

MOST_STEP_ROWS = 4


def draw_detail(canvas: Canvas, scene: Scene) -> None:
    """The panel; the last result stands in its last row."""
    chosen, running = scene.chosen, _running(scene)
    foot: list[Piece] = next_foot(scene) if _is_alone(scene) else []
    campaign = scene.campaign
    name = campaign.id if campaign else chosen.id if chosen else "scenario"
    title: list[Piece] = [(name, Ink.MUTE)]
    if chosen is not None and campaign is None and chosen.id in scene.changed:
        title.append(("  changed", Ink.WARN))
    elif running is not None and running != chosen:
        chosen = running
        title.append(("  running", Ink.WARN))
    canvas.frame(title, foot)
    end = canvas.width - 1
    if campaign is not None:
        for y, pieces in enumerate(campaign_lines(scene, campaign, canvas.width - 4), 1):
            if y < canvas.height - 1:
                canvas.pieces(2, y, pieces, end=end)
        return
    if chosen is None:
        for y, problem in enumerate(scene.problems[: canvas.height - 2], 1):
            canvas.pieces(2, y, [("! ", Ink.WARN, True), (problem, Ink.TEXT)], end=end)
        return
    rows = canvas.height - 2
    last = [last_line(scene.last, scene.snapshot.at_utc, canvas.width - 4)]
    shown = scene.run if scene.run and scene.run.facts.scenario.id == chosen.id else None
    lines = detail_lines(chosen, scene.mix, canvas.width - 4, roomy=rows >= 12, run=shown)
    lines = lines[: rows - len(last)]
    for y, pieces in enumerate(lines, 1):
        canvas.pieces(2, y, pieces, end=end)
    gap = 1 if rows > len(lines) + 1 else 0
    for y, pieces in enumerate(last, 1 + len(lines) + gap):
        canvas.pieces(2, y, pieces, end=end)


def _running(scene: Scene) -> Scenario | None:
    """The one under the cursor as it runs: it may have been changed for this start alone."""
    run, chosen = scene.newest.run, scene.chosen
    if run is None or not scene.newest.is_running or chosen is None or scene.campaign is not None:
        return None
    return run.facts.scenario if run.facts.scenario.id == chosen.id else None


def _is_alone(scene: Scene) -> bool:
    return scene.is_narrow and not scene.is_list_open


def detail_lines(
    scenario: Scenario, mix: Mix, width: int, *, roomy: bool, run: RunView | None = None
) -> list[list[Piece]]:
    """What the scenario does and what it is judged by; of a `run` of it, which stages held."""
    lines: list[list[Piece]] = []
    if roomy:
        lines += [[(row, Ink.TEXT)] for row in wrapped(scenario.summary or scenario.title, width)]
        lines.append([])
    lines += [[(row, Ink.TEXT, True)] for row in wrapped(scenario.plan, width)]
    if scenario.stress is not None:
        lines += _stress_lines(scenario.stress, width)
    if scenario.workflow is not None:
        rows = wrapped(order_text(scenario.workflow), width, MOST_STEP_ROWS)
        lines += [[(row, Ink.MUTE)] for row in rows]
    if scenario.load is not None:
        lines += _load_lines(scenario.load, mix, width, roomy=roomy, run=run)
    if roomy:
        lines.append([])
        each = "each stage passes if" if scenario.judges_stages else "passes if"
        lines.append([(each, Ink.MUTE)])
    lines += flowed(all_wanted(scenario, tight=True), width)
    if roomy and scenario.goals:
        lines.append([("goals, which only warn", Ink.MUTE)])
        lines += flowed([wanted(limit, tight=True) for limit in scenario.goals], width)
    return lines


def _stress_lines(stress: Stress, width: int) -> list[list[Piece]]:
    burners = [burner_text(plan) for plan in stress.burners]
    disk = "all free space to its floor" if stress.disk is not None else ""
    steady = "ends once it grows no warmer" if stress.until_steady else ""
    watched = f"{duration(stress.before_s)} before, {duration(stress.after_s)} after"
    watched = watched.replace(" min", " m")
    ways = {
        "soak": ("stands back for the service", "yields to the service"),
        "contend": ("contends with the service", "competes with service"),
    }
    # The shorter one fills a row of a narrow panel: a second one would be cut off.
    long, short = ways[stress.intent] if stress.burners else ("", "")
    way = long if len(long) <= width else short
    lines = [*burners, disk, steps_text(stress), steady, way, watched]
    return [[(row, Ink.MUTE)] for line in lines if line for row in wrapped(line, width)]


def steps_text(stress: Stress) -> str:
    """`25 → 50 → 75 → 100 %`, or the faults one after the other; empty of a single step."""
    texts = [step.text for step in stress.steps]
    if len(texts) < 2:
        return ""
    if not stress.suffers:
        return " → ".join([*(text.removesuffix(" %") for text in texts[:-1]), texts[-1]])
    return " → ".join(texts)


def _load_lines(
    load: Load, mix: Mix, width: int, *, roomy: bool, run: RunView | None
) -> list[list[Piece]]:
    lines: list[list[Piece]] = flowed(stage_items(load, run), width)
    if roomy and load.arrival is None and not load.stages:
        warm_up_s = load.spawn_s if load.warm_up_s is None else load.warm_up_s
        text = f"{fixed(load.spawn_rate, 1).removesuffix('.0')} users/s, judged after "
        lines.append([(f"{text}{duration(round(warm_up_s))}", Ink.MUTE)])
    lines += flowed(_users(load), width)
    if sends_the_mix(load):
        lines += flowed(_shares(mix), width)
    return lines


def campaign_lines(scene: Scene, campaign: Campaign, width: int) -> list[list[Piece]]:
    """How long it takes, its rungs in order with their last results, and what it is for."""
    rungs = scene.rungs(campaign)
    _, cooling_s = total_s(rungs)
    lines: list[list[Piece]] = [[(f"{works_text(rungs)} in all", Ink.TEXT, True)]]
    if cooling_s:
        lines.append([(f"and {duration(round(cooling_s))} of cooling at most", Ink.MUTE)])
    for number, scenario in enumerate(rungs, 1):
        past = scene.last_of(scenario)
        glyph, ink = VERDICT[past.verdict] if past and past.verdict else (" ", Ink.MUTE)
        rung: list[Piece] = [
            (f"{number} ", Ink.FAINT),
            (f"{glyph} ", ink, True),
            (scenario.id, Ink.TEXT),
        ]
        plan: Piece = (f"  {scenario.plan}", Ink.MUTE)
        lines.append([*rung, plan] if line_width([*rung, plan]) <= width else rung)
    about = campaign.summary or campaign.title
    rows: list[list[Piece]] = [[(row, Ink.MUTE)] for row in wrapped(about, width)]
    return [*lines, [], *rows]


def plain_text(pieces: Sequence[Piece]) -> str:
    """Pieces without their colours."""
    return "".join(piece[0] for piece in pieces)


def _users(load: Load) -> list[list[Piece]]:
    classes = load.user_classes
    if not classes:
        return [[("all of ", Ink.MUTE), (PurePath(load.locustfile).name, Ink.TEXT)]]
    if len(classes) == 1:
        return [[(next(iter(classes)), Ink.TEXT)]]
    known = sends_the_mix(load)
    return [
        # Ours are known by their first word, and a narrow panel has no room for more.
        [(f"{name.removesuffix('User') if known else name} ", Ink.MUTE), (str(weight), Ink.TEXT)]
        for name, weight in classes.items()
    ]


def _shares(mix: Mix) -> list[list[Piece]]:
    shares = [
        ("predict", mix.predict),
        ("+image", mix.predict_with_image),
        ("large", mix.predict_large),
        ("health", mix.health),
    ]
    return [[(f"{name} ", Ink.MUTE), (str(share), Ink.TEXT)] for name, share in shares if share]


def flowed(items: list[list[Piece]], width: int) -> list[list[Piece]]:
    """Items two blanks apart, in as few rows as they fit."""
    rows: list[list[Piece]] = []
    for item in items:
        if rows and line_width(rows[-1]) + 2 + line_width(item) <= width:
            rows[-1] = [*rows[-1], ("  ", Ink.MUTE), *item]
        else:
            rows.append(item)
    return rows


def last_line(last: Past | None, at_utc: float, width: int) -> list[Piece]:
    """The last result in one row, which must not lose its age."""
    if last is None:
        return [("never run", Ink.FAINT)]
    age = f"{brief_duration(max(at_utc - last.started_at, 0))} ago"
    if last.verdict is None:
        return [("last ", Ink.MUTE), ("cut off, ", Ink.WARN), (age, Ink.MUTE)]
    glyph, ink = VERDICT[last.verdict]
    # A stress without a load has no p95.
    told = last.verdict if last.p95_ms is None else f"p95 {ms(last.p95_ms)}"
    line: list[Piece] = [
        ("last ", Ink.MUTE),
        (f"{glyph} {told}", ink, True),
        (f", {age}", Ink.MUTE),
    ]
    return line if line_width(line) <= width else line[1:]
