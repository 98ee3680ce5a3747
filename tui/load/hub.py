"""One thread with its own gevent hub: where Locust's Environment and MasterRunner live."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
LOCUST_IS_HERE = threading.Event()
"""Set by `import_locust`; a hub must not import it on its own thread."""
IMPORT_S = 60.0
CLOSE_S = 5.0
"""A hub that hangs is a daemon thread: it must not keep the process."""


def import_locust() -> None:
    """Import locust. Main thread only, and not before the first paint: it takes a while.

    Locust installs a SIGWINCH handler when it is imported, which would end every resize of the
    console; the one before is put back.
    """
    before = signal.getsignal(signal.SIGWINCH)
    import locust.env
    import locust.runners  # noqa: F401

    signal.signal(signal.SIGWINCH, before)
    LOCUST_IS_HERE.set()


class Hub:
    """Runs functions as greenlets on its own thread. Nothing in it may wait on a lock."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._lock = threading.Lock()
        """The hub takes it once, when it ends."""
        self._is_over = False
        self._loop: Any = None
        self._stop: Any = None
        self._thread = threading.Thread(target=self._run, name="load-hub", daemon=True)
        self._thread.start()
        self._ready.wait()

    def call(self, function: Callable[[], T], timeout_s: float = 30.0) -> T:
        """Run it in a greenlet of the hub and wait for its result or exception."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(function())
            except BaseException as error:
                future.set_exception(error)

        self.spawn(run)
        return future.result(timeout_s)

    def spawn(self, function: Callable[[], object]) -> None:
        """Run it in a greenlet of the hub; nobody waits. Nothing happens once it is closed: a
        worker may be seen to end later than the run that it belonged to."""
        import gevent

        with self._lock:
            if not self._is_over:
                self._loop.run_callback_threadsafe(gevent.spawn, function)

    def close(self) -> None:
        """End the thread and free its event loop."""
        self.spawn(self._stop.set)
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        import gevent
        from gevent.event import Event

        hub = gevent.get_hub()
        hub.handle_error = _log_error
        self._loop = hub.loop
        self._stop = Event()
        # Without a running timer the hub would end itself when it has nothing to do.
        keep_alive = self._loop.timer(3600, 3600)
        keep_alive.start(lambda: None)
        self._ready.set()
        self._stop.wait()
        keep_alive.stop()
        keep_alive.close()
        with self._lock:
            self._is_over = True
        hub.destroy(destroy_loop=True)


def _log_error(context: object, kind: type[BaseException], value: Any, trace: Any) -> None:
    """A failed greenlet goes to the log; gevent would write it over the screen."""
    import gevent
    from gevent.exceptions import HubDestroyed

    if issubclass(kind, HubDestroyed):
        raise value  # the only way by which a hub ends its loop
    if not issubclass(kind, gevent.GreenletExit):
        logging.getLogger(__name__).error("in the hub", exc_info=(kind, value, trace))
