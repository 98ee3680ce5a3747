"""The engine's one thread: commands and events go in, snapshots come out."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timezone

import msgspec

from tui.core import events as ev
from tui.core.alerts import unheard_alerts
from tui.core.config import process_of
from tui.core.guards import Halt
from tui.core.model import Refusal, Snapshot
from tui.core.session import Session
from tui.engine.guarding import Guarding
from tui.engine.making import made_run
from tui.engine.parts import Parts, run_facts
from tui.engine.run import Run
from tui.engine.run_queue import RunQueue
from tui.engine.sampler import Sampler
from tui.engine.starting import (
    EXPECTED,
    Asked,
    Refused,
    admit,
    ask_target,
    refusal_of,
    take_board,
)
from tui.ports import RunRequest

TICK_S = 0.1
PUBLISH_S = 0.5
REST_PUBLISH_S = 1.0
HEARD_OUT = 20
"""By this sample every source has told what it can."""


class Supervisor:
    """Implements `ports.Engine`. Every public method returns at once."""

    def __init__(self, parts: Parts, target: str) -> None:
        self._parts = parts
        self._clock = parts.clock
        started = datetime.fromtimestamp(parts.clock.utc(), timezone.utc)
        self.session_id = f"s{started:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        self._session = Session(
            parts.device.model, target, parts.store.past(), alerts=parts.config.alerts
        )
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._queue = RunQueue()
        self._run: Run | None = None
        self._guarding = Guarding()
        self._samples = 0
        self._run_started_s = parts.clock.monotonic_s()
        self._stop_detail = ""
        self._listeners: list[Callable[[Snapshot], None]] = []
        self.failures: list[str] = []
        """Mistakes of our own, in words; a front end exits with 70 if there are any."""
        self._closing = False
        self._is_unwatched = False
        """Whether the terminal is gone: no later run may do harm either."""
        self._dirty = True
        self._published_s = 0.0
        self._was_stalled = False
        self._snapshot = self._session.snapshot(0.0, parts.clock.utc())
        self._sampler = Sampler(parts.board, self._take)
        self._thread = threading.Thread(target=self._loop, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the engine's threads."""
        self._thread.start()
        self._sampler.start()

    # What front ends call, from their own threads.

    def start_run(self, request: RunRequest) -> None:
        self._inbox.put(lambda: self._enqueue(request))

    def stop_run(self, reason: str = "", *, at_once: bool = False) -> None:
        # Read between the steps of a preparation, which blocks the inbox.
        detail = self._stop_detail = reason or "stopped by hand"
        self._parts.driver.interrupt()
        # The reason travels with its order: a second one, as `close` gives, must not replace it.
        self._inbox.put(lambda: self._stop(detail, at_once))

    def pause(self) -> None:
        self._inbox.put(lambda: self._run.pause() if self._run else None)

    def resume(self) -> None:
        self._inbox.put(lambda: self._run.resume() if self._run else None)

    def rescale(self, users: int) -> None:
        self._inbox.put(lambda: self._run.rescale(users) if self._run else None)

    def hold(self) -> None:
        self._inbox.put(lambda: self._run.hold() if self._run else None)

    def release(self) -> None:
        self._inbox.put(lambda: self._run.release() if self._run else None)

    def calm(self) -> None:
        self._inbox.put(lambda: self._run.calm() if self._run else None)

    def hang_up(self) -> None:
        self._inbox.put(self._leave_alone)

    def skip_cool_down(self) -> None:
        self._inbox.put(self._queue.skip_cool_down)

    def listen(self, callback: Callable[[Snapshot], None]) -> None:
        self._listeners.append(callback)

    def snapshot(self) -> Snapshot:
        return self._snapshot

    def note(self, level: ev.Level, text: str) -> None:
        def add() -> None:
            self._session.note(self._clock.utc(), level, text)
            self._dirty = True

        self._inbox.put(add)

    def close(self) -> None:
        """End the run and every child, flush the store, stop every thread."""
        if self._thread.is_alive():
            self.stop_run("the console was closed")
            self._inbox.put(self._leave)
            self._thread.join()
        self._sampler.close()
        self._parts.embedded.close()
        self._parts.store.close()

    # Everything below runs on the supervisor's thread.

    def emit(self, event: ev.Event) -> None:
        """Stamp an event and put it into the inbox; the only one that other threads may call."""
        at_s = self._clock.monotonic_s() - self._run_started_s
        stamped = msgspec.structs.replace(event, at_s=at_s)
        self._inbox.put(lambda: self._on_event(stamped))

    def _take(self, sample: ev.Sample) -> None:
        """On the sampler's thread: when it was read counts, not when its turn comes."""
        at_s = self._clock.monotonic_s()
        self._guarding.sample(sample.readings, at_s - self._run_started_s)
        self._inbox.put(lambda: self._on_board(sample, at_s))

    def _loop(self) -> None:
        while not (self._closing and self._run is None):
            try:
                self._turn()
            except Exception as error:
                # A mistake of ours must not leave a board under load with nobody in charge.
                logging.getLogger(__name__).exception("the engine failed")
                self._crash(f"internal error: {type(error).__name__}: {error}")

    def _turn(self) -> None:
        try:
            self._inbox.get(timeout=TICK_S)()
        except queue.Empty:
            pass
        self._tick()

    def _crash(self, detail: str) -> None:
        run, self._run = self._run, None
        self._guarding.end()
        self._queue.clear()
        self.failures.append(detail)
        close = run.close if run is not None else self._parts.driver.close
        try:
            close()
        except Exception:
            # It may be what broke; without this thread nobody would ever hear of the end.
            logging.getLogger(__name__).exception("the run could not be closed")
        self._parts.lock.release()
        now = self._clock.utc()
        if run is not None:
            ended = ev.RunEnded(at_s=self._at_s(), reason="crashed", detail=detail)
            self._session.apply(ended, now)
            self._parts.store.put(run.facts.id, ended, now)
        scenario = run.facts.scenario.id if run is not None else self._session.preparing
        self._session.refuse(Refusal("internal", scenario, self._session.target, detail))
        self._publish()

    def _tick(self) -> None:
        tripped = self._guarding.tripped(self._at_s())
        if tripped is not None:
            self._abort(*tripped)
        if self._run is not None:
            fold = self._session.run
            assert fold is not None
            self._run.tick(fold, self._at_s())
        elif not self._closing and self._queue:
            request = self._queue.take(self._clock.monotonic_s(), self._session.board)
            self._dirty = True
            if request is not None:
                self._start(request)
        waited_s = self._clock.monotonic_s() - self._published_s
        # At rest too: the age of a gauge that hangs must be seen to grow.
        if waited_s >= (PUBLISH_S if self._dirty else REST_PUBLISH_S):
            self._publish()

    def _publish(self) -> None:
        self._published_s = self._clock.monotonic_s()
        # While a run goes on, time itself changes the snapshot.
        self._dirty = self._run is not None
        self._session.queued, self._session.cooling = self._queue.ids(), self._queue.cooling
        self._snapshot = self._session.snapshot(self._at_s(), self._clock.utc())
        for listener in list(self._listeners):
            try:
                listener(self._snapshot)
            except Exception:
                # A front end that broke hears no more; the run goes on.
                logging.getLogger(__name__).exception("a front end broke")
                self._listeners.remove(listener)

    def _at_s(self) -> float:
        return self._clock.monotonic_s() - self._run_started_s

    def _enqueue(self, request: RunRequest) -> None:
        self._queue.add(request)
        self._dirty = True

    def _stop(self, detail: str, at_once: bool) -> None:
        self._queue.clear()
        if self._run is not None:
            self._run.stop(detail, at_once=at_once)
        self._stop_detail = ""
        self._dirty = True

    def _leave_alone(self) -> None:
        self._is_unwatched = True
        if self._run is not None:
            self._run.hang_up()

    def _leave(self) -> None:
        self._closing = True

    def _on_board(self, sample: ev.Sample, at_s: float) -> None:
        run_s = at_s - self._run_started_s
        if self._run is not None and run_s >= 0:
            readings, lost = sample.readings, sample.lost
            self._on_event(ev.BoardSampled(at_s=run_s, readings=readings, lost=lost))
        else:
            at_utc = self._clock.utc() - (self._clock.monotonic_s() - at_s)
            self._session.sample_board(sample, at_utc, at_s)
        self._samples += 1
        if self._samples == HEARD_OUT:
            for line in unheard_alerts(self._parts.config.alerts, sample.readings):
                self._session.note(self._clock.utc(), "warn", line)
        self._dirty = True

    def _abort(self, run: Run, halt: Halt) -> None:
        if run is self._run:
            self._queue.clear()
            run.abort(halt)

    def _on_stress(self, burns: bool) -> None:
        blind = list(self._guarding.burn(burns, self._at_s()))
        kernel = self._session.board.get("kernel_errors")
        if not burns and (kernel is None or kernel.value is None):
            why = kernel.why if kernel is not None else "this board's log is not read"
            blind.append(f"kernel errors: {why}")
        if blind:
            self.emit(ev.GuardsBlind(lines=blind))

    def _on_event(self, event: ev.Event) -> None:
        run = self._run
        if run is None or not run.on_event(event):
            return
        at_utc = self._clock.utc()
        self._session.apply(event, at_utc, self._run_started_s + event.at_s)
        if event.is_kept:
            self._parts.store.put(run.facts.id, event, at_utc)
        self._dirty = True
        if isinstance(event, ev.RunEnded):
            self._run_ended()
        if event.is_urgent or self._stall_changed(event):
            self._publish()

    def _stall_changed(self, event: ev.Event) -> bool:
        if not isinstance(event, ev.LoadReported) or self._session.run is None:
            return False
        stalled = self._session.run.is_stalled
        changed = stalled != self._was_stalled
        self._was_stalled = stalled
        return changed

    def _run_ended(self) -> None:
        trouble = self._parts.store.flush()
        if trouble:
            self._session.note(self._clock.utc(), "fail", trouble)
        assert self._run is not None
        self._guarding.end()
        self._run.close()
        self._parts.lock.release()
        ended, self._run = self._session.ended, None
        assert ended is not None
        over = self._queue.ended(ended, self._clock.monotonic_s())
        if over:
            self._session.note(self._clock.utc(), "fail", over)

    def _refuse(self, request: RunRequest, refused: Refused) -> None:
        self._queue.clear()
        what = str(refused)
        refusal = Refusal(refused.trouble, request.scenario.id, request.target.name, what)
        self._session.refuse(refusal)
        self._session.note(self._clock.utc(), "fail", f"{request.scenario.id}: {what}")
        self._publish()

    def _start(self, request: RunRequest) -> None:
        self._session.preparing = request.scenario.id
        self._session.target = request.target.name
        self._publish()
        try:
            overridden = admit(self._parts, request, self._session.board)
            take_board(self._parts, request)
        except Refused as refused:
            return self._refuse(request, refused)
        try:
            self._start_run(request, ask_target(self._parts, request, overridden))
        except (Refused, *EXPECTED) as error:
            self._run = None
            self._parts.lock.release()
            self._refuse(request, refusal_of(error, self._stop_detail))

    def _start_run(self, request: RunRequest, asked: Asked) -> None:
        parts, url, probe = self._parts, asked.url, asked.probe
        self._queue.started(request, self._session.board)
        # What the driver tells while it starts belongs to this run already.
        self._run_started_s = self._clock.monotonic_s()
        mode = self._session.board.get("power_mode")
        power_mode = mode.text if mode is not None else ""
        facts = run_facts(parts, self.session_id, request, url, asked.overridden, power_mode)
        self._sampler.watch(process_of(request.target, url))
        run = made_run(
            parts, facts, asked, emit=self.emit, at_s=self._at_s, on_stress=self._on_stress
        )
        if self._stop_detail:
            run.close()
            raise Refused("failed", self._stop_detail)
        self._run = run
        self._guarding.begin(run, request.scenario.stress)
        self._on_event(ev.RunStarted(facts=facts))
        self.emit(ev.TargetProbed(answered=probe.answered, detail=probe.detail, ms=probe.ms))
        run.begin()
        if self._is_unwatched:
            run.hang_up()
