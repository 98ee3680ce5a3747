"""A file with a camera's pictures, made for a test."""

from __future__ import annotations

from pathlib import Path

FPS, FRAMES = 25, 50
SIZE = (320, 180)


def made_recording(path: Path, scene: str = "testsrc2=alpha=255", frames: int = FRAMES) -> Path:
    """A scene that FFmpeg makes, else two seconds of the test pattern, each picture by itself."""
    import av

    width, height = SIZE
    pattern = f"{scene}:size={width}x{height}:rate={FPS}"
    with av.open(str(path), "w") as file, av.open(pattern, format="lavfi") as source:
        stream = file.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        for number, frame in enumerate(source.decode(video=0)):
            if number == frames:
                break
            picture = frame.reformat(format="yuvj420p")
            picture.pts = number
            file.mux(stream.encode(picture))
        file.mux(stream.encode(None))
    return path
