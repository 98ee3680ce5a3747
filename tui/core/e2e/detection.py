"""Objects that a service finds in a picture: what is expected, and how it writes them."""

from __future__ import annotations

from typing import Literal

import msgspec


class Detection(msgspec.Struct, frozen=True):
    """One object."""

    category: str
    confidence: float
    box: tuple[float, float, float, float]
    """x1, y1, x2, y2 in pixels of the picture."""


class Likeness(msgspec.Struct, frozen=True):
    """The objects that a picture has, and how near to them an answer must come. Each has one of its
    own class, and none is found that is not there."""

    objects: tuple[Detection, ...]
    least_iou: float = 0.5
    """Intersection over union of the boxes."""
    confidence_within: float = 0.1
    width: int = 0
    """Of the picture, for services that tell boxes as fractions of it."""
    height: int = 0


class DetectionShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a service writes an object: JSON pointers within it."""

    category: str = "/class"
    confidence: str = "/confidence"
    box: str = "/box"
    corners: Literal["xyxy", "xywh", "cxcywh"] = "xyxy"
    """Two corners; a corner and the size; the centre and the size."""
    fractions: bool = False
    """Whether boxes are fractions of the picture, not pixels."""
    categories: dict[str, str] = {}
    """What it calls a class, by the name that the scenario has for it."""
