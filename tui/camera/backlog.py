"""Packets that wait to be decoded: as many as this machine may be behind, and not more."""

from __future__ import annotations

from collections import deque
from threading import Condition

import msgspec
from av.packet import Packet
from av.video.stream import VideoStream

LATE = 30
"""With more of them waiting, pictures are old: a keyframe is begun with at once."""
MOST_BYTES = 16 << 20
"""Of compressed pictures: some ten seconds of a good camera, all of a network's burst."""
MOST_RAW = 8
"""Of raw pictures: each is some megabytes, wherever its packet has them."""


class Waiting(msgspec.Struct, frozen=True):
    """One packet."""

    packet: Packet[VideoStream]
    is_counted: bool
    is_after_gap: bool
    """Whether what came before it was left out."""


class Backlog:
    """A queue of which one end never waits. What has no room is left out up to a keyframe."""

    def __init__(self, *, is_raw: bool) -> None:
        self._is_raw = is_raw
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        self._changed = Condition()
        self._is_over = False
        self.has_gap = False
        """Whether the newest were left out, and nothing is put before a keyframe comes."""
        self._left_out = 0

    def put(self, packet: Packet[VideoStream], *, is_counted: bool) -> None:
        """One more at the end, or none where there is no room."""
        is_start = packet.is_keyframe or self._is_raw
        with self._changed:
            if is_start and len(self._waiting) >= self._late:
                self._leave_out_all()
            is_full = bool(self._waiting) and self._bytes + packet.size > MOST_BYTES
            if (self.has_gap and not is_start) or (is_full and not self._is_raw):
                self.has_gap = True
                self._left_out += is_counted
                return
            self._waiting.append(Waiting(packet, is_counted, self.has_gap))
            self._bytes += packet.size
            self.has_gap = False
            self._changed.notify()

    def get(self) -> Waiting | None:
        """The oldest, as soon as there is one; None: it is over, and all were given."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over)
            if not self._waiting:
                return None
            waiting = self._waiting.popleft()
            self._bytes -= waiting.packet.size
            return waiting

    def end(self) -> None:
        """No more will come."""
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def take_left_out(self) -> int:
        """How many that count were left out since the last call."""
        with self._changed:
            taken, self._left_out = self._left_out, 0
            return taken

    @property
    def _late(self) -> int:
        return MOST_RAW if self._is_raw else LATE

    def _leave_out_all(self) -> None:
        self._left_out += sum(each.is_counted for each in self._waiting)
        self._waiting.clear()
        self._bytes, self.has_gap = 0, True
