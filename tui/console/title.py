"""The terminal's title: how the run stands, for a window in the background."""

from __future__ import annotations

from tui.console.cells import clean
from tui.console.glyphs import VERDICT
from tui.core.e2e.standing import rounds_text
from tui.core.format import clock, ms
from tui.core.model import Snapshot
from tui.core.storage.fold import standing_text


def title_of(snapshot: Snapshot) -> str:
    """`● 02:13 standard p95 846`, then `✓ PASS standard`."""
    run = snapshot.run
    if run is None:
        return "jetproof"
    name = clean(run.facts.scenario.id)
    if run.judgement is not None:
        verdict = run.judgement.verdict
        return f"{VERDICT[verdict][0]} {verdict} {name}"
    began = f"● {clock(run.elapsed_s)} {name}"
    if run.facts.scenario.load is not None:
        return f"{began} p95 {ms(run.total.latency.p95)}"
    if run.workflow is not None:
        return f"{began} {rounds_text(run.workflow)}" if run.workflow.begun else began
    if run.storage is not None:
        return f"{began} {standing_text(run.storage)}"
    if run.cameras:
        live = sum(camera.state == "live" for camera in run.cameras)
        return f"{began} {live} of {len(run.cameras)} cameras"
    levels = [
        f" {clean(each.name)} {each.reached * 100:.0f} %"
        for each in (run.stress.burners if run.stress is not None else ())
        if each.reached is not None
    ]
    return f"{began}{''.join(levels[:2])}"
