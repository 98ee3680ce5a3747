"""Goes through a workflow on a service over HTTP: so many rounds, so many of them at once."""

from __future__ import annotations

import contextlib
import threading
import time

from tui.core.events import Event, WorkflowEnded
from tui.ports import Emit, TakePicture, WorkflowJob
from tui.service.workflow.doing import Doing
from tui.service.workflow.round import Round


class HttpWorkflows:
    """Implements `ports.Workflows`."""

    def begin(self, job: WorkflowJob, tell: Emit, take_picture: TakePicture) -> HttpWorkflowWatch:
        watch = HttpWorkflowWatch(job, tell, take_picture)
        watch.start()
        return watch


class HttpWorkflowWatch:
    """A thread for each round that goes on beside others; each has a connection of its own."""

    def __init__(self, job: WorkflowJob, tell: Emit, take_picture: TakePicture) -> None:
        self._job = job
        self._emit = tell
        self._take_picture = take_picture
        self._stopped = threading.Event()
        self._closed = threading.Event()
        self._telling = threading.Lock()
        self._rounds = threading.Lock()
        self._begun = 0
        self._next_s = time.monotonic()
        workflow = job.workflow
        self._left = max(min(workflow.at_once, workflow.rounds), 1)
        """Threads that go on."""

    def start(self) -> None:
        """Go on from now on."""
        for number in range(1, self._left + 1):
            threading.Thread(target=self._go, name=f"workflow-{number}", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        # Under the lock: nothing is told once this returns.
        with self._telling:
            self._closed.set()
        self._stopped.set()

    def _go(self) -> None:
        try:
            doing = Doing(self._job, self._take_picture, self._tell)
            with contextlib.closing(doing):
                while number := self._next():
                    tell, wait = self._tell, self._wait
                    Round(self._job, number, doing, tell, wait, self._wait_cleaning).go()
        finally:
            # Whatever happened: who waits for the end would wait for ever.
            with self._rounds:
                self._left -= 1
                is_last = self._left == 0
            if is_last:
                self._tell(WorkflowEnded())

    def _next(self) -> int:
        """The number of the next round, once its time has come; 0: there is none."""
        # Who waits for its time holds the others back: theirs is later.
        with self._rounds:
            if self._begun >= self._job.workflow.rounds:
                return 0
            if not self._wait(self._next_s - time.monotonic()):
                return 0
            self._next_s = time.monotonic() + self._job.workflow.every_s
            self._begun += 1
            return self._begun

    def _wait(self, seconds: float) -> bool:
        return not self._stopped.wait(max(seconds, 0.0))

    def _wait_cleaning(self, seconds: float) -> bool:
        return not self._closed.wait(max(seconds, 0.0))

    def _tell(self, event: Event) -> None:
        with self._telling:
            if not self._closed.is_set():
                self._emit(event)
