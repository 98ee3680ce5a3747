"""Whether the objects that were found are those that a picture has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from tui.core.e2e.detection import Detection, Likeness
from tui.core.format import count

_ROUNDING = 1e-9


def unlike(likeness: Likeness, found: Sequence[Detection]) -> str:
    """What is wrong first, in a clause: `car found at IoU 0.31, not 0.5`; empty where nothing is.

    Each object that must be there has the one of its class that covers it best, the best pairs
    first.
    """
    wanted = likeness.objects
    pairs = _pairs(likeness, found)
    taken = set(pairs.values())
    for place, each in enumerate(wanted):
        if place not in pairs:
            left = [other for at, other in enumerate(found) if at not in taken]
            return _not_found(each, left, likeness.least_iou)
    extra = Counter(other.category for at, other in enumerate(found) if at not in taken)
    for category, number in extra.items():
        return f"{_how_many(number)} {category} more than there is"
    unsure = (_unsure(wanted[at], found[other], likeness) for at, other in pairs.items())
    return next((wrong for wrong in unsure if wrong), "")


def objects_text(objects: Sequence[Detection]) -> str:
    """`car 0.90 [10 20 110 80], dog 0.42 [0 0 5 5]`; `none`."""
    texts = (
        f"{each.category} {each.confidence:.2f} [{' '.join(f'{edge:.0f}' for edge in each.box)}]"
        for each in objects
    )
    return ", ".join(texts) or "none"


def iou(one: Detection, other: Detection) -> float:
    """Intersection over union of their boxes, 0..1; of a box that is none 0."""
    a, b = one.box, other.box
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(one) + _area(other) - both)


def shown_so(
    value: float, is_so: Callable[[float], bool], places: Sequence[int] = (2, 4, 9)
) -> str:
    """A number with the first of these places with which what is true of it is true of what is
    shown."""
    texts = [f"{value:.{each}f}" for each in places]
    return next((text for text in texts if is_so(float(text))), texts[-1])


def _area(each: Detection) -> float:
    x1, y1, x2, y2 = each.box
    return max(x2 - x1, 0.0) * max(y2 - y1, 0.0)


def _pairs(likeness: Likeness, found: Sequence[Detection]) -> dict[int, int]:
    """By the place of the object that must be there: the place of the found one."""
    near = sorted(
        (
            (-covered, abs(each.confidence - other.confidence), place, at)
            for place, each in enumerate(likeness.objects)
            for at, other in enumerate(found)
            if each.category == other.category
            and (covered := iou(each, other)) > 0
            and covered >= likeness.least_iou - _ROUNDING
        ),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, place, at in near:
        if place not in pairs and at not in taken:
            pairs[place] = at
            taken.add(at)
    return pairs


def _not_found(each: Detection, left: Sequence[Detection], least_iou: float) -> str:
    covered = [iou(each, other) for other in left if other.category == each.category]
    if not covered:
        return f"no {each.category} found"
    best = max(covered)
    shown = shown_so(best, lambda value: value < least_iou)
    return f"{each.category} found at IoU {shown}, not {least_iou:g}"


def _unsure(each: Detection, other: Detection, likeness: Likeness) -> str:
    within = likeness.confidence_within

    def is_off(confidence: float) -> bool:
        return abs(each.confidence - confidence) > within + _ROUNDING

    if not is_off(other.confidence):
        return ""
    shown = shown_so(other.confidence, is_off)
    wanted = f"{each.confidence:.2f} ± {within:g}"
    return f"{each.category} with confidence {shown}, not {wanted}"


def _how_many(number: int) -> str:
    return "one" if number == 1 else count(number)
