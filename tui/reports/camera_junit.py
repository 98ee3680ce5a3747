"""Cameras as they stand in a pipeline: a case for each camera, and one for each of its limits."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.camera.grade import broken_text
from tui.core.camera.verdict import findings_in
from tui.core.camera.view import CameraView
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.reports import camera_words as words
from tui.reports.stress_junit import Told
from tui.reports.stress_words import said


def told_of_cameras(view: RunView) -> tuple[Told, ...]:
    """Camera by camera; nothing for a run without any."""
    return tuple(told for camera in view.cameras for told in _told(camera, view))


def _told(camera: CameraView, view: RunView) -> Iterator[Told]:
    name = f"camera {words.name_words(camera)}"
    broken = {_broken(state) for state in camera.limits if state.passed is False}
    wrong = [
        one
        for one in findings_in(camera, view.thresholds)
        if one.level == "fail" and one.what not in broken
    ]
    output = "; ".join(f"{key}: {value}" for key, value in words.camera_words(camera))
    failed = "; ".join(said(one.what) for one in wrong)
    yield Told(name, failed, output, advice=said(wrong[0].next) if wrong else "")
    for state in camera.limits:
        yield _of_limit(name, camera, state)


def _of_limit(name: str, camera: CameraView, state: LimitState) -> Told:
    limit = state.limit
    case = f"{name} {limit.metric} {limit.text}"
    if state.passed is None:
        return Told(case, "", "", "nothing was measured")
    words_of = _broken(state)
    if state.passed:
        return Told(case, "", words_of)
    advice = next((one.next for one in camera.findings if one.what == words_of), "")
    return Told(case, words_of, words_of, advice=advice)


def _broken(state: LimitState) -> str:
    """As the camera's own findings have it."""
    return broken_text(state.limit, state.observed)
