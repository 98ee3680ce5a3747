"""Asks a service once a second whether it is well, all along a run."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.core.events import HealthProbed
from tui.service.health_check import Answer, HealthPage, Unanswered, refusal

if TYPE_CHECKING:
    from tui.core.config import Target

INTERVAL_S = 1.0
TIMEOUT_S = 2.0
MOST_AT_ONCE = 3
OVERDUE_S = 0.5
"""How long past its time-out a check may still speak for itself. Only the look-up of a name, which
nothing can interrupt, takes longer."""
CLOSE_S = 1.0


class HealthProbe:
    """Emits HealthProbed for each second, in the order in which their fates are known.

    The clock alone sets when a check is sent. While one waits, the next are sent all the same, on
    connections of their own: whether a second would have been answered is not told by the one
    before it, and a service that takes 1.5 s each time is slow, not gone. Beyond `MOST_AT_ONCE` a
    second fails without being sent. Seconds in which this thread itself got no turn are left out.

    Once the page has answered 2xx nothing else is a proper answer; before, as for a service that
    has no such page, anything below 500 is. A refused token is an answer: the mistake is ours.

    `now_s` is the clock of `sent_s`; `emit` is called on threads of the probe. Raises Unanswered
    for a URL that is none.
    """

    def __init__(
        self,
        url: str,
        target: Target,
        token: str,
        emit: Callable[[HealthProbed], None],
        *,
        now_s: Callable[[], float] = time.monotonic,
        interval_s: float = INTERVAL_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._page = HealthPage(url, target, token)
        self._token = token
        self._emit = emit
        self._now_s = now_s
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._has_page = False
        self._lock = threading.Lock()
        self._under_way: list[_Check] = []
        self._due: queue.SimpleQueue[_Check | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        # All of them now: a stress may leave no room for threads later.
        self._threads = [threading.Thread(target=self._pace, name="health-pace", daemon=True)]
        self._threads += [
            threading.Thread(target=self._ask, name=f"health-{number}", daemon=True)
            for number in range(1, MOST_AT_ONCE + 1)
        ]

    def start(self) -> None:
        """Ask from now on."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ask no more, within about a second; nothing is emitted once this returns."""
        with self._lock:
            self._ended.set()
        self._page.close()
        for _ in range(MOST_AT_ONCE):
            self._due.put(None)
        ends_s = time.monotonic() + CLOSE_S
        for thread in self._threads:
            if thread.ident is not None:
                # One that looks up a name is left alone: it ends by itself.
                thread.join(max(0.0, ends_s - time.monotonic()))

    def _pace(self) -> None:
        began_s, slot = time.monotonic(), 0
        while not self._ended.wait(began_s + slot * self._interval_s - time.monotonic()):
            self._send()
            past = int((time.monotonic() - began_s) / self._interval_s)
            slot = max(slot, past) + 1

    def _send(self) -> None:
        check = _Check(self._now_s(), time.monotonic())
        with self._lock:
            waiting = list(self._under_way)
            if len(waiting) < MOST_AT_ONCE:
                self._under_way.append(check)
        for each in waiting:
            if check.began_s - each.began_s > self._timeout_s + OVERDUE_S:
                self._tell(each, None, f"no answer within {self._timeout_s:g} s")
        if len(waiting) < MOST_AT_ONCE:
            self._due.put(check)
            return
        waits_s = check.began_s - waiting[0].began_s
        self._tell(check, None, f"{len(waiting)} checks still wait, the first for {waits_s:.0f} s")

    def _ask(self) -> None:
        while (check := self._due.get()) is not None:
            ms: float | None = None
            is_ours = False
            try:
                ms, detail = self._judged(self._page.ask(self._timeout_s))
            except Unanswered as error:
                detail, is_ours = str(error), error.is_ours
            except Exception as error:
                # Such as no memory, under stress: the next second is asked all the same.
                detail, is_ours = f"not asked: {type(error).__name__}", True
            with self._lock:
                self._under_way.remove(check)
            self._tell(check, ms, detail, is_ours=is_ours)

    def _judged(self, answer: Answer) -> tuple[float | None, str]:
        """How long a proper answer took, None for another; and what was wrong with it."""
        status = answer.status
        if 200 <= status < 300:
            self._has_page = True
            return answer.ms, ""
        refused = refusal(status, self._token)
        if refused:
            return answer.ms, refused
        if self._has_page or status >= 500:
            return None, f"HTTP {status}"
        return answer.ms, f"HTTP {status}: it has no health page, any answer counts"

    def _tell(self, check: _Check, ms: float | None, detail: str, *, is_ours: bool = False) -> None:
        with self._lock:
            if check.is_told or self._ended.is_set():
                return
            check.is_told = True
            self._emit(HealthProbed(sent_s=check.sent_s, ms=ms, detail=detail, is_ours=is_ours))


class _Check:
    def __init__(self, sent_s: float, began_s: float) -> None:
        self.sent_s = sent_s
        self.began_s = began_s
        """By the monotonic clock."""
        self.is_told = False
