"""What a stream brings, second by second: pace, gaps, sizes."""

from __future__ import annotations

import msgspec

from tui.camera.cadence import CAUGHT_UP, ArrivedDrops, StampedDrops
from tui.core.camera.measures import StreamSecond
from tui.core.histogram import bucket_of

SETTLE_S = 1.0
"""What comes in the first second is not counted: FFmpeg keeps what it looked at while it opened
the stream, and hands it over at once."""
SETTLE_MOST_S = 3.0
"""However fast pictures come, they count from then on."""


class Arrival(msgspec.Struct, frozen=True):
    """One picture that came, before it is decoded."""

    at_s: float
    """Monotonic, since the attempt to open."""
    stamp_s: float | None
    """The source's own time of it; any zero."""
    size: int
    """Bytes."""
    is_keyframe: bool


class StreamMeter:
    """Arrivals in, a StreamSecond out. One thread, or the caller's lock."""

    def __init__(self, nominal_fps: float | None, *, has_timestamps: bool) -> None:
        self._drops = StampedDrops(nominal_fps) if has_timestamps else ArrivedDrops(nominal_fps)
        self._first_s: float | None = None
        self._last_s: float | None = None
        self.is_settled = False
        """Whether what came last counts."""
        self._since_keyframe: int | None = None
        self._keyframe_distance: int | None = None
        self._second = _Second()

    def add(self, arrival: Arrival) -> None:
        """One picture that came, in order of arrival."""
        last_s, self._last_s = self._last_s, arrival.at_s
        self._follow_keyframes(arrival.is_keyframe)
        if not self.is_settled:
            self.is_settled = self._settles(arrival.at_s, last_s)
            last_s = None
        self._drops.add(arrival.at_s, arrival.stamp_s, is_counted=self.is_settled)
        if self.is_settled:
            self._second.add(arrival, last_s)

    def take(self, now_s: float) -> StreamSecond:
        """What came since the last call; `now_s` as in Arrival."""
        second, self._second = self._second, _Second()
        dropped, longest_gap = self._drops.take()
        behind_s = self._drops.behind_s if isinstance(self._drops, StampedDrops) else None
        return StreamSecond(
            until_s=now_s,
            frames=second.frames,
            first_s=second.first_s,
            last_s=second.last_s,
            intervals=second.intervals,
            dropped=dropped,
            drop_sign=self._drops.sign,
            longest_gap=longest_gap,
            keyframes=second.keyframes,
            keyframe_distance=self._keyframe_distance,
            bytes=second.bytes,
            silent_s=max(now_s - (self._last_s or 0.0), 0.0),
            behind_ms=None if behind_s is None else 1e3 * behind_s,
        )

    def _settles(self, at_s: float, last_s: float | None) -> bool:
        if self._first_s is None or last_s is None:
            self._first_s = at_s
            return False
        if at_s - self._first_s < SETTLE_S:
            return False
        is_burst = at_s - last_s < CAUGHT_UP * (self._drops.period_s or 0.0)
        return not is_burst or at_s - self._first_s > SETTLE_MOST_S

    def _follow_keyframes(self, is_keyframe: bool) -> None:
        if self._since_keyframe is not None:
            self._since_keyframe += 1
        if is_keyframe:
            self._keyframe_distance = self._since_keyframe or self._keyframe_distance
            self._since_keyframe = 0


class _Second:
    """What is being counted."""

    def __init__(self) -> None:
        self.frames = 0
        self.first_s: float | None = None
        self.last_s: float | None = None
        self.intervals: dict[int, int] = {}
        self.keyframes = 0
        self.bytes = 0

    def add(self, arrival: Arrival, last_s: float | None) -> None:
        self.frames += 1
        self.bytes += arrival.size
        self.keyframes += arrival.is_keyframe
        self.last_s = arrival.at_s
        if self.first_s is None:
            self.first_s = arrival.at_s
        if last_s is not None:
            bucket = bucket_of(1e3 * (arrival.at_s - last_s))
            self.intervals[bucket] = self.intervals.get(bucket, 0) + 1
