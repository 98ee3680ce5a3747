"""What it sees: the demo's outlines under other names, as fractions of the picture."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.lib.sorter.faults import Kind
from tui.demo.detector import detect

LABELS = {"box": "carton", "ball": "sphere", "bottle": "flask", "object": "part"}


class NoPicture(Exception):
    """The bytes can't be read as one."""


def boxes_in(data: bytes) -> tuple[list[dict[str, Any]], tuple[int, int]]:
    """Each part, and the picture's width and height in pixels."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG")).convert("RGB")
    except Exception as error:
        raise NoPicture from error
    width, height = image.size
    found = []
    for each in detect(image):
        left, top, right, bottom = each.box
        place = [left / width, top / height, (right - left) / width, (bottom - top) / height]
        found.append({"label": LABELS[each.label], "score": each.confidence, "bbox": place})
    return found, (width, height)


def seen_wrong(boxes: list[dict[str, Any]], fault: Kind | None) -> list[dict[str, Any]]:
    """The same as a fault has them."""
    if fault == "blind":
        return []
    if fault == "ghost":
        return [*boxes, {"label": "part", "score": 0.9, "bbox": [0.0, 0.0, 0.1, 0.1]}]
    for box in boxes:
        if fault == "shifted":
            box["bbox"][0] += box["bbox"][2]
        elif fault == "misnamed":
            box["label"] = "part"
        elif fault == "unsure":
            box["score"] /= 2
        elif fault == "scoreless":
            del box["score"]
    return boxes
