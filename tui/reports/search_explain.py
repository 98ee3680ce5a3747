"""A search in plain words, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.load_fold import sought
from tui.core.model import RunView
from tui.core.search import BreakingPoint
from tui.core.search_words import climb_text, found, level_text, windows_text
from tui.reports import search_words as words


def climbed(view: RunView) -> Iterator[str]:
    """Sentences on how it went about it."""
    search = sought(view.facts)
    if search is None:
        return
    yield (
        f"It climbed {climb_text(search)}. Once a limit broke it halved the distance between the "
        "last level that held and the first that did not, until they were within "
        f"{search.precision * 100:g} % of each other."
    )
    yield f"Each level: {windows_text(search)}."


def sought_and_found(view: RunView) -> Iterator[str]:
    """What came of it; nothing without a search."""
    point = view.search
    if point is None:
        return
    if point.last_good is None and point.first_bad is None and not point.ended_by:
        yield "It has judged no level yet."
        return
    yield f"{_sentence(found(point))}{_while(view, point)}."
    if point.first_bad is None or point.ended_by != "target":
        yield f"Why no higher? {_sentence(words.end_words(point))}."
    if point.knee is not None:
        yield f"{_sentence(words.knee_words(point))}."
    if point.last_good is not None:
        yield f"Does it hold for longer? {_sentence(words.hold_words(point))}."


def _while(view: RunView, point: BreakingPoint) -> str:
    pinch = words.pinch_of(view, point)
    if pinch is None:
        return ""
    limit = words.limit_words(point, pinch)
    seen = words.board_words(pinch.step.board)
    if not seen:
        return f", while the board was not read: {limit}"
    level = level_text(point.by, pinch.step.level)
    where = "" if point.first_bad is not None else f" at {level}"
    return f", while the board had {seen}{where}: {limit}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
