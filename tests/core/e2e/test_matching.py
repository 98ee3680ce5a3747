"""Objects that were found, beside those that are there."""

from __future__ import annotations

from typing import Any

import pytest

from tui.core.e2e.detection import Detection, DetectionShape, Likeness
from tui.core.e2e.found import MOST_OBJECTS, Unreadable, detections, sightings
from tui.core.e2e.matching import iou, objects_text, unlike

CAR = Detection("car", 0.9, (0, 0, 100, 100))
DOG = Detection("dog", 0.6, (200, 0, 300, 100))


def moved(each: Detection, by: float, confidence: float | None = None) -> Detection:
    x1, y1, x2, y2 = each.box
    sure = each.confidence if confidence is None else confidence
    return Detection(each.category, sure, (x1 + by, y1, x2 + by, y2))


def wrong(*found: Detection, of: tuple[Detection, ...] = (CAR, DOG), **keys: Any) -> str:
    return unlike(Likeness(of, **keys), found)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ((0, 0, 2, 2), (0, 0, 2, 2), 1.0), ((0, 0, 2, 2), (1, 0, 3, 2), 1 / 3),
        ((0, 0, 2, 2), (2, 0, 4, 2), 0.0), ((0, 0, 4, 4), (1, 1, 3, 3), 0.25),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0.0), ((2, 2, 0, 0), (0, 0, 2, 2), 0.0),
    ],
)  # fmt: skip
def test_the_intersection_over_the_union(one: Any, other: Any, value: float) -> None:
    boxes = Detection("a", 1, one), Detection("a", 1, other)
    assert iou(*boxes) == iou(*reversed(boxes)) == pytest.approx(value)


def test_what_is_like_enough() -> None:
    assert wrong(CAR, DOG) == wrong(DOG, CAR) == ""
    assert wrong(moved(CAR, 33), moved(DOG, 0, 0.7)) == ""
    assert wrong(of=()) == ""


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([DOG], "no car found"),
        ([], "no car found"),
        ([moved(CAR, 52.6), DOG], "car found at IoU 0.31, not 0.5"),
        ([moved(CAR, 33.34), DOG], "car found at IoU 0.4999, not 0.5"),
        ([moved(CAR, 500), DOG], "car found at IoU 0.00, not 0.5"),
        ([CAR, DOG, DOG], "one dog more than there is"),
        ([CAR, DOG, DOG, moved(DOG, 9)], "2 dog more than there is"),
        ([CAR, DOG, moved(CAR, 500)], "one car more than there is"),
        ([moved(CAR, 0, 0.42), DOG], "car with confidence 0.42, not 0.90 ± 0.1"),
        ([moved(CAR, 0, 0.7996), DOG], "car with confidence 0.7996, not 0.90 ± 0.1"),
        ([Detection("van", 0.9, CAR.box), DOG], "no car found"),
        ([CAR, DOG, Detection("cat", 0.9, DOG.box)], "one cat more than there is"),
    ],
)
def test_what_is_wrong_is_named(found: list[Detection], why: str) -> None:
    assert wrong(*found) == why


def test_bounds_count_themselves() -> None:
    third = moved(CAR, 50)
    assert iou(CAR, third) == pytest.approx(1 / 3)
    assert wrong(third, of=(CAR,), least_iou=1 / 3) == ""
    assert wrong(moved(CAR, 0, 0.8), of=(CAR,)) == wrong(moved(CAR, 0, 1.0), of=(CAR,)) == ""


def test_the_best_pairs_count_first() -> None:
    left, right = CAR, moved(CAR, 30)
    # The first found one is near both; taken for the left one it would leave the right one none.
    assert wrong(moved(CAR, 26), moved(CAR, 2), of=(left, right)) == ""
    # Nothing but how sure it is tells them apart.
    sure, unsure = moved(CAR, 0, 0.9), moved(CAR, 0, 0.4)
    assert wrong(unsure, sure, of=(sure, unsure)) == ""


def test_objects_are_told_in_a_line() -> None:
    assert objects_text((CAR, DOG)) == "car 0.90 [0 0 100 100], dog 0.60 [200 0 300 100]"
    assert objects_text(()) == "none"


class TestAForeignShape:
    SHAPE = DetectionShape(
        category="/label/0/name",
        confidence="/score",
        box="/bounds",
        corners="cxcywh",
        fractions=True,
        categories={"person": "Mensch", "car": "3"},
    )

    def test_is_read_by_its_pointers(self) -> None:
        part = [
            {"label": [{"name": "Mensch"}], "score": 1, "bounds": [0.5, 0.5, 0.25, 0.5]},
            {"label": [{"name": 3}], "score": 0.25, "bounds": [0, 0, 1, 1]},
            {"label": [{"name": "dog"}], "score": 0.5, "bounds": [0.5, 0.5, 1, 1]},
        ]
        assert detections(part, self.SHAPE, 640, 480) == (
            Detection("person", 1.0, (240, 120, 400, 360)),
            Detection("car", 0.25, (-320, -240, 320, 240)),
            Detection("dog", 0.5, (0, 0, 640, 480)),
        )
        assert [each.category for each in sightings(part, self.SHAPE)] == ["person", "car", "dog"]

    def test_of_a_corner_and_a_size(self) -> None:
        part = [{"class": "a", "confidence": 0.5, "box": [10, 20, 30, 40]}]
        (found,) = detections(part, DetectionShape(corners="xywh"), 0, 0)
        assert found.box == (10, 20, 40, 60)

    def test_of_fractions_needs_the_size_of_the_picture(self) -> None:
        with pytest.raises(Unreadable, match="width and height"):
            detections([], self.SHAPE, 640, 0)

    @pytest.mark.parametrize(
        ("part", "why"),
        [
            ({}, "it is no list of objects"),
            (b"[]", "it is no list of objects"),
            ([1], "object 1 has no /class"),
            ([{"class": "a", "confidence": "0.5"}], "object 1 has no number in /confidence"),
            ([{"class": "a", "confidence": float("nan")}], "object 1 has no number in /confidence"),
            ([{"class": "a", "confidence": True}], "object 1 has no number in /confidence"),
            ([{"class": "a", "confidence": 10**400}], "object 1 has no number in /confidence"),
            ([{"class": None, "confidence": 1}], "object 1 has no class in /class"),
            ([{"class": True, "confidence": 1}], "object 1 has no class in /class"),
            ([{"class": "a", "confidence": 1, "box": [1, 2, 3]}],
             "object 1 has no four numbers in /box"),
            ([{"class": "a", "confidence": 1, "box": [1, 2, 3, float("inf")]}],
             "object 1 has no four numbers in /box"),
            ([{"class": "a", "confidence": 1}], "object 1 has no /box"),
            ([0] * (MOST_OBJECTS + 1), "it has more than 10000 objects"),
        ],
    )  # fmt: skip
    def test_that_is_none_says_why(self, part: object, why: str) -> None:
        with pytest.raises(Unreadable) as error:
            detections(part, DetectionShape(), 0, 0)
        assert str(error.value) == why
