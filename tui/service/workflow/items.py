"""What the items of a step saved: texts alone, however many there are."""

from __future__ import annotations

import threading

import msgspec

from tui.core.e2e.needed import saved_names
from tui.core.e2e.words import ITEM
from tui.core.e2e.workflow import Step
from tui.service.workflow.values import Values

MOST_TEXT = 4096
"""In characters; of what is longer the hash and the size are kept."""
MOST_CHARACTERS = 64 * 1024 * 1024
"""Of all items of a step."""
MOST_PATHS = 5


class Item(msgspec.Struct, frozen=True, gc=False):
    """One that was done."""

    number: int
    is_good: bool
    saved: dict[str, str]
    facts: dict[str, str]
    """Words of bytes that are not kept."""
    before: Item | None = None
    """The one of another step that it goes on from."""

    def word(self, name: str) -> str | None:
        """What it knows by that name."""
        found = self.saved.get(name)
        if found is not None or self.before is None:
            return found
        return self.before.word(name)

    def values(self, values: Values) -> Values:
        """Those of the round, and all that it knows."""
        chain: list[Item] = [self]
        while (before := chain[-1].before) is not None:
            chain.append(before)
        facts: dict[str, str] = {}
        for item in reversed(chain):
            facts |= item.facts
        own = values.beside(facts)
        for item in reversed(chain):
            for name, text in item.saved.items():
                own.keep(name, text, "")
        return own


class Items:
    """Of one step in one round. Several threads may add to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: dict[int, Item] = {}
        self._characters = 0
        self.in_doubt = 0
        """Items that may have made something, and nobody was told what."""
        self.paths: list[str] = []
        """The first of those that failed, as they were asked for."""

    def add(self, step: Step, number: int, own: Values, before: Item | None, *, good: bool) -> bool:
        """Keep what one saved; False where there is no room for more."""
        saved: dict[str, str] = {}
        facts: dict[str, str] = {}
        texts = own.texts
        for name in saved_names(step):
            text = texts.get(name)
            if text is not None and len(text) <= MOST_TEXT:
                saved[name] = text
            elif f"{name}.sha256" in texts:
                facts |= {word: texts[word] for word in _of_bytes(name)}
        if f"{ITEM}.sha256" in texts and (step.send or step.file or before is None):
            facts |= {word: texts[word] for word in _of_bytes(ITEM)}
        size = sum(len(text) for part in (saved, facts) for text in part.values())
        with self._lock:
            self._characters += size
            has_room = self._characters <= MOST_CHARACTERS
            # What was made must be known to who cleans up, whatever there is room for.
            self._items[number] = Item(number, good and has_room, saved, facts, before)
        return has_room

    def doubt(self) -> None:
        """One may have made something."""
        with self._lock:
            self.in_doubt += 1

    def fail(self, path: str) -> None:
        """One failed that was asked for by this path."""
        with self._lock:
            if len(self.paths) < MOST_PATHS:
                self.paths.append(path)

    @property
    def all(self) -> list[Item]:
        """In the order of their numbers, also those that failed."""
        return [self._items[number] for number in sorted(self._items)]

    @property
    def good(self) -> list[Item]:
        """Those that succeeded."""
        return [item for item in self.all if item.is_good]


def _of_bytes(name: str) -> tuple[str, str]:
    return f"{name}.sha256", f"{name}.size"
