"""A camera as front ends and reports see it."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.camera.faults import CameraFault, is_end_of_recording
from tui.core.camera.measures import Opened, Quality
from tui.core.camera.source import Source
from tui.core.limits import LimitState

CameraState = Literal["closed", "opening", "live", "failed"]
Grade = Literal["good", "warn", "fail", "unknown"]


class Picture(msgspec.Struct, frozen=True):
    """A small picture for the screen: never stored, never logged."""

    width: int
    height: int
    rgb: bytes
    """Three bytes for each pixel, row by row; colours are quantised for a slow link."""
    is_centre: bool = False
    """Whether it is the middle of the picture, pixel by pixel."""


class Compared(msgspec.Struct, frozen=True):
    """A camera beside its stored reference."""

    stored_at: float
    """UTC, seconds since the epoch."""
    moved_right_percent: float | None
    """How far the scene moved, in percent of the picture's width; None: it can't be found again."""
    moved_down_percent: float | None
    """In percent of the picture's height."""
    focus_percent: float | None
    """Focus now, of what it was; None where either picture was too flat, or they differ in size."""
    brightness_change: float
    """Mean luma now, less what it was."""


class CameraFinding(msgspec.Struct, frozen=True):
    """What is wrong with a camera, and what to do about it."""

    level: Literal["fail", "warn", "info"]
    what: str
    next: str = ""


class CameraView(msgspec.Struct, frozen=True):
    """One camera: how it stands, and what was measured since it was first tried."""

    name: str
    source: Source
    state: CameraState = "closed"
    opened: Opened | None = None
    """Of the newest opening that came to pictures; its times are those of the slowest opening."""
    openings: int = 0
    """How many came to pictures."""
    slowest_opening: int = 0
    """Which of them, from 1, took longest to its first picture."""
    fault: CameraFault | None = None
    """Why there is no picture now; None while there is one, or nobody has tried."""
    trouble: str = ""
    """The same in words; empty without one."""
    retry_s: float | None = None
    """When it will be tried again; None: it will not, or need not be."""
    nominal_fps: float | None = None
    """What the configuration asks for, else what the source says of itself."""
    measured_s: float = 0.0
    """Between the first and the last picture that count, in each opening; a silence that lasts is
    part of it, what lies between two openings is not."""
    frames: int = 0
    fps: float | None = None
    """Over all of it; None before the first period is over."""
    fps_now: float | None = None
    """Of the last five seconds, or pictures; None where none are expected."""
    fps_ratio: float | None = None
    interval_p50_ms: float | None = None
    interval_p95_ms: float | None = None
    interval_ratio: float | None = None
    """The p95 interval, in periods of the nominal rate."""
    dropped: int | None = None
    """None where nothing can tell."""
    drop_sign: str = ""
    drop_rate: float | None = None
    """A fraction 0..1 of the pictures that should have come."""
    longest_gap: int = 0
    corrupt: int = 0
    undecoded: int = 0
    """Pictures that nobody looked at: this machine was too slow for all of them."""
    bitrate_kbps: float | None = None
    keyframe_distance: int | None = None
    age_ms: float | None = None
    behind_ms: float | None = None
    quality: Quality | None = None
    """The newest of this opening; of a run or a probe the median of all that count."""
    focus_peak: float | None = None
    """The best so far, or since the peak was reset."""
    peak_percent: float | None = None
    """Focus now, of that peak; None where the picture is too flat to tell."""
    frozen_s: float = 0.0
    """How long the picture has not changed."""
    black_s: float = 0.0
    frozen_most_s: float = 0.0
    """The longest of all of it."""
    black_most_s: float = 0.0
    uniform_most_s: float = 0.0
    """The longest that it was one grey all over, to the second."""
    outages: int = 0
    """How often it stopped delivering after it had begun."""
    stopped_by: CameraFault | None = None
    """What the newest of them began with."""
    recovered_s: float | None = None
    """From the last picture before an outage to the next, the longest; None: there was none, or one
    lasts."""
    recovery_step_s: float | None = None
    """How much of that nobody looked whether it was back: between the last attempt and pictures."""
    reader_cpu_percent: float | None = None
    """What looking at it costs, of one core."""
    compared: Compared | None = None
    """None without a reference."""
    limits: tuple[LimitState, ...] = ()
    goals: tuple[LimitState, ...] = ()
    findings: tuple[CameraFinding, ...] = ()
    """The weightiest first."""
    grade: Grade = "unknown"
    was: Grade = "unknown"
    """How it stood when it was last looked at, before now."""
    picture: Picture | None = None
    """The newest for the screen, if one was asked for."""

    @property
    def is_played(self) -> bool:
        """Whether it is a recording that came to its end: that is no fault of a camera."""
        is_over = self.fault is not None and is_end_of_recording(self.fault, self.source)
        return is_over and self.opened is not None
