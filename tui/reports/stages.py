"""The stages of a run that a table shows."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.model import RunView, StageView

MAX_STAGES = 20
"""A pattern that repeats may have a thousand."""
WITHIN = {True: "yes", False: "no", None: "not judged"}
"""By `StageView.passed`: whether it was within the limits."""


def measured_stages(view: RunView) -> Sequence[StageView]:
    """Those that came to a figure: one that the run ended in before its level has none."""
    return tuple(stage for stage in view.stages if stage.measured_s or stage.figures.requests)
