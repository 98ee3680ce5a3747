"""What cameras showed in a run, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.camera.labels import made_lines
from tui.core.camera.verdict import findings_in
from tui.core.model import RunView
from tui.reports.board_findings import Finding
from tui.reports.camera_words import simulated_words
from tui.reports.stress_words import said


def camera_findings(view: RunView) -> Iterator[Finding]:
    """Camera by camera; then that some are none."""
    for camera in view.cameras:
        for one in findings_in(camera, view.thresholds):
            whose = f"{camera.name}: " if len(view.cameras) > 1 and one.next else ""
            what = f"{said(camera.name)}: {said(one.what)}"
            yield Finding(one.level, what, said(f"{whose}{one.next}"))
    for words in simulated_words(view):
        advice = "watch the site's own cameras: [cameras.NAME] in config.toml"
        yield Finding("warn", words, advice)


def told_by_cameras(view: RunView, reason: str) -> bool:
    """Whether a verdict's reason is one that the cameras' findings tell one by one."""
    return any(reason.startswith(told) for told in told_of_each(view))


def said_by_cameras(view: RunView) -> set[str]:
    """The run's warnings that these findings say already."""
    return told_of_each(view) | set(made_lines((one.name, one.source) for one in view.cameras))


def told_of_each(view: RunView) -> set[str]:
    """What is wrong with each camera, as warnings of the run have it."""
    return {
        f"{camera.name}: {one.what}"
        for camera in view.cameras
        for one in findings_in(camera, view.thresholds)
    }
