"""Cameras in plain words, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core import format as text
from tui.core.camera.verdict import findings_in
from tui.core.model import RunView
from tui.reports import camera_words as words
from tui.reports.stress_words import said

MEANINGS = {
    "first_frame_ms": "the time from the attempt to open it to its first picture",
    "fps_ratio": "pictures a second, as a share of what it should deliver",
    "interval_ratio": "95 of 100 pictures follow the one before within so many periods",
    "drop_rate": "the share of pictures that are missing",
    "longest_gap": "the most pictures that are missing in a row",
    "brightness": "mean luma of its pictures, 0 is black and 255 is white",
    "contrast": "how far luma spreads about its mean: flat pictures have no edges",
    "clipped_percent": "the share of pixels that are plain black, or plain white",
    "noise": "grain of its pictures, in steps of luma",
    "focus_percent": "edges of its pictures, as a share of those of its reference",
    "moved_percent": "how far the scene has moved against its reference",
    "bitrate_kbps": "what it sends, compressed",
    "recovery_s": "the longest time without pictures until it delivered them again",
    "age_ms": "the time from the capture of a picture to its arrival here",
}
"""What each metric of a camera is, in one clause."""


def watched(view: RunView) -> Iterator[str]:
    """Sentences on which cameras were watched, for how long, and how each was opened."""
    plan = view.facts.scenario.cameras
    if plan is None:
        return
    names = ", ".join(words.name_words(each) for each in view.cameras)
    number = text.counted(len(view.cameras), "camera")
    length = text.duration(plan.duration_s)
    yield f"It opened {number} anew ({names}) and watched for {length}."
    if plan.settle_s:
        settle = text.duration(plan.settle_s)
        yield f"The first {settle} after each opening are not judged: a camera settles then."
    yield "The service was not asked for anything."
    yield from (f"{line}." for line in words.simulated_words(view))


def delivered(view: RunView) -> tuple[str, ...]:
    """What each camera delivered, and what is wrong with it; empty without any."""
    return tuple(_delivered(view))


def _delivered(view: RunView) -> Iterator[str]:
    for camera in view.cameras:
        facts = dict(words.camera_words(camera))
        shown = [facts[name] for name in ("state", "opened", "rate") if name in facts]
        lost = f"; missing: {facts['missing']}" if "missing" in facts else ""
        yield f"{words.name_words(camera)}: {'; '.join(shown)}{lost}."
        for one in findings_in(camera, view.thresholds):
            if one.level != "info" and said(one.what) != facts.get("state"):
                yield f"{said(camera.name)}: {said(one.what)}."
