"""The objects that an answer is expected to have found, read and checked."""

from __future__ import annotations

from math import inf

import msgspec

from tui.core.e2e.detection import Detection, Likeness
from tui.core.mistakes import Mistakes

MOST_PIXELS = 100_000
MOST_OBJECTS = 1000


class DetectionTable(msgspec.Struct, forbid_unknown_fields=True):
    category: str = msgspec.field(name="class")
    confidence: float
    box: list[float]


class LikenessTable(msgspec.Struct, forbid_unknown_fields=True):
    objects: list[DetectionTable]
    least_iou: float = 0.5
    confidence_within: float = 0.1
    width: int = 0
    height: int = 0


def read_likeness(mistakes: Mistakes, table: LikenessTable) -> Likeness:
    """The likeness as far as it is in order; `mistakes` are those of the place's `like`."""
    mistakes.check("least_iou", table.least_iou, 0, 1)
    mistakes.check("confidence_within", table.confidence_within, 0, 1)
    for key in ("width", "height"):
        mistakes.check(key, getattr(table, key), 0, MOST_PIXELS)
    if (table.width == 0) != (table.height == 0):
        key = "width" if table.width == 0 else "height"
        mistakes.add(key, "is missing beside the other: a picture has both", "width", "height")
    if len(table.objects) > MOST_OBJECTS:
        mistakes.add("objects", f"at most {MOST_OBJECTS}")
    size = (table.width or inf, table.height or inf)
    return Likeness(
        objects=tuple(
            _detection(mistakes.within(f"objects.{number}"), each, size)
            for number, each in enumerate(table.objects, 1)
        ),
        least_iou=table.least_iou,
        confidence_within=table.confidence_within,
        width=table.width,
        height=table.height,
    )


def _detection(mistakes: Mistakes, table: DetectionTable, size: tuple[float, float]) -> Detection:
    mistakes.check("confidence", table.confidence, 0, 1)
    if not table.category:
        mistakes.add("class", "an object is of a class")
    if len(table.box) != 4:
        mistakes.add("box", "four numbers: x1, y1, x2, y2 in pixels")
        return Detection(table.category, table.confidence, (0.0, 0.0, 1.0, 1.0))
    x1, y1, x2, y2 = table.box
    if not (0 <= x1 < x2 and 0 <= y1 < y2):
        what = "x1, y1, x2, y2 in pixels: from 0, x1 below x2 and y1 below y2"
        mistakes.add("box", what, unless=["box"])
    elif x2 > size[0] or y2 > size[1] or max(x2, y2) > MOST_PIXELS:
        mistakes.add("box", "lies outside of the picture", "width", "height", unless=["box"])
    return Detection(table.category, table.confidence, (x1, y1, x2, y2))
