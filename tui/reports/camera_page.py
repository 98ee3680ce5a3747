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
    firsts = [(each.opened.first_frame_ms, each.name) for each in views if each.opened is not None]
    if firsts:
        slowest_ms, name = max(firsts, key=lambda first: first[0])
        whose = said(name) if len(firsts) > 1 else ""
        yield Tile("first picture", text.count(slowest_ms), "ms", whose)
    ratios = [each.fps_ratio for each in views if each.fps_ratio is not None]
    if ratios:
        lowest = text.fixed(min(ratios) * 100, 1)
        yield Tile("frame rate", lowest, "%", "of nominal, the lowest")
    dropped = [each.dropped for each in views if each.dropped is not None]
    if dropped:
        gap = max(each.longest_gap for each in views)
        under = f"at most {text.count(gap)} in a row" if sum(dropped) else "none"
        under = f"{under}, outages apart" if any(each.outages for each in views) else under
        yield Tile("missing", text.count(sum(dropped)), "pictures", under)
    outages = sum(each.outages for each in views)
    yield Tile("outages", text.count(outages), "", "")


def _camera(view: CameraView) -> CameraPart:
    return CameraPart(
        name=said(view.name),
        label=view.source.label.upper(),
        grade=words.GRADES[view.grade],
        facts=words.camera_words(view),
    )
