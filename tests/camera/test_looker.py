from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import av
import pytest
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from tests.camera.scenes import broken as broken_packet
from tests.lib.eventually import eventually
from tui.camera import backlog
from tui.camera.backlog import LATE
from tui.camera.looker import Looker
from tui.camera.quality import quality_of
from tui.core.camera.measures import Quality

KEYFRAMES = 20


OPTIONS = {"tune": "zerolatency", "sc_threshold": "0"}
Still = tuple[list[str], bool]


class Film(NamedTuple):
    stream: VideoStream
    packets: list[Packet[VideoStream]]


@contextmanager
def filmed(keyframes: int, pictures: int = 4 * LATE) -> Iterator[Film]:
    """Pictures of H.264 with a keyframe now and then."""
    file = io.BytesIO()
    with (
        av.open("testsrc2=size=160x120:rate=25", format="lavfi") as pattern,
        av.open(file, "w", format="matroska") as made,
    ):
        into = made.add_stream("libx264", rate=25, options=OPTIONS)
        into.width, into.height, into.pix_fmt = 160, 120, "yuv420p"
        into.codec_context.gop_size = keyframes
        for number, frame in enumerate(pattern.decode(video=0)):
            if number == pictures:
                break
            # The pattern says of each picture that it is a keyframe.
            frame.pict_type = PictureType.NONE
            made.mux(into.encode(frame))
        made.mux(into.encode(None))
    file.seek(0)
    with av.open(file) as opened:
        stream = opened.streams.video[0]
        yield Film(stream, [packet for packet in opened.demux(stream) if packet.size])


@pytest.fixture
def film() -> Iterator[Film]:
    """Four times as many pictures as may wait, with a keyframe now and then."""
    with filmed(KEYFRAMES) as opened:
        yield opened


@contextmanager
def held(film: Film) -> Iterator[tuple[Looker, threading.Event, list[Exception]]]:
    """A looker that is busy with its first picture until it may go on, and what broke it."""
    may_go_on, is_slow = threading.Event(), threading.Event()
    broken: list[Exception] = []

    def first(_: VideoFrame) -> None:
        is_slow.set()
        may_go_on.wait(30.0)

    looker = looking(film, first=first, broken=broken.append)
    looker.put(film.packets[0], is_counted=True)
    assert is_slow.wait(30.0)
    try:
        yield looker, may_go_on, broken
    finally:
        may_go_on.set()
        looker.finish(30.0)


def looking(film: Film, **calls: Any) -> Looker:
    nothing: dict[str, Any] = dict.fromkeys(("first", "picture", "still", "broken"), _nothing)
    return Looker(film.stream, b"", **{**nothing, **calls})


def _nothing(*_: object) -> None:
    pass


@pytest.mark.parametrize("is_counted", [True, False])
def test_a_machine_that_is_too_slow_leaves_pictures_out_and_shows_no_broken_ones(
    film: Film, is_counted: bool
) -> None:
    with held(film) as (looker, may_go_on, broken):
        for packet in film.packets[1 : 2 * LATE + 1]:
            looker.put(packet, is_counted=is_counted)
        may_go_on.set()
        looker.finish(30.0)
    seen = looker.take()
    left_out = range(LATE, LATE + KEYFRAMES) if is_counted else [0]
    assert seen.undecoded in left_out
    assert (seen.corrupt, broken) == (0, [])
    assert seen.quality is not None
    assert looker.take().undecoded == 0


def test_a_burst_of_a_camera_with_few_keyframes_is_looked_at_whole() -> None:
    # What a network held back for seconds: nothing else could be shown before the next keyframe.
    with filmed(500) as film, held(film) as (looker, may_go_on, broken):
        for packet in film.packets[1:]:
            looker.put(packet, is_counted=True)
        may_go_on.set()
        looker.finish(30.0)
    seen = looker.take()
    assert (seen.undecoded, seen.corrupt, broken) == (0, 0, [])


