"""Whether a camera is good enough: its limits, and what is wrong with it in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor
from shlex import quote
from typing import Literal

from tui.core.camera.camera import Camera
from tui.core.camera.faults import advice_on
from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.camera.metrics import figure_text, limit_text
from tui.core.camera.reference import FLAT, Reference, moved_percent
from tui.core.camera.view import CameraFinding, CameraView, Grade
from tui.core.format import counted, duration, fixed
from tui.core.limits import Limit, LimitState

FROZEN_S = 2.0
"""As FFmpeg's freezedetect has it."""
NOISY = ("rawvideo", "mjpeg")
"""Codecs that keep a camera's own noise, which changes some bit of every picture. The others may
send a still scene as no change at all."""
SLOW_RATIO = 0.9
"""Of the nominal rate, even with what was lost: a camera below is slow."""
BLACK_S = UNIFORM_S = 2.0
WHITE = 235.0
"""Luma of a picture that has nothing but light."""
TELLING_S = 2.0
"""A rate of less is not told of a camera that says nothing of its own."""
ENOUGH_FRAMES = 30
"""Fewer say nothing of a rate, unless more were due."""
_RATES = ("fps_ratio", "interval_ratio", "drop_rate", "bitrate_kbps")
ADVICE = {
    "first_frame_ms": "a shorter keyframe distance at the camera shows the first picture sooner",
    "fps_ratio": "see the exposure time (dark scenes halve the rate), USB hub, or network",
    "interval_ratio": "see the network, or the load of this board",
    "drop_rate": 'see cable and network; RTSP over UDP: try transport = "tcp"',
    "longest_gap": 'see cable and network; RTSP over UDP: try transport = "tcp"',
    "brightness": "set exposure, gain or light",
    "contrast": "look for fog, dirt or a cap before the lens",
    "clipped_percent": "shorten the exposure, or turn away from the lamp",
    "noise": "more light, or less gain",
    "focus_percent": "turn the focus ring: screen 3 shows the peak",
    "moved_percent": "aim it again: screen 3, or store a new reference if this is meant",
    "age_ms": "see what buffers between camera and board",
    "bitrate_kbps": "see the camera's own rate control",
    "recovery_s": "see how the camera restarts, and what it waits for",
}
"""What to do about a limit that is broken, by its metric."""


def judged(limits: Sequence[Limit], view: CameraView) -> tuple[LimitState, ...]:
    """Each limit beside what was measured; one without a figure is not judged."""
    return tuple(_judged(limit, figure_of(limit.metric, view)) for limit in limits)


def figure_of(metric: str, view: CameraView) -> float | None:
    """A camera's figure of one of the `CAMERA_METRICS`; None where there is none (yet)."""
    quality, compared = view.quality, view.compared
    if metric in _RATES and not is_enough(view):
        return None
    match metric:
        case "first_frame_ms":
            return view.opened.first_frame_ms if view.opened is not None else None
        case "longest_gap":
            return _longest_gap(view)
        case "recovery_s":
            return view.recovered_s
        case "focus_percent":
            # Comparable within one scene only.
            if compared is None or moved_percent(compared) is None:
                return None
            return compared.focus_percent
        case "moved_percent":
            return moved_percent(compared) if compared is not None else None
        case "clipped_percent":
            return (
                None
                if quality is None
                else max(quality.clipped_dark_percent, quality.clipped_bright_percent)
            )
        case "brightness" | "contrast" | "noise":
            found: float | None = getattr(quality, metric, None)
            return found
    told: float | None = getattr(view, metric)
    return told


def _longest_gap(view: CameraView) -> float | None:
    """An outage is one, too: of as many pictures as were due in the longest."""
    if not view.outages:
        return view.longest_gap if view.dropped is not None else None
    if view.recovered_s is None or not view.nominal_fps:
        return None
    return max(view.longest_gap, floor(view.recovered_s * view.nominal_fps) - 1)


def is_enough(view: CameraView) -> bool:
    """Whether its pictures, or their absence, say something of its rate."""
    due = view.measured_s * (view.nominal_fps or 0.0)
    return max(view.frames, due) >= ENOUGH_FRAMES


