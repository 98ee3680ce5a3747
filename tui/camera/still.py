"""Still pictures: one picture as a file, with what proves it, and forms of it that show nobody."""

from __future__ import annotations

import hashlib
import math
import time
from fractions import Fraction

import av
import msgspec
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tui import __version__
from tui.camera.clock import is_clock_synced
from tui.camera.codec import codec_of, is_made
from tui.camera.luma import FULL, FULL_YUV
from tui.camera.picture import fitted
from tui.camera.quality import quality_of
from tui.core.camera.camera import Camera
from tui.core.camera.reference import THUMB_HEIGHT, THUMB_WIDTH
from tui.ports.camera import Still, StillForm

QUALITY = "3"
"""Of FFmpeg's 2 (best) to 31."""
MOST_BLOCKS = 40
"""Along the longer side of a pixelated picture: with so few a face is some blocks."""
_LEAST_BLOCK = 8
"""Pixels across: a small picture must not come through whole."""


def still_of(camera: Camera, frame: VideoFrame, packet: Packet[VideoStream]) -> Still:
    """The picture that came just now; `packet` is the newest that its decoder was given."""
    jpeg = jpeg_of(frame)
    stream = packet.stream
    # A decoder may hold pictures back: this packet is then another's.
    is_its_own = not is_made(stream) and frame.pts is not None and frame.pts == packet.pts
    return Still(
        camera=camera.name,
        source=camera.source.text,
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        packet_sha256=hashlib.sha256(packet).hexdigest() if is_its_own else "",
        width=frame.width,
        height=frame.height,
        codec=codec_of(stream),
        at_utc=time.time(),
        at_monotonic_s=time.monotonic(),
        is_clock_synced=is_clock_synced(),
        pts_s=frame.time,
        is_keyframe=frame.key_frame,
        is_corrupt=frame.is_corrupt or packet.is_corrupt,
        label=camera.source.label,
        tool=f"jetproof {__version__}, av {av.__version__}",
        quality=quality_of(frame),
    )


def reduced_still(still: Still, form: StillForm) -> Still:
    """The same moment in another form, with the hash of its own bytes.

    What it measured and the hash of the packet stay those of the whole picture.
    """
    if form == "full":
        return still
    frame = reduced(frame_of(still.jpeg), form)
    jpeg = jpeg_of(frame)
    return msgspec.structs.replace(
        still,
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        width=frame.width,
        height=frame.height,
    )


def reduced(frame: VideoFrame, form: StillForm) -> VideoFrame:
    """A picture with details taken out of it for good; nothing can bring them back."""
    width, height = frame.width, frame.height
    if form == "full":
        return frame
    if form == "thumbnail":
        return _averaged(frame, *fitted(width, height, THUMB_WIDTH, THUMB_HEIGHT))
    block = max(_LEAST_BLOCK, math.ceil(max(width, height) / MOST_BLOCKS))
    blocks = _averaged(frame, math.ceil(width / block), math.ceil(height / block))
    return blocks.reformat(width=width, height=height, interpolation="POINT")


def jpeg_of(frame: VideoFrame) -> bytes:
    """A picture as a JPEG file, without any metadata."""
    encoder = VideoCodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt, encoder.time_base = FULL_YUV, Fraction(1, 30)
    encoder.options = {"qmin": QUALITY, "qmax": QUALITY, "flags": "+bitexact"}
    full = frame.reformat(format=FULL_YUV, dst_color_range=FULL)
    full.pts = 0
    return b"".join(bytes(packet) for given in (full, None) for packet in encoder.encode(given))


def frame_of(jpeg: bytes) -> VideoFrame:
    """What a JPEG file shows. ValueError when it shows nothing."""
    decoder = VideoCodecContext.create("mjpeg", "r")
    for given in (Packet(jpeg), None):
        for frame in decoder.decode(given):
            return frame
    raise ValueError("no picture in it")


def _averaged(frame: VideoFrame, width: int, height: int) -> VideoFrame:
    return frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
