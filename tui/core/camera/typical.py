"""What a camera's pictures were like as a rule: the middle of each figure, over any time."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, Generic, TypeVar

from tui.core.camera.measures import Quality, StreamSecond

T = TypeVar("T")
MOST = 256
"""Seconds that are kept; an even number."""
Moved = tuple[float, float]


class Thinned(Generic[T]):
    """A series of any length, evenly thinned out to fewer than `MOST` values."""

    def __init__(self) -> None:
        self.kept: list[T] = []
        self._every = 1
        self._number = 0

    def add(self, value: T) -> None:
        """One more at its end."""
        if self._number % self._every == 0:
            self.kept.append(value)
        self._number += 1
        if len(self.kept) == MOST:
            self.kept, self._every = self.kept[::2], 2 * self._every


class Typical:
    """Fed with the seconds that count; bounded."""

    def __init__(self) -> None:
        self._pictures: Thinned[tuple[Quality, Moved | None]] = Thinned()
        self._ages_ms: Thinned[float] = Thinned()
        self._quality: Quality | None = None
        """Of all so far, once it was asked for."""

    def add(self, second: StreamSecond) -> None:
        """One second that counts."""
        if second.quality is not None:
            self._pictures.add((second.quality, second.moved))
            self._quality = None
        if second.age_ms is not None:
            self._ages_ms.add(second.age_ms)

    @property
    def quality(self) -> Quality | None:
        """Each figure's median; black or uniform is what most of them are."""
        if self._quality is None and self._pictures.kept:
            self._quality = _middle([each for each, _ in self._pictures.kept])
        return self._quality

    @property
    def moved(self) -> Moved | None:
        """In percent, right and down; None where most could not be found again."""
        found = [moved for _, moved in self._pictures.kept if moved is not None]
        if 2 * len(found) <= len(self._pictures.kept):
            return None
        return median(right for right, _ in found), median(down for _, down in found)

    @property
    def age_ms(self) -> float | None:
        """None where nothing tells it."""
        return median(self._ages_ms.kept) if self._ages_ms.kept else None


def _middle(pictures: Sequence[Quality]) -> Quality:
    return Quality(
        **{
            name: _middle_of([getattr(each, name) for each in pictures])
            for name in Quality.__struct_fields__
        }
    )


def _middle_of(values: Sequence[Any]) -> Any:
    told = [value for value in values if value is not None]
    if not told:
        return None
    if isinstance(told[0], bool):
        return 2 * sum(told) > len(told)
    if isinstance(told[0], tuple):
        return tuple(median(each) for each in zip(*told, strict=True))
    return median(told)
