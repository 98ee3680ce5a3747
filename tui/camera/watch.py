"""One camera that is looked at: its reader's process, started again where that may help."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Mapping

import msgspec

from tui.camera.environment import reader_environment
from tui.camera.spec import CLOSE, STILL, ReaderSpec, Told, picture_order
from tui.camera.stills import Done, Stills
from tui.camera.stuck import Stuck
from tui.child.spawn import Child, Lifelines, Line
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault, advice_on, may_pass
from tui.core.events.camera import (
    CameraClosed,
    CameraFailed,
    CameraOpened,
    CameraPictured,
    CameraTold,
    CameraTried,
)
from tui.ports.camera import NoStill, PictureAsk
from tui.ports.load import Emit

PROGRAM = "tui.camera.reader_program"
BACK_OFF_S = (1.0, 2.0, 5.0, 10.0)
STEADY_S = 10.0
"""A camera that delivered for so long is tried again as if for the first time."""
STARTS_S = 15.0
"""A small board needs seconds for an interpreter with its libraries."""
SILENT_LEAST_S = 3.0
"""A reader says a line each second; a busy machine may hold one up."""
STILL_S = 2.0
"""What a still picture may take beyond the camera's limit for silence."""
LEAVES_S = {"csi": 4.5}
"""By kind of source: what a reader may take to say good-bye. Argus wants its sensor back."""
LEAVES_USUALLY_S = 1.5
OVER = "nobody looks at the camera any more"


class Given(msgspec.Struct, frozen=True):
    """What a reader said."""

    reader: int
    line: Line | None


class Asked(msgspec.Struct, frozen=True):
    """A still picture is wanted."""

    done: Done


Word = Given | Asked | None
"""None wakes the thread, and says nothing."""