def findings_of(
    view: CameraView, camera: Camera, reference: Reference | None = None
) -> tuple[CameraFinding, ...]:
    """What is wrong, the weightiest first; empty where nothing is, or nobody looks."""
    order = {"fail": 0, "warn": 1, "info": 2}
    return tuple(sorted(_findings(view, camera, reference), key=lambda one: order[one.level]))


def grade_of(view: CameraView, findings: Sequence[CameraFinding]) -> Grade:
    """In one word."""
    levels = {one.level for one in findings}
    if "fail" in levels:
        return "fail"
    if not view.frames:
        return "unknown"
    return "warn" if "warn" in levels else "good"


def _findings(
    view: CameraView, camera: Camera, reference: Reference | None
) -> Iterator[CameraFinding]:
    yield from _of_its_course(view, camera)
    yield from _of_the_picture(view)
    yield from _of_the_size(view, camera)
    yield from _of_its_openings(view)
    yield from _of_its_rate(view)
    yield from _of_its_pace(view)
    if reference is not None:
        yield from _of_the_reference(view, reference)
    for level, states in (("fail", view.limits), ("warn", view.goals)):
        broken = {one.metric for one in _broken(view.limits)} if level == "warn" else ()
        for limit in _broken(states):
            if limit.metric not in broken:
                yield of_a_limit("fail" if level == "fail" else "warn", limit, view)
    if view.opened is not None:
        for note in view.opened.notes:
            yield CameraFinding("info", note)


def _of_its_course(view: CameraView, camera: Camera) -> Iterator[CameraFinding]:
    if view.fault is not None:
        advice = advice_on(view.fault, camera.source, camera.credentials)
        yield CameraFinding("info" if view.is_played else "fail", advice.what, advice.next)
    if not view.outages or (view.outages == 1 and _stands_as_it_stopped(view)):
        return  # that fault says by itself that it stopped
    back = " and is not back" if view.fault is not None else ""
    if view.recovered_s is not None:
        back = f", back after {duration(round(view.recovered_s, 1))} at most"
        # What passed between two attempts, and until an attempt had a picture, is its own or ours.
        least_s = max(view.recovered_s - (view.recovery_step_s or 0.0), 0.0)
        back = f"{back} and {duration(round(least_s, 1))} at least"
    what = f"it stopped delivering {counted(view.outages, 'time')}{back}"
    yield CameraFinding("fail", what, "see its log, its supply and its cable")


def _stands_as_it_stopped(view: CameraView) -> bool:
    fault, first = view.fault, view.stopped_by
    return fault is not None and first is not None and fault.kind == first.kind


def _of_the_picture(view: CameraView) -> Iterator[CameraFinding]:
    if view.black_most_s >= BLACK_S:
        how_long = duration(round(view.black_most_s))
        yield CameraFinding(
            "fail", f"the picture was black for {how_long}", "see the lens cap, light and exposure"
        )
    yield from _of_stillness(view)
    if view.uniform_most_s >= UNIFORM_S:
        how_long = duration(round(view.uniform_most_s))
        grey, then = "one grey", "see the lens cap, fog, and whether it is far out of focus"
        if view.quality is not None and view.quality.brightness >= WHITE:
            grey, then = "white", "shorten the exposure; see what lamp or sun shines into it"
        yield CameraFinding("fail", f"the picture was {grey} all over for {how_long}", then)
    if view.corrupt:
        what = f"{counted(view.corrupt, 'picture')} came damaged"
        yield CameraFinding("warn", what, "see cable and network")
    if view.undecoded:
        unseen = counted(view.undecoded, "picture")
        what = f"{unseen} came and could not be looked at: this board is too slow"
        yield CameraFinding("info", what, "watch fewer cameras at once, or smaller pictures")


def _of_stillness(view: CameraView) -> Iterator[CameraFinding]:
    opened = view.opened
    if view.frozen_most_s < FROZEN_S or view.black_most_s >= BLACK_S:
        return
    if opened is None or not opened.is_live or view.source.kind == "test":
        return
    what = f"the picture stood still for {duration(round(view.frozen_most_s))}"
    then = "wave a hand before it: if it stays so, restart the camera"
    if opened.codec in NOISY:
        yield CameraFinding("fail", f"{what}: not a bit of light and shade changed", then)
    else:
        yield CameraFinding("warn", f"{what}: frozen, or a still scene in {opened.codec}", then)


