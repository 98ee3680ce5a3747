"""What the steps of a workflow know of those before them: values by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from tui.core.e2e.words import (
    ITEM,
    ITEM_WORDS,
    MADE_WORDS,
    PAGE_WORDS,
    RESERVED,
    ROUND_WORDS,
    SECRET,
    TARGET,
    words_in,
)
from tui.core.mistakes import Mistakes
from tui.core.problem import did_you_mean, quoted


class Items(NamedTuple):
    """What is known of each item of a step."""

    saved: tuple[str, ...]
    has_bytes: bool
    """Whether it sent some."""
    has_body: bool = False
    """Whether it saved a whole answer."""


class KnownWords:
    """Grows step by step; what is used before it is there is told as a mistake."""

    def __init__(self, table: str, targets: Collection[str]) -> None:
        """`targets`: what `{target.NAME}` may name, the values of the scenario's `table`."""
        self.table = table
        self.targets = targets
        self.steps: set[str] = set()
        self.items: dict[str, Items] = {}
        """Of the steps that do something item by item."""
        self.bytes: dict[str, tuple[str, ...]] = {}
        """The words of pictures and made-up bytes, by the names of their steps."""
        self.saved: dict[str, None] = {}
        self.words = dict.fromkeys((*ROUND_WORDS, *(f"{TARGET}.{name}" for name in targets)))
        """With a dot in them."""
        self.is_certain = True
        """False behind a step whose own mistakes hide what it saves."""

    def add_bytes(self, mistakes: Mistakes, step: str, words: Iterable[str]) -> None:
        """A step takes a picture or makes up bytes; `words` are known of them behind its name."""
        self.check_new(mistakes, "name", step)
        self.bytes[step] = words_of(step, words)
        self.words |= dict.fromkeys(self.bytes[step])

    def add_saved(self, mistakes: Mistakes, key: str, name: str) -> None:
        """A value is saved under a name; `key` of `mistakes` is told if it is taken."""
        self.check_new(mistakes, key, name)
        self.saved[name] = None
        self.words |= dict.fromkeys(words_of(name, MADE_WORDS))

    def saves_by_item(self, name: str) -> str:
        """The step that saves a value of that name for each of its items; empty: none."""
        return next((step for step, items in self.items.items() if name in items.saved), "")

    def check_new(self, mistakes: Mistakes, key: str, name: str) -> None:
        """Whether something may be saved under that name."""
        if name in RESERVED:
            mistakes.add(key, f"the name stands for the {name} itself: take another")
        if name in self.bytes or name in self.saved:
            mistakes.add(key, "a step before it saves that already: the first would be lost")


class StepWords:
    """What one step knows: that of the steps before it, and its own item or page."""

    def __init__(self, known: KnownWords, items: Items | None, *, has_pages: bool) -> None:
        """`items`: what is known of each of its own; None: it does nothing item by item."""
        self._known = known
        self._items = items
        self._has_pages = has_pages

    def check_text(self, mistakes: Mistakes, key: str, text: str) -> None:
        """Whether the words of a text are known."""
        for word in words_in(text):
            wrong = self._wrong_word(word)
            if wrong:
                mistakes.add(key, wrong)

    def check_bytes(self, mistakes: Mistakes, key: str, name: str) -> None:
        """Whether the bytes of that name are there to be sent: a picture, or a saved value."""
        if self._items is not None and name in self._items.saved:
            what = 'of the answer for an item only text and hash are kept (meant "item"?)'
            mistakes.add(key, what)
        else:
            self.check_hash(mistakes, key, name)

    def check_hash(self, mistakes: Mistakes, key: str, name: str) -> None:
        """Whether at least their hash is known."""
        known = [*self._known.bytes, *self._known.saved]
        if self._items is not None:
            known += [*self._items.saved, *([ITEM] if self._items.has_bytes else ())]
        if name and name not in known and self._known.is_certain:
            mistakes.add(key, self._unknown(name, known))

    def check_saved(self, mistakes: Mistakes, key: str, name: str) -> None:
        """Whether a step before this one saved a value of that name, bytes of a step left out."""
        if name not in self._known.saved and self._known.is_certain:
            mistakes.add(key, self._unknown(name, self._known.saved))

    def _wrong_word(self, word: str) -> str:
        """Why it is none here; empty where it is one, or where nobody can know."""
        head, _, name = word.partition(".")
        known = self._words()
        if word in known or (head == SECRET and name):
            return ""
        if head == TARGET and name:
            listed = did_you_mean(name, self._known.targets)
            what = f'{{{word}}} needs a value for targets that have none: {name} = "…"'
            return f"{what} in [{self._known.table}.values]{listed}"
        if word in PAGE_WORDS:
            return f"{{{word}}} is known in a step with pages alone"
        if word in ITEM_WORDS:
            if self._items is not None:
                return f"{{{word}}} is not known: the items of this step send nothing"
            return f"{{{word}}} is known in a step with repeat or each alone"
        if word in self._known.bytes:
            words = self._known.bytes[word]
            kind = "a picture" if f"{word}.camera" in words else "made-up bytes"
            return f"{{{word}}} is {kind} (meant {{{words[0]}}}?)"
        return self._unknown(word, known) if self._known.is_certain else ""

    def _words(self) -> tuple[str, ...]:
        found = [*self._known.saved, *self._known.words]
        if self._items is not None:
            found += self._items.saved
            found += [word for name in self._items.saved for word in words_of(name, MADE_WORDS)]
            found += ITEM_WORDS if self._items.has_bytes else ITEM_WORDS[:1]
        return (*found, *(PAGE_WORDS if self._has_pages else ()))

    def _unknown(self, name: str, known: Iterable[str]) -> str:
        step = self._known.saves_by_item(name)
        if step:
            return f"{step} saves {quoted(name)} for each of its items: each = {quoted(step)}"
        return f"no step before this one saves {quoted(name)}{did_you_mean(name, known)}"


def words_of(name: str, words: Iterable[str]) -> tuple[str, ...]:
    """What is known of a value behind its name: `capture.sha256`."""
    return tuple(f"{name}.{word}" for word in words)
