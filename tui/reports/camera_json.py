"""Cameras as data: the key `cameras` of `report.json`, and all of `jetproof camera probe --json`.

Nothing in it is rounded, nor is there a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tui.core.camera.faults import advice_on
from tui.core.camera.verdict import findings_in
from tui.core.camera.view import CameraView
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.reports.board_words import LONGEST
from tui.reports.clean import shortened
from tui.reports.limits_json import limits_json

Json = dict[str, Any]
_FIGURES = (
    "openings", "slowest_opening", "nominal_fps", "measured_s", "frames", "fps", "fps_ratio",
    "interval_p50_ms", "interval_p95_ms", "interval_ratio", "dropped", "drop_sign", "drop_rate",
    "longest_gap", "corrupt", "undecoded",
    "bitrate_kbps", "keyframe_distance", "age_ms", "behind_ms", "frozen_most_s", "black_most_s",
    "uniform_most_s", "outages", "recovered_s", "recovery_step_s", "reader_cpu_percent",
)  # fmt: skip


def cameras_json(view: RunView) -> list[Json] | None:
    """Each that was watched, in the order of the configuration; None for a run without any."""
    if view.facts.scenario.cameras is None:
        return None
    known = {camera.name: camera.credentials for camera in view.facts.cameras}
    return [camera_json(each, view.thresholds, known.get(each.name, "")) for each in view.cameras]


def camera_json(
    view: CameraView, thresholds: Sequence[LimitState] = (), credentials: str = ""
) -> Json:
    """One camera; `thresholds` are those of its run, which say what more is wrong with it.

    `credentials` is the reference to its secret, such as `env:DOCK3_CAMERA`: what to look at.
    """
    return {
        "name": view.name,
        "source": _said(view.source.text),
        "kind": view.source.kind,
        "label": view.source.label,
        "state": view.state,
        "grade": view.grade,
        "opened": _opened(view),
        "fault": _fault(view, credentials),
        **{name: getattr(view, name) for name in _FIGURES},
        "quality": None if view.quality is None else _plain(view.quality),
        "compared": None if view.compared is None else _plain(view.compared),
        "thresholds": limits_json(view.limits),
        "goals": limits_json(view.goals),
        "findings": [
            {"level": one.level, "what": _said(one.what), "next": _said(one.next)}
            for one in findings_in(view, thresholds)
        ],
    }


def _opened(view: CameraView) -> Json | None:
    if view.opened is None:
        return None
    found = _plain(view.opened)
    texts = {name: _said(found[name]) for name in ("codec", "pixel_format", "mode")}
    return {**found, **texts, "notes": [_said(note) for note in view.opened.notes]}


def _fault(view: CameraView, credentials: str) -> Json | None:
    fault = view.fault
    if fault is None:
        return None
    advice = advice_on(fault, view.source, credentials)
    return {
        "kind": fault.kind,
        "what": _said(advice.what),
        "next": _said(advice.next),
        "detail": _said(fault.detail),
        "holder": _said(fault.holder),
    }


def _plain(struct: msgspec.Struct) -> Json:
    found = msgspec.structs.asdict(struct)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.items()
    }


def _said(words: str) -> str:
    return shortened(words, LONGEST)
