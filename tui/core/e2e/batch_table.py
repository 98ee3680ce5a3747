"""Steps that do something item by item, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.e2e.known_words import Items, KnownWords
from tui.core.e2e.pages_table import check_items
from tui.core.mistakes import Mistakes

MOST_ITEMS = 100_000
MOST_AT_ONCE = 16
_OF_ITEMS = ("at_once", "most_failed", "p95_ms")


class BatchTable(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    repeat: int = 1
    each: str = ""
    at_once: int = 1
    unique: bool = False
    most_failed: float = 0.0
    p95_ms: float | None = None


def read_items(
    mistakes: Mistakes, table: BatchTable, known: KnownWords, *, sends: bool
) -> Items | None:
    """What is known of each item before it is done; None: the step has no items.

    `mistakes` are those of the step, `sends` is whether it sends bytes.
    """
    mistakes.check("repeat", table.repeat, 1, MOST_ITEMS)
    if table.each:
        check_items(mistakes, "each", table.each, known)
        if table.repeat != 1:
            mistakes.add("repeat", "once for each item, or so many times: not both", "each")
    has_items = table.repeat != 1 or table.each or table.unique or mistakes.concern("repeat")
    for key in _OF_ITEMS if not has_items else ():
        if getattr(table, key) != getattr(BatchTable(), key):
            mistakes.add(key, "is of a step with items: it needs repeat or each", "repeat", "each")
    mistakes.check("at_once", table.at_once, 1, MOST_AT_ONCE)
    mistakes.check("most_failed", table.most_failed, 0, 1)
    if table.p95_ms is not None:
        mistakes.check("p95_ms", table.p95_ms, 1, 600_000)
    if table.unique and not sends:
        mistakes.add("unique", "the items of this step send no picture", "send", "send_file")
    if not has_items:
        return None
    before = known.items.get(table.each, Items((), has_bytes=False))
    return Items(before.saved, sends or before.has_bytes)
