"""One run's master, workers and windows."""

from __future__ import annotations

import contextlib
import time
from math import ceil
from pathlib import Path

import msgspec

from tui.child.spawn import Lifelines
from tui.core import events as ev
from tui.core.validity import Floor
from tui.load.crew import Crew
from tui.load.hub import Hub
from tui.load.instrument import CALIBRATION_S, NoFloor, Responder
from tui.load.master import CannotListen, Master
from tui.load.windows import ClosedWindow, WindowMerger
from tui.load.wire import REPORT_INTERVAL_S, Report
from tui.ports import Emit, LoadFailed, LoadPlan

FROZEN_S = 5.0
BARRIER_SPARE_S = 0.25
"""An instant that is nearer might pass before every worker has heard of it."""


class Run:
    """One run's master, workers and windows."""

    def __init__(
        self,
        hub: Hub,
        lifelines: Lifelines,
        log_dir: Path,
        plan: LoadPlan,
        emit: Emit,
        *,
        calibrates: bool,
    ) -> None:
        self.hub = hub
        self.plan = plan
        self.crew = Crew(lifelines, log_dir, plan)
        self.created: dict[str, None] = {}
        self.created_count = 0
        self.draining_until_s: float | None = None
        self.master: Master
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._emit = emit
        self._names = plan.worker_names()
        self._merger = WindowMerger(self._names)
        self._heard_s: dict[str, float] = {}
        self._final: dict[str, int] = {}
        self._lost: set[str] = set()
        self._began_s: float | None = None
        self._drained = False
        self._closing = False
        self._has_master = False
        self._is_barrier_open = False
        self._calibrates = calibrates
        self._responder: Responder | None = None
        self._level = plan.users

    def start(self) -> None:
        plan = self.plan
        try:
            self.master = self.hub.call(
                lambda: Master(
                    plan.bind, plan.port, plan.url, plan.timeout_s, self._on_report, self._on_level
                )
            )
        except CannotListen as error:
            raise LoadFailed(str(error), is_input=False) from None
        self._has_master = True
        if self._calibrates:
            # In parallel: it is up long before a worker has imported Locust.
            self._start_responder()
        self.crew.start(self.master.port)
        classes = self.crew.await_ready()
        self.hub.call(lambda: self.master.use_classes(classes))
        if self._calibrates:
            self._emit(self._calibrate())

    def begin(self) -> None:
        plan = self.plan
        self.crew.on_gone = self._on_gone
        self._began_s = began_s = time.monotonic()
        self._heard_s = dict.fromkeys(self._names, began_s)

        def go() -> None:
            self.master.order(do="begin", began_s=began_s)
            # A shape says itself how many users there are to be, and when.
            if not plan.shape:
                self.master.scale(plan.users, plan.spawn_rate)
            self._watch()

        self.hub.spawn(go)

    def rescale(self, users: int, spawn_rate: float) -> None:
        self._level = users

        def go() -> None:
            if users == 0:
                self._open_barrier(None)
            self.master.scale(users, spawn_rate)

        self.hub.spawn(go)

    def close(self) -> None:
        self._closing = True
        self.crew.on_gone = None
        try:
            if self._has_master:
                self.hub.call(self.master.close)
        finally:
            self.crew.end()
            self._end_responder()

    def _start_responder(self) -> None:
        with contextlib.suppress(OSError):
            self._responder = Responder(self._lifelines, self._log_dir)

    def _calibrate(self) -> ev.InstrumentCalibrated:
        """Measure what the instrument itself adds. A run that can't know it goes on without."""
        responder = self._responder
        if responder is None:
            return ev.InstrumentCalibrated(why="the responder could not be started")
        ends_s = time.monotonic() + CALIBRATION_S
        try:
            port = responder.port(ends_s)
            self.hub.spawn(lambda: self.master.order_calibration(port))
            floor: Floor | str = self.crew.await_floors(ends_s)
        except NoFloor as error:
            floor = str(error)
        finally:
            self._end_responder()
        if isinstance(floor, str):
            return ev.InstrumentCalibrated(why=floor)
        return ev.InstrumentCalibrated(
            p50_ms=floor.p50_ms, p99_ms=floor.p99_ms, requests=floor.requests
        )

    def _end_responder(self) -> None:
        responder, self._responder = self._responder, None
        if responder is not None:
            responder.end()

    def _on_gone(self, name: str, ending: str) -> None:
        self.hub.spawn(lambda: self._lose(name, ending))

    # Below: in the hub.

    def _on_report(self, raw: bytes) -> None:
        report = msgspec.msgpack.decode(raw, type=Report)
        self._heard_s[report.worker] = time.monotonic()
        self.created_count += len(report.created)
        for path in report.created:
            self.created[path] = None
        for path in report.deleted:
            self.created.pop(path, None)
        # The texts are the distinct ones; the first stands for all that repeat.
        repeats = report.user_error_count - len(report.user_errors)
        for error in report.user_errors:
            self._emit(ev.UserCodeFailed(error=error, times=1 + repeats))
            repeats = 0
        for asked in report.asked:
            self._emit(
                ev.LevelAsked(users=asked.users, spawn_rate=asked.spawn_rate, failed=asked.failed)
            )
        for window in self._merger.add(report):
            self._emit(
                ev.LateRowsArrived(rows=window.rows, failures=window.failures, slow=window.slow)
            )
        if report.final:
            self._final[report.worker] = report.unfinished

    def _on_level(self, users: int) -> None:
        if users and not self._is_barrier_open:
            assert self._began_s is not None
            load_s = time.monotonic() - self._began_s + BARRIER_SPARE_S
            self._open_barrier(ceil(load_s / (self.plan.barrier_s or 1.0)))
        self._emit(ev.LevelReached(users=users))

    def _open_barrier(self, first: int | None) -> None:
        """The instants are multiples of the period; the first is named, so that all agree."""
        if self.plan.barrier_s is not None:
            self._is_barrier_open = first is not None
            self.master.order(do="barrier", first=first)

    def _watch(self) -> None:
        import gevent

        while not self._closing and not self._drained:
            gevent.sleep(REPORT_INTERVAL_S / 2)
            now_s = time.monotonic()
            self._find_frozen(now_s)
            merger = self._merger
            self._emit(
                ev.LoadReported(
                    users=merger.users,
                    in_flight=merger.in_flight,
                    oldest_s=merger.oldest_s,
                    silent_s=merger.silent_s,
                    done=self._done,
                )
            )
            assert self._began_s is not None
            done = self._is_drained(now_s)
            for window in merger.close(now_s - self._began_s, everything=done):
                self._close_window(window)
            if done:
                self._drained = True
                self._emit(ev.ReportsCounted(received=merger.received, lost=merger.lost))
                self._emit(ev.DrainEnded(unfinished=sum(self._final.values())))

    @property
    def _done(self) -> int:
        """Users that are done. Never all of them before every worker has heard of the level."""
        if self._merger.asked_users == self._level:
            return self._merger.done
        return max(min(self._merger.done, self._level - 1), 0)

    def _is_drained(self, now_s: float) -> bool:
        if self.draining_until_s is None:
            return False
        alive = [name for name in self._names if name not in self._lost]
        return all(name in self._final for name in alive) or now_s > self.draining_until_s

    def _close_window(self, window: ClosedWindow) -> None:
        self._emit(
            ev.WindowClosed(
                second=window.second,
                rows=list(window.rows.values()),
                failures=window.failures,
                slow=window.slow,
                users=window.users,
                in_flight=window.in_flight,
                oldest_s=window.oldest_s,
                lag_p99_ms=window.lag_p99_ms,
                generator_cpu_percent=window.cpu_percent,
                other_endpoints=window.other_requests,
                think_s=window.think_s,
                thinks=window.thinks,
                missed_sends=window.missed_sends,
                due=window.due,
                operations=window.operations,
            )
        )

    def _find_frozen(self, now_s: float) -> None:
        for name in self._names:
            if name not in self._lost and now_s - self._heard_s.get(name, now_s) > FROZEN_S:
                self._lose(name, f"no report for {FROZEN_S:.0f} s")

    def _lose(self, name: str, reason: str) -> None:
        if name in self._lost or name in self._final:
            return
        self._lost.add(name)
        users = self._merger.users_of(name)
        self._merger.forget(name)
        self._emit(ev.WorkerLost(name=name, reason=reason, users=users))
