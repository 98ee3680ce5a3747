"""Reading a run back: where the cursor stands, and what the archive has told so far."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui.console.reader import Reader
from tui.console.scene import Back
from tui.core.model import RunView, Snapshot
from tui.core.timeline import Point
from tui.ports import Archive, Moment

LIVE_LAG_S = 2.0
"""The store commits once a second: the newest seconds of a live run may not be there yet."""
FINE_EVERY_S = 2.0
TO_THE_END = 1e12


class ReadBack:
    """Not thread-safe: lives on the screen's thread, and has the reader ask the archive."""

    def __init__(self, archive: Archive, reader: Reader, changed: Callable[[], None]) -> None:
        self._archive = archive
        self._reader = reader
        self._changed = changed
        self._back: Back | None = None
        self._moment: Moment | None = None
        self._fine: tuple[Point, ...] = ()
        self._fine_of: tuple[str, float, float] | None = None
        self._fine_at_s = float("-inf")

    @property
    def is_open(self) -> bool:
        """Whether the screen shows a second that is not the newest."""
        return self._back is not None

    def open_live(self, run: RunView, at_s: float | None = None) -> None:
        """Read back the run that the Bench shows, live or ended, from its newest second."""
        last_s = load_s_of(run) - (0.0 if run.is_over else LIVE_LAG_S)
        last_s = max(last_s, 0.0)
        self._back = Back(run.facts.id, last_s if at_s is None else at_s, False, run, last_s)
        self._moment = None
        self._read()

    def open_stored(self, run_id: str) -> None:
        """Open a stored run at its end."""
        self._back = Back(run_id, TO_THE_END, True)
        self._moment = None
        self._read()

    def close(self) -> None:
        """Back to the newest."""
        self._back = self._moment = None
        self._reader.forget("moment")

    def move(self, step_s: float) -> None:
        """The cursor, by so many seconds."""
        if self._back is not None and self._back.at_s < TO_THE_END:
            self.go(self._back.at_s + step_s)

    def go(self, at_s: float) -> None:
        """The cursor, to that second."""
        if self._back is None:
            return
        at_s = min(max(at_s, 0.0), self._back.last_s)
        if at_s != self._back.at_s:
            self._back = msgspec.structs.replace(self._back, at_s=at_s)
            self._read()

    def follow(self, newest: Snapshot) -> None:
        """The live run went on: its course is longer now."""
        back, run = self._back, newest.run
        if back is None or back.is_stored or run is None or run.facts.id != back.run_id:
            return
        last_s = max(load_s_of(run) - (0.0 if run.is_over else LIVE_LAG_S), back.last_s)
        self._back = msgspec.structs.replace(back, course=run, last_s=last_s)

    def back(self) -> Back | None:
        """What is read back, for a frame."""
        if self._back is None:
            return None
        is_reading = self._reader.is_busy("moment")
        return msgspec.structs.replace(
            self._back, is_reading=is_reading, done=self._reader.done("moment")
        )

    def snapshot(self, newest: Snapshot) -> Snapshot:
        """The screen as it stood; `newest` with the run on it as long as it is being read."""
        if self._back is None:
            return newest
        if self._moment is None:
            course = self._back.course
            return msgspec.structs.replace(newest, run=course, preparing="", refusal=None)
        return msgspec.structs.replace(
            self._moment.snapshot,
            # A stored run knows nothing of the sitting around it.
            device=self._moment.snapshot.device or newest.device,
            past=newest.past,
            queued=(),
        )

    def fine(self, run_id: str, from_s: float, to_s: float, *, goes_on: bool, now_s: float) -> None:
        """Ask for the finer points of a stretch, unless they are there or on their way."""
        wanted = (run_id, from_s, to_s)
        if wanted == self._fine_of and not (goes_on and now_s - self._fine_at_s >= FINE_EVERY_S):
            return
        if wanted != self._fine_of:
            self._fine = ()
        self._fine_of, self._fine_at_s = wanted, now_s
        self._reader.ask(
            "points",
            lambda go_on: self._archive.points(run_id, from_s, to_s, go_on),
            self._take_fine,
            lambda trouble: None,
        )

    def fine_points(self, run_id: str, from_s: float, to_s: float) -> tuple[Point, ...]:
        """What is there of it."""
        return self._fine if self._fine_of == (run_id, from_s, to_s) else ()

    def _take_fine(self, points: tuple[Point, ...]) -> None:
        self._fine = points
        self._changed()

    def _read(self) -> None:
        back = self._back
        assert back is not None
        self._back = msgspec.structs.replace(back, trouble="")
        self._reader.ask(
            "moment",
            lambda go_on: self._archive.moment(back.run_id, back.at_s, go_on),
            self._take,
            self._fail,
        )

    def _take(self, moment: Moment) -> None:
        back = self._back
        if back is None:
            return
        self._moment = moment
        course, last_s = back.course, max(moment.last_s, back.last_s)
        if course is None:
            # The first answer for a stored run is its end.
            course, last_s = moment.snapshot.run, moment.last_s
        at_s = min(back.at_s, moment.last_s)
        self._back = msgspec.structs.replace(back, course=course, last_s=last_s, at_s=at_s)
        self._changed()

    def _fail(self, trouble: str) -> None:
        if self._back is not None:
            self._back = msgspec.structs.replace(self._back, trouble=trouble)
            self._changed()


def load_s_of(run: RunView) -> float:
    """How far the run has come since its load began, pauses included."""
    if run.ended_s is not None and run.began_s is not None:
        return run.ended_s - run.began_s
    return run.elapsed_s + run.paused_s