def _of_its_openings(view: CameraView) -> Iterator[CameraFinding]:
    if view.openings > 1:
        which = f"opening {view.slowest_opening} of {view.openings}"
        yield CameraFinding("info", f"its first frame is told of {which}, the slowest")


def _of_its_rate(view: CameraView) -> Iterator[CameraFinding]:
    """That nobody can say whether it delivers all that it should."""
    if view.nominal_fps or view.fps is None or view.is_played or view.measured_s < TELLING_S:
        return
    if view.opened is not None and view.opened.is_live:
        what = f"{fixed(view.fps, 1)} fps, and it does not tell how many it should deliver"
        yield CameraFinding("warn", what, "set its fps in config.toml: then it is judged")


def _of_its_pace(view: CameraView) -> Iterator[CameraFinding]:
    """Why pictures are not missing that the nominal rate asks for."""
    nominal_fps, period_ms = view.nominal_fps, view.interval_p50_ms
    if not nominal_fps or not period_ms or view.fps_ratio is None or view.drop_rate is None:
        return
    pace = 1000 / period_ms
    is_slow = max(view.fps_ratio + view.drop_rate, pace / nominal_fps) < SLOW_RATIO
    if is_slow and is_enough(view):
        what = f"missing pictures are counted at its present pace of {fixed(pace, 1)}/s"
        yield CameraFinding("info", f"{what}, not at the nominal one")


def _of_the_size(view: CameraView, camera: Camera) -> Iterator[CameraFinding]:
    opened = view.opened
    if opened is None or camera.width is None or camera.height is None:
        return
    if (opened.width, opened.height) != (camera.width, camera.height):
        came = f"{opened.width}x{opened.height}"
        what = f"it delivers {came}, and {camera.width}x{camera.height} was asked for"
        yield CameraFinding("fail", what, "jetproof camera list shows what it offers")


def _of_the_reference(view: CameraView, reference: Reference) -> Iterator[CameraFinding]:
    opened, quality, found = view.opened, view.quality, view.compared
    if opened is None or quality is None or found is None:
        return
    if (opened.width, opened.height) != (reference.width, reference.height):
        was = f"{reference.width}x{reference.height}"
        what = f"its reference is of {was}: focus is not compared with it"
        anew = f"jetproof camera probe {quote(view.name)} --keep-reference"
        yield CameraFinding("info", what, anew)
    is_flat = min(quality.contrast, reference.quality.contrast) < FLAT
    if reference.thumb and moved_percent(found) is None and not is_flat and view.frames:
        what = "the scene of its reference is not to be found in the picture"
        yield CameraFinding("warn", what, ADVICE["moved_percent"])


def of_a_limit(level: Literal["fail", "warn"], limit: Limit, view: CameraView) -> CameraFinding:
    """A limit that is broken, in words."""
    observed = figure_of(limit.metric, view)
    what = broken_text(limit, observed, "limit" if level == "fail" else "goal")
    return CameraFinding(level, what, _advice_on(limit.metric, view))


def broken_text(limit: Limit, observed: float | None, word: str = "limit") -> str:
    """`noise 9.1, limit < 8`."""
    label = CAMERA_METRICS[limit.metric].label
    figure = figure_text(limit.metric, observed, limit.value)
    return f"{label} {figure}, {word} {limit_text(limit)}"


def _advice_on(metric: str, view: CameraView) -> str:
    quality = view.quality
    if metric == "fps_ratio" and (view.outages or view.fault is not None):
        return "its silences count: see why it stopped"
    is_dark = quality is not None and quality.clipped_dark_percent > quality.clipped_bright_percent
    if metric == "clipped_percent" and is_dark:
        return "more light, a longer exposure or more gain"
    return ADVICE[metric]


def _broken(states: Sequence[LimitState]) -> list[Limit]:
    return [each.limit for each in states if _is_broken(each)]


def _is_broken(state: LimitState) -> bool:
    return state.passed is False


def _judged(limit: Limit, observed: float | None) -> LimitState:
    passed = None if observed is None else limit.holds_for(observed)
    return LimitState(limit, observed, passed)