class Watch:
    """A `CameraWatch`. Its thread lives as long as its readers do, and emits every event."""

    def __init__(
        self,
        camera: Camera,
        secret: str,
        emit: Emit,
        lifelines: Lifelines,
        stuck: Stuck,
        *,
        sensor: tuple[str, ...] = (),
        thumb: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> None:
        """`sensor` as in ReaderSpec; `env` is for the reader, beside what it needs of ours."""
        self._camera, self._emit, self._lifelines = camera, emit, lifelines
        self._stuck = stuck
        bare = msgspec.structs.replace(camera, thresholds=(), goals=())
        self._spec = ReaderSpec(bare, secret, sensor, thumb)
        self._env = {**reader_environment(os.environ, camera.credentials), **(env or {})}
        self._words: queue.SimpleQueue[Word] = queue.SimpleQueue()
        self._is_closed = threading.Event()
        self._lock = threading.Lock()
        self._ask: PictureAsk | None = None
        self._child: Child | None = None
        self._reader = 0
        self._stills = Stills(camera.timeout_s + STILL_S)
        self._fault: CameraFault | None = None
        self._delivers_s: float | None = None
        self._has_delivered = False
        self._is_over = False
        """Whether nobody listens to `_words` any more."""
        self._thread = threading.Thread(target=self._run, name=f"camera-{camera.name}", daemon=True)
        self._thread.start()

    def show(self, ask: PictureAsk | None) -> None:
        with self._lock:
            self._ask = ask
            if self._child is not None:
                self._child.order(picture_order(ask))

    def still(self, done: Done) -> None:
        with self._lock:
            if not self._is_over:
                self._words.put(Asked(done))
                return
        done(NoStill(OVER))

    def close(self) -> None:
        self._is_closed.set()
        self._words.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        tries = 0
        while not self._is_closed.is_set():
            self._emit(CameraTried(camera=self._camera.name))
            self._fault, self._delivers_s = None, None
            fault = self._try()
            if fault is None:
                break
            now_s = time.monotonic()
            if self._delivers_s is not None and now_s - self._delivers_s > STEADY_S:
                tries = 0
            retry_s = BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)]
            tries += 1
            is_tried_again = may_pass(fault, has_delivered=self._has_delivered)
            self._fail(fault, retry_s if is_tried_again else None, now_s)
        self._end()
        self._answer_last()
        self._emit(CameraClosed(camera=self._camera.name))

    def _answer_last(self) -> None:
        with self._lock:
            self._is_over = True
        while not self._words.empty():
            self._next(0.0)
        self._stills.refuse(OVER)

    def _fail(self, fault: CameraFault, retry_s: float | None, now_s: float) -> None:
        """Tell of it, and wait until it is time to try again."""
        self._fault = fault
        self._emit(CameraFailed(camera=self._camera.name, fault=fault, retry_s=retry_s))
        self._stills.refuse(self._why_not())
        self._end()
        until_s = now_s + retry_s if retry_s is not None else float("inf")
        while time.monotonic() < until_s and not self._is_closed.is_set():
            self._next(until_s)

    def _try(self) -> CameraFault | None:
        """One reader, until it has failed; None: it is wanted no more."""
        needs_secret = self._camera.credentials or self._camera.source.has_places
        if needs_secret and not self._spec.secret:
            return CameraFault("no-credentials")
        stuck = self._stuck.pid(self._camera.source)
        if stuck is not None:
            return CameraFault("stuck", f"process {stuck}")
        try:
            self._start()
        except OSError as error:
            return CameraFault("other", f"its reader can't be started: {error.strerror}")
        silent_s = max(2.0 * self._camera.timeout_s, SILENT_LEAST_S)
        patience_s = STARTS_S
        until_s = time.monotonic() + patience_s
        while not self._is_closed.is_set():
            given = self._next(until_s)
            if given is not None:
                fault = self._hear(given)
                if fault is not None:
                    return fault
                patience_s = silent_s
                until_s = time.monotonic() + patience_s
            elif time.monotonic() >= until_s:
                self._kill()
                return CameraFault("frozen-reader", f"no sign of life for {patience_s:g} s")
        return None

    def _start(self) -> None:
        self._reader += 1
        number = self._reader
        child = Child(
            f"camera-{self._camera.name}",
            PROGRAM,
            spec=msgspec.to_builtins(self._spec),
            env=self._env,
            is_whole_env=True,
            on_line=lambda line: self._words.put(Given(number, line)),
        )
        self._lifelines.adopt(child)
        with self._lock:
            self._child = child
            if self._ask is not None:
                child.order(picture_order(self._ask))

    def _next(self, until_s: float) -> Given | None:
        """What the reader says next; None when the time is up, or something else came."""
        wait_s = min(until_s, self._stills.due_s) - time.monotonic()
        try:
            word = self._words.get(timeout=min(max(wait_s, 0.0), threading.TIMEOUT_MAX))
        except queue.Empty:
            self._stills.refuse_late()
            return None
        if isinstance(word, Asked):
            self._ask_still(word.done)
        elif word is not None and word.reader == self._reader:
            return word
        return None

    def _ask_still(self, done: Done) -> None:
        child = self._child
        if child is None:
            done(NoStill(self._why_not()))
        else:
            child.order(f"{STILL} {self._stills.add(done)}")

    def _why_not(self) -> str:
        if self._fault is None:
            return "the camera is not open"
        return advice_on(self._fault, self._camera.source, self._camera.credentials).what

    def _hear(self, given: Given) -> CameraFault | None:
        if given.line is None:
            return self._death()
        try:
            told = msgspec.convert(given.line, Told, str_keys=True)
        except msgspec.ValidationError as error:
            return CameraFault("other", f"its reader said what can't be understood: {error}")
        self._pass_on(told)
        return told.failed

    def _pass_on(self, told: Told) -> None:
        name = self._camera.name
        if told.opened is not None:
            self._delivers_s, self._has_delivered = time.monotonic(), True
            self._emit(CameraOpened(camera=name, opened=told.opened))
        if told.second is not None:
            self._emit(CameraTold(camera=name, second=told.second))
        if told.picture is not None:
            self._emit(CameraPictured(camera=name, picture=told.picture))
        if told.snapshot is not None:
            self._stills.give(told.snapshot.names, told.snapshot.still)

    def _death(self) -> CameraFault:
        """It ended without a word of why."""
        status = self._child.returncode if self._child is not None else None
        how = f"signal {-status}" if status is not None and status < 0 else f"status {status}"
        return CameraFault("other", f"its reader was ended by {how}")

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()

    def _end(self) -> None:
        """No process of it is left."""
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return
        child.order(CLOSE)
        usual_s = LEAVES_S.get(self._camera.source.kind, LEAVES_USUALLY_S)
        until_s = time.monotonic() + usual_s
        while child.returncode is None and time.monotonic() < until_s:
            given = self._next(until_s)
            if given is not None and given.line is None:
                break
        self._lifelines.end(child, 0.0)
        self._stuck.end(self._camera.source, child.pid)
