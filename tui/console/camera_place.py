"""Where the user is on the Cameras screen: cursor, side, hold, grid, what was agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from tui.core.camera.camera import PATTERN
from tui.core.camera.pace import LinkPace
from tui.core.camera.view import CameraView

Side = Literal["picture", "measures"]
REST_S = 0.4
"""The cursor rests on a camera for so long before that is opened: it may be on its way."""


class CameraPlace(msgspec.Struct, frozen=True):
    """The Cameras screen's part of a frame."""

    views: tuple[CameraView, ...] = ()
    at: int = 0
    kept_on: frozenset[str] = frozenset()
    """Those that stay open wherever the cursor is."""
    side: Side = "picture"
    """Which half a narrow window shows."""
    held: CameraView | None = None
    """The one under the cursor as it was when it was frozen; None: it goes on."""
    is_centre: bool = False
    """Whether the middle is asked for, pixel by pixel."""
    has_grid: bool = False
    has_sound: bool = False
    """Whether a new best focus rings."""
    pace: LinkPace = LinkPace()
    answer: str = ""
    """What the service made of the last picture that it was sent."""
    is_blank: bool = False
    """No picture is drawn: this frame leaves the terminal."""

    @property
    def chosen(self) -> CameraView | None:
        """The camera under the cursor, as it is now."""
        return self.views[min(self.at, len(self.views) - 1)] if self.views else None

    @property
    def shown(self) -> CameraView | None:
        """The same as it is drawn: frozen or not."""
        return self.held or self.chosen

    @property
    def has_own(self) -> bool:
        """Whether the site has cameras of its own."""
        return [(view.name, view.source.kind) for view in self.views] != [(PATTERN, "test")]


class CameraControls:
    """The user's side of it. No Textual, no engine."""

    def __init__(self) -> None:
        self._name = ""
        self._moved_s = float("-inf")
        self._held: CameraView | None = None
        self.kept_on: frozenset[str] = frozenset()
        self.side: Side = "picture"
        self.is_centre = self.has_grid = self.has_sound = self.is_blank = False
        self.pace = LinkPace()
        self.answer = ""

    def place(self, views: Sequence[CameraView]) -> CameraPlace:
        """The next frame's part."""
        names = [view.name for view in views]
        return CameraPlace(
            views=tuple(views),
            at=names.index(self._name) if self._name in names else 0,
            kept_on=self.kept_on,
            side=self.side,
            held=self._held,
            is_centre=self.is_centre,
            has_grid=self.has_grid,
            has_sound=self.has_sound,
            pace=self.pace,
            answer=self.answer,
            is_blank=self.is_blank,
        )

    def move(self, place: CameraPlace, step: int, now_s: float) -> None:
        """The cursor up or down; stops at the ends."""
        at = min(max(place.at + step, 0), len(place.views) - 1)
        if place.views and at != place.at:
            self._name, self._moved_s = place.views[at].name, now_s
            self._held, self.answer = None, ""

    def hold(self, place: CameraPlace) -> None:
        """`space`: what is shown stays, or goes on."""
        self._held = None if self._held is not None else place.chosen

    def go_on(self) -> None:
        """Nothing is frozen any more."""
        self._held = None

    def keep_on(self, name: str) -> bool:
        """Have a camera stay open, or no longer; whether it does."""
        self.kept_on ^= {name}
        return name in self.kept_on

    def looked_at(self, place: CameraPlace, now_s: float) -> tuple[str, ...]:
        """The names of those that are to be open, in the order of the list."""
        wanted = set(self.kept_on)
        if place.chosen is not None and now_s - self._moved_s >= REST_S:
            wanted.add(place.chosen.name)
        return tuple(view.name for view in place.views if view.name in wanted)
