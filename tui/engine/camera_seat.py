"""One camera's place: opened and closed one after the other, whatever is asked of it meanwhile."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.problem import InputError
from tui.ports import Cameras, CameraWatch, NoStill, PictureAsk, Still

NOT_WATCHED = NoStill("nobody looks at the camera")


class Seat:
    """Every call but `join` returns at once, from any thread.

    A thread of its own opens and closes: a driver may take seconds for either, and the same device
    can't be open twice.
    """

    def __init__(
        self,
        camera: Camera,
        cameras: Cameras,
        read_secret: Callable[[Camera], str],
        thumb: Callable[[], bytes],
        deliver: Callable[[ev.CameraEvent], None],
    ) -> None:
        """`deliver` gets what happens to it, in order; `thumb` is that of its reference."""
        self._camera = camera
        self._cameras, self._read_secret, self._thumb = cameras, read_secret, thumb
        self._deliver = deliver
        self._changed = threading.Condition()
        self._asked = 0
        """Openings so far."""
        self._wanted = 0
        """Which of them is to be open; 0: none."""
        self._watch: CameraWatch | None = None
        self._open = 0
        """Which of them is open, or has failed for good; 0: none."""
        self._ask: PictureAsk | None = None
        self._thread: threading.Thread | None = None

    def open(self, *, anew: bool = False) -> None:
        """Watch it; `anew`: from the first attempt on, also where it is watched already."""
        with self._changed:
            if self._wanted and not anew:
                return
            self._asked += 1
            self._wanted = self._asked
            self._wake()

    def close(self) -> None:
        """Watch it no more."""
        with self._changed:
            if not self._wanted:
                return
            self._wanted, self._ask = 0, None
            self._deliver(ev.CameraClosed(camera=self._camera.name))
            self._wake()

    def show(self, ask: PictureAsk | None) -> None:
        """Pictures from now on, or none."""
        with self._changed:
            self._ask = ask
            if self._watch is not None and self._open == self._wanted:
                self._watch.show(ask)

    def still(self, done: Callable[[Still | NoStill], None]) -> None:
        """The next picture, whole."""
        with self._changed:
            watch = self._watch if self._open == self._wanted else None
        if watch is None:
            done(NOT_WATCHED)
        else:
            watch.still(done)

    def join(self) -> None:
        """Wait until a camera that was closed is closed."""
        with self._changed:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _wake(self) -> None:
        # It ends with the last watch, under the lock: whoever wakes it finds it there or not.
        if self._thread is None:
            name = f"seat-{self._camera.name}"
            self._thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                if self._open == 0 and self._wanted == 0:
                    self._thread = None
                    return
                if self._open == self._wanted:
                    self._changed.wait()
                    continue
                watch, self._watch, self._open = self._watch, None, 0
                number = self._wanted
            if watch is not None:
                # Whatever became of the old one, the place is used again.
                with contextlib.suppress(Exception):
                    watch.close()
            if number:
                self._start(number)

    def _start(self, number: int) -> None:
        watch = self._watched(number)
        with self._changed:
            self._watch, self._open = watch, number
            if watch is not None and self._ask is not None:
                watch.show(self._ask)

    def _watched(self, number: int) -> CameraWatch | None:
        def tell(event: ev.Event) -> None:
            self._tell(number, event)

        try:
            return self._cameras.watch(
                self._camera, self._read_secret(self._camera), tell, self._thumb()
            )
        except InputError as error:
            what = "; ".join(problem.what for problem in error.problems)
            fault = CameraFault("no-credentials", what)
        except Exception as error:
            # Its text may hold anything, a secret too.
            fault = CameraFault("other", f"it could not be begun ({type(error).__name__})")
        tell(ev.CameraTried(camera=self._camera.name))
        tell(ev.CameraFailed(camera=self._camera.name, fault=fault))
        return None

    def _tell(self, number: int, event: ev.Event) -> None:
        """What an opening tells that nobody wants any more is no news."""
        with self._changed:
            if number == self._wanted and isinstance(event, ev.CameraEvent):
                self._deliver(event)
