"""Whether the measurement itself can be trusted: the generator must not have been the limit."""

from __future__ import annotations

import msgspec

from tui.core.format import counted
from tui.core.histogram import bucket_floor_ms, bucket_of, percentile_ms

LAG_FLOOR_MS = 10.0
LAG_SHARE_OF_P95 = 0.10
CPU_LIMIT_PERCENT = 90.0
WINDOW_SHARE = 0.10
TOLERATED_WINDOWS = 1
"""One disturbed second condemns no run, however short."""
MISSED_SHARE = 0.01
LOST_SHARE = 0.05
FLOOR_P50_MS = 2.0
FLOOR_P99_MS = 10.0
"""An instrument that adds more than this by itself measures itself."""
USER_ERROR_SHARE = 0.01
"""A task that raises breaks off what a user was meant to do: the load is not the one asked for."""


class Floor(msgspec.Struct, frozen=True):
    """What the instrument itself adds to every latency, measured before the run."""

    p50_ms: float
    p99_ms: float
    requests: int


class Validity(msgspec.Struct, frozen=True):
    """The instrument's own account of itself."""

    valid: bool | None
    """None until a window was measured."""
    reasons: tuple[str, ...]
    advice: str
    generator_cpu_percent: float | None
    """Of one core, mean over the measured windows, the busiest worker."""
    lag_p99_ms: float | None
    missed_sends: int
    console_cpu_percent: float | None
    """Of one core: what the engine and its front end cost."""


class ValidityFold:
    """Collects what the workers say of themselves during the measured phase."""

    def __init__(self) -> None:
        self.windows = 0
        self.lag_buckets: dict[int, int] = {}
        self.busy_windows = 0
        self.cpu_windows = 0
        self.cpu_sum_percent = 0.0
        self.reports_received = 0
        self.reports_lost = 0
        self.missed_sends = 0
        self.user_errors = 0
        self.lost_workers: list[str] = []
        self.floor: Floor | None = None
        self.console_cpu_sum_percent = 0.0
        self.console_samples = 0

    def add_window(self, lag_p99_ms: float, generator_cpu_percent: float | None) -> None:
        """One measured window."""
        self.windows += 1
        bucket = bucket_of(lag_p99_ms)
        self.lag_buckets[bucket] = self.lag_buckets.get(bucket, 0) + 1
        if generator_cpu_percent is not None:
            self.cpu_windows += 1
            self.cpu_sum_percent += generator_cpu_percent
            self.busy_windows += generator_cpu_percent > CPU_LIMIT_PERCENT

    def add_console(self, cpu_percent: float) -> None:
        """One reading of the engine's own cost during the measured phase."""
        self.console_cpu_sum_percent += cpu_percent
        self.console_samples += 1

    def judge(self, p95_ms: float | None, requests: int) -> Validity:
        """The account so far, by the rules of this module."""
        lag_limit_ms = max(LAG_FLOOR_MS, LAG_SHARE_OF_P95 * (p95_ms or 0.0))
        late = sum(
            held
            for bucket, held in self.lag_buckets.items()
            if bucket_floor_ms(bucket) > lag_limit_ms
        )
        reasons = []
        advice = ""
        cpu = self.cpu_sum_percent / self.cpu_windows if self.cpu_windows else None
        lag = percentile_ms(self.lag_buckets, 0.99)
        tolerated = max(TOLERATED_WINDOWS, WINDOW_SHARE * self.windows)
        if self.user_errors > USER_ERROR_SHARE * max(requests, 1):
            reasons.append(f"the locustfile's own code failed {counted(self.user_errors, 'time')}")
            advice = advice or "mend the locustfile; the warnings name the errors"
        if self.busy_windows > tolerated:
            reasons.append(
                f"generator-bound: a worker above {CPU_LIMIT_PERCENT:.0f} % of a core "
                f"in {self.busy_windows} of {self.windows} windows"
            )
            advice = advice or "use more workers (--workers 2) or fewer users"
        if late > tolerated:
            reasons.append(
                f"generator late: its timers lagged over {lag_limit_ms:.0f} ms "
                f"in {late} of {self.windows} windows"
            )
            advice = (
                advice or "free a core for the generator, or drive the load from another machine"
            )
        if self.floor is not None and (
            self.floor.p50_ms > FLOOR_P50_MS or self.floor.p99_ms > FLOOR_P99_MS
        ):
            reasons.append(
                f"the instrument itself adds {self.floor.p50_ms:.1f} ms (p99 "
                f"{self.floor.p99_ms:.1f} ms) to what it measures"
            )
            advice = advice or "free the machine of other work, then run again"
        if self.missed_sends > MISSED_SHARE * max(requests, 1):
            reasons.append(f"{counted(self.missed_sends, 'operation')} could not be begun in time")
            advice = advice or "use more users or a lower rate"
        reports = self.reports_received + self.reports_lost
        if reports and self.reports_lost > LOST_SHARE * reports:
            reasons.append(f"{self.reports_lost} of {reports} worker reports were lost")
            advice = advice or "free a core for the generator"
        if self.lost_workers:
            reasons.append("; ".join(self.lost_workers))
            advice = advice or "see the log for what ended it, then run again"
        return Validity(
            valid=not reasons if self.windows or reasons else None,
            reasons=tuple(reasons),
            advice=advice,
            generator_cpu_percent=cpu,
            lag_p99_ms=lag,
            missed_sends=self.missed_sends,
            console_cpu_percent=(
                self.console_cpu_sum_percent / self.console_samples
                if self.console_samples
                else None
            ),
        )
