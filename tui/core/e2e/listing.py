"""A list that was read page by page, set beside what was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.core.e2e.answer import pointed_at
from tui.core.e2e.checking import Wrong, text_of
from tui.core.e2e.pages import Pages
from tui.core.format import count, counted

_MOST_NAME = 200
"""Characters of a name that are kept: a list may be long, and names of others, too."""
_MOST_SHOWN = 80
"""Characters of a name or an id that are told."""


class Listing:
    """Fed with its pages. `made` are the ids of the items by their numbers; `known` are other ids
    of the round: they may be there or not, and must not where nothing of it may."""

    def __init__(
        self, pages: Pages, made: Mapping[int, str], known: Sequence[str], round_id: str
    ) -> None:
        self._pages = pages
        self._made = made
        self._numbers: dict[str, int] = {}
        self._shared: list[tuple[int, int]] = []
        """Numbers of items that have one id: the one and a later one."""
        for number, id_ in sorted(made.items()):
            first = self._numbers.setdefault(id_, number)
            if first != number:
                self._shared.append((first, number))
        self._known = {*known, *self._numbers}
        self._round_id = round_id
        self._seen: set[int] = set()
        """Hashes of ids: a list may be much longer than what was made."""
        self._found: dict[str, int] = {}
        """How often each of those that were made is there."""
        self._names: dict[str, str] = {}
        """Of those: whose name it is."""
        self._strange: list[tuple[str, str]] = []
        """Names of the round that nobody made, and their ids."""
        self._own: dict[str, str] = {}
        """Names by the ids of what the round made itself, where nothing of it may be there."""
        self._unfit: dict[int, str] = {}
        """By the item's number, what it has not."""
        self._named = 0
        """Records with a name."""
        self._order = _Order(pages.order)
        self.read = 0
        """Records so far."""
        self.trouble = ""
        """Why it is no list to be read; empty where it is one."""

    @property
    def others(self) -> int:
        """What is the same as long as nobody else adds to the list or takes from it."""
        found = 0
        for each in self._seen:
            found ^= each
        for id_ in self._found:
            found ^= hash(id_)
        return found

    def add(self, records: Sequence[object]) -> bool:
        """One page; whether it has anything that was not there before."""
        before = len(self._seen)
        for record in records:
            self.read += 1
            try:
                id_ = text_of(pointed_at(record, self._pages.id))
            except KeyError:
                self.trouble = f"record {count(self.read)} has no {self._pages.id}"
                return False
            self._seen.add(hash(id_))
            self._order.add(record, self.read)
            self._look_at(record, id_)
        return len(self._seen) > before

    def _look_at(self, record: object, id_: str) -> None:
        name = _text_at(record, self._pages.name) if self._pages.name else ""
        self._named += bool(name)
        if id_ not in self._known:
            if _is_of_round(name, self._round_id):
                self._strange.append((name, id_))
            return
        if id_ not in self._numbers:
            if not self._pages.of:
                self._own[id_] = name
            return
        self._found[id_] = self._found.get(id_, 0) + 1
        if name:
            self._names[name] = id_
        lacking = next((each for each in self._pages.fields if not _has(record, each)), None)
        if lacking is not None:
            self._unfit[self._numbers[id_]] = lacking

    @property
    def strange(self) -> int:
        """How many records bear the round's name, and nobody made them."""
        return len(self._strange)

    @property
    def still_there(self) -> tuple[str, ...] | None:
        """All of the round by its names, else its ids; None where something else may be there."""
        if self._pages.of or self.trouble or self._is_nameless:
            return None
        strange = (name for name, _ in self._strange)
        return (*(_shown(name or id_) for id_, name in self._own.items()), *map(_shown, strange))

    @property
    def _is_nameless(self) -> bool:
        return bool(self._pages.name and self.read and not self._named)

    @property
    def complete(self) -> int:
        """How many of those that were made are there, with all their fields."""
        return len(self._found) - len(self._unfit)

    @property
    def note(self) -> str:
        """`200 of 200 there, 0 twice, 0 orphans`; orphans only where names tell them."""
        twice, orphans = self._too_much()
        texts = []
        if self._pages.of:
            there = f"{count(len(self._found))} of {count(len(self._made))} there"
            texts = [there, f"{count(len(twice))} twice"]
        if self._own:
            texts.append(f"{count(len(self._own))} of its own still there")
        if self._pages.name:
            texts.append(counted(len(orphans), "orphan"))
        return ", ".join(texts)

    def wrong(self) -> Wrong | None:
        """What is wrong with it, None for nothing."""
        texts = [text for text in self._texts() if text]
        return Wrong("; ".join(texts), got=self.note) if texts else None

    def _texts(self) -> Sequence[str]:
        of = count(len(self._made))
        missing = [number for number, id_ in sorted(self._made.items()) if id_ not in self._found]
        twice, orphans = self._too_much()
        texts = [self.trouble]
        if self._is_nameless and not self.trouble:
            # Whatever is left would not be found.
            texts.append(f"no record has a name ({self._pages.name})")
        if missing:
            first = f"item {missing[0]} ({_shown(self._made[missing[0]])})"
            texts.append(f"{count(len(missing))} of {of} missing, first {first}")
        if self._shared:
            earlier, later = self._shared[0]
            what = f"{count(len(self._shared))} of {of} have the id of another"
            texts.append(f"{what}, first item {later} that of item {earlier}")
        if twice:
            texts.append(f"{count(len(twice))} of {of} there twice, first {_shown(twice[0])}")
        if self._own:
            id_, name = next(iter(self._own.items()))
            own = f"{count(len(self._own))} of its own still there"
            texts.append(f"{own}, first {_shown(name or id_)}")
        if orphans:
            texts.append(f"{counted(len(orphans), 'orphan')}, first {_shown(orphans[0])}")
        if self._unfit:
            number, lacking = min(self._unfit.items())
            texts.append(f"{count(len(self._unfit))} of {of} not complete, "
                         f"first item {number} without {lacking}")  # fmt: skip
        if self._order.broken_at:
            texts.append(f"not in the order of {self._pages.order}, "
                         f"first at record {count(self._order.broken_at)}")  # fmt: skip
        return texts

    def _too_much(self) -> tuple[list[str], list[str]]:
        """What is there twice, under one id or under one name, and orphans' names."""
        twice = [f"item {self._numbers[id_]} ({_shown(id_)})"
                 for id_, times in self._found.items() if times > 1]  # fmt: skip
        twice += [name for name, _ in self._strange if name in self._names]
        return twice, [name for name, _ in self._strange if name not in self._names]


