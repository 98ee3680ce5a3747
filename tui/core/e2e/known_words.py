"""What the steps of a workflow know of those before them: values by their names."""

from __future__ import annotations

from collections.abc import Iterable

from tui.core.e2e.words import PICTURE_WORDS, ROUND_WORDS, words_in
from tui.core.mistakes import Mistakes
from tui.core.problem import did_you_mean, quoted

_RESERVED = tuple({word.partition(".")[0] for word in ROUND_WORDS})


class KnownWords:
    """Grows step by step; what is used before it is there is told as a mistake."""

    def __init__(self) -> None:
        self.steps: set[str] = set()
        self._pictures: dict[str, None] = {}
        self._saved: dict[str, None] = {}
        self.is_certain = True
        """False behind a step whose own mistakes hide what it saves."""

    def add_picture(self, step: str) -> None:
        """A step of that name takes one."""
        self._pictures[step] = None

    def add_saved(self, mistakes: Mistakes, name: str) -> None:
        """A value is saved under a name; `mistakes` of the saving table are told if it is taken."""
        if name in _RESERVED:
            mistakes.add(name, f"the name stands for the {name} itself: take another")
        elif name in self._pictures or name in self._saved:
            mistakes.add(name, "a step before it saves that already: the first would be lost")
        self._saved[name] = None

    def check_text(self, mistakes: Mistakes, key: str, text: str, own: Iterable[str] = ()) -> None:
        """Whether the words of a text are known; `own` are words of the step itself."""
        known = (*own, *self._saved, *self._words_of_pictures(), *ROUND_WORDS)
        for word in words_in(text):
            if word in self._pictures:
                what = f"{{{word}}} is a picture (meant {{{word}.sha256}}?)"
                mistakes.add(key, what)
            elif word not in known and self.is_certain:
                what = f"no step before this one saves {quoted(word)}{did_you_mean(word, known)}"
                mistakes.add(key, what)

    def check_bytes(self, mistakes: Mistakes, key: str, name: str) -> None:
        """Whether there is a value of that name, a picture or a saved one."""
        known = (*self._pictures, *self._saved)
        if name and name not in known and self.is_certain:
            what = f"no step before this one saves {quoted(name)}{did_you_mean(name, known)}"
            mistakes.add(key, what)

    def _words_of_pictures(self) -> tuple[str, ...]:
        return tuple(f"{step}.{word}" for step in self._pictures for word in PICTURE_WORDS)
