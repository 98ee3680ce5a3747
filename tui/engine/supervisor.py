"""The engine's one thread, and what front ends may ask of it from theirs."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence

from tui.core.config import Target
from tui.core.events import Level
from tui.core.model import Snapshot
from tui.engine.conductor import Conductor
from tui.engine.parts import Parts
from tui.engine.picture_trial import try_picture
from tui.engine.run import Harmful, Pausable, Run, Scalable
from tui.engine.sampler import Sampler
from tui.engine.urgent import Urgent
from tui.ports import NoStill, PictureAsk, Prediction, RunRequest, Still

TICK_S = 0.1


class Supervisor:
    """Implements `ports.Engine`. Every public method but `close` returns at once: it puts an order
    into the inbox, which one thread empties."""

    def __init__(self, parts: Parts, target: str) -> None:
        self._parts = parts
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._conductor = Conductor(parts, target, self._inbox.put)
        self._sampler = Sampler(parts.board, self._conductor.take)
        self._conductor.watch = self._sampler.watch
        self._urgent = Urgent()
        self._thread = threading.Thread(target=self._loop, name="supervisor", daemon=True)

    @property
    def failures(self) -> list[str]:
        """Mistakes of our own, in words; a front end exits with 70 if there are any."""
        return self._conductor.failures

    def start(self) -> None:
        """Start the engine's threads."""
        self._thread.start()
        self._sampler.start()
        self._urgent.start()

    def start_run(self, request: RunRequest) -> None:
        self._inbox.put(lambda: self._conductor.enqueue(request))

    def stop_run(self, reason: str = "", *, at_once: bool = False) -> None:
        detail = reason or "stopped by hand"
        self._conductor.interrupt(detail)
        # The reason travels with its order: a second one, as `close` gives, must not replace it.
        self._inbox.put(lambda: self._conductor.stop(detail, at_once))
        if at_once:
            self._urgent.put(self._conductor.guarding.hurrying(lambda run: run.halt()))

    def pause(self) -> None:
        self._order(lambda run: run.pause() if isinstance(run, Pausable) else None)

    def resume(self) -> None:
        self._order(lambda run: run.resume() if isinstance(run, Pausable) else None)

    def rescale(self, users: int) -> None:
        self._order(lambda run: run.rescale(users) if isinstance(run, Scalable) else None)

    def hold(self) -> None:
        self._order(lambda run: run.hold() if isinstance(run, Pausable) else None)

    def release(self) -> None:
        self._order(lambda run: run.release() if isinstance(run, Pausable) else None)

    def calm(self) -> None:
        self._order(lambda run: run.calm() if isinstance(run, Harmful) else None)

    def hang_up(self) -> None:
        self._urgent.put(self._conductor.guarding.hanging_up())

    def skip_cool_down(self) -> None:
        self._inbox.put(self._conductor.skip_cool_down)

    def look_at(self, cameras: Sequence[str]) -> None:
        # In the inbox, so that its order with the start of a run is that of the calls.
        self._inbox.put(lambda: self._conductor.desk.look_at(cameras))

    def show_camera(self, camera: str, ask: PictureAsk | None) -> None:
        self._inbox.put(lambda: self._conductor.desk.show(camera, ask))

    def reset_focus(self, camera: str) -> None:
        self._inbox.put(lambda: self._conductor.reset_focus(camera))

    def take_still(self, camera: str, done: Callable[[Still | NoStill], None]) -> None:
        self._inbox.put(lambda: self._conductor.desk.still(camera, done))

    def try_picture(
        self, camera: str, target: Target, done: Callable[[Prediction | NoStill], None]
    ) -> None:
        def send(still: Still | NoStill) -> None:
            if isinstance(still, NoStill):
                done(still)
            else:
                # The embedded target is started on the thread that lives as long as it does.
                self._inbox.put(lambda: try_picture(self._parts, target, still, done))

        self.take_still(camera, send)

    def listen(self, callback: Callable[[Snapshot], None]) -> None:
        self._conductor.publisher.listen(callback)

    def snapshot(self) -> Snapshot:
        return self._conductor.publisher.newest

    def note(self, level: Level, text: str) -> None:
        self._inbox.put(lambda: self._conductor.note(level, text))

    def close(self) -> None:
        """End the run and every child, flush the store, stop every thread."""
        if self._thread.is_alive():
            self.stop_run("the console was closed")
            self._inbox.put(self._conductor.leave)
            self._thread.join()
        self._urgent.close()
        self._conductor.desk.close()
        self._sampler.close()
        self._parts.embedded.close()
        self._parts.store.close()

    def _order(self, act: Callable[[Run], None]) -> None:
        self._inbox.put(lambda: self._conductor.order(act))

    def _loop(self) -> None:
        while not self._conductor.is_over:
            try:
                self._turn()
            except Exception as error:
                # A mistake of ours must not leave a board under load with nobody in charge.
                logging.getLogger(__name__).exception("the engine failed")
                self._conductor.crash(f"internal error: {type(error).__name__}: {error}")

    def _turn(self) -> None:
        try:
            self._inbox.get(timeout=TICK_S)()
        except queue.Empty:
            pass
        self._conductor.tick()
