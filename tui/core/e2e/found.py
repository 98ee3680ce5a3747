"""The objects of an answer, as the service writes them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tui.core.e2e.answer import pointed_at
from tui.core.e2e.detection import Detection, DetectionShape
from tui.core.e2e.number import finite

MOST_OBJECTS = 10_000
Box = tuple[float, float, float, float]


class Unreadable(Exception):
    """It is no list of objects as the service is said to write them; the text says why."""


class Sighting(msgspec.Struct, frozen=True):
    """An object wherever it is."""

    category: str
    """As the scenario calls it."""
    confidence: float


def sightings(part: object, shape: DetectionShape) -> tuple[Sighting, ...]:
    """What was found, without the boxes. Raises Unreadable."""
    names = {theirs: ours for ours, theirs in shape.categories.items()}
    return tuple(
        _sighting(number, each, shape, names) for number, each in enumerate(_listed(part), 1)
    )


def detections(
    part: object, shape: DetectionShape, width: int, height: int
) -> tuple[Detection, ...]:
    """What was found, and where in a picture of that size. Raises Unreadable."""
    if shape.fractions and not (width and height):
        raise Unreadable("boxes are fractions: like needs the picture's width and height")
    scale = (width, height) if shape.fractions else (1, 1)
    return tuple(
        Detection(seen.category, seen.confidence, _box(number, each, shape, scale))
        for number, (seen, each) in enumerate(
            zip(sightings(part, shape), _listed(part), strict=True), 1
        )
    )


def _listed(part: object) -> list[object]:
    if not isinstance(part, list):
        raise Unreadable("it is no list of objects")
    if len(part) > MOST_OBJECTS:
        raise Unreadable(f"it has more than {MOST_OBJECTS} objects")
    return part


def _sighting(
    number: int, each: object, shape: DetectionShape, names: Mapping[str, str]
) -> Sighting:
    category = _at(number, each, shape.category)
    confidence = finite(_at(number, each, shape.confidence))
    if isinstance(category, bool) or not isinstance(category, (str, int)):
        raise Unreadable(f"object {number} has no class in {shape.category}")
    if confidence is None:
        raise Unreadable(f"object {number} has no number in {shape.confidence}")
    name = str(category)
    return Sighting(names.get(name, name), float(confidence))


def _box(number: int, each: object, shape: DetectionShape, scale: tuple[int, int]) -> Box:
    four = _at(number, each, shape.box)
    edges = [finite(value) for value in four] if isinstance(four, list) else []
    found = [value * scale[place % 2] for place, value in enumerate(edges) if value is not None]
    if len(edges) != 4 or len(found) != 4:
        raise Unreadable(f"object {number} has no four numbers in {shape.box}")
    a, b, c, d = map(float, found)
    if shape.corners == "xywh":
        return a, b, a + c, b + d
    if shape.corners == "cxcywh":
        return a - c / 2, b - d / 2, a + c / 2, b + d / 2
    return a, b, c, d


def _at(number: int, each: object, pointer: str) -> object:
    try:
        return pointed_at(each, pointer)
    except KeyError:
        raise Unreadable(f"object {number} has no {pointer}") from None