def test_no_more_waits_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with filmed(500) as film:
        start, *rest = film.packets
        monkeypatch.setattr(backlog, "MOST_BYTES", sum(each.size for each in rest[:50]))
        waiting = backlog.Backlog(is_raw=False)
        for packet in rest:
            waiting.put(packet, is_counted=True)
        assert waiting.take_left_out() == len(rest) - 50
        assert waiting.has_gap
        waiting.put(start, is_counted=True)
        waiting.end()
        given = list(iter(waiting.get, None))
    assert [each.packet for each in given] == [start]
    assert given[0].is_after_gap
    assert waiting.take_left_out() == 50


def test_what_this_machine_left_out_is_no_fault_of_the_camera(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backlog, "MOST_BYTES", 1)
    with filmed(500) as film, held(film) as (looker, may_go_on, _):
        start, second, *rest = film.packets
        for packet in (broken_packet(second), *rest):
            looker.put(packet, is_counted=True)
        may_go_on.set()
        eventually(lambda: looker.complaint)
        assert looker.in_vain_s(time.monotonic() + 100.0) == 0.0
        # From the next keyframe on it is the camera's again, and no sooner.
        again_s = time.monotonic()
        looker.put(broken_packet(start), is_counted=True)
        looker.finish(30.0)
        assert looker.in_vain_s(again_s) <= 0.0 < looker.in_vain_s(again_s + 100.0)


def test_what_can_not_be_decoded_is_known_as_such(film: Film) -> None:
    looker = looking(film)
    start, *rest = film.packets
    looker.put(start, is_counted=True)
    for packet in rest[:3]:
        looker.put(broken_packet(packet), is_counted=True)
    looker.finish(30.0)
    assert looker.take().corrupt == 3
    assert looker.complaint
    assert looker.in_vain_s(time.monotonic() + 100.0) > 100.0


def test_a_picture_ends_what_was_in_vain(film: Film) -> None:
    looker = looking(film)
    start, second, *rest = film.packets
    for packet in (start, broken_packet(second), *rest[: 2 * KEYFRAMES]):
        looker.put(packet, is_counted=True)
    looker.finish(30.0)
    assert looker.in_vain_s(time.monotonic() + 100.0) == 0.0


@pytest.mark.parametrize("is_spoilt", [False, True])
def test_no_picture_that_is_made_of_a_damaged_one_is_judged(
    film: Film, monkeypatch: pytest.MonkeyPatch, is_spoilt: bool
) -> None:
    monkeypatch.setattr("tui.camera.looker.LOOK_S", 0.0)
    monkeypatch.setattr(backlog, "LATE", 4 * LATE)
    judged: list[int] = []

    def noted(frame: VideoFrame) -> Quality:
        judged.append(round(float(frame.time or 0.0) * 25))
        return quality_of(frame)

    monkeypatch.setattr("tui.camera.looker.quality_of", noted)
    looker = looking(film)
    for number, packet in enumerate(film.packets[: 2 * KEYFRAMES]):
        looker.put(broken_packet(packet) if is_spoilt and number == 5 else packet, is_counted=True)
    looker.finish(30.0)
    whole = list(range(2 * KEYFRAMES))
    assert judged == (whole[:5] + whole[KEYFRAMES:] if is_spoilt else whole)


def test_a_still_picture_says_whether_it_is_damaged(film: Film) -> None:
    stills: list[Still] = []

    def still(names: list[str], _: object, __: object, is_damaged: bool) -> None:
        stills.append((names, is_damaged))

    looker = looking(film, still=still)
    start, second, third, *_ = film.packets
    looker.ask_still("whole")
    looker.put(start, is_counted=True)
    eventually(lambda: stills)
    looker.ask_still("damaged")
    for packet in (broken_packet(second), third):
        looker.put(packet, is_counted=True)
    looker.finish(30.0)
    assert stills == [(["whole"], False), (["damaged"], True)]


def test_what_goes_wrong_while_looking_is_told(film: Film) -> None:
    broken: list[Exception] = []

    def first(_: VideoFrame) -> None:
        raise ValueError("no picture that anybody knows")

    looker = Looker(film.stream, b"", first=first, picture=print, still=print, broken=broken.append)
    looker.put(film.packets[0], is_counted=True)
    looker.finish(30.0)
    assert [str(error) for error in broken] == ["no picture that anybody knows"]
