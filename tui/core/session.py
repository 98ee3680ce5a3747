"""A sitting at the board: folds every event, and is asked for one snapshot."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import msgspec

from tui.core import events as ev
from tui.core.alerts import DEFAULT_RULES, AlertRule
from tui.core.board_watch import BoardWatch
from tui.core.camera.camera import Camera
from tui.core.camera.fold import CamerasFold
from tui.core.camera.log_words import line_of_camera
from tui.core.camera.reference import Reference
from tui.core.incidents import Incident, shifted
from tui.core.log_lines import Line, line_of, line_of_news, line_of_step, repeated
from tui.core.model import Cooling, LogEntry, Past, Refusal, RunView, Snapshot
from tui.core.run_fold import RunFold

LOG_LINES = 200
MAX_FAILING = 20
"""Kinds of failure that have a line of their own at the same time."""


class Session:
    """The state behind the screen. Not thread-safe: one thread applies and asks."""

    def __init__(
        self,
        device: str,
        target: str,
        past: Mapping[tuple[str, str], Past] | None = None,
        *,
        log_lines: int = LOG_LINES,
        alerts: Sequence[AlertRule] = DEFAULT_RULES,
        cameras: Sequence[Camera] = (),
        references: Sequence[Reference] = (),
    ) -> None:
        self.device = device
        self.target = target
        self.run: RunFold | None = None
        self.queued: tuple[str, ...] = ()
        self.preparing = ""
        self.refusal: Refusal | None = None
        self.cooling: Cooling | None = None
        self._past = dict(past or {})
        self._log: deque[LogEntry] = deque(maxlen=log_lines)
        self._board = ev.Sample({})
        self._watch = BoardWatch(alerts)
        self._known = {camera.name: camera for camera in cameras}
        self._cameras = CamerasFold(cameras, references)
        self._board_at_utc: float | None = None
        self._board_at_s = 0.0
        self._ended_view: RunView | None = None
        self._refusals = 0
        self._failing: dict[str, tuple[LogEntry, int]] = {}

    def apply(self, event: ev.Event, at_utc: float, now_s: float | None = None) -> None:
        """Fold one event in; `at_utc` is the engine's own stamp, `now_s` its monotonic clock.

        Without `now_s` the run's own clock serves: then all there is happens in that run.
        """
        if isinstance(event, ev.RunStarted):
            self.run = RunFold(event.facts)
            self._ended_view = None
            self.preparing = ""
            self.refusal = None
        if isinstance(event, ev.BoardSampled):
            now_s = event.at_s if now_s is None else now_s
            self._sample(ev.Sample(event.readings, event.lost), at_utc, now_s, event.at_s)
        if self.run is None:
            return
        before = self.run.phase
        self.run.apply(event)
        if isinstance(event, ev.RunEnded):
            self._end(event)
        if isinstance(event, ev.WindowClosed):
            for failure in event.failures:
                text = f"{failure.name} {failure.error}"
                self._log_repeated("fail", text, failure.count, at_utc, event.at_s)
        if isinstance(event, ev.UserCodeFailed):
            text = f"task raised: {event.error}"
            self._log_repeated("warn", text, event.times, at_utc, event.at_s)
        workflow = self.run.facts.scenario.workflow
        if isinstance(event, ev.StepEnded) and workflow is not None:
            told = line_of_step(event, workflow)
            if told is not None:
                self._log_repeated(*told, 1, at_utc, event.at_s)
        is_open = self.run.facts.scenario.is_open
        for news in self.run.news:
            self._add_line(line_of_news(news), at_utc, event.at_s)
        line = line_of(event, before, self._ended_view, is_open=is_open)
        if line is not None:
            self._add_line(line, at_utc, event.at_s)

    def note(self, at_utc: float, level: ev.Level, text: str) -> None:
        """Log something that belongs to no run."""
        self._log.append(LogEntry(at_utc, None, level, text))
        self._failing = {}

    def sample_board(self, sample: ev.Sample, at_utc: float, now_s: float) -> None:
        """A reading of the board outside a run; `now_s` is the engine's monotonic clock."""
        self._sample(sample, at_utc, now_s, None)

    def see(
        self, event: ev.CameraEvent, at_utc: float, now_s: float, at_s: float | None = None
    ) -> None:
        """What a camera that is looked at delivers, in a run and outside one.

        `now_s` is the engine's monotonic clock, `at_s` the run's where the event is of a run.
        """
        self._cameras.apply(msgspec.structs.replace(event, at_s=now_s))
        camera = self._known.get(event.camera)
        line = line_of_camera(event, camera) if camera is not None else None
        if line is not None:
            self._log_repeated(*line, 1, at_utc, at_s)

    def reset_focus(self, camera: str) -> None:
        """Begin the search for a camera's best focus anew."""
        self._cameras.reset_peak(camera)

    def _sample(self, sample: ev.Sample, at_utc: float, now_s: float, at_s: float | None) -> None:
        self._board, self._board_at_utc, self._board_at_s = sample, at_utc, now_s
        for news in self._watch.sample(sample.readings, sample.lost, now_s):
            line = line_of_news(news)
            if at_s is None:
                self.note(at_utc, *line)
            else:
                self._add_line(line, at_utc, at_s)

    def refuse(self, refusal: Refusal) -> None:
        """A run could not start."""
        self.preparing = ""
        self._refusals += 1
        self.refusal = msgspec.structs.replace(refusal, number=self._refusals)

    @property
    def board(self) -> dict[str, ev.Reading]:
        """The newest reading of every gauge."""
        return self._board.readings

    @property
    def ended(self) -> RunView | None:
        """The run that ended last; None while one goes on."""
        return self._ended_view

    def snapshot(self, at_s: float, at_utc: float) -> Snapshot:
        """Everything a front end shows. `at_s` is the run's clock."""
        run = self._ended_view
        if run is None and self.run is not None:
            run = self.run.view(at_s)
        return Snapshot(
            at_utc=at_utc,
            device=self.device,
            target=self.target,
            run=run,
            queued=self.queued,
            board=self._board.readings,
            board_at_utc=self._board_at_utc,
            log=tuple(self._log),
            past=self._past,
            preparing=self.preparing,
            refusal=self.refusal,
            cooling=self.cooling,
            incidents=self._incidents(),
            is_throttled=self._watch.is_throttled,
            lost=self._board.lost,
            cameras=self._cameras.views(),
        )

    def _incidents(self) -> tuple[Incident, ...]:
        # What lasts is counted by a clock that nobody sets; people are told by the other.
        if self._board_at_utc is None:
            return ()
        epoch_s = self._board_at_utc - self._board_at_s
        return tuple(shifted(one, epoch_s) for one in self._watch.open)

    def _add_line(self, line: Line, at_utc: float, at_s: float | None) -> None:
        began_s = self.run.began_s if self.run is not None else None
        run_s = None if began_s is None or at_s is None else max(at_s - began_s, 0.0)
        self._log.append(LogEntry(at_utc, run_s, *line))
        self._failing = {}

    def _log_repeated(
        self, level: ev.Level, text: str, times: int, at_utc: float, at_s: float | None
    ) -> None:
        # A target that is down fails every second: as long as nothing else happens, each kind of
        # failure has one line that counts up.
        known = self._failing.get(text)
        if known is None and len(self._failing) >= MAX_FAILING:
            return  # the report has them all; here they would push out everything else
        if known is None:
            failing = self._failing
            self._add_line((level, repeated(text, times)), at_utc, at_s)
            self._failing = failing
            self._failing[text] = (self._log[-1], times)
            return
        entry, before = known
        newer = msgspec.structs.replace(entry, text=repeated(text, before + times))
        if entry in self._log:
            self._log[self._log.index(entry)] = newer
        self._failing[text] = (newer, before + times)

    def _end(self, event: ev.RunEnded) -> None:
        assert self.run is not None
        view = self.run.view(event.at_s)
        assert view.judgement is not None
        self._ended_view = view
        past = Past(
            run_id=view.facts.id,
            scenario=view.facts.scenario.id,
            verdict=view.judgement.verdict,
            started_at=view.facts.started_at,
            p95_ms=view.total.latency.p95,
            rps=view.total.rps if view.facts.scenario.load is not None else None,
            target=view.facts.target.name,
            reason=view.judgement.reason,
        )
        # A new mapping: the old one may be on its way to the screen.
        self._past = {**self._past, (past.scenario, past.target): past}
