"""The owner's side of the guardian: a fault is armed before it is done, and disarmed after."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.faults.guardian_orders import (
    Answer,
    Arm,
    Assure,
    Disarm,
    IsArmed,
    IsRefused,
    IsUndone,
    Order,
    Ready,
    Spec,
)
from tui.faults.left_over import undo_journal
from tui.faults.undo import FaultRefused, Undo, UndoFailed, Undone
from tui.faults.undoing import undo

PROGRAM = "tui.faults.guardian_program"
SILENCE_S = 5.0
START_S = 20.0
ANSWER_S = 10.0
"""A busy disk may take its time; a guardian that takes longer is ended, and its journal undone."""
END_S = 10.0

OnUndone = Callable[[Undone], None]


class Armed(msgspec.Struct, frozen=True):
    """A fault that the guardian will undo, whatever becomes of us."""

    id: str
    undo: Undo


class Guardian:
    """A process that undoes our faults when we can't. Callable from any thread.

    `on_undone` is told of every undo that was tried, also of one at a deadline or after the
    guardian's own death; it is called on the thread that reads its lines. Raises FaultRefused
    when no guardian can be had: then no fault may be done.
    """

    def __init__(
        self,
        state: Path,
        lifelines: Lifelines,
        *,
        on_undone: OnUndone = lambda undone: None,
        silence_s: float = SILENCE_S,
        log: Path | None = None,
    ) -> None:
        self._lifelines = lifelines
        self._on_undone = on_undone
        self._answers: dict[str, queue.SimpleQueue[Answer | None]] = {}
        self._undone: dict[str, Undone] = {}
        self._lock = threading.Lock()
        self._journal: Path | None = None
        self._is_ready = threading.Event()
        self._has_ended = threading.Event()
        spec = msgspec.to_builtins(Spec(str(state.absolute()), silence_s))
        try:
            child = Child("guardian", PROGRAM, spec=spec, log=log, on_line=self._hear)
        except OSError as error:
            raise FaultRefused(f"no guardian could be started: {error}") from None
        lifelines.adopt(child)
        self._child = child
        self._is_ready.wait(START_S)
        if self._journal is None or self._has_ended.is_set():
            self.close()
            raise FaultRefused(f"no guardian could be started: is {state} writable?")

    @property
    def pid(self) -> int:
        """Of its process."""
        return self._child.pid

    @property
    def journal(self) -> Path:
        """The file in which it keeps what is armed."""
        assert self._journal is not None
        return self._journal

    def arm(self, what: Undo, deadline_s: float) -> Armed:
        """Have it undo this, at the latest after so many seconds. To be called before the act.

        Raises FaultRefused when that is not certain.
        """
        armed = Armed(secrets.token_hex(8), what)
        self._expect_armed(Arm(armed.id, what, deadline_s))
        return armed

    def assure(self, armed: Armed) -> None:
        """Raise FaultRefused unless it is still armed. To be called after the act.

        While we were frozen between the two, it may have been undone before it was done.
        """
        self._expect_armed(Assure(armed.id))

    def disarm(self, armed: Armed) -> Undone:
        """Undo it now and verify; the second time nothing happens. Without a guardian we do it."""
        with self._lock:
            earlier = self._undone.get(armed.id)
        if earlier is not None and earlier.cause == "asked" and not earlier.trouble:
            return earlier
        answer = self._ask(Disarm(armed.id))
        if isinstance(answer, IsUndone):
            return _undone(answer)
        if answer is None:
            self._child.kill()
            self._has_ended.wait(END_S)
        # It may have been done after its undo, at a deadline or by a journal: once more, then.
        trouble = undo(armed.undo)
        with self._lock:
            earlier = self._undone.get(armed.id)
        return Undone(armed.id, armed.undo, earlier.cause if earlier else "asked", trouble)

    @contextmanager
    def holding(self, what: Undo, deadline_s: float) -> Iterator[Armed]:
        """Armed inside the block, undone behind it. Raises FaultRefused, or UndoFailed at its end.

        When the block has done its act it should call `assure`.
        """
        armed = self.arm(what, deadline_s)
        try:
            yield armed
        finally:
            undone = self.disarm(armed)
            if undone.trouble:
                raise UndoFailed(undone.trouble)

    def close(self) -> tuple[Undone, ...]:
        """Undo what is still armed; no process is left. All that was undone, the last word on each.

        What could not be undone stays in the state directory for the next start.
        """
        self._lifelines.end(self._child, grace_s=END_S)
        self._has_ended.wait(END_S)
        with self._lock:
            return tuple(self._undone.values())

    def _expect_armed(self, order: Arm | Assure) -> None:
        answer = self._ask(order)
        if isinstance(answer, IsRefused):
            raise FaultRefused(answer.why)
        if isinstance(answer, IsUndone):
            raise FaultRefused("it was undone already")
        if not isinstance(answer, IsArmed):
            raise FaultRefused("the guardian is gone: nobody would undo it")

    def _ask(self, order: Order) -> Answer | None:
        """Its answer; None when there is none."""
        box: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        with self._lock:
            if self._has_ended.is_set():
                return None
            self._answers[order.id] = box
        self._child.order(msgspec.json.encode(order).decode())
        try:
            return box.get(timeout=ANSWER_S)
        except queue.Empty:
            return None
        finally:
            with self._lock:
                self._answers.pop(order.id, None)

    def _hear(self, line: Line | None) -> None:
        if line is None:
            self._end()
            return
        answer: Answer = msgspec.convert(line, Answer)
        if isinstance(answer, Ready):
            self._journal = Path(answer.journal)
            self._is_ready.set()
            return
        if isinstance(answer, IsUndone):
            self._note(_undone(answer))
        with self._lock:
            box = self._answers.get(answer.id)
        if box is not None:
            box.put(answer)

    def _end(self) -> None:
        # It was killed, perhaps with faults in its hands: its journal says which.
        if self._journal is not None:
            for undone in undo_journal(self._journal, "guardian gone"):
                self._note(undone)
        with self._lock:
            self._has_ended.set()
            boxes = list(self._answers.values())
        self._is_ready.set()
        for box in boxes:
            box.put(None)

    def _note(self, undone: Undone) -> None:
        with self._lock:
            self._undone[undone.id] = undone
        self._on_undone(undone)


def _undone(answer: IsUndone) -> Undone:
    return Undone(answer.id, answer.undo, answer.cause, answer.trouble)
