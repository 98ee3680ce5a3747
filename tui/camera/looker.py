"""Looks at pictures: decodes them, judges some, makes small ones for the screen and stills."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tui.camera.backlog import Backlog, Waiting
from tui.camera.codec import RAW, codec_of
from tui.camera.drift import moved, thumb_of
from tui.camera.luma import is_same
from tui.camera.picture import picture_of
from tui.camera.quality import quality_of
from tui.core.camera.measures import Quality
from tui.core.camera.view import Picture
from tui.ports.camera import PictureAsk

LOOK_S = 0.2
"""From one judged picture to the next."""
COMPARE_S = 1.0
"""From one that is held against the reference to the next."""
KEYFRAME_S = 30.0
"""Cameras that send few keyframes send one in so long."""
HELD_BACK = 16
"""Pictures that a codec may keep before it shows the first."""


class Seen(msgspec.Struct, frozen=True):
    """What was seen since the last call."""

    corrupt: int
    undecoded: int
    same_s: float
    black_s: float
    quality: Quality | None
    """Of the newest picture that was judged; none that is damaged is."""
    moved: tuple[float, float] | None
    """Of the newest that was held against the reference."""


class Looker:
    """A thread that decodes what `put` gives it. Too slow a machine leaves pictures out."""

    def __init__(
        self,
        stream: VideoStream,
        thumb: bytes,
        *,
        first: Callable[[VideoFrame], None],
        picture: Callable[[Picture], None],
        still: Callable[[list[str], VideoFrame, Packet[VideoStream], bool], None],
        broken: Callable[[Exception], None],
    ) -> None:
        """`thumb` is that of the reference, or empty.

        The others are called on its thread: `first` once, `still` with the ids of who waited for
        one and whether it is damaged, `broken` when it can look at no more.
        """
        self._backlog = Backlog(is_raw=codec_of(stream) == RAW)
        self._first, self._picture, self._still, self._broken = first, picture, still, broken
        self._lock = threading.Lock()
        self._ask: PictureAsk | None = None
        self._next_picture_s = 0.0
        self._still_ids: list[str] = []
        self._corrupt = 0
        self._damaged_s: float | None = None
        """When a picture came damaged; those after it are made of it, up to a whole keyframe."""
        self._sight = Sight(thumb)
        self._is_first = True
        self._has_keyframe = False
        self._decodes_from_s: float | None = None
        self._in_vain = 0
        """Packets since the last picture."""
        self._in_vain_from_s: float | None = None
        self.complaint = ""
        """What the decoder said last of what it can't decode."""
        self._began_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="looker", daemon=True)
        self._thread.start()

    def show(self, ask: PictureAsk | None) -> None:
        """Small pictures from now on."""
        self._ask, self._next_picture_s = ask, 0.0

    def ask_still(self, still_id: str) -> None:
        """The next picture, whole."""
        with self._lock:
            self._still_ids.append(still_id)

    def put(self, packet: Packet[VideoStream], *, is_counted: bool) -> None:
        """Never waits: what it has no room for is left out up to a keyframe, and may count."""
        self._backlog.put(packet, is_counted=is_counted)

    def finish(self, limit_s: float) -> None:
        """Look at what still waits; no more will come."""
        self._backlog.end()
        self._thread.join(limit_s)

    def hangs_s(self, now_s: float) -> float:
        """How long the decoder has been busy with one packet."""
        from_s = self._decodes_from_s
        return 0.0 if from_s is None else now_s - from_s

    def in_vain_s(self, now_s: float) -> float:
        """How long all that was decoded, from a keyframe on, has been no picture.

        What this machine left out makes no picture of what comes after it; that counts nowhere.
        """
        from_s = self._in_vain_from_s
        return 0.0 if from_s is None or self._backlog.has_gap else now_s - from_s

    def take(self) -> Seen:
        """What was seen since the last call."""
        with self._lock:
            corrupt, self._corrupt = self._corrupt, 0
            sight = self._sight
            quality = sight.take_quality()
            left_out = self._backlog.take_left_out()
            return Seen(corrupt, left_out, sight.same_s, sight.black_s, quality, sight.moved)

    def _run(self) -> None:
        try:
            while (waiting := self._backlog.get()) is not None:
                self._decode(waiting)
        except Exception as error:
            self._broken(error)

    def _decode(self, waiting: Waiting) -> None:
        packet = waiting.packet
        is_corrupt = packet.is_corrupt
        now_s = self._decodes_from_s = time.monotonic()
        is_refused = False
        try:
            frames = packet.decode()
        except FFmpegError as error:
            frames, is_corrupt, is_refused = [], True, True
            self.complaint = error.strerror or str(error)
        finally:
            self._decodes_from_s = None
        shown = [each for each in frames if isinstance(each, VideoFrame)]
        is_corrupt = is_corrupt or any(frame.is_corrupt for frame in shown)
        with self._lock:
            self._corrupt += is_corrupt and waiting.is_counted
        self._follow(waiting, now_s, is_shown=bool(shown), is_refused=is_refused)
        if is_corrupt:
            self._damaged_s = now_s
        for frame in shown:
            # Some cameras send none, and renew their pictures bit by bit.
            is_late = self._damaged_s is not None and now_s - self._damaged_s > KEYFRAME_S
            if is_late or (frame.key_frame and not is_corrupt):
                self._damaged_s = None
            self._look(frame, packet)

    def _follow(self, waiting: Waiting, now_s: float, *, is_shown: bool, is_refused: bool) -> None:
        self._has_keyframe = self._has_keyframe or waiting.packet.is_keyframe
        if is_shown or waiting.is_after_gap:
            self._in_vain, self._in_vain_from_s = 0, None
        if is_shown:
            return
        self._in_vain += 1
        # What comes before the first keyframe can't be decoded, and it may be long until then.
        is_due = self._has_keyframe or now_s - self._began_s > KEYFRAME_S
        is_lost = is_refused or self._in_vain > HELD_BACK
        if is_due and is_lost and self._in_vain_from_s is None:
            self._in_vain_from_s = now_s

    def _look(self, frame: VideoFrame, packet: Packet[VideoStream]) -> None:
        now_s = time.monotonic()
        if self._is_first:
            self._is_first = False
            self._first(frame)
        is_damaged = self._damaged_s is not None
        if not is_damaged and self._sight.is_due(now_s):
            quality = quality_of(frame)
            with self._lock:
                self._sight.see(frame, quality, now_s)
        with self._lock:
            still_ids, self._still_ids = self._still_ids, []
        if still_ids:
            self._still(still_ids, frame, packet, is_damaged)
        ask = self._ask
        if ask is not None and now_s >= self._next_picture_s:
            # From when it was due: what comes a little late must not put off all that follow.
            turn_s = 1.0 / ask.fps
            self._next_picture_s = max(self._next_picture_s + turn_s, now_s + 0.5 * turn_s)
            self._picture(picture_of(frame, ask))


