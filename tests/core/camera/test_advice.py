"""What to do about a camera fits what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.camera.streams import (
    camera,
    failed,
    opening,
    quality,
    steady,
    view,
    watched,
    whats,
    without,
)
from tui.core.camera.faults import CameraFault, advice_on
from tui.core.camera.source import parse_source
from tui.core.camera.verdict import proof_of
from tui.core.camera.view import CameraView

RTSP = parse_source("rtsp://10.0.0.9/live")
GOOD: dict[str, Any] = {}


def next_of(found: CameraView, word: str) -> str:
    (told,) = [one.next for one in found.findings if word in one.what]
    return told


def test_who_asks_for_a_password_that_nobody_configured_did_not_refuse_one() -> None:
    fault = CameraFault("unauthorized")
    assert "none is configured" in advice_on(fault, RTSP).what
    assert "refused" in advice_on(fault, RTSP, "env:DOCK3").what


@pytest.mark.parametrize(("end", "word"), [("dark", "more light"), ("bright", "shorten")])
def test_a_clipped_picture_is_mended_from_the_end_that_is_clipped(end: str, word: str) -> None:
    clipped = quality(**{f"clipped_{end}_percent": 5.0})
    found = view(*watched(*[{"quality": clipped}] * 3))
    assert (len(whats(found)), found.grade) == (1, "fail")
    assert word in next_of(found, "clipped")


def test_a_white_picture_is_no_grey_one() -> None:
    white = quality(brightness=255.0, contrast=0.0, is_uniform=True)
    found = view(*watched(*[{"quality": white}] * 4))
    assert "the picture was white all over for 3 s" in whats(found, "fail")
    assert "shorten the exposure" in next_of(found, "white all over")


def test_a_rate_that_nobody_can_judge_is_not_called_good() -> None:
    unrated = opening(steady(12.0, fps=12.0), 12.0, nominal_fps=None)
    found = view(*unrated)
    assert (found.fps_ratio, found.grade) == (None, "warn")
    assert "set its fps" in next_of(found, "does not tell how many")
    assert view(*unrated, camera=camera(fps=12)).grade == "good"


def test_a_rate_that_an_outage_spoilt_is_not_laid_to_the_light() -> None:
    silent = without(steady(20.0), (8.0, 16.0))
    found = view(*opening(silent, 20.0), failed("stalled", 20.0))
    assert any(what.startswith("rate of nominal") for what in whats(found, "fail"))
    assert next_of(found, "rate of nominal") == "its silences count: see why it stopped"
    assert "exposure" in next_of(view(*opening(silent, 20.0)), "rate of nominal")


def test_a_camera_without_any_picture_comes_first_in_the_verdict() -> None:
    clipped = view(*watched(*[{"quality": quality(clipped_dark_percent=20.0)}] * 3))
    gone = view(failed("refused", 1.0))
    proof = proof_of([clipped, gone], [])
    assert "nothing listens" in proof.findings[0]
    assert "clipped" in proof.findings[1]
