"""`jetproof camera probe`: cameras looked at together, a block of text or a document of each."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import click

from tui.cli.camera_block import block, progress_line
from tui.cli.camera_probe import Probed, probe
from tui.cli.camera_sight import (
    INTERRUPTED,
    LIMIT_FAILED,
    NOT_JUDGED,
    NOT_OPENED,
    Lookout,
    looking_at,
)
from tui.cli.output import write_json
from tui.cli.screen import Screen
from tui.core.camera.reference import FLAT, of_these
from tui.ports.camera import NoStill, Still
from tui.reports.camera_json import camera_json
from tui.reports.clean import visible
from tui.store.references import References

if TYPE_CHECKING:
    from tui.core.camera.camera import Camera
    from tui.core.camera.view import CameraView
    from tui.headless import StopRequest

STILL_S = 10.0


class Probing:
    """One look at some cameras."""

    def __init__(
        self, cameras: Sequence[Camera], state_dir: Path, duration_s: float, json_file: str | None
    ) -> None:
        self._cameras = cameras
        self._references = References(state_dir)
        self._duration_s = duration_s
        self._json_file = json_file

    def forget_references(self) -> None:
        """Those of these cameras. InputError when one can't be removed."""
        for camera in self._cameras:
            if self._references.forget(camera.name):
                click.echo(visible(f"{camera.name}: its reference is forgotten"), err=True)

    def run(self, stop: StopRequest, *, keeps_references: bool) -> int:
        """Look, and say what was seen; the exit code."""
        known = of_these(self._references.all(), self._cameras)
        by_name = {each.camera: each for each in known}
        probed = [
            Probed(camera, by_name.get(camera.name), self._duration_s) for camera in self._cameras
        ]
        shown = Progress()
        with looking_at(self._cameras, known) as sight:
            try:
                probe(sight, probed, lambda: bool(stop.by), shown.show)
            finally:
                shown.clear()
            views = [one.view() for one in probed]
            stills = _stills(sight, views) if keeps_references and not stop.by else {}
        self._say(views)
        kept_all = self._keep(stills, views) if keeps_references else True
        if stop.by:
            click.echo("interrupted: the figures are of less than was asked for", err=True)
            return INTERRUPTED
        if any(not one.is_opened for one in probed) or not kept_all:
            return NOT_OPENED
        grades = {view.grade for view in views}
        return LIMIT_FAILED if "fail" in grades else NOT_JUDGED if "unknown" in grades else 0

    def _say(self, views: Sequence[CameraView]) -> None:
        if self._json_file:
            documents = [
                camera_json(view, credentials=camera.credentials)
                for view, camera in zip(views, self._cameras, strict=True)
            ]
            write_json({"cameras": documents}, self._json_file)
        if self._json_file == "-":
            return
        screen = Screen()
        for number, view in enumerate(views):
            screen.say([*([()] if number else []), *block(view, screen.width)])

    def _keep(self, stills: dict[str, Still | NoStill], views: Sequence[CameraView]) -> bool:
        """Whether all of them have a reference now."""
        from tui.camera.drift import reference_of

        kept_all = True
        for view in views:
            name = view.name
            still = stills.get(name, NoStill("it delivers no picture"))
            why = still.why if isinstance(still, NoStill) else why_no_reference(still)
            if why:
                click.echo(visible(f"{name}: no reference kept: {why}"), err=True)
                kept_all = False
            elif isinstance(still, Still):
                self._references.keep(reference_of(still))
                but = ", though it fails now: keep it anew once it is right"
                said = f"{name}: kept as its reference{but if view.grade == 'fail' else ''}"
                click.echo(visible(said), err=True)
        return kept_all


class Progress:
    """A line for each camera on stderr, painted again in place; nothing into a pipe."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._lines = 0

    def show(self, probed: Sequence[Probed]) -> None:
        """How they stand."""
        if not self._is_terminal:
            return
        width = shutil.get_terminal_size().columns - 1
        lines = [visible(progress_line(one.view(), one.left_s))[:width] for one in probed]
        self._write("".join(f"{line}\x1b[K\n" for line in lines))
        self._lines = len(lines)

    def clear(self) -> None:
        """Nothing of it is left on the screen."""
        if self._lines:
            self._write("\x1b[J")

    def _write(self, text: str) -> None:
        back = f"\r\x1b[{self._lines}A" if self._lines else ""
        click.echo(back + text, nl=False, err=True)


def why_no_reference(still: Still) -> str:
    """Why later pictures must not be compared with this one; empty where they may."""
    quality = still.quality
    if quality is None:
        return "the picture could not be measured"
    if still.is_corrupt:
        return "the picture came damaged: see cable and network, then try again"
    if quality.is_black:
        return "the picture is black: see the lens cap, light and exposure"
    if quality.is_uniform or quality.contrast < FLAT:
        return "the picture has no edges to compare: see cap, fog, light, and focus"
    return ""


def _stills(sight: Lookout, views: Sequence[CameraView]) -> dict[str, Still | NoStill]:
    """One of each that delivers."""
    asked: dict[str, SimpleQueue[Still | NoStill]] = {}
    for view in views:
        if view.state == "live" and view.name in sight.watches:
            asked[view.name] = SimpleQueue()
            sight.watches[view.name].still(asked[view.name].put)
    found: dict[str, Still | NoStill] = {}
    for name, answers in asked.items():
        try:
            found[name] = answers.get(timeout=STILL_S)
        except Empty:
            found[name] = NoStill("no still came")
    return found
