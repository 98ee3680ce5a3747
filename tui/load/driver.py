"""The load driver: Locust's master in this process, its users in workers beside it."""

from __future__ import annotations

import queue
import time
from pathlib import Path

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.core import events as ev
from tui.load.hub import IMPORT_S, LOCUST_IS_HERE, Hub
from tui.load.master import CannotListen, Master
from tui.load.windows import ClosedWindow, WindowMerger
from tui.load.wire import REPORT_INTERVAL_S, Report, WorkerSpec
from tui.ports import Created, Emit, LoadFailed, LoadPlan

READY_S = 30.0
FROZEN_S = 5.0


class LocustDriver:
    """Implements `ports.LoadDriver`. Every method is called from the supervisor's thread."""

    def __init__(self, lifelines: Lifelines, log_dir: Path) -> None:
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._hub: Hub | None = None
        self._run: _Run | None = None

    def start(self, plan: LoadPlan, emit: Emit) -> None:
        """Start workers and have them connected. Raises LoadFailed; nothing is left then."""
        if not LOCUST_IS_HERE.wait(IMPORT_S):
            raise LoadFailed("locust could not be imported", is_input=False)
        if self._hub is None:
            self._hub = Hub()
        self._run = _Run(self._hub, self._lifelines, self._log_dir, plan, emit)
        try:
            self._run.start()
        except BaseException:
            self.close()
            raise

    def begin(self) -> None:
        """Start the users."""
        self._running.begin()

    def rescale(self, users: int) -> None:
        """Move to another level; 0 pauses."""
        run = self._running
        run.hub.spawn(lambda: run.master.scale(users, run.plan.spawn_rate))

    def set_phase(self, phase: int) -> None:
        """Requests sent from now on belong to this phase."""
        self._order(do="phase", phase=phase)

    def drain(self, grace_s: float) -> None:
        """No new requests; emits DrainEnded when the last worker is done."""
        self._running.draining_until_s = time.monotonic() + grace_s + 5
        self._order(do="drain", grace_s=grace_s)

    def extend(self, deadline_s: float) -> None:
        """The workers' own deadline, from now."""
        for child in self._running.children.values():
            child.extend(deadline_s)

    def created(self) -> Created:
        """What the users created on the target, and what of it they left there."""
        run = self._running
        return Created(run.created_count, tuple(run.created))

    def pids(self) -> list[int]:
        """The workers' processes; callable from any thread."""
        run = self._run
        return [child.pid for child in list(run.children.values())] if run else []

    def close(self) -> None:
        """End every worker and the master of this run."""
        run, self._run = self._run, None
        if run is not None:
            run.close()

    def shut_down(self) -> None:
        """End the hub too; the driver can't be used any more."""
        self.close()
        if self._hub is not None:
            self._hub.close()
            self._hub = None

    @property
    def _running(self) -> _Run:
        assert self._run is not None, "no run"
        return self._run

    def _order(self, **order: object) -> None:
        run = self._running
        run.hub.spawn(lambda: run.master.order(**order))


class _Run:
    """One run's master, workers and windows."""

    def __init__(
        self, hub: Hub, lifelines: Lifelines, log_dir: Path, plan: LoadPlan, emit: Emit
    ) -> None:
        self.hub = hub
        self.plan = plan
        self.children: dict[str, Child] = {}
        self.created: dict[str, None] = {}
        self.created_count = 0
        self.draining_until_s: float | None = None
        self.master: Master
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._emit = emit
        self._words: queue.SimpleQueue[tuple[str, Line | None]] = queue.SimpleQueue()
        self._names = plan.worker_names()
        self._merger = WindowMerger(self._names)
        self._heard_s: dict[str, float] = {}
        self._final: dict[str, int] = {}
        self._lost: set[str] = set()
        self._began_s: float | None = None
        self._drained = False
        self._closing = False
        self._has_master = False

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
        for name in self._names:
            self._spawn(name)
        classes = self._await_workers()
        self.hub.call(lambda: self.master.use_classes(classes))

    def begin(self) -> None:
        plan = self.plan
        self._began_s = began_s = time.monotonic()
        self._heard_s = dict.fromkeys(self._names, began_s)

        def go() -> None:
            self.master.order(do="begin", began_s=began_s)
            self.master.scale(plan.users, plan.spawn_rate)
            self._watch()

        self.hub.spawn(go)

    def close(self) -> None:
        self._closing = True
        try:
            if self._has_master:
                self.hub.call(self.master.close)
        finally:
            for child in self.children.values():
                # It quits by itself on the master's word; the lifeline is the second road.
                self._lifelines.end(child, grace_s=1.5)

    def _spawn(self, name: str) -> None:
        plan = self.plan
        spec = WorkerSpec(
            name=name,
            master_host="127.0.0.1" if plan.bind in ("*", "0.0.0.0") else plan.bind,
            master_port=self.master.port,
            url=plan.url,
            token=plan.token,
            verify_tls=plan.verify_tls,
            paths=list(plan.paths),
            locustfile=plan.locustfile,
            user_classes=dict(plan.user_classes),
            timeout_s=plan.timeout_s,
            slow_ms=plan.slow_ms,
            mix=plan.mix,
            counted=list(plan.counted),
        )
        child = Child(
            name,
            "tui.load.worker",
            spec=msgspec.to_builtins(spec),
            log=self._log_dir / "workers.log",
            deadline_s=plan.deadline_s,
            on_line=lambda line: self._on_word(name, line),
        )
        self.children[name] = self._lifelines.adopt(child)

    def _on_word(self, name: str, line: Line | None) -> None:
        if self._began_s is None:
            self._words.put((name, line))
        elif line is None and not self._closing:
            reason = _ending(self.children[name].returncode)
            self.hub.spawn(lambda: self._lose(name, reason))

    def _await_workers(self) -> dict[str, dict[str, int]]:
        """The user classes, once every worker has named them, is connected and takes orders."""
        classes: dict[str, dict[str, int]] = {}
        waiting = set(self._names)
        ends_s = time.monotonic() + READY_S
        while waiting:
            try:
                name, line = self._words.get(timeout=max(ends_s - time.monotonic(), 0.01))
            except queue.Empty:
                what = f"worker {min(waiting)} was not ready after {READY_S:.0f} s"
                raise LoadFailed(what, is_input=False) from None
            if line is None:
                what = f"worker {name} {_ending(self.children[name].returncode)} at its start"
                raise LoadFailed(what, is_input=False)
            if line.get("type") == "error":
                file = Path(self.plan.locustfile).name
                raise LoadFailed(f"{file}: {line['error']}", is_input=True)
            if line.get("type") == "hello":
                classes = line["classes"]
            if line.get("type") == "ready":
                waiting.discard(name)
        return classes

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
        for window in self._merger.add(report):
            self._emit(
                ev.LateRowsArrived(rows=window.rows, failures=window.failures, slow=window.slow)
            )
        if report.final:
            self._final[report.worker] = report.unfinished

    def _on_level(self, users: int) -> None:
        self._emit(ev.LevelReached(users=users))

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


def _ending(returncode: int | None) -> str:
    if returncode is None:
        return "is gone"
    if returncode < 0:
        return f"was killed by signal {-returncode}"
    return f"ended with status {returncode}"
