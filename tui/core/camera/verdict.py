"""What cameras showed, as the verdict of their run asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shlex import quote

from tui.core.camera.grade import ENOUGH_FRAMES, of_a_limit
from tui.core.camera.view import CameraFinding, CameraView
from tui.core.camera.worst import figure_in, lacking
from tui.core.format import counted, duration
from tui.core.limits import LimitState
from tui.core.proof import Proof, Shortfall


def proof_of(views: Sequence[CameraView], thresholds: Sequence[LimitState]) -> Proof:
    """What fails, why a threshold has no figure, and what was done; cameras in their order."""
    failing = [
        (view.name, one)
        # One without any picture is worse than all that can be said of a picture.
        for view in sorted(views, key=lambda view: view.fault is None)
        for one in findings_in(view, thresholds)
        if one.level == "fail"
    ]
    unjudged = [state for state in thresholds if state.passed is None]
    return Proof(
        findings=tuple(f"{name}: {one.what}" for name, one in failing),
        advice=failing[0][1].next if failing else "",
        unjudged={state.limit.metric: _shortfall(state, views) for state in unjudged},
        done=watched_text(views),
    )


def findings_in(view: CameraView, thresholds: Sequence[LimitState]) -> tuple[CameraFinding, ...]:
    """What is wrong with a camera, by its own limits and by those of the run."""
    own = {state.limit.metric for state in view.limits if state.passed is False}
    return (*view.findings, *_of_the_run(view, thresholds, own))


def watched_text(views: Sequence[CameraView]) -> str:
    """`2 cameras watched for 30 s`; the shortest of them counts."""
    least_s = min((view.measured_s for view in views), default=0.0)
    return f"{counted(len(views), 'camera')} watched for {duration(round(least_s))}"


def _of_the_run(
    view: CameraView, thresholds: Sequence[LimitState], told: set[str]
) -> Iterator[CameraFinding]:
    for state in thresholds:
        limit = state.limit
        observed = figure_in(limit.metric, view)
        if limit.metric in told or observed is None or limit.holds_for(observed):
            continue
        yield of_a_limit("fail", limit, view)


def _shortfall(state: LimitState, views: Sequence[CameraView]) -> Shortfall:
    without = lacking(state.limit, views)
    names = ", ".join(view.name for view in without)
    if state.limit.metric.endswith("_ratio") and any(not view.nominal_fps for view in without):
        reason = f"{names} tells no rate of its own"
        return Shortfall(reason, "set the fps that it should deliver in config.toml")
    by_reference = state.limit.metric in ("focus_percent", "moved_percent")
    if by_reference and without and all(view.compared is None for view in without):
        advice = f"keep one: jetproof camera probe {quote(without[0].name)} --keep-reference"
        return Shortfall(f"{names}: no reference to compare with", advice)
    few = min((view.frames for view in without), default=0)
    if few < ENOUGH_FRAMES:
        return Shortfall(f"{counted(few, 'picture')} of {names}", "run it longer")
    return Shortfall(f"{names} tells no such figure", "leave that threshold out")
