"""One prediction from bytes to answer: what a worker thread does for `POST /predict`."""

from __future__ import annotations

import base64
import io
import time
from typing import Any

from PIL import Image

from tui.demo.detector import Detection, detect
from tui.demo.picture import annotate, decode


def predict(data: bytes, *, with_image: bool, most_pixels: int) -> dict[str, Any]:
    """The answer's fields; `image` is there when it is asked for."""
    started_s = time.perf_counter()
    image = decode(data, most_pixels)
    detections = detect(image)
    answer: dict[str, Any] = {
        "predictions": [_plain(detection) for detection in detections],
        "width": image.width,
        "height": image.height,
        "inference_ms": round((time.perf_counter() - started_s) * 1000, 3),
    }
    if with_image:
        answer["image"] = base64.b64encode(annotate(image, detections)).decode("ascii")
    return answer


def warm_up() -> None:
    """One small prediction, so that the first request doesn't pay for codecs and fonts."""
    picture = io.BytesIO()
    image = Image.new("RGB", (64, 48))
    image.paste((255, 255, 255), (16, 16, 32, 32))
    image.save(picture, "JPEG")
    predict(picture.getvalue(), with_image=True, most_pixels=image.width * image.height)


def _plain(detection: Detection) -> dict[str, Any]:
    return {
        "class": detection.label,
        "confidence": detection.confidence,
        "box": list(detection.box),
    }
