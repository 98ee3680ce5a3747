"""What a step expects of an answer, read and checked."""

from __future__ import annotations

from math import isfinite

import msgspec

from tui.core.e2e.known_words import StepWords
from tui.core.e2e.likeness_table import LikenessTable, read_likeness
from tui.core.e2e.place import wrong_place
from tui.core.e2e.workflow import Check, JsonType
from tui.core.mistakes import Mistakes

MOST_NUMBER = 1e15
"""Whole numbers beyond are none that floating point tells from the next."""
LEAST_WITHIN_S = 0.001


class CheckTable(msgspec.Struct, forbid_unknown_fields=True):
    equals: str | bool | float | None = None
    type: JsonType | None = None
    least: float | None = None
    most: float | None = None
    within: str = ""
    hash_of: str = ""
    contains: str = ""
    absent: bool = False
    like: LikenessTable | None = None


_KEYS = "equals, type, least, most, within, hash_of, contains, absent or like"
Expected = str | bool | float | CheckTable
"""A plain value is what the part must be equal to."""


def read_check(mistakes: Mistakes, place: str, entry: Expected, words: StepWords) -> Check:
    """What must be true of one place; `mistakes` are those of the step's `expect`."""
    table = entry if isinstance(entry, CheckTable) else CheckTable(equals=entry)
    inside = mistakes.within(place)
    wrong = wrong_place(place)
    if wrong:
        mistakes.add(place, wrong)
    key = "equals" if isinstance(entry, CheckTable) else ""
    if isinstance(table.equals, str):
        words.check_text(inside, key, table.equals)
    elif isinstance(table.equals, float) and not isfinite(table.equals):
        inside.add(key, "nothing is ever equal to that")
    words.check_hash(inside, "hash_of", table.hash_of)
    words.check_text(inside, "contains", table.contains)
    for name, bound in (("least", table.least), ("most", table.most)):
        if bound is not None:
            inside.check(name, bound, -MOST_NUMBER, MOST_NUMBER)
    if table.least is not None and table.most is not None and table.least > table.most:
        inside.add("least", f"more than most ({table.most:g})", "most")
    within_s = inside.seconds("within", table.within, LEAST_WITHIN_S) if table.within else None
    like = read_likeness(inside.within("like"), table.like) if table.like is not None else None
    if table == CheckTable() and inside.is_clean:
        inside.add("", f"expects nothing: it needs {_KEYS}")
    if table.absent and table != CheckTable(absent=True):
        inside.add("absent", "where nothing may be nothing else can be expected")
    return Check(
        place,
        equals=table.equals,
        type=table.type,
        least=table.least,
        most=table.most,
        within_s=within_s,
        hash_of=table.hash_of,
        contains=table.contains,
        absent=table.absent,
        like=like,
    )
