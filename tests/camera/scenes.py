"""Pictures to judge: made ones of several kinds, blurred, noisy, and in any pixel format."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

Grey = NDArray[np.float64]
"""Rows x columns of luma, 0 to 255, not rounded yet."""
WIDTH, HEIGHT = 640, 360


def filmed(name: str) -> Grey:
    """Of one of FFmpeg's own sources."""
    with av.open(f"{name}=size={WIDTH}x{HEIGHT}:rate=5", format="lavfi") as source:
        for frame in source.decode(video=0):
            grey = frame.reformat(format="gray")
            return np.asarray(grey.to_ndarray(), np.float64)
    raise AssertionError("no picture")


def natural(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Grey:
    """Detail of every size, as in most views, and some things with sharp edges in front."""
    chance = np.random.default_rng(seed)
    down, right = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    size = np.hypot(down, right)
    size[0, 0] = np.inf
    waves = chance.normal(size=size.shape) + 1j * chance.normal(size=size.shape)
    ground = np.fft.irfft2(waves / size**1.2, s=(height, width))
    view = 110 + 25 * ground / ground.std()
    for _ in range(25):
        left, top = chance.integers(0, width - 50), chance.integers(0, height - 50)
        across, along = chance.integers(10, width // 6, 2)
        view[top : top + along, left : left + across] += chance.normal(0, 35)
    clipped: Grey = np.clip(view, 0, 255)
    return clipped


def blurred(view: Grey, sigma: float) -> Grey:
    """By a Gaussian of so many pixels; nothing comes in from beyond its sides."""
    if not sigma:
        return view
    around = 40
    wide = np.pad(view, around, mode="reflect")
    down, right = np.fft.fftfreq(wide.shape[0])[:, None], np.fft.rfftfreq(wide.shape[1])[None, :]
    passed = np.exp(-2 * (np.pi * sigma) ** 2 * (down**2 + right**2))
    soft: Grey = np.fft.irfft2(np.fft.rfft2(wide) * passed, s=wide.shape)
    return soft[around:-around, around:-around]


def noisy(view: Grey, sigma: float, seed: int = 0) -> Grey:
    return view + np.random.default_rng(seed).normal(0, sigma, view.shape)


def frame_of_grey(view: Grey, name: str = "gray") -> VideoFrame:
    """In this pixel format, without colour."""
    level = np.clip(np.rint(view), 0, 255).astype(np.uint8)
    rgb = VideoFrame.from_ndarray(np.repeat(level[:, :, None], 3, axis=2), format="rgb24")
    return rgb if name == "rgb24" else rgb.reformat(format=name)


def flat(level: float, width: int = WIDTH, height: int = HEIGHT) -> Grey:
    return np.full((height, width), float(level))


def broken(packet: Packet[VideoStream]) -> Packet[VideoStream]:
    """One in whose place something else came."""
    other: Any = Packet(b"\xff" * packet.size)
    other.stream, other.pts, other.dts = packet.stream, packet.pts, packet.dts
    other.is_keyframe = packet.is_keyframe
    if packet.time_base is not None:
        other.time_base = packet.time_base
    found: Packet[VideoStream] = other
    return found
