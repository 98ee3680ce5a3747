"""Cameras in the words and tables that every form of a report uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core import format as text
from tui.core.camera.labels import made_lines
from tui.core.camera.measures import Opened, Quality
from tui.core.camera.reference import moved_percent
from tui.core.camera.source import Source
from tui.core.camera.view import CameraView
from tui.core.model import RunView
from tui.reports.stress_tables import Table
from tui.reports.stress_words import Named, said, seconds
from tui.reports.utc import stamp

HEADS = (
    "camera", "opened", "first frame ms", "fps", "of nominal", "p95 interval", "missing",
    "brightness", "noise", "grade",
)  # fmt: skip
GRADES = {"good": "good", "warn": "warns", "fail": "FAILS", "unknown": "not seen"}
SIGNS = {"timestamps": "by its timestamps", "arrival": "estimated from arrivals"}


def cameras_table(views: Sequence[CameraView]) -> Table:
    """A row for each camera."""
    return Table(HEADS, tuple(map(_row, views)), frozenset(range(2, 9)))


def name_words(view: CameraView) -> str:
    """`dock-3`, `pattern (simulated)`."""
    label = view.source.label
    return f"{said(view.name)} ({label})" if label else said(view.name)


def source_words(source: Source) -> str:
    """As in the configuration, which holds no secret; `(simulated)` where it is no camera."""
    label = f" ({source.label})" if source.label else ""
    return f"{said(source.text)}{label}"


def simulated_words(view: RunView) -> tuple[str, ...]:
    """That what was watched is no camera, a line for each; empty where all are real."""
    return tuple(map(said, made_lines((each.name, each.source) for each in view.cameras)))


def is_made(view: RunView) -> bool:
    """Whether figures of the run are of no real service, or of no real camera."""
    is_sent = view.workflow is not None and bool(view.workflow.labels)
    return view.facts.is_demo or is_sent or any(each.source.label for each in view.cameras)


def camera_words(view: CameraView) -> tuple[Named, ...]:
    """All that is known of one camera, by name; what nobody knows is left out."""
    return tuple((name, words) for name, words in _facts(view) if words)


def state_words(view: CameraView) -> str:
    """How it stands, and what to do about it where it delivers nothing."""
    if view.fault is not None:
        return said(view.trouble)
    words = {"closed": "not looked at", "opening": "being opened", "live": "delivers"}
    return words.get(view.state, view.state)


def opened_words(opened: Opened | None) -> str:
    """`h264 1280x720`; empty where it never opened."""
    return "" if opened is None else f"{said(opened.codec)} {opened.width}x{opened.height}"


def _facts(view: CameraView) -> Iterator[Named]:
    yield "source", source_words(view.source)
    opened = view.opened
    if opened is None or view.fault is not None:
        yield "state", state_words(view)
    if opened is None:
        return
    first = f"first picture after {text.count(opened.first_frame_ms)} ms"
    mode = f", asked for {said(opened.mode)}" if opened.mode else ""
    which = f" (opening {view.slowest_opening} of {view.openings})" if view.openings > 1 else ""
    yield "opened", f"{opened_words(opened)}{mode}, {first}{which}"
    yield "rate", _rate(view)
    yield "intervals", _intervals(view)
    yield "missing", missing_words(view)
    yield "stream", _stream(view)
    if view.quality is not None:
        yield "picture", _picture(view.quality)
    yield "delay", _delay(view)
    if view.outages:
        yield "outages", f"{text.count(view.outages)}{_way_back(view)}"
    yield "reference", _compared(view)


def _rate(view: CameraView) -> str:
    if view.fps is None:
        return "too few pictures to tell" if view.frames else "no picture that counts"
    nominal = f" of {text.fixed(view.nominal_fps, 2)}" if view.nominal_fps else ""
    ratio = "" if view.fps_ratio is None else f" ({text.fixed(view.fps_ratio * 100, 1)} %)"
    over = f"{text.counted(view.frames, 'picture')} in {seconds(view.measured_s)}"
    openings = f" of {view.openings} openings" if view.openings > 1 else ""
    return f"{text.fixed(view.fps, 2)}{nominal} pictures/s{ratio}, {over}{openings}"


def _intervals(view: CameraView) -> str:
    if view.interval_p50_ms is None or view.interval_p95_ms is None:
        return ""
    periods = ""
    if view.interval_ratio is not None:
        periods = f" ({text.fixed(view.interval_ratio, 2)} periods)"
    return (
        f"p50 {text.ms(view.interval_p50_ms)} ms, p95 {text.ms(view.interval_p95_ms)} ms{periods}"
    )


def missing_words(view: CameraView) -> str:
    """`12 pictures (0.04 %), at most 2 in a row, by its timestamps`."""
    if view.dropped is None:
        return "nothing tells" if view.frames else ""
    sign = SIGNS.get(view.drop_sign, "")
    if not view.dropped:
        none = "none while it delivered" if view.outages else "none"
        return f"{none}, {sign}"
    share = f" ({text.percent(view.drop_rate)} %)" if view.drop_rate is not None else ""
    lost = text.counted(view.dropped, "picture")
    return f"{lost}{share}, at most {text.count(view.longest_gap)} in a row, {sign}"


def _stream(view: CameraView) -> str:
    parts = []
    if view.bitrate_kbps:
        parts.append(f"{text.count(view.bitrate_kbps)} kbit/s")
    if view.keyframe_distance is not None and view.keyframe_distance > 1:
        parts.append(f"a keyframe every {text.counted(view.keyframe_distance, 'picture')}")
    if view.corrupt:
        parts.append(f"{text.counted(view.corrupt, 'picture')} damaged")
    return ", ".join(parts)


def _picture(quality: Quality) -> str:
    dark, bright = quality.clipped_dark_percent, quality.clipped_bright_percent
    return (
        f"brightness {text.fixed(quality.brightness)}, contrast {text.fixed(quality.contrast)}, "
        f"clipped {text.fixed(dark, 1)} % dark and {text.fixed(bright, 1)} % bright, "
        f"noise {text.fixed(quality.noise, 1)}, focus {text.count(quality.focus)}"
    )


def _delay(view: CameraView) -> str:
    parts = []
    if view.age_ms is not None:
        parts.append(f"{text.ms(view.age_ms)} ms from capture to here")
    if view.behind_ms is not None and view.behind_ms >= 100:
        parts.append(f"{text.ms(view.behind_ms)} ms behind the promptest of the last minutes")
    return ", ".join(parts)


def _way_back(view: CameraView) -> str:
    """Nobody looks all the time whether it is back: it lies between two times."""
    if view.recovered_s is None:
        return ""
    least_s = max(view.recovered_s - (view.recovery_step_s or 0.0), 0.0)
    return f", back after {seconds(view.recovered_s)} at most and {seconds(least_s)} at least"


def _compared(view: CameraView) -> str:
    found = view.compared
    if found is None:
        return ""
    moved = moved_percent(found)
    aim = "aim not found again" if moved is None else f"aim moved by {text.fixed(moved, 1)} %"
    focus = "" if found.focus_percent is None else f", focus {text.fixed(found.focus_percent)} %"
    light = f", brightness {found.brightness_change:+.0f}"
    return f"{aim}{focus}{light}, against {stamp(found.stored_at)} UTC"


def _row(view: CameraView) -> tuple[str, ...]:
    quality = view.quality
    first_ms = view.opened.first_frame_ms if view.opened is not None else None
    return (
        name_words(view),
        opened_words(view.opened) or "not opened",
        text.NOTHING if first_ms is None else text.count(first_ms),
        text.NOTHING if view.fps is None else text.fixed(view.fps, 2),
        text.NOTHING if view.fps_ratio is None else f"{text.fixed(view.fps_ratio * 100, 1)} %",
        text.NOTHING if view.interval_p95_ms is None else f"{text.ms(view.interval_p95_ms)} ms",
        text.NOTHING if view.dropped is None else text.count(view.dropped),
        text.NOTHING if quality is None else text.fixed(quality.brightness),
        text.NOTHING if quality is None else text.fixed(quality.noise, 1),
        GRADES[view.grade],
    )
