"""When the parts of a stress were, and when those to come are due."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.scene import Scene
from tui.core.model import RunView
from tui.core.stress.plan import PARTS, Part, Stress
from tui.core.stress.view import StressPoint, StressView


class Span(msgspec.Struct, frozen=True):
    """A part on the time axis, in seconds since the work began."""

    part: Part
    from_s: float
    until_s: float
    is_planned: bool
    """Whether it is yet to come."""


def spans_of(scene: Scene) -> tuple[Span, ...]:
    """All three, as they were, are, and will be if none ends early; none of a mere load."""
    shown, run = scene.shown, scene.run
    if shown is None or shown.stress is None:
        return ()
    stress, view = shown.stress, run.stress if run is not None else None
    known = _known(run, view, stress) if run is not None and view is not None else {}
    planned_s = stress.lengths_s
    at_s = shown.duration_s - stress.total_s
    spans: list[Span] = []
    for part in PARTS:
        from_s, until_s = known.get(part, (at_s, None))
        if part in known and until_s is None:
            until_s = from_s + planned_s[part]
        elif until_s is None:
            until_s = from_s + planned_s[part]
            if run is not None and run.is_over:
                break
        spans.append(Span(part, from_s, until_s, part not in known))
        at_s = until_s
    return tuple(spans)


def _known(
    run: RunView, view: StressView, stress: Stress
) -> dict[Part, tuple[float, float | None]]:
    """Those that have begun; what goes on has no end."""
    found = {each.part: (each.from_s, each.until_s) for each in view.parts}
    if found or view.part is None:
        return {part: (from_s, until_s) for part, (from_s, until_s) in found.items()}
    planned_s = stress.lengths_s
    # Nothing tells when it began but what is left of it.
    from_s = run.elapsed_s - (planned_s[view.part] - view.left_s)
    return {view.part: (from_s, None)}


def burnt_points(points: Sequence[StressPoint]) -> list[tuple[float, float, StressPoint]]:
    """Each with the time that it is of: from and width in seconds."""
    found = []
    for number, point in enumerate(points):
        last_s = points[number - 1].at_s if number else point.at_s - 1.0
        behind_s = points[number + 1].at_s if number + 1 < len(points) else None
        width_s = behind_s - point.at_s if behind_s is not None else point.at_s - last_s
        # A second is told of at its end.
        found.append((point.at_s - 1.0, max(width_s, 0.5), point))
    return found
