"""Counts every request of a worker into windows: the hot path of the instrument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tui.core.events import FailureCount, SlowRequest
from tui.core.failure import SAMPLE_CHARACTERS, FailureClass, classify, normalise, printable
from tui.core.histogram import bucket_of
from tui.core.limits import Limit
from tui.core.tally import UNMEASURED, WARM_UP, Row
from tui.load.wire import Window

MAX_ENDPOINTS = 200
MAX_FAILURES = 200
MAX_SAMPLES = 20
MAX_LATE_SECONDS = 600
OTHER = "(other)"


class _Cell:
    """One endpoint in one second and phase."""

    __slots__ = ("buckets", "failed", "failures", "max_ms", "min_ms", "over", "requests", "sum_ms")

    def __init__(self, limits: int) -> None:
        self.requests = 0
        self.failures = 0
        self.sum_ms = 0.0
        self.min_ms = float("inf")
        self.max_ms = 0.0
        self.buckets: dict[int, int] = {}
        self.failed: dict[int, int] = {}
        self.over = [0] * limits


class Recorder:
    """Everything that happened since the last `take`. Belongs to one thread."""

    def __init__(
        self,
        clock: Callable[[], float],
        counted: Sequence[Limit],
        slow_ms: float,
        secrets: Sequence[str] = (),
    ) -> None:
        self._clock = clock
        self._bars = tuple(enumerate(counted))
        self._slow_ms = slow_ms
        self._secrets = tuple(secret for secret in secrets if secret)
        self._names: dict[tuple[str, str], tuple[str, str]] = {}
        self._cells: dict[tuple[int, int, str, str], _Cell] = {}
        self._failures: dict[tuple[int, str, str, FailureClass, str, int], int] = {}
        self._samples: dict[tuple[int, str, str, FailureClass, str, int], str] = {}
        self._slow: dict[int, list[SlowRequest]] = {}
        self._lags: dict[int, list[float]] = {}
        # Phases in order of their start: a request belongs to the one in which it was sent.
        self._phases: list[tuple[float, int]] = [(float("-inf"), WARM_UP)]
        self.began_s = clock()
        self.last_answer_s = self.began_s
        self.other_requests = 0
        self.in_flight: dict[int, float] = {}
        """Greenlet to the moment its request was sent."""

    def begin(self, began_s: float) -> None:
        """Windows count from here; what came before is forgotten."""
        self.began_s = self.last_answer_s = began_s
        self._forget()

    def enter(self, phase: int, since_s: float) -> None:
        """Requests sent from `since_s` on belong to `phase`."""
        self._phases.append((since_s, phase))
        del self._phases[:-20]

    def request(
        self,
        request_type: str,
        name: str,
        response_time: float | None,
        exception: Any = None,
        response: Any = None,
        **_: Any,
    ) -> None:
        """Locust's request event; `response_time` is in milliseconds."""
        now_s = self._clock()
        # A client that can't say how long it took must not pull every percentile down.
        ms = None if response_time is None or response_time != response_time else response_time
        self._count(request_type, name, ms, now_s, exception, response)
        self.last_answer_s = now_s

    def unanswered(self, sent_s: float, now_s: float) -> None:
        """A request in flight at the end that is older than the timeout: a failure."""
        error = TimeoutError("no answer until the run ended")
        self._count("", "(in flight)", (now_s - sent_s) * 1000, now_s, error, None)

    def tick(self, due_s: float) -> None:
        """The worker's own timer, which was due then, fired now: late for every second between."""
        now_s = self._clock()
        last = int(now_s - self.began_s)
        first = max(int(due_s - self.began_s), last - MAX_LATE_SECONDS, 0)
        for second in range(first, last + 1):
            self._lags.setdefault(second, []).append(max(now_s - due_s, 0.0) * 1000)

    def take(self) -> list[Window]:
        """What is new since the last call, by second."""
        seconds = {key[0] for key in self._cells} | set(self._lags) | set(self._slow)
        windows = [self._window(second) for second in sorted(seconds)]
        self._forget()
        return windows

    def oldest_s(self, now_s: float) -> float:
        """Age of the oldest request in flight; 0 without any."""
        return now_s - min(self.in_flight.values()) if self.in_flight else 0.0

    def _forget(self) -> None:
        self._cells.clear()
        self._failures.clear()
        self._samples.clear()
        self._slow.clear()
        self._lags.clear()

    def _count(
        self, method: str, name: str, ms: float | None, now_s: float, exception: Any, response: Any
    ) -> None:
        second = int(now_s - self.began_s)
        phase = self._phase_at(now_s - (ms or 0.0) / 1000)
        method, name = self._bounded(method, name)
        key = (second, phase, method, name)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell(len(self._bars))
        cell.requests += 1
        if exception is not None:
            cell.failures += 1
            self._fail(second, method, name, phase, exception, response)
        if ms is None:
            return
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

    def _phase_at(self, sent_s: float) -> int:
        for since_s, phase in reversed(self._phases):
            if sent_s >= since_s:
                return phase
        return UNMEASURED

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
        self, second: int, method: str, name: str, phase: int, exception: Any, response: Any
    ) -> None:
        status = int(getattr(response, "status_code", 0) or 0)
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
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def _window(self, second: int) -> Window:
        rows = [
            Row(
                method=method,
                name=name,
                phase=phase,
                requests=cell.requests,
                failures=cell.failures,
                sum_ms=cell.sum_ms,
                min_ms=cell.min_ms,
                max_ms=cell.max_ms,
                buckets=cell.buckets,
                failed_buckets=cell.failed,
                over=cell.over,
            )
            for (at, phase, method, name), cell in self._cells.items()
            if at == second
        ]
        failures = [
            FailureCount(*key[1:6], count=count, sample=self._samples.get(key, ""))
            for key, count in self._failures.items()
            if key[0] == second
        ]
        slow = self._slow.get(second, [])
        return Window(second, rows, failures, slow, self._lags.get(second, []))


def _message(exception: Any, status: int) -> str:
    """An exception's own words, or `503` with the reason where the status says it all."""
    if status >= 400 and "CatchResponse" not in type(exception).__name__:
        return f"HTTP {status}"
    text = str(exception).strip()
    return text or type(exception).__name__


def _body(response: Any) -> str:
    try:
        # Cut generously, so that a secret is scrubbed whole before the sample is cut to size.
        return str(getattr(response, "text", None) or "")[: 8 * SAMPLE_CHARACTERS]
    except Exception:  # a body that can't be decoded is no reason to lose the failure
        return ""
