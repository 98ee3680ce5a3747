"""A camera, folded from its events: bounded however long it is watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tui.core.camera.camera import Camera
from tui.core.camera.delivery import Delivery
from tui.core.camera.faults import CameraFault, advice_on, is_end_of_recording
from tui.core.camera.grade import findings_of, grade_of, is_enough, judged
from tui.core.camera.measures import Opened, Quality, StreamSecond
from tui.core.camera.outages import Outages
from tui.core.camera.reference import FLAT, Reference, compared
from tui.core.camera.view import CameraState, CameraView, Compared, Grade, Picture
from tui.core.events.camera import (
    CameraClosed,
    CameraEvent,
    CameraFailed,
    CameraOpened,
    CameraPictured,
    CameraTold,
    CameraTried,
)


class CameraFold:
    """Fed with one camera's events in order of time; not thread-safe.

    It begins anew when the camera is tried again after it was closed. The best focus alone is kept,
    until it is asked to forget it.
    """

    def __init__(
        self,
        camera: Camera,
        reference: Reference | None = None,
        settle_s: float = 0.0,
        *,
        is_of_all: bool = False,
    ) -> None:
        """What it delivers in the first `settle_s` of each opening is not counted.

        Its pictures are told and judged by the newest of them; with `is_of_all` by the median of
        all that count.
        """
        self.camera = camera
        self._is_of_all = is_of_all
        self._reference = reference
        self._settle_s = settle_s
        self._state: CameraState = "closed"
        self._peak: float | None = None
        self._was: Grade = "unknown"
        self._begin()

    def _begin(self) -> None:
        self._delivery = Delivery(self._settle_s)
        self._outages = Outages()
        self._stopped_by: CameraFault | None = None
        self._opened: Opened | None = None
        self._slowest: Opened | None = None
        self._openings = self._slowest_opening = 0
        self._opened_at_s = 0.0
        self._fault: CameraFault | None = None
        self._retry_s: float | None = None
        self._picture: Picture | None = None
        self._newest: StreamSecond | None = None
        """Of this opening."""
        self._quality: Quality | None = None
        """The newest of this opening."""

    def apply(self, event: CameraEvent) -> None:
        """Fold one event in."""
        match event:
            case CameraTried():
                if self._state == "closed":
                    self._begin()
                self._state, self._retry_s = "opening", None
            case CameraOpened():
                self._open(event.opened, event.at_s)
            case CameraTold():
                self._tell(event.second)
            case CameraPictured():
                self._picture = event.picture
            case CameraFailed():
                self._fail(event)
            case CameraClosed():
                self._was = self._judged_last()
                self._state, self._picture = "closed", None
                self._fault, self._retry_s = None, None

    def _judged_last(self) -> Grade:
        """How it stood before now; a look too short to tell says nothing new."""
        view = self.view()
        if self._state == "closed" or not (view.grade == "fail" or is_enough(view)):
            return self._was
        return view.grade

    def reset_peak(self) -> None:
        """Begin the search for the best focus anew."""
        quality = self._quality
        self._peak = None if quality is None or _is_flat(quality) else quality.focus

    @property
    def measured_s(self) -> float:
        """As of its view, which costs more."""
        return self._delivery.spans.measured_s

    def view(self) -> CameraView:
        """How it stands."""
        delivery, spans = self._delivery, self._delivery.spans
        newest, is_live = self._newest or StreamSecond(0.0), self._state == "live"
        quality, moved, age_ms = self._quality, newest.moved, newest.age_ms
        if self._is_of_all:
            typical = delivery.typical
            quality, moved, age_ms = typical.quality, typical.moved, typical.age_ms
        nominal_fps = self._nominal_fps
        p50_ms, p95_ms = delivery.interval_percentiles_ms(0.50, 0.95)
        view = CameraView(
            name=self.camera.name,
            source=self.camera.source,
            state=self._state,
            opened=self._told_opened,
            openings=self._openings,
            slowest_opening=self._slowest_opening,
            fault=self._fault,
            trouble=self._trouble,
            retry_s=self._retry_s,
            nominal_fps=nominal_fps,
            measured_s=spans.measured_s,
            frames=spans.frames,
            fps=spans.fps,
            fps_now=spans.fps_now if is_live else None,
            fps_ratio=_product(spans.fps, 1 / nominal_fps if nominal_fps else None),
            interval_p50_ms=p50_ms,
            interval_p95_ms=p95_ms,
            interval_ratio=_product(p95_ms, nominal_fps / 1000 if nominal_fps else None),
            dropped=delivery.dropped,
            drop_sign=delivery.drop_sign,
            drop_rate=delivery.drop_rate,
            longest_gap=delivery.longest_gap,
            corrupt=delivery.corrupt,
            undecoded=delivery.undecoded,
            bitrate_kbps=delivery.bitrate_kbps,
            keyframe_distance=delivery.keyframe_distance,
            age_ms=age_ms,
            behind_ms=newest.behind_ms,
            quality=quality,
            focus_peak=self._peak,
            peak_percent=self._peak_percent(),
            frozen_s=newest.same_s if is_live else 0.0,
            black_s=newest.black_s if is_live else 0.0,
            frozen_most_s=delivery.frozen_most_s,
            black_most_s=delivery.black_most_s,
            uniform_most_s=delivery.uniform_most_s,
            outages=self._outages.number,
            stopped_by=self._stopped_by,
            recovered_s=self._outages.longest_s,
            recovery_step_s=self._outages.step_s,
            reader_cpu_percent=newest.cpu_percent if is_live else None,
            compared=self._compared(quality, moved),
            was=self._was,
            picture=self._picture,
        )
        thresholds = judged(self.camera.thresholds, view)
        goals = judged(self.camera.goals, view)
        view = msgspec.structs.replace(view, limits=thresholds, goals=goals)
        found = findings_of(view, self.camera, self._reference)
        return msgspec.structs.replace(view, findings=found, grade=grade_of(view, found))

    @property
    def _nominal_fps(self) -> float | None:
        if self.camera.fps is not None:
            return self.camera.fps
        return self._opened.nominal_fps if self._opened is not None else None

    def _open(self, opened: Opened, at_s: float) -> None:
        self._state, self._fault, self._retry_s = "live", None, None
        self._opened, self._opened_at_s = opened, at_s
        self._newest = self._quality = None
        self._openings += 1
        if self._slowest is None or opened.first_frame_ms > self._slowest.first_frame_ms:
            self._slowest, self._slowest_opening = opened, self._openings
        self._delivery.open(opened)
        self._outages.ended(at_s)

    def _tell(self, second: StreamSecond) -> None:
        self._newest = second
        if second.quality is not None:
            self._quality = second.quality
            if not _is_flat(second.quality):
                self._peak = max(self._peak or 0.0, second.quality.focus)
        self._delivery.add(second, self._nominal_fps)

    def _fail(self, event: CameraFailed) -> None:
        was_live, self._state = self._state == "live", "failed"
        self._fault, self._retry_s, self._picture = event.fault, event.retry_s, None
        if was_live and not is_end_of_recording(event.fault, self.camera.source):
            self._outages.began(min(self._last_picture_at_s, event.at_s))
            self._stopped_by = event.fault
            self._quality = None
        self._outages.looked(event.at_s)

    @property
    def _told_opened(self) -> Opened | None:
        """The newest, with the times of the slowest."""
        if self._opened is None or self._slowest is None:
            return None
        return msgspec.structs.replace(
            self._opened,
            opened_ms=self._slowest.opened_ms,
            first_frame_ms=self._slowest.first_frame_ms,
        )

    @property
    def _trouble(self) -> str:
        if self._fault is None:
            return ""
        return advice_on(self._fault, self.camera.source, self.camera.credentials).what

    @property
    def _last_picture_at_s(self) -> float:
        """On the clock of the events. A fault is told some time after the pictures stopped."""
        assert self._opened is not None
        newest = self._newest
        if newest is None:
            return self._opened_at_s
        since_first_s = newest.until_s - newest.silent_s - self._opened.first_frame_ms / 1000
        return self._opened_at_s + max(since_first_s, 0.0)

    def _peak_percent(self) -> float | None:
        if self._quality is None or not self._peak or _is_flat(self._quality):
            return None
        return 100 * self._quality.focus / self._peak

    def _compared(
        self, quality: Quality | None, moved: tuple[float, float] | None
    ) -> Compared | None:
        if self._reference is None or quality is None or self._opened is None:
            return None
        size = self._opened.width, self._opened.height
        return compared(self._reference, quality, size, moved)


def _is_flat(quality: Quality) -> bool:
    return quality.is_black or quality.is_uniform or quality.contrast < FLAT


def _product(figure: float | None, factor: float | None) -> float | None:
    return None if figure is None or factor is None else figure * factor


class CamerasFold:
    """All cameras of a sitting or of a run."""

    def __init__(
        self,
        cameras: Iterable[Camera],
        references: Sequence[Reference] = (),
        settle_s: float = 0.0,
        *,
        is_of_all: bool = False,
    ) -> None:
        """As of each CameraFold."""
        known: Mapping[str, Reference] = {each.camera: each for each in references}
        self._folds = {
            camera.name: CameraFold(camera, known.get(camera.name), settle_s, is_of_all=is_of_all)
            for camera in cameras
        }

    def apply(self, event: CameraEvent) -> None:
        """Fold one event in; that of a camera which nobody knows is left out."""
        fold = self._folds.get(event.camera)
        if fold is not None:
            fold.apply(event)

    def reset_peak(self, camera: str) -> None:
        """Begin the search for a camera's best focus anew."""
        if camera in self._folds:
            self._folds[camera].reset_peak()

    def views(self) -> tuple[CameraView, ...]:
        """In the order in which they were given."""
        return tuple(fold.view() for fold in self._folds.values())
