"""The cameras of the site, each watched at most once: by the screen, by a run, or by both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.camera.reference import Reference, of_these
from tui.engine.camera_seat import NOT_WATCHED, Seat
from tui.ports import Cameras, NoStill, PictureAsk, Still


class CameraDesk:
    """Every call but `close` returns at once, from any thread; names that no camera has are
    ignored."""

    def __init__(
        self,
        known: Sequence[Camera],
        cameras: Cameras,
        read_secret: Callable[[Camera], str],
        references: Callable[[], Sequence[Reference]],
        deliver: Callable[[ev.CameraEvent], None],
    ) -> None:
        """`deliver` gets what happens to all of them, in order, on their readers' threads."""
        self._references = references

        def seat(camera: Camera) -> Seat:
            return Seat(camera, cameras, read_secret, lambda: self._thumb(camera), deliver)

        self._seats = {camera.name: seat(camera) for camera in known}
        self._looked_at: frozenset[str] = frozenset()
        self._needed: frozenset[str] = frozenset()

    def look_at(self, names: Iterable[str]) -> None:
        """The screen wants these, and no others."""
        self._looked_at = frozenset(names)
        self._settle()

    def need(self, names: Iterable[str]) -> None:
        """A run begins that wants these: each is opened anew, for its opening is judged."""
        self._needed = frozenset(names)
        for name, seat in self._seats.items():
            if name in self._needed:
                seat.open(anew=True)

    def release(self) -> None:
        """That run is over: what no screen wants is closed."""
        self._needed = frozenset()
        self._settle()

    def show(self, camera: str, ask: PictureAsk | None) -> None:
        """Pictures of one that is watched."""
        seat = self._seats.get(camera)
        if seat is not None:
            seat.show(ask)

    def still(self, camera: str, done: Callable[[Still | NoStill], None]) -> None:
        """The next picture of one that is watched; `done` is called once, on whichever thread."""
        seat = self._seats.get(camera)
        if seat is None:
            done(NOT_WATCHED)
        else:
            seat.still(done)

    def close(self) -> None:
        """Watch none any more: no reader is left when this returns."""
        self._looked_at = self._needed = frozenset()
        self._settle()
        for seat in self._seats.values():
            seat.join()

    def _settle(self) -> None:
        wanted = self._looked_at | self._needed
        for name, seat in self._seats.items():
            if name in wanted:
                seat.open()
            else:
                seat.close()

    def _thumb(self, camera: Camera) -> bytes:
        found = of_these(self._references(), [camera])
        return found[0].thumb if found else b""
