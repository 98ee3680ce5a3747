"""How the pictures of a stream are packed."""

from __future__ import annotations

from av.video.stream import VideoStream

RAW = "rawvideo"
_MADE = "wrapped_avframe"
"""FFmpeg's word for pictures that were never packed: their packets hold addresses."""


def codec_of(stream: VideoStream) -> str:
    """As FFmpeg names it; `RAW` where they are not."""
    return RAW if is_made(stream) else stream.codec_context.name


def is_made(stream: VideoStream) -> bool:
    """Whether this process made them up: there is nothing that was received."""
    return stream.codec_context.name == _MADE
