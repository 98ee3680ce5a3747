"""How a step reads a list page by page, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.e2e.known_words import KnownWords
from tui.core.e2e.pages import Pages
from tui.core.e2e.place import wrong_place, wrong_record_place
from tui.core.mistakes import Mistakes
from tui.core.problem import did_you_mean, quoted

MOST_SIZE = 10_000
MOST_RECORDS = 10_000_000


class PagesTable(msgspec.Struct, forbid_unknown_fields=True):
    items: str
    id: str
    of: str = ""
    saved: str = "id"
    size: int = 100
    most: int = 1_000_000
    cursor: str = ""
    name: str = ""
    fields: list[str] = []
    order: str = ""


def read_pages(mistakes: Mistakes, table: PagesTable, known: KnownWords) -> Pages:
    """The pages as far as they are in order; `mistakes` are those of the step's `pages`."""
    for key in ("items", "cursor"):
        place = getattr(table, key)
        wrong = wrong_place(place) if place or key == "items" else ""
        if wrong:
            mistakes.add(key, wrong)
    where = {"id": table.id, "name": table.name, "order": table.order}
    where |= {f"fields.{number}": each for number, each in enumerate(table.fields, 1)}
    for key, text in where.items():
        wrong = wrong_record_place(text)
        if wrong:
            mistakes.add(key, wrong)
    mistakes.check("size", table.size, 1, MOST_SIZE)
    mistakes.check("most", table.most, 1, MOST_RECORDS)
    if table.of:
        check_items(mistakes, "of", table.of, known)
        _check_saved(mistakes, table, known)
    elif not table.name:
        what = 'is missing: without "of" a name tells which records are of the round'
        mistakes.add("name", what, "of")
    return Pages(
        items=table.items,
        id=table.id,
        of=table.of,
        saved=table.saved,
        size=table.size,
        most=table.most,
        cursor=table.cursor,
        name=table.name,
        fields=tuple(table.fields),
        order=table.order,
    )


def check_items(mistakes: Mistakes, key: str, step: str, known: KnownWords) -> None:
    """Whether a step of that name comes before and does something item by item."""
    if step in known.items:
        return
    if step in known.steps:
        mistakes.add(key, f"{quoted(step)} has no items: it needs repeat or each")
    else:
        what = f"no step before this one is called {quoted(step)}"
        mistakes.add(key, f"{what}{did_you_mean(step, known.items)}")


def _check_saved(mistakes: Mistakes, table: PagesTable, known: KnownWords) -> None:
    items = known.items.get(table.of)
    if items is not None and table.saved not in items.saved and known.is_certain:
        listed = ", ".join(items.saved) or "nothing"
        meant = did_you_mean(table.saved, items.saved)
        what = f"{table.of} saves no {quoted(table.saved)}{meant}; it saves: {listed}"
        mistakes.add("saved", what, "of")
