"""Locust's master for one run: made, asked and ended inside the hub."""

from __future__ import annotations

import logging
import threading
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from tui.load.wire import CALIBRATE, MESSAGE, REPORT_KEY

TERM_S = 1.0
LIVENESS_HEARTBEATS = 15
"""Locust gives a worker 3 s; under stress that loses workers that are only slow."""


class CannotListen(Exception):
    """The master's address can't be had; the text says why."""


class Master:
    """Environment and MasterRunner. Every method runs in a greenlet of the hub."""

    def __init__(
        self,
        bind: str,
        port: int,
        url: str,
        stop_timeout_s: float,
        on_report: Callable[[bytes], None],
        on_level: Callable[[int], None],
    ) -> None:
        import locust.env
        import locust.runners
        from locust.exception import RPCError
        from zmq import ZMQError

        logging.getLogger("locust").setLevel(logging.CRITICAL)
        locust.runners.HEARTBEAT_LIVENESS = LIVENESS_HEARTBEATS
        # Locust 2.46 reads parsed_options.headless when a greenlet of its fails.
        options = Namespace(headless=False, enable_rebalancing=False)
        self._environment = locust.env.Environment(
            host=url, stop_timeout=stop_timeout_s, parsed_options=options
        )
        try:
            self._runner = self._environment.create_master_runner(bind, port)
        except (SystemExit, RPCError, ZMQError) as error:
            raise CannotListen(_why_not(f"{bind}:{port}", error)) from None
        self._starting: Any = None
        events = self._environment.events
        # Locust's own statistics keep a number for every second and endpoint, for ever.
        for handler in list(events.worker_report._handlers):
            if handler.__qualname__.startswith("setup_distributed_stats_event_listeners"):
                events.worker_report.remove_listener(handler)

        def worker_report(client_id: str, data: dict[str, Any], **_: Any) -> None:
            if REPORT_KEY in data:
                on_report(data[REPORT_KEY])

        def spawning_complete(user_count: int, **_: Any) -> None:
            on_level(user_count)

        events.worker_report.add_listener(worker_report)
        events.spawning_complete.add_listener(spawning_complete)

    @property
    def port(self) -> int:
        """Where workers connect."""
        return int(self._runner.server.port)

    def use_classes(self, classes: Mapping[str, Mapping[str, int]]) -> None:
        """Stand-ins for the user classes of the locustfile, which never enters this process."""
        from locust import User

        self._environment.user_classes = [
            type(name, (User,), {"abstract": False, **attributes, "tasks": [_nothing]})
            for name, attributes in classes.items()
        ]

    def scale(self, users: int, spawn_rate: float) -> None:
        """Start, or move to, this many users."""
        import gevent

        if self._starting is not None:
            self._starting.kill(block=True)
        self._starting = gevent.spawn(self._runner.start, users, spawn_rate)

    def order(self, **order: Any) -> None:
        """Tell every worker."""
        self._runner.send_message(MESSAGE, order)

    def order_calibration(self, port: int) -> None:
        """Have every worker measure its floor against the responder on that port."""
        self._runner.send_message(CALIBRATE, {"port": port})

    def close(self) -> None:
        """Tell the workers to quit; free sockets, greenlets and the ZMQ context."""
        runner = self._runner
        context = runner.server.socket.context
        try:
            runner.send_message("quit")
        except Exception:  # nobody is left to hear it
            pass
        if self._starting is not None:
            self._starting.kill(block=True)
        runner.greenlet.kill(block=True)
        runner.server.close(linger=200)
        # A cache on this method keeps every runner that ever was, and all that hangs on it.
        type(runner)._wait_for_workers_report_after_ramp_up.cache_clear()
        # MasterRunner never ends its context: 7 descriptors and 2 threads a run. Seldom, after a
        # worker was killed, libzmq waits for ever here: then a thread does, and not the hub.
        ender = threading.Thread(target=context.term, name="zmq-term", daemon=True)
        ender.start()
        ender.join(TERM_S)


def _why_not(address: str, error: BaseException) -> str:
    # Locust exits for a busy port, or raises where pyzmq words the error otherwise.
    if isinstance(error, SystemExit) or "in use" in str(error):
        return f"port {address} is already in use (another run? set [load] port)"
    return f"can't listen on {address}: {str(error).partition(' (addr=')[0]} ([load] bind)"


def _nothing() -> None:
    """The task of a stand-in; never run."""
