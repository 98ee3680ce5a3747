"""Reads one camera to its end, and says each second what came. It never waits longer than told."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import msgspec
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tui.camera.errors import Moment, NoCamera, fault_of
from tui.camera.holders import holder_of
from tui.camera.looker import Looker
from tui.camera.opening import OPENING_S, Connection
from tui.camera.pace import Cost, Pace, stamp_s
from tui.camera.secrecy import Scrubber
from tui.camera.spec import CLOSE, STILL, ReaderSpec, TakenStill, Told, parse_picture_order
from tui.camera.still import still_of
from tui.camera.stream import Arrival, StreamMeter
from tui.core.camera.faults import CameraFault
from tui.core.camera.view import Picture

SECOND_S = 1.0
WATCH_S = 0.05
HELD_S = 0.5
"""A watch that sleeps longer than it meant to by so much was held up, and all else with it."""
CLOSING_S = 1.0
"""A camera that does not take its good-bye within this goes without."""
AGED_S = 60.0
"""An age beyond this is none: the source's clock is another than ours."""

Say = Callable[[Told], None]


class Reader:
    """One camera. `read` belongs to the main thread; `obey` may come from any."""

    def __init__(self, spec: ReaderSpec, say: Say) -> None:
        """`say` may be called from any thread."""
        self._camera, self._thumb = spec.camera, spec.thumb
        self._say = say
        self._scrub = Scrubber(spec.secret)
        self._began_s = time.monotonic()
        self._connection = Connection(spec)
        self._cost = Cost(self._connection)
        self._lock = threading.Lock()
        self._meter: StreamMeter | None = None
        self._looker: Looker | None = None
        self._orders: list[list[str]] = []
        """What came before there was a looker."""
        self._opened_s: float | None = None
        self._waits_from_s: float | None = None
        """Since when the next packet is waited for; None: it is not."""
        self._held_until_s = self._began_s
        """Until then this machine had no time for the camera: nothing before counts as silence."""
        self._age_ms: float | None = None
        self._telling = threading.Lock()
        self._is_shown = threading.Event()
        self._is_closing = threading.Event()
        self._ending = threading.Lock()

    def read(self) -> None:
        """Returns when the camera has ended, whatever the reason, or is wanted no more."""
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        moment: Moment = "opening"
        try:
            self._connection.open()
            looker = self._begin()
            moment = "reading"
            self._follow(looker)
        except Exception as error:
            self._fail(self._explained(error, moment))
        threading.Thread(target=self._leave_late, name="leave", daemon=True).start()
        self._connection.close()

    def obey(self, line: str) -> None:
        """One order of the owner. ValueError when it is none."""
        words = line.split()
        if words == [CLOSE]:
            self._is_closing.set()
            threading.Thread(target=self._leave_late, name="leave", daemon=True).start()
            return
        with self._lock:
            if self._looker is None:
                self._orders.append(words)
                return
        _pass_on(self._looker, words)

    def _begin(self) -> Looker:
        connection = self._connection
        looker = Looker(
            connection.stream,
            self._thumb,
            first=self._tell_opened,
            picture=self._tell_picture,
            still=self._tell_still,
            broken=self._break,
        )
        nominal_fps = connection.nominal_fps or self._camera.fps
        with self._lock:
            self._meter = StreamMeter(nominal_fps, has_timestamps=connection.has_timestamps)
            self._looker, self._opened_s = looker, time.monotonic()
        for words in self._orders:
            _pass_on(looker, words)
        return looker

    def _follow(self, looker: Looker) -> None:
        pace = Pace() if self._connection.is_paced_by_us else None
        self._waits_from_s = time.monotonic()
        for packet in self._connection.container.demux(self._connection.stream):
            self._waits_from_s = None
            # An empty one marks the end of the stream.
            if packet.size:
                if pace is not None:
                    self._is_closing.wait(pace.wait_s(packet))
                self._take(packet, looker)
            if self._is_closing.is_set():
                return
            self._waits_from_s = time.monotonic()
        self._waits_from_s = None
        looker.finish(self._camera.timeout_s)
        raise self._ended()

    def _take(self, packet: Packet[VideoStream], looker: Looker) -> None:
        at_s = time.monotonic()
        its_s = stamp_s(packet)
        # The pattern's packets only point at its pictures.
        size = 0 if self._camera.source.kind == "test" else packet.size
        with self._lock:
            assert self._meter is not None
            self._meter.add(Arrival(at_s - self._began_s, its_s, size, packet.is_keyframe))
            self._age_ms = self._age(its_s, at_s)
            is_counted = self._meter.is_settled
        looker.put(packet, is_counted=is_counted)

    def _age(self, its_s: float | None, at_s: float) -> float | None:
        if self._camera.source.kind != "v4l2" or its_s is None:
            return None
        # Drivers stamp with the monotonic clock as a rule; some are set to the wall clock.
        ages_s = (now_s - its_s for now_s in (at_s, time.time()))
        return next((1e3 * age_s for age_s in ages_s if 0.0 <= age_s < AGED_S), None)

    def _ended(self) -> NoCamera:
        if not self._connection.is_live:
            return NoCamera("ended")
        pipeline = self._connection.pipeline
        fault = pipeline.fault() if pipeline is not None else CameraFault("closed")
        return NoCamera(fault.kind, fault.detail)

    def _explained(self, error: Exception, moment: Moment) -> CameraFault:
        if self._connection.pipeline is not None and not isinstance(error, NoCamera):
            error = self._ended()  # FFmpeg only knows that nothing came
        fault = fault_of(error, self._camera.source, moment, self._scrub)
        if fault.kind == "busy" and self._camera.source.kind == "v4l2":
            return msgspec.structs.replace(
                fault, holder=holder_of(self._camera.source.where, is_busy=True)
            )
        return fault

    def _watch(self) -> None:
        # The other threads may hang in a library or a driver: this one touches neither.
        seconds = 1
        while True:
            slept_from_s = time.monotonic()
            time.sleep(WATCH_S)
            now_s = time.monotonic()
            if now_s - slept_from_s > WATCH_S + HELD_S:
                self._held_until_s = now_s
            fault = self._overdue(now_s)
            if fault is not None and not self._is_closing.is_set():
                self._fail(fault)
                self._leave()
            if now_s >= self._began_s + seconds * SECOND_S:
                self._tell_second(now_s)
                seconds = int((now_s - self._began_s) / SECOND_S) + 1

    def _overdue(self, now_s: float) -> CameraFault | None:
        limit_s = self._camera.timeout_s
        if self._opened_s is None:
            is_late = now_s - max(self._began_s, self._held_until_s) > limit_s + OPENING_S
            return self._unopened() if is_late else None
        awake_s = now_s - self._held_until_s
        waits_from_s = self._waits_from_s
        if waits_from_s is not None and min(now_s - waits_from_s, awake_s) > limit_s:
            return self._silence()
        looker = self._looker
        assert looker is not None
        if min(looker.hangs_s(now_s), awake_s) > limit_s:
            return CameraFault("frozen-reader", "one picture took its decoder too long")
        if min(looker.in_vain_s(now_s), awake_s) > limit_s:
            return CameraFault("undecodable", self._scrub(looker.complaint))
        return None

    def _unopened(self) -> CameraFault:
        if not self._connection.is_resolved:
            return CameraFault("no-name-server", "the name server does not answer")
        if self._camera.source.kind in ("rtsp", "http"):
            return CameraFault("no-answer")
        return self._silence()

    def _silence(self) -> CameraFault:
        pipeline = self._connection.pipeline
        if pipeline is None:
            return CameraFault("stalled")
        fault = pipeline.fault()
        return CameraFault(fault.kind, self._scrub(fault.detail))

    def _tell_opened(self, frame: VideoFrame) -> None:
        now_s = time.monotonic()
        assert self._opened_s is not None
        opened = self._connection.told(
            frame, 1e3 * (self._opened_s - self._began_s), 1e3 * (now_s - self._began_s)
        )
        self._say(Told(opened=opened))
        self._is_shown.set()

    def _tell_second(self, now_s: float) -> None:
        # By the watch as a rule, and by whoever sees the end.
        with self._telling:
            self._tell_what_came(now_s)

    def _tell_what_came(self, now_s: float) -> None:
        cpu_percent = self._cost.percent(now_s)
        if not self._is_shown.is_set():
            self._say(Told(opening_s=now_s - self._began_s))
            return
        assert self._meter is not None
        assert self._looker is not None
        with self._lock:
            second, age_ms = self._meter.take(now_s - self._began_s), self._age_ms
        seen = self._looker.take()
        second = msgspec.structs.replace(
            second,
            corrupt=seen.corrupt,
            undecoded=seen.undecoded,
            same_s=seen.same_s,
            black_s=seen.black_s,
            quality=seen.quality,
            moved=seen.moved,
            age_ms=age_ms,
            cpu_percent=cpu_percent,
        )
        self._say(Told(second=second))

    def _tell_picture(self, picture: Picture) -> None:
        self._say(Told(picture=picture))

    def _tell_still(
        self,
        names: list[str],
        frame: VideoFrame,
        packet: Packet[VideoStream],
        is_damaged: bool,
    ) -> None:
        still = still_of(self._camera, frame, packet)
        still = msgspec.structs.replace(still, is_corrupt=still.is_corrupt or is_damaged)
        self._say(Told(snapshot=TakenStill(tuple(names), still)))

    def _fail(self, fault: CameraFault) -> None:
        # Whoever comes second saw what the first one's leaving did.
        if self._ending.acquire(blocking=False) and not self._is_closing.is_set():
            if self._is_shown.is_set():
                self._tell_second(time.monotonic())
            self._say(Told(failed=fault))

    def _break(self, error: Exception) -> None:
        what = f"a picture could not be looked at: {type(error).__name__}: {error}"
        self._fail(CameraFault("other", self._scrub(what)))
        self._leave()

    def _leave_late(self) -> None:
        time.sleep(CLOSING_S)
        self._leave()

    def _leave(self) -> None:
        if self._connection.pipeline is not None:
            self._connection.pipeline.end()
        os._exit(0)


def _pass_on(looker: Looker, words: list[str]) -> None:
    if words[:1] == [STILL]:
        looker.ask_still(words[1])
    else:
        looker.show(parse_picture_order(words))
