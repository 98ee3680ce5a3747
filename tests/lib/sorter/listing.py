"""Media as the list of them shows each."""

from __future__ import annotations

from typing import Any

from tests.lib.sorter.faults import Kind
from tests.lib.sorter.media import Medium


def shown(media: list[Medium], fault: Kind | None) -> list[dict[str, Any]]:
    """The entries of one page."""
    entries: list[dict[str, Any]] = [
        {"key": each.key, "label": each.label, "length": each.length, "at": each.at, "note": None}
        for each in media
    ]
    if fault == "hides":
        return entries[1:]
    if fault == "twice":
        return entries[:1] + entries
    if fault == "disorder":
        return entries[1:2] + entries[:1] + entries[2:]
    if fault == "poor":
        for entry in entries:
            del entry["at"]
    return entries
