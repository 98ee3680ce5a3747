from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import av
import numpy as np
import pytest
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from tests.camera.scenes import Grey, blurred, flat, frame_of_grey, natural
from tui.camera.still import frame_of, jpeg_of, reduced, reduced_still, still_of
from tui.core.camera.camera import Camera
from tui.core.camera.source import Source
from tui.ports.camera import Still, StillForm

GATE = Camera("gate", Source("rtsp", "rtsp://10.0.0.9/live"))
PATTERN = Camera("pattern", Source("test"))


def came(container: InputContainer) -> Iterator[tuple[Packet[VideoStream], list[VideoFrame]]]:
    """Each packet, and what the decoder gave when it got it."""
    with container:
        for packet in container.demux(video=0):
            yield packet, packet.decode()


def recorded(codec: str, **settings: int) -> InputContainer:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as written:
        stream = written.add_stream(codec, rate=10)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = 160, 120
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for name, value in settings.items():
            setattr(stream.codec_context, name, value)
        for number in range(12):
            view = frame_of_grey(np.roll(natural(6)[:120, :160], 5 * number, axis=1))
            written.mux(stream.encode(view.reformat(format=stream.pix_fmt)))
        written.mux(stream.encode(None))
    file.seek(0)
    return av.open(file, "r")


def shown(jpeg: bytes) -> Grey:
    """As another decoder has it."""
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("L")).astype(np.float64)


@pytest.fixture
def still() -> Still:
    packet, frames = next(came(recorded("mjpeg")))
    return still_of(GATE, frames[0], packet)


@pytest.mark.parametrize("name", ["yuv420p", "yuvj422p", "yuyv422", "gray", "rgb24", "p010le"])
def test_any_viewer_shows_the_file_as_the_camera_saw_it(name: str) -> None:
    view = np.rint(blurred(natural(7), 1))
    view[:40, :40], view[:40, 40:80] = 0, 255
    assert np.abs(shown(jpeg_of(frame_of_grey(view, name))) - view).mean() < 2.5


def test_a_file_may_have_odd_sides() -> None:
    view = natural(7)[:121, :33]
    assert shown(jpeg_of(frame_of_grey(view, "yuv420p"))).shape == view.shape


def test_a_file_carries_nothing_but_the_picture() -> None:
    with Image.open(io.BytesIO(jpeg_of(frame_of_grey(natural(7))))) as opened:
        assert opened.format == "JPEG"
        assert not opened.getexif()
        assert "comment" not in opened.info


def test_what_is_no_file_shows_nothing() -> None:
    with pytest.raises(ValueError, match=r"."):
        frame_of(b"no picture at all")


def test_a_still_is_proved_by_the_hash_of_its_own_bytes(still: Still) -> None:
    assert still.sha256 == hashlib.sha256(still.jpeg).hexdigest()
    assert shown(still.jpeg).shape == (still.height, still.width) == (120, 160)
    assert (still.camera, still.source) == ("gate", "rtsp://10.0.0.9/live")
    assert (still.codec, still.label, still.is_keyframe) == ("mjpeg", "", True)
    assert (still.pts_s, still.is_corrupt) == (0.0, False)
    assert "jetproof" in still.tool
    assert f"av {av.__version__}" in still.tool
    assert still.quality is not None


@pytest.mark.parametrize("settings", [{}, {"max_b_frames": 2}])
def test_the_packet_is_the_picture_s_own_or_none(settings: dict[str, int]) -> None:
    sent: dict[int | None, str] = {}
    proved = 0
    for packet, frames in came(recorded("mpeg4", **settings)):
        sent[packet.pts] = hashlib.sha256(bytes(packet)).hexdigest()
        for frame in frames:
            told = still_of(GATE, frame, packet).packet_sha256
            assert told in ("", sent[frame.pts])
            proved += bool(told)
    # Pictures that wait for a later packet to be decoded can't be told from it.
    assert proved == 12 if not settings else 0 < proved < 12


def test_a_made_picture_says_so_and_was_sent_by_nobody() -> None:
    packet, frames = next(came(av.open("testsrc2=size=160x120:rate=5", format="lavfi")))
    still = still_of(PATTERN, frames[0], packet)
    assert (still.label, still.packet_sha256, still.codec) == ("simulated", "", "rawvideo")


def test_a_pixelated_picture_holds_nothing_of_what_was_in_its_blocks() -> None:
    stripes = np.where(np.arange(640) % 2 == 0, 40.0, 200.0)[None, :].repeat(360, axis=0)
    ours, others = (
        jpeg_of(reduced(frame_of_grey(view), "pixelated")) for view in (stripes, 240 - stripes)
    )
    assert ours == others
    assert shown(ours).std() < 1


@pytest.mark.parametrize("size", [(640, 360), (200, 360), (100, 75), (40, 30)])
def test_a_pixelated_picture_is_of_few_blocks(size: tuple[int, int]) -> None:
    view = natural(8)[: size[1], : size[0]]
    blocks = reduced(frame_of_grey(view), "pixelated").reformat(format="gray").to_ndarray()
    assert blocks.shape == view.shape
    across = np.diff(blocks.astype(int), axis=1).any(axis=0)
    down = np.diff(blocks.astype(int), axis=0).any(axis=1)
    for edges, side in zip((across, down), size, strict=True):
        assert 1 <= np.count_nonzero(edges) < min(40, side / 6)


@pytest.mark.parametrize(
    ("size", "small"), [((640, 360), (64, 36)), ((640, 480), (48, 36)), ((120, 320), (14, 36))]
)
def test_a_thumbnail_is_too_small_for_a_face(size: tuple[int, int], small: tuple[int, int]) -> None:
    frame = reduced(frame_of_grey(flat(90, *size)), "thumbnail")
    assert (frame.width, frame.height) == small


@pytest.mark.parametrize("form", ["pixelated", "thumbnail"])
def test_another_form_of_a_still_has_a_hash_of_its_own(still: Still, form: StillForm) -> None:
    other = reduced_still(still, form)
    assert other.jpeg != still.jpeg
    assert other.sha256 == hashlib.sha256(other.jpeg).hexdigest()
    assert shown(other.jpeg).shape == (other.height, other.width)
    assert (other.packet_sha256, other.at_utc) == (still.packet_sha256, still.at_utc)


def test_the_full_form_is_the_very_same_file(still: Still) -> None:
    assert reduced_still(still, "full") == still
