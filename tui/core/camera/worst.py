"""Limits of a run on its cameras: the one that is worst is judged."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.camera.grade import figure_of
from tui.core.camera.view import CameraView
from tui.core.limits import Limit, LimitState

NEEDED = (
    "first_frame_ms", "fps_ratio", "interval_ratio", "brightness", "contrast", "clipped_percent",
    "noise",
)  # fmt: skip
"""Every camera has these, or is not judged. The others some cameras can't tell, or need not."""


def judged_worst(limit: Limit, views: Sequence[CameraView]) -> LimitState:
    """The limit beside the figure that comes nearest to breaking it, or breaks it most.

    One that a camera must have and has not leaves it unjudged, unless another breaks it.
    """
    figures = [figure_in(limit.metric, view) for view in views]
    known = [figure for figure in figures if figure is not None]
    if not known:
        return LimitState(limit, None, None)
    observed = min(known) if limit.is_floor else max(known)
    passed = limit.holds_for(observed)
    if passed and len(known) < len(figures) and limit.metric in NEEDED:
        return LimitState(limit, None, None)
    return LimitState(limit, observed, passed)


def figure_in(metric: str, view: CameraView) -> float | None:
    """A camera's figure; without an outage its way back took no time."""
    if metric == "recovery_s" and view.frames and not view.outages:
        return 0.0
    return figure_of(metric, view)


def lacking(limit: Limit, views: Sequence[CameraView]) -> tuple[CameraView, ...]:
    """The cameras that have no figure for it."""
    return tuple(view for view in views if figure_in(limit.metric, view) is None)
