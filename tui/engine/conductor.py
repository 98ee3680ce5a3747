"""One run after the other, from a request to a verdict."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

from tui.core import events as ev
from tui.core.alerts import unheard_alerts
from tui.core.guards import Halt
from tui.core.model import Refusal
from tui.core.target_process import process_of
from tui.engine.emitter import Emitter
from tui.engine.endpoints import with_endpoints
from tui.engine.guarding import Guarding
from tui.engine.making import made_desk, made_run, made_session
from tui.engine.parts import Parts, run_facts, session_id
from tui.engine.publisher import Publisher
from tui.engine.run import Run
from tui.engine.run_queue import RunQueue
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

HEARD_OUT = 20
"""By this sample every source has told what it can."""


class Conductor:
    """What is not said to be for any thread is called on the supervisor's alone, whose inbox `put`
    fills from any."""

    def __init__(
        self, parts: Parts, target: str, put: Callable[[Callable[[], None]], None]
    ) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._put = put
        self.watch: Callable[[str], None] = lambda process: None
        """Told whose processes the board's gauges are of."""
        self._session_id = session_id(parts.clock.utc())
        self._session = made_session(parts, target)
        self.desk = made_desk(parts, self._hear_camera)
        """For all threads."""
        self._queue = RunQueue()
        self._run: Run | None = None
        self._emitter = Emitter(parts.clock, self._deliver)
        """Of the newest run; before the first there is nothing to tell."""
        self.guarding = Guarding()
        """`hurrying` and `hanging_up` are for all threads."""
        self._samples = 0
        self._stop_detail = ""
        self.failures: list[str] = []
        self._is_closing = False
        self.publisher = Publisher(self._session.snapshot(0.0, parts.clock.utc()))

    # From any thread.

    def interrupt(self, detail: str) -> None:
        """Have a preparation that goes on come to nothing: it blocks the inbox, where `stop` is."""
        self._stop_detail = detail
        self._parts.driver.interrupt()

    def take(self, sample: ev.Sample) -> None:
        """A reading of the board: when it was read counts, not when its turn comes."""
        read_s = self._clock.monotonic_s()
        self.guarding.sample(sample.readings, read_s)
        self._put(lambda: self._on_board(sample, read_s))

    def _hear_camera(self, event: ev.CameraEvent) -> None:
        read_s = self._clock.monotonic_s()
        self._put(lambda: self._on_camera(event, read_s))

    def _deliver(self, event: ev.Event, emitter: Emitter) -> None:
        self._put(lambda: self._on_event(event, emitter))

    # Orders.

    def enqueue(self, request: RunRequest) -> None:
        """Run it when its turn comes."""
        self._queue.add(request)
        self.publisher.fall_behind()

    def stop(self, detail: str, at_once: bool) -> None:
        """End the run, and forget those behind it."""
        self._queue.clear()
        if self._run is not None:
            self._run.stop(detail, at_once=at_once)
        if self._stop_detail == detail:
            self._stop_detail = ""  # else another stop is on its way, and a start must hear of it
        self.publisher.fall_behind()

    def order(self, act: Callable[[Run], None]) -> None:
        """Have the run that goes on do it, if there is one."""
        if self._run is not None:
            act(self._run)

    def skip_cool_down(self) -> None:
        """Whoever waits need not wait any longer."""
        self._queue.skip_cool_down()

    def reset_focus(self, camera: str) -> None:
        """Begin the search for a camera's best focus anew."""
        self._session.reset_focus(camera)
        self.publisher.fall_behind()

    def note(self, level: ev.Level, text: str) -> None:
        """Log something that belongs to no run."""
        self._session.note(self._clock.utc(), level, text)
        self.publisher.fall_behind()

    def leave(self) -> None:
        """Start no more runs."""
        self._is_closing = True

    @property
    def is_over(self) -> bool:
        """Whether the last run has ended and no more is to come."""
        return self._is_closing and self._run is None

    def crash(self, detail: str) -> None:
        """A mistake of ours: nothing that it may have left goes on."""
        run, self._run = self._run, None
        self.guarding.end()
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
            ended = ev.RunEnded(at_s=self._emitter.at_s(), reason="crashed", detail=detail)
            self._session.apply(ended, now)
            self._parts.store.put(run.facts.id, ended, now)
        scenario = run.facts.scenario.id if run is not None else self._session.preparing
        self._session.refuse(Refusal("internal", scenario, self._session.target, detail))
        self._publish()

    def tick(self) -> None:
        """Whatever it is time for."""
        tripped = self.guarding.tripped(self._clock.monotonic_s())
        if tripped is not None:
            self._abort(*tripped)
        if self._run is not None:
            fold = self._session.run
            assert fold is not None
            self._run.tick(fold, self._emitter.at_s())
        elif not self._is_closing and self._queue:
            request = self._queue.take(self._clock.monotonic_s(), self._session.board)
            self.publisher.fall_behind()
            if request is not None:
                self._start(request)
        if self.publisher.is_due(self._clock.monotonic_s()):
            self._publish()

    def _publish(self) -> None:
        self._session.queued, self._session.cooling = self._queue.ids(), self._queue.cooling
        snapshot = self._session.snapshot(self._emitter.at_s(), self._clock.utc())
        now_s = self._clock.monotonic_s()
        self.publisher.publish(snapshot, now_s, goes_on=self._run is not None)

    def _abort(self, run: Run, halt: Halt) -> None:
        if run is self._run:
            self._queue.clear()
            run.abort(halt)

    def _on_stress(self, burns: bool) -> None:
        blind = list(self.guarding.burn(burns, self._clock.monotonic_s()))
        kernel = self._session.board.get("kernel_errors")
        if not burns and (kernel is None or kernel.value is None):
            why = kernel.why if kernel is not None else "this board's log is not read"
            blind.append(f"kernel errors: {why}")
        if blind:
            self._emitter.emit(ev.GuardsBlind(lines=blind))

    def _on_board(self, sample: ev.Sample, read_s: float) -> None:
        run_s = read_s - self._emitter.started_s
        if self._run is not None and run_s >= 0:
            readings, lost = sample.readings, sample.lost
            self._on_event(ev.BoardSampled(at_s=run_s, readings=readings, lost=lost), self._emitter)
        else:
            at_utc = self._clock.utc() - (self._clock.monotonic_s() - read_s)
            self._session.sample_board(sample, at_utc, read_s)
        self._samples += 1
        if self._samples == HEARD_OUT:
            for line in unheard_alerts(self._parts.config.alerts, sample.readings):
                self._session.note(self._clock.utc(), "warn", line)
        self.publisher.fall_behind()

    def _on_camera(self, event: ev.CameraEvent, read_s: float) -> None:
        at_s = read_s - self._emitter.started_s
        is_of_run = self._run is not None and self._run.facts.scenario.cameras is not None
        self._session.see(event, self._clock.utc(), read_s, at_s if is_of_run else None)
        if is_of_run:
            self._on_event(msgspec.structs.replace(event, at_s=at_s), self._emitter)
        self.publisher.fall_behind()

    def _on_event(self, event: ev.Event, emitter: Emitter) -> None:
        run = self._run
        if run is None or emitter is not self._emitter or not run.on_event(event):
            return
        at_utc = self._clock.utc()
        self._session.apply(event, at_utc, emitter.started_s + event.at_s)
        if event.is_kept:
            self._parts.store.put(run.facts.id, event, at_utc)
        self.publisher.fall_behind()
        if isinstance(event, ev.RunEnded):
            self._end(run)
        if self.publisher.is_urgent(event, self._session.run):
            self._publish()

    def _end(self, run: Run) -> None:
        # First of all: a mistake from here on must not give it another end.
        self._run = None
        self.guarding.end()
        trouble = self._parts.store.flush()
        if trouble:
            self._session.note(self._clock.utc(), "fail", trouble)
        run.close()
        self._parts.lock.release()
        ended = self._session.ended
        assert ended is not None
        over = self._queue.ended(ended, self._clock.monotonic_s())
        if over:
            self._session.note(self._clock.utc(), "fail", over)

    def _refuse(self, request: RunRequest, refused: Refused) -> None:
        self._queue.clear()
        what = str(refused)
        target = request.target.name if request.scenario.asks_service else ""
        refusal = Refusal(refused.trouble, request.scenario.id, target, what)
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
            asked = ask_target(self._parts, request, overridden)
            request, asked = with_endpoints(self._parts, request, asked)
            run = self._made(request, asked)
        except (Refused, *EXPECTED) as error:
            self._parts.lock.release()
            return self._refuse(request, refusal_of(error, self._stop_detail))
        self._begin(run, asked)

    def _made(self, request: RunRequest, asked: Asked) -> Run:
        """Raises Refused, or one of `EXPECTED`; nothing is left running then."""
        self._queue.started(request, self._session.board)
        # What the driver tells while it starts belongs to this run already.
        self._emitter = Emitter(self._clock, self._deliver)
        mode = self._session.board.get("power_mode")
        power_mode = mode.text if mode is not None else ""
        facts = run_facts(
            self._parts, self._session_id, request, asked.url, asked.overridden, power_mode
        )
        self.watch(process_of(request.target, asked.url))
        emit, at_s = self._emitter.emit, self._emitter.at_s
        run = made_run(
            self._parts,
            facts,
            asked,
            self.desk,
            emit=emit,
            at_s=at_s,
            on_stress=self._on_stress,
            put=self._put,
        )
        if self._stop_detail:
            run.close()
            raise Refused("failed", self._stop_detail)
        return run

    def _begin(self, run: Run, asked: Asked) -> None:
        self._run = run
        emitter, probe = self._emitter, asked.probe
        self.guarding.begin(run, run.facts.scenario.stress, emitter.started_s)
        self._on_event(ev.RunStarted(facts=run.facts), emitter)
        if probe is not None:
            emitter.emit(ev.TargetProbed(answered=probe.answered, detail=probe.detail, ms=probe.ms))
        run.begin()
