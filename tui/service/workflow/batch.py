"""The items of one step: one after the other, or so many beside each other."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Sequence
from math import ceil

import msgspec

from tui.core.e2e.checking import Wrong
from tui.core.e2e.deed import Decide, Make
from tui.core.e2e.marking import marked
from tui.core.e2e.words import ITEM
from tui.core.e2e.workflow import Step
from tui.core.format import count, counted
from tui.service.workflow.done import STOPPED, Done, Wait
from tui.service.workflow.items import Item, Items
from tui.service.workflow.spool import Spool
from tui.service.workflow.step import Steps
from tui.service.workflow.under_way import UnderWay
from tui.service.workflow.values import Blob, Values

MOST_UNANSWERED = 10
"""In a row, of a step that has failed already: nobody is there to ask for the others."""

Moved = Callable[[int, int, int], None]
"""Told of each item that is over: how many are, of how many, and how many failed."""


class Origin(msgspec.Struct, frozen=True):
    """Bytes that the items of a step send, or sent."""

    blob: Blob
    is_unique: bool

    def words(self) -> dict[str, str]:
        """What is known of them where all items send the same."""
        return {f"{ITEM}.{word}": text for word, text in self.blob.facts.items()}

    def of(self, number: int, round_id: str) -> Blob:
        """Those of one."""
        if not self.is_unique:
            return self.blob
        return Blob(marked(self.blob.data, number, round_id), self.blob.content_type)


class Batch:
    """All items of a step in one round. Several threads may `work` on it."""

    def __init__(
        self,
        step: Step,
        before: Sequence[Item] | None,
        origin: Origin | None,
        values: Values,
        wait: Wait,
        under_way: UnderWay,
        moved: Moved,
        spool: Spool | None = None,
        *,
        is_cleanup: bool,
    ) -> None:
        """`before`: the items that it goes on from; None: it has `repeat` of its own. `origin`:
        what the items send as `item`."""
        self.items = Items()
        self._step = step
        self._single = single(step)
        self._before = before
        self._origin = origin
        self._needs_bytes = _needs_bytes(self._single)
        self._values = values
        self._wait = wait
        self._under_way = under_way
        self._moved = moved
        self._spool = spool
        self._is_cleanup = is_cleanup
        self._of = step.repeat if before is None else len(before)
        self._lock = threading.Lock()
        self._next = 0
        self._over = 0
        self._failed = 0
        self._unanswered = 0
        """In a row."""
        self._ended_by = ""
        """Why no more items begin."""
        self._omitted: Done | None = None
        self._first: tuple[int, Done] | None = None
        """The failed one with the smallest number."""
        self._note: tuple[int, str] | None = None
        """Of the one with the smallest number that had something to say."""
        self._times_ms = array("d")
        """Of those that passed."""
        self._sums = Done()

    def work(self, steps: Steps) -> None:
        """Do items until there are no more to do."""
        while (place := self._take()) is not None:
            before = self._before[place] if self._before is not None else None
            number = before.number if before is not None else place + 1
            self._do(steps, number, before)

    def done(self) -> Done:
        """What came of them all."""
        done = self._sums
        if self._omitted is not None:
            return self._omitted
        # In a clean-up what was not begun is left like what failed.
        not_begun = self._of - self._over if self._is_cleanup else 0
        done.items, done.items_failed = self._over + not_begun, self._failed + not_begun
        done.request_ms, done.wait_ms = self._under_way.request_ms, self._under_way.wait_ms
        if self._ended_by == STOPPED:
            done.state, done.why = "skipped", STOPPED
            return done
        self._judge(done)
        return done

    def _judge(self, done: Done) -> None:
        ordered = sorted(self._times_ms)
        done.item_p50_ms, done.item_p95_ms = _rank(ordered, 0.50), _rank(ordered, 0.95)
        if self._note is not None:
            more = f" (first of {counted(done.items, 'item')})" if done.items > 1 else ""
            done.note = f"{self._note[1]}{more}"
        if self._first is not None:
            number, first = self._first
            done.exchange = first.exchange
            why = _failed_text(done, number, first.why, self._ended_by)
            if self._failed > self._most_failed:
                done.fail(Wrong(why, first.wanted, first.got))
                return
            done.note = why
        limit_ms = self._step.p95_ms
        p95_ms = done.item_p95_ms
        if limit_ms is not None and p95_ms is not None and p95_ms > limit_ms:
            got, wanted = f"{count(p95_ms)} ms", f"{count(limit_ms)} ms"
            done.fail(Wrong(f"95 of 100 items take up to {got}, not {wanted}", wanted, got))

    @property
    def _most_failed(self) -> float:
        # What is meant as 29 of 100 must not be 28.999….
        return self._step.most_failed * self._of + 1e-9

    def _take(self) -> int | None:
        with self._lock:
            if self._next >= self._of or self._ended_by:
                return None
            if not self._wait(0.0):
                self._ended_by = STOPPED
                return None
            self._next += 1
            return self._next - 1

    def _do(self, steps: Steps, number: int, before: Item | None) -> None:
        own = self._values_of(number, before)
        began_s = time.perf_counter()
        done = steps.do(self._single, own, self._waiting, is_cleanup=self._is_cleanup)
        ms = (time.perf_counter() - began_s) * 1000
        if not self.items.add(self._step, number, own, before, good=done.state == "passed"):
            done.fail(Wrong("there is no room for what more items save"))
        if done.state == "passed" and self._spool is not None:
            self._spool.keep(number, own)
        if not self._is_cleanup and done.may_have_made:
            self.items.doubt()
        if done.state == "failed" and done.exchange is not None:
            self.items.fail(done.exchange.url)
        if done.state == "failed" and not self._is_cleanup and not self._wait(0.0):
            # What was under way when somebody stopped the run says nothing of the service.
            done.stop()
        with self._lock:
            self._count(number, done, ms)
            # Under the lock: in the order in which they are over.
            self._moved(self._over, self._of, self._failed)

    def _values_of(self, number: int, before: Item | None) -> Values:
        own = before.values(self._values) if before is not None else self._values
        texts = {f"{ITEM}.number": f"{number}"}
        if self._origin is None:
            return own.beside(texts)
        if self._needs_bytes:
            blob = self._origin.of(number, self._values.texts["round.id"])
            return own.beside(texts, {ITEM: blob})
        return own.beside(texts if self._origin.is_unique else {**texts, **self._origin.words()})

    def _waiting(self, seconds: float) -> bool:
        with self._under_way.waiting():
            return self._wait(seconds)

    def _count(self, number: int, done: Done, ms: float) -> None:
        sums = self._sums
        sums.requests += done.requests
        if done.state == "skipped":
            self._ended_by = STOPPED
            return
        if done.state == "omitted":
            self._omitted, self._ended_by = done, done.why
            return
        self._over += 1
        sums.hashes += done.hashes
        sums.label = sums.label or done.label
        if done.note and (not self._note or number < self._note[0]):
            self._note = (number, done.note)
        if done.state == "passed":
            self._unanswered = 0
            self._times_ms.append(ms)
            return
        self._failed += 1
        if self._first is None or number < self._first[0]:
            self._first = (number, done)
        is_answered = done.exchange is None or done.exchange.status is not None
        self._unanswered = 0 if is_answered else self._unanswered + 1
        if self._unanswered >= MOST_UNANSWERED and self._failed > self._most_failed:
            self._ended_by = f"given up after {MOST_UNANSWERED} without an answer"


def single(step: Step) -> Step:
    """What is done with one of its items."""
    return msgspec.structs.replace(
        step,
        repeat=1,
        each="",
        at_once=1,
        unique=False,
        most_failed=0.0,
        p95_ms=None,
        send=ITEM if step.unique else step.send,
        file="" if step.unique else step.file,
    )


def _needs_bytes(step: Step) -> bool:
    """Whether an item has to have its bytes made, not only known."""
    return step.send == ITEM or (isinstance(step.deed, (Make, Decide)) and step.deed.of == ITEM)


def _failed_text(done: Done, number: int, why: str, ended_by: str) -> str:
    """`3 of 200 items failed, first item 137: status 500, not 200`."""
    first = "item" if done.items_failed == 1 else "first item"
    text = f"{count(done.items_failed)} of {counted(done.items, 'item')} failed"
    end = f" ({ended_by})" if ended_by else ""
    return f"{text}, {first} {number}: {why}{end}"


def _rank(ordered: Sequence[float], share: float) -> float | None:
    """The nearest rank; None without any."""
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None