class Sight:
    """What the judged pictures have been like, one after the other."""

    def __init__(self, thumb: bytes) -> None:
        self._thumb = thumb
        self._compared_s = float("-inf")
        self.moved: tuple[float, float] | None = None
        self._last: VideoFrame | None = None
        self._last_s = self._changed_s = 0.0
        self._black_from_s: float | None = None
        self._quality: Quality | None = None

    def is_due(self, now_s: float) -> bool:
        return self._last is None or now_s - self._last_s >= LOOK_S

    def see(self, frame: VideoFrame, quality: Quality, now_s: float) -> None:
        if self._last is None or not is_same(self._last, frame):
            self._changed_s = now_s
        if not quality.is_black:
            self._black_from_s = None
        elif self._black_from_s is None:
            self._black_from_s = now_s
        if self._thumb and now_s - self._compared_s >= COMPARE_S:
            self._compared_s, self.moved = now_s, moved(self._thumb, thumb_of(frame))
        self._last, self._last_s, self._quality = frame, now_s, quality

    @property
    def same_s(self) -> float:
        return self._last_s - self._changed_s

    @property
    def black_s(self) -> float:
        return 0.0 if self._black_from_s is None else self._last_s - self._black_from_s

    def take_quality(self) -> Quality | None:
        taken, self._quality = self._quality, None
        return taken
