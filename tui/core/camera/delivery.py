"""What of a camera's seconds counts: all that came once it had settled, over all openings."""

from __future__ import annotations

from tui.core.camera.measures import DropSign, Opened, StreamSecond
from tui.core.camera.spans import Spans
from tui.core.camera.typical import Typical
from tui.core.histogram import add_into, percentiles_ms


class Delivery:
    """Fed with openings and their seconds in order of time; bounded."""

    def __init__(self, settle_s: float) -> None:
        """A second in which an opening is younger than `settle_s` does not count."""
        self.spans = Spans()
        self.typical = Typical()
        self.longest_gap = self.corrupt = self.undecoded = 0
        self.keyframe_distance: int | None = None
        self.drop_sign: DropSign = ""
        self.frozen_most_s = self.black_most_s = self.uniform_most_s = 0.0
        self._settle_s = settle_s
        self._settled_s = self._until_s = 0.0
        self._uniform_from_s: float | None = None
        self._is_packed = True
        self._intervals: dict[int, int] = {}
        self._missing = self._expected = self._bytes = 0

    def open(self, opened: Opened) -> None:
        """A new opening begins; the seconds that follow are of its own clock."""
        self.spans.opened()
        self._until_s = opened.first_frame_ms / 1000
        self._settled_s = self._until_s + self._settle_s
        self._uniform_from_s = None
        self._is_packed = opened.codec != "rawvideo"

    def add(self, second: StreamSecond, nominal_fps: float | None) -> None:
        """One second of the newest opening."""
        from_s, self._until_s = self._until_s, second.until_s
        if self._settle_s and from_s < self._settled_s:
            return
        self.spans.add(second, nominal_fps)
        add_into(self._intervals, second.intervals)
        self._add_missing(second)
        self.typical.add(second)
        self.corrupt += second.corrupt
        self.undecoded += second.undecoded
        self._bytes += second.bytes if self._is_packed else 0
        if second.keyframe_distance is not None:
            self.keyframe_distance = second.keyframe_distance
        # What began while it settled counts from then on.
        judged_s = max(second.until_s - self._settled_s, 0.0)
        self.frozen_most_s = max(self.frozen_most_s, min(second.same_s, judged_s))
        self.black_most_s = max(self.black_most_s, min(second.black_s, judged_s))
        self._add_uniform(second)

    @property
    def dropped(self) -> int | None:
        """None where nothing can tell."""
        return self._missing if self.drop_sign else None

    @property
    def drop_rate(self) -> float | None:
        """A fraction 0..1 of the pictures that should have come."""
        return self._missing / self._expected if self._expected else None

    @property
    def bitrate_kbps(self) -> float | None:
        """Of compressed pictures; None where they have no size, or no rate yet."""
        fps = self.spans.fps
        if fps is None or not self._bytes:
            return None
        return self._bytes / self.spans.frames * fps * 8 / 1000

    def interval_percentiles_ms(self, *shares: float) -> list[float | None]:
        """From one picture to the next; `shares` must rise."""
        return percentiles_ms(self._intervals, shares)

    def _add_missing(self, second: StreamSecond) -> None:
        # Before its pace is known nothing is missing, as far as one can tell.
        if not second.drop_sign:
            return
        self.drop_sign = second.drop_sign
        self._missing += second.dropped
        self._expected += second.frames + second.dropped
        self.longest_gap = max(self.longest_gap, second.longest_gap)

    def _add_uniform(self, second: StreamSecond) -> None:
        if second.quality is None:
            return
        if not second.quality.is_uniform or second.quality.is_black:
            self._uniform_from_s = None
            return
        if self._uniform_from_s is None:
            self._uniform_from_s = second.until_s
        self.uniform_most_s = max(self.uniform_most_s, second.until_s - self._uniform_from_s)
