"""When a user's operations begin and end, whatever its locustfile is made of.

One operation is one executed task. Every change is made on Locust's own classes, where nested and
sequential task sets meet.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any, Protocol

import gevent
from gevent import GreenletExit, getcurrent

from tui.load.intervals import interval_s
from tui.load.recorder import Recorder

IDLE_S = 0.1
"""A user whose tasks can't even be reached, such as one whose `on_start` raises, may not spin."""


class Starter(Protocol):
    """Decides when an operation begins."""

    def await_turn(self) -> float | None:
        """Block the calling user until then; the intended moment, where there is one."""


class Operations:
    """Counts what users do, and lets a starter decide when they do it.

    Without a starter (the closed model) users wait for their answers and think between operations:
    then those intervals are counted. With one, it replaces them.
    """

    def __init__(self, recorder: Recorder, starter: Starter | None, per_user: int | None) -> None:
        self._recorder = recorder
        self._starter = starter
        self._per_user = per_user
        self._begun: list[int] = []
        """What users that were stopped before their last operation had done: others go on there."""
        self._finished: Counter[str] = Counter()
        """Users that have done all their operations, by class."""
        self.asked: Counter[str] = Counter()
        """Users that this worker is to have, by class, those that are done included."""

    def patch(self) -> None:
        """Change TaskSet and User in this process. Call once, before any user starts."""
        from locust import TaskSet, User

        if self._starter is None:
            self._measure_thinking(TaskSet)
        else:
            self._replace_waits(TaskSet)
        self._guard_tasks(TaskSet)
        if self._per_user is not None:
            self._keep_begun(User)

    def keep_finished(self, runner: Any) -> None:
        """A user that is done is not started again: Locust fills up to the level otherwise."""
        original = runner.start_worker

        def start_worker(user_classes_count: dict[str, int], **kwargs: Any) -> None:
            self.asked = Counter(user_classes_count)
            wanted = {
                name: max(count - self._finished[name], 0)
                for name, count in user_classes_count.items()
            }
            original(wanted, **kwargs)

        runner.start_worker = start_worker

    @property
    def done(self) -> int:
        """How many of the users that are asked for have done all their operations."""
        return (self._finished & self.asked).total()

    def _measure_thinking(self, task_set: Any) -> None:
        original = task_set.wait
        monotonic, thought = time.monotonic, self._recorder.paces.thought

        def wait(self: Any) -> None:
            pace_s = interval_s(self)
            began_s = monotonic()
            original(self)
            if pace_s is None:
                thought(monotonic() - began_s)
            elif pace_s > 0:
                # What is left of a pace says little: a slow target leaves nothing of it.
                thought(pace_s)

        task_set.wait = self._unless_done(wait)

    def _replace_waits(self, task_set: Any) -> None:
        original = task_set.wait

        def wait(self: Any) -> None:
            progress = _progress(self.user)
            if progress.is_busy:
                original(self)  # its own task asks for it
            elif progress.has_worked:
                progress.has_worked = False
            else:
                gevent.sleep(IDLE_S)

        task_set.wait = self._unless_done(wait)

    def _unless_done(self, wait: Any) -> Any:
        if self._per_user is None:
            return wait

        def wait_or_end(task_set: Any) -> None:
            if not self._is_done(task_set.user):
                wait(task_set)

        return wait_or_end

    def _guard_tasks(self, task_set: Any) -> None:
        from locust import TaskSet
        from locust.exception import StopUser

        original = task_set.execute_next_task

        def execute_next_task(current: Any) -> None:
            user = current.user
            if self._is_done(user):
                raise StopUser
            task = current._task_queue[0]
            if isinstance(task, type) and issubclass(task, TaskSet):
                original(current)  # its tasks are the operations
                return
            self._begin(user)
            is_whole = True
            try:
                original(current)
            except GreenletExit:
                is_whole = False
                raise
            finally:
                self._end(user, is_whole)

        task_set.execute_next_task = execute_next_task

    def _begin(self, user: Any) -> None:
        from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_WAITING

        if self._starter is not None:
            # Locust ends a user in this state at once.
            user._state = LOCUST_STATE_WAITING
            due_s = self._starter.await_turn()
            user._state = LOCUST_STATE_RUNNING
            if due_s is not None:
                self._recorder.due[id(getcurrent())] = due_s
        _progress(user).is_busy = True

    def _end(self, user: Any, is_whole: bool) -> None:
        """The operation has ended, or, if it was not whole, was broken off."""
        progress = _progress(user)
        progress.is_busy, progress.has_worked = False, True
        if is_whole:
            self._recorder.paces.ended()
            progress.operations += 1
            if progress.operations == self._per_user:
                self._finished[type(user).__name__] += 1
        self._recorder.due.pop(id(getcurrent()), None)

    def _is_done(self, user: Any) -> bool:
        return self._per_user is not None and _progress(user).operations >= self._per_user

    def _keep_begun(self, user_class: Any) -> None:
        original = user_class.run
        begun = self._begun

        def run(user: Any) -> None:
            progress = _progress(user)
            progress.operations = begun.pop() if begun else 0
            try:
                original(user)
            finally:
                if not self._is_done(user):
                    begun.append(progress.operations)

        user_class.run = run


class _Progress:
    """How far one user is."""

    __slots__ = ("has_worked", "is_busy", "operations")

    def __init__(self) -> None:
        self.operations = 0
        self.is_busy = False
        self.has_worked = False
        """Since its last wait."""


def _progress(user: Any) -> _Progress:
    known: _Progress | None = user.__dict__.get("_jetproof")
    if known is None:
        known = user._jetproof = _Progress()
    return known
