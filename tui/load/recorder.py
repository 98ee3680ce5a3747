"""Counts every request of a worker into windows: the hot path of the instrument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gevent import getcurrent

from tui.core.events import FailureCount, SlowRequest
from tui.core.failure import SAMPLE_CHARACTERS, FailureClass, classify, normalise, printable
from tui.core.histogram import bucket_of
from tui.core.limits import Limit
from tui.core.secrecy import Secrets
from tui.load.cell import Cell
from tui.load.paces import Pace, Paces
from tui.load.phases import Phases
from tui.load.wire import Window

MAX_ENDPOINTS = 200
MAX_FAILURES = 200
MAX_SAMPLES = 20
MAX_LATE_SECONDS = 600
OTHER = "(other)"
NOT_BEGUN = "(not begun)"
OVERLOADED = (429, 503)
"""How a target says that it has too much."""
LATE_KEY = "jetproof_late_ms"
"""Where a request carries how late it was sent: in its context, which comes back with its event."""


class Recorder:
    """Everything that happened since the last `take`. Belongs to one thread.

    `is_open`: operations begin by the clock, and the latency of an operation's first request counts
    from its intended moment; the time from its actual send is kept beside it.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        counted: Sequence[Limit],
        slow_ms: float,
        secrets: Sequence[str] = (),
        *,
        is_open: bool = False,
    ) -> None:
        self._clock = clock
        self._bars = tuple(enumerate(counted))
        self._slow_ms = slow_ms
        self._secrets = Secrets(*secrets)
        self._names: dict[tuple[str, str], tuple[str, str]] = {}
        self._cells: dict[tuple[int, int, str, str], Cell] = {}
        self._failures: dict[tuple[int, str, str, FailureClass, str, int], int] = {}
        self._samples: dict[tuple[int, str, str, FailureClass, str, int], str] = {}
        self._slow: dict[int, list[SlowRequest]] = {}
        self._lags: dict[int, list[float]] = {}
        self._is_open = is_open
        self._phases = Phases()
        self.paces = Paces(clock, self._phases)
        self.began_s = clock()
        self.last_answer_s = self.began_s
        self.other_requests = 0
        self.in_flight: dict[int, tuple[float, float]] = {}
        """Greenlet to the moment from which its request counts, and when it was sent."""
        self.due: dict[int, float] = {}
        """Open model: greenlet of a user to the intended moment of its operation, until the first
        request of that is sent."""

    def begin(self, began_s: float) -> None:
        """Windows count from here; what came before is forgotten."""
        self.began_s = self.last_answer_s = began_s
        self._forget()
        self.paces.begin(began_s)

    def enter(self, phase: int, since_s: float) -> None:
        """Requests sent from `since_s` on belong to `phase`."""
        self._phases.enter(phase, since_s)

    def request(
        self,
        request_type: str,
        name: str,
        response_time: float | None,
        exception: Any = None,
        response: Any = None,
        context: Any = None,
        **_: Any,
    ) -> None:
        """Locust's request event; `response_time` is in milliseconds."""
        now_s = self._clock()
        # A client that can't say how long it took must not pull every percentile down.
        ms = None if response_time is None or response_time != response_time else response_time
        counts_ms = ms
        if ms is not None and self._is_open:
            counts_ms = ms + self._late_ms(ms, context, now_s)
        self._count(request_type, name, counts_ms, now_s, exception, response, ms)
        self.last_answer_s = now_s

    def unanswered(self, counts_s: float, sent_s: float, now_s: float) -> None:
        """A request in flight at the end that is older than the timeout: a failure."""
        error = TimeoutError("no answer until the run ended")
        ms, sent_ms = (now_s - counts_s) * 1000, (now_s - sent_s) * 1000
        self._count("", "(in flight)", ms, now_s, error, None, sent_ms)

    def not_begun(self, due_s: float, timeout_s: float) -> None:
        """An arrival has waited for a free user for as long as a request may for its answer: a
        failure that was never sent, in the phase in which it was due, and a missed send."""
        now_s = self._clock()
        error = TimeoutError(f"no free user for {timeout_s:g} s")
        self._count("", NOT_BEGUN, (now_s - due_s) * 1000, now_s, error, None, None)
        self.paces.missed(due_s)

    def tick(self, due_s: float) -> None:
        """The worker's own timer, which was due then, fired now: late for every second between."""
        now_s = self._clock()
        last = int(now_s - self.began_s)
        first = max(int(due_s - self.began_s), last - MAX_LATE_SECONDS, 0)
        for second in range(first, last + 1):
            self._lags.setdefault(second, []).append(max(now_s - due_s, 0.0) * 1000)

    def take(self) -> list[Window]:
        """What is new since the last call, by second."""
        paces = self.paces.take()
        seconds = {key[0] for key in self._cells} | set(self._lags) | set(self._slow)
        seconds |= set(paces)
        windows = [self._window(second, paces.get(second)) for second in sorted(seconds)]
        self._forget()
        return windows

    def oldest_s(self, now_s: float) -> float:
        """Age of the oldest request in flight; 0 without any."""
        return now_s - min(self.in_flight.values())[0] if self.in_flight else 0.0

    def _forget(self) -> None:
        self._cells.clear()
        self._failures.clear()
        self._samples.clear()
        self._slow.clear()
        self._lags.clear()

    def _late_ms(self, ms: float, context: Any, now_s: float) -> float:
        if isinstance(context, dict) and LATE_KEY in context:
            return float(context[LATE_KEY])
        # A client that is none of ours, such as one that speaks another protocol.
        due_s = self.due.pop(id(getcurrent()), None)
        return 0.0 if due_s is None else max((now_s - due_s) * 1000 - ms, 0.0)

    def _count(
        self,
        method: str,
        name: str,
        ms: float | None,
        now_s: float,
        exception: Any,
        response: Any,
        service_ms: float | None,
    ) -> None:
        """`ms` is what counts, from the intended moment; `service_ms` is from the actual send."""
        second = int(now_s - self.began_s)
        phase = self._phases.at(now_s - (ms or 0.0) / 1000)
        method, name = self._bounded(method, name)
        key = (second, phase, method, name)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = Cell(len(self._bars))
        cell.requests += 1
        if exception is not None:
            cell.failures += 1
            status = int(getattr(response, "status_code", 0) or 0)
            cell.overloaded += status in OVERLOADED
            self._fail(second, method, name, phase, exception, response, status)
        if ms is None:
            return
        if self._is_open and service_ms is not None:
            bucket = bucket_of(service_ms)
            cell.service[bucket] = cell.service.get(bucket, 0) + 1
        bucket = bucket_of(ms)
        cell.sum_ms += ms
        cell.buckets[bucket] = cell.buckets.get(bucket, 0) + 1
        if ms < cell.min_ms:
            cell.min_ms = ms
        if ms > cell.max_ms:
            cell.max_ms = ms
        for index, limit in self._bars:
            if not limit.holds_for(ms):
                cell.over[index] += 1
        if exception is not None:
            cell.failed[bucket] = cell.failed.get(bucket, 0) + 1
        if ms >= self._slow_ms:
            self._remember_slow(second, SlowRequest(method, name, ms, now_s - self.began_s, phase))

    def _bounded(self, method: str, name: str) -> tuple[str, str]:
        key = (method, name)
        known = self._names.get(key)
        if known is not None:
            return known
        if len(self._names) >= MAX_ENDPOINTS:
            self.other_requests += 1
            return ("", OTHER)
        safe = (printable(method)[:12], printable(self.scrub(name))[:120])
        self._names[key] = safe
        return safe

    def _fail(
        self,
        second: int,
        method: str,
        name: str,
        phase: int,
        exception: Any,
        response: Any,
        status: int,
    ) -> None:
        exception = _innermost(exception)
        type_name = type(exception).__name__
        text = self.scrub(_message(exception, status))
        failure_class = classify(status, type_name, text)
        key = (second, method, name, failure_class, normalise(text), phase)
        if key not in self._failures and len(self._failures) >= MAX_FAILURES:
            key = (second, "", OTHER, failure_class, OTHER, phase)
        self._failures[key] = self._failures.get(key, 0) + 1
        if key not in self._samples and len(self._samples) < MAX_SAMPLES:
            self._samples[key] = printable(self.scrub(_body(response))[:SAMPLE_CHARACTERS])

    def _remember_slow(self, second: int, request: SlowRequest) -> None:
        kept = self._slow.setdefault(second, [])
        if len(kept) < MAX_SAMPLES:
            kept.append(request)
            return
        fastest = min(range(len(kept)), key=lambda index: kept[index].ms)
        if kept[fastest].ms < request.ms:
            kept[fastest] = request

    def scrub(self, text: str) -> str:
        """The text without any secret."""
        return self._secrets.hidden(text)

    def _window(self, second: int, pace: Pace | None) -> Window:
        rows = [
            cell.row(method, name, phase)
            for (at, phase, method, name), cell in self._cells.items()
            if at == second
        ]
        failures = [
            FailureCount(*key[1:6], count=count, sample=self._samples.get(key, ""))
            for key, count in self._failures.items()
            if key[0] == second
        ]
        pace = pace or Pace()
        return Window(
            second,
            rows,
            failures,
            self._slow.get(second, []),
            self._lags.get(second, []),
            think_s=pace.think_s,
            thinks=pace.thinks,
            missed_sends=pace.missed,
            due=pace.due,
            operations=pace.operations,
        )


def _message(exception: Any, status: int) -> str:
    """An exception's own words, or `503` with the reason where the status says it all."""
    if status >= 400 and "CatchResponse" not in type(exception).__name__:
        return f"HTTP {status}"
    return str(exception).strip() or type(exception).__name__


def _innermost(exception: Any) -> Any:
    """What happened on the last try, which geventhttpclient wraps in a URL and a count."""
    inner = getattr(exception, "original", None)
    return inner if isinstance(inner, BaseException) else exception


def _body(response: Any) -> str:
    try:
        # Cut generously, so that a secret is scrubbed whole before the sample is cut to size.
        return str(getattr(response, "text", None) or "")[: 8 * SAMPLE_CHARACTERS]
    except Exception:  # a body that can't be decoded is no reason to lose the failure
        return ""
