"""A worker's side of the conversation: takes orders, sends reports on Locust's own event."""

from __future__ import annotations

import time
from typing import Any

import gevent
import msgspec

from tui.core.failure import normalise
from tui.core.tally import UNMEASURED
from tui.load.kit import kit
from tui.load.pacing import Pacing
from tui.load.recorder import Recorder
from tui.load.wire import MESSAGE, REPORT_KEY, Report, WorkerSpec

TICK_S = 0.02
MAX_USER_ERRORS = 20


class Reporter:
    """Ties a recorder to Locust's environment. Create it before the runner, attach it after."""

    def __init__(
        self, spec: WorkerSpec, recorder: Recorder, environment: Any, shape: Any = None
    ) -> None:
        self._name = spec.name
        self._recorder = recorder
        self._environment = environment
        self._runner: Any = None
        self._number = 0
        self._begun = False
        self._cpu_s = time.process_time()
        self._cpu_at_s = time.monotonic()
        self._user_errors: list[str] = []
        self._user_error_count = 0
        self._timeout_s = spec.timeout_s
        self._pacing = Pacing(spec, recorder, shape, self._describe)
        self._final = False
        self._unfinished = 0

    def attach(self, runner: Any) -> None:
        """Listen to the runner's events and to the master's orders."""
        self._runner = runner
        self._pacing.attach(runner)
        events = self._environment.events
        # Locust's own statistics would cost 6 µs a request and grow for ever; ours replace them.
        _drop(events.request, "Runner.__init__")
        _drop(events.report_to_master, "setup_distributed_stats_event_listeners")
        events.request.add_listener(self._recorder.request)
        events.report_to_master.add_listener(self._report)
        events.user_error.add_listener(self._on_user_error)
        runner.register_message(MESSAGE, self._on_order)
        runner.greenlet.spawn(self._tick)

    def _on_order(self, environment: Any, msg: Any, **_: Any) -> None:
        order = msg.data
        if order["do"] == "begin":
            self._recorder.begin(order["began_s"])
            self._begun = True
        elif order["do"] == "phase":
            self._recorder.enter(order["phase"], order["at_s"])
        elif order["do"] == "drain":
            self._recorder.enter(UNMEASURED, time.monotonic())
            self._runner.greenlet.spawn(self._drain, order["grace_s"])
        self._pacing.on_order(order)

    def _drain(self, grace_s: float) -> None:
        recorder = self._recorder
        if self._runner.spawning_greenlet is not None:
            self._runner.spawning_greenlet.kill(block=True)
        for user_greenlet in list(self._runner.user_greenlets):
            user = user_greenlet.args[0] if user_greenlet.args else None
            # A user that is asked twice raises.
            if user is not None and user._state in (None, "waiting", "running"):
                user.stop(force=False)
        ends_s = time.monotonic() + grace_s
        while self._runner.user_greenlets and time.monotonic() < ends_s:
            gevent.sleep(0.02)
            if not recorder.in_flight and time.monotonic() > ends_s - grace_s / 2:
                break  # a task that only sleeps is not waited for
        now_s = time.monotonic()
        for counts_s, sent_s in list(recorder.in_flight.values()):
            if now_s - sent_s >= self._timeout_s:
                recorder.unanswered(counts_s, sent_s, now_s)
            else:
                self._unfinished += 1
        self._runner.user_greenlets.kill(block=True, timeout=1.0)
        self._final = True
        self._runner._send_stats()

    def _report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        # Locust's listener beside this one insists on these two.
        data.setdefault("user_classes_count", {})
        if not self._begun:
            return
        now_s = time.monotonic()
        recorder = self._recorder
        created, deleted = kit.take()
        other, recorder.other_requests = recorder.other_requests, 0
        errors, self._user_errors = self._user_errors, []
        error_count, self._user_error_count = self._user_error_count, 0
        report = Report(
            worker=self._name,
            number=self._number,
            covers_s=now_s - recorder.began_s,
            windows=recorder.take(),
            users=self._runner.user_count,
            in_flight=len(recorder.in_flight),
            oldest_s=max(recorder.oldest_s(now_s), self._pacing.oldest_s(now_s)),
            silent_s=now_s - recorder.last_answer_s,
            cpu_percent=self._cpu_percent(now_s),
            created=created,
            deleted=deleted,
            user_errors=errors,
            user_error_count=error_count,
            other_requests=other,
            final=self._final,
            unfinished=self._unfinished,
            done=self._pacing.done,
            asked_users=self._pacing.asked_users,
            asked=self._pacing.take_asked(),
        )
        # Counted first: one that can't be encoded is then a lost one, not one that never was.
        self._number += 1
        data[REPORT_KEY] = msgspec.msgpack.encode(report)

    def _cpu_percent(self, now_s: float) -> float:
        cpu_s = time.process_time()
        share = (cpu_s - self._cpu_s) / max(now_s - self._cpu_at_s, 1e-3)
        self._cpu_s, self._cpu_at_s = cpu_s, now_s
        return 100 * share

    def _on_user_error(self, user_instance: Any, exception: Exception, **_: Any) -> None:
        self._user_error_count += 1
        if len(self._user_errors) < MAX_USER_ERRORS:
            text = self._describe(exception)
            if text not in self._user_errors:
                self._user_errors.append(text)

    def _describe(self, exception: Exception) -> str:
        return normalise(self._recorder.scrub(f"{type(exception).__name__}: {exception}"))

    def _tick(self) -> None:
        while True:
            due_s = time.monotonic() + TICK_S
            gevent.sleep(TICK_S)
            self._recorder.tick(due_s)


def _drop(event: Any, qualified: str) -> None:
    """Remove Locust's own listener. If a later Locust names it otherwise, only speed is lost."""
    for handler in list(event._handlers):
        if getattr(handler, "__qualname__", "").startswith(qualified):
            event.remove_listener(handler)
