"""What a reader keeps beside its stream: the pace of a recording, and its own cost."""

from __future__ import annotations

import time

from av.packet import Packet
from av.video.stream import VideoStream

from tui.camera.opening import Connection


def stamp_s(packet: Packet[VideoStream]) -> float | None:
    """The source's own time of a packet; any zero. None: it has none."""
    if packet.pts is None or packet.time_base is None:
        return None
    return float(packet.pts * packet.time_base)


class Pace:
    """Holds back what would come as fast as it is read."""

    def __init__(self) -> None:
        self._offset_s: float | None = None

    def wait_s(self, packet: Packet[VideoStream]) -> float:
        """How long until its turn, by its own time: that of decoding, for a packet may be shown
        later than those behind it."""
        at_s = stamp_s(packet)
        if at_s is not None and packet.dts is not None and packet.time_base is not None:
            at_s = float(packet.dts * packet.time_base)
        if at_s is None:
            return 0.0
        now_s = time.monotonic()
        if self._offset_s is None:
            self._offset_s = now_s - at_s
        return max(self._offset_s + at_s - now_s, 0.0)


class Cost:
    """The processor time of the reader, and of GStreamer where that feeds it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at_s = time.monotonic()
        self._used_s = self._used()

    def percent(self, now_s: float) -> float:
        """Of one core, since the last call."""
        used_s = self._used()
        share = (used_s - self._used_s) / max(now_s - self._at_s, 1e-3)
        self._at_s, self._used_s = now_s, used_s
        return 100.0 * max(share, 0.0)

    def _used(self) -> float:
        pipeline = self._connection.pipeline
        return time.process_time() + (pipeline.cpu_s() if pipeline is not None else 0.0)
