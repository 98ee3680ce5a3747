"""Cameras as the words that a run's HTML page shows: all of them clean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core import format as text
from tui.core.camera.view import CameraView
from tui.core.model import RunView
from tui.reports import camera_words as words
from tui.reports.stress_tables import Table
from tui.reports.stress_words import Named, said
from tui.reports.tile import Tile


class CameraPart(NamedTuple):
    """One camera's part of a run's page."""

    name: str
    label: str
    """`SIMULATED` or `REPLAY` where it is no camera."""
    grade: str
    facts: tuple[Named, ...]


class CamerasPart(NamedTuple):
    """The cameras' part of a run's page."""

    table: Table
    cameras: tuple[CameraPart, ...]
    notes: tuple[str, ...]
    """That some are no cameras."""


def cameras_part(view: RunView) -> CamerasPart | None:
    """None for a run without any."""
    if view.facts.scenario.cameras is None:
        return None
    return CamerasPart(
        table=words.cameras_table(view.cameras),
        cameras=tuple(map(_camera, view.cameras)),
        notes=words.simulated_words(view),
    )


def camera_tiles(view: RunView) -> Iterator[Tile]:
    """The large figures at the head: how many deliver, and the worst of each kind."""
    views = view.cameras
    good = sum(each.grade in ("good", "warn") for each in views)
    yield Tile("cameras in order", text.count(good), f"of {len(views)}", "")
    firsts = [each.opened.first_frame_ms for each in views if each.opened is not None]
    if firsts:
        yield Tile("first picture", text.count(max(firsts)), "ms", _slowest(views))
    ratios = [each.fps_ratio for each in views if each.fps_ratio is not None]
    if ratios:
        lowest = text.fixed(min(ratios) * 100, 1)
        yield Tile("frame rate", lowest, "%", "of nominal, the lowest")
    dropped = [each.dropped for each in views if each.dropped is not None]
    if dropped:
        gap = max(each.longest_gap for each in views)
        under = f"at most {text.count(gap)} in a row" if sum(dropped) else "none"
        yield Tile("missing", text.count(sum(dropped)), "pictures", under)
    outages = sum(each.outages for each in views)
    yield Tile("outages", text.count(outages), "", "")


def _slowest(views: tuple[CameraView, ...]) -> str:
    known = [each for each in views if each.opened is not None]
    slowest = max(known, key=lambda each: each.opened.first_frame_ms if each.opened else 0.0)
    return said(slowest.name) if len(known) > 1 else ""


def _camera(view: CameraView) -> CameraPart:
    return CameraPart(
        name=said(view.name),
        label=words.LABELS.get(view.source.label, ""),
        grade=words.GRADES[view.grade],
        facts=words.camera_words(view),
    )