class _Order:
    """Whether all records are in one order, up or down."""

    def __init__(self, pointer: str) -> None:
        self._pointer = pointer
        self._last: object = None
        self._way = 0
        self.broken_at = 0
        """The first record that is not; 0: none."""

    def add(self, record: object, number: int) -> None:
        if not self._pointer or self.broken_at:
            return
        part = _part_at(record, self._pointer)
        last, self._last = self._last, part
        if number == 1 and part is not None:
            return
        way = _way(last, part)
        if way is None or (way and self._way and way != self._way):
            self.broken_at = number
        self._way = self._way or way or 0


def _way(last: object, part: object) -> int | None:
    """1 up, -1 down, 0 the same; None: they can't be compared."""
    if isinstance(last, str) and isinstance(part, str):
        return (part > last) - (part < last)
    if isinstance(last, (int, float)) and isinstance(part, (int, float)):
        return (part > last) - (part < last)
    return None


def _is_of_round(name: str, round_id: str) -> bool:
    """Whether a name begins with the id of the round, and not with that of round 12 for 1."""
    return name.startswith(round_id) and not name[len(round_id) :][:1].isdigit()


def _part_at(record: object, pointer: str) -> object:
    try:
        return pointed_at(record, pointer)
    except KeyError:
        return None


def _text_at(record: object, pointer: str) -> str:
    part = _part_at(record, pointer)
    return "" if part is None else text_of(part)[:_MOST_NAME]


def _has(record: object, pointer: str) -> bool:
    return _part_at(record, pointer) is not None


def _shown(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
