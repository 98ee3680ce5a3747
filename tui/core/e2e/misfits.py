"""What a step asks of an operation that the target has otherwise, and whose mistake that is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

import msgspec

from tui.core.e2e.operation import OPERATIONS, READING, Operation
from tui.core.e2e.pages import Pages
from tui.core.e2e.place import is_fixed
from tui.core.e2e.words import COUNTED_WORDS, ITEM_WORDS, PAGE_WORDS, SECRET, TARGET, words_in
from tui.core.e2e.workflow import Step
from tui.core.problem import did_you_mean, quoted

_AS_VALUE = 'values = { … = "…" } with '
_SENDS = {"json": "no file, but JSON", "fields": "no file, but fields"}
_USUAL = {operation.name: operation for operation in OPERATIONS}


class Misfit(msgspec.Struct, frozen=True):
    """One thing that does not fit."""

    what: str
    hint: str = ""
    """What there is instead, behind it."""
    is_config: bool = False
    """The configuration is at fault: the usual operation of that name would fit."""

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.what}{self.hint}"


class Misfits:
    """Of one step and its operation. `table` is where the configuration has the operation, `known`
    what steps before it saved, `saver` names the step that saves a word for each item, or none."""

    def __init__(
        self,
        step: Step,
        operation: Operation,
        table: str,
        known: Collection[str],
        saver: Callable[[str], str],
    ) -> None:
        self._step = step
        self._operation = operation
        self._usual = _USUAL.get(operation.name)
        self._table = table
        self._known = known
        self._saver = saver

    def all(self) -> Iterator[Misfit]:
        """In the order in which a request is made and answered."""
        yield from self._method()
        yield from self._sent()
        words = list(self._words())
        yield from words
        if self._step.pages is not None:
            # A wrong word may be the one that would have said which page is meant.
            yield from () if words else self._page_words(self._step.pages)
            yield from self._records(self._step.pages)
        yield from self._places()

    def _method(self) -> Iterator[Misfit]:
        method = self._operation.method
        if self._step.poll is not None and self._step.save and method not in READING:
            why = ": poll would make one more with each question, and the last alone be known"
            yield Misfit(f"{self._operation.name} is a {method} whose answer is saved", why)

    def _sent(self) -> Iterator[Misfit]:
        wrong = list(_sent_otherwise(self._step, self._operation))
        usual = self._usual
        if wrong and usual is not None and not any(_sent_otherwise(self._step, usual)):
            what = f'{self._table} sends = "{self._operation.sends}"'
            yield Misfit(what, f"; the workflow {_sends_text(self._step)}", is_config=True)
        else:
            yield from map(Misfit, wrong)

    def _words(self) -> Iterator[Misfit]:
        step, name = self._step, self._operation.name
        own = [name for name, _ in step.values]
        usual = _words_of(step, self._usual) if self._usual is not None else ()
        for word in _words_of(step, self._operation):
            if word in own or word in self._known or word.startswith((f"{TARGET}.", f"{SECRET}.")):
                continue
            if self._usual is not None and word not in usual:
                given = [*own, *sorted(each for each in self._known if "." not in each)]
                key = _key_of(word, self._operation)
                listed = f"; the workflow gives {', '.join(given) or 'nothing'}"
                what = f"{self._table} {key} has {{{word}}}"
                yield Misfit(what, listed + did_you_mean(word, given), is_config=True)
            elif word in PAGE_WORDS:
                yield Misfit(
                    f"{name} reads a list page by page: pages = {{ … }} says what is in it"
                )
            elif word in ITEM_WORDS:
                yield Misfit(
                    f"{name} is of one item among many: repeat = so many, or each = a step"
                )
            elif saver := self._saver(word):
                what = f"{name} needs {{{word}}}, which {saver} saves for each item"
                yield Misfit(f"{what}: each = {quoted(saver)}")
            else:
                other = "" if self._usual is not None else f", or other words in {self._table}"
                yield Misfit(f'{name} needs {{{word}}}: values = {{ {word} = "…" }}{other}')

    def _page_words(self, pages: Pages) -> Iterator[Misfit]:
        """Whether each page is asked for."""
        step, operation = self._step, self._operation
        own = dict(step.values)
        asked = _words_of(step, operation)
        words = {each for word in asked for each in words_in(own.get(word, f"{{{word}}}"))}
        by_cursor = bool(pages.on(operation).cursor)
        saying = {"page.cursor"} if by_cursor else set(COUNTED_WORDS)
        if not words.isdisjoint(saying):
            return
        given = [
            f"{{{word}}}" for word, text in own.items() if not saying.isdisjoint(words_in(text))
        ]
        if given:
            listed = f": the workflow gives {', '.join(given)} for it"
            yield Misfit(f"{self._table} does not say which page is meant", listed, is_config=True)
        elif by_cursor:
            what = f"{operation.name} needs the cursor of the next page: {_AS_VALUE}"
            yield Misfit(f"{what}{{page.cursor}}")
        else:
            what = f"{operation.name} needs to know which page is meant: {_AS_VALUE}"
            yield Misfit(f"{what}{{page.offset}} or {{page.number}}")

    def _records(self, pages: Pages) -> Iterator[Misfit]:
        """Whether the records have what is looked for."""
        given = dict(self._operation.record)
        on = pages.on(self._operation)
        for name in dict.fromkeys((on.id, on.name, *on.fields, on.order)):
            if name and not name.startswith("/"):
                meant, listed = did_you_mean(name, given), ", ".join(given) or "nothing"
                if self._usual is not None and name in dict(self._usual.record):
                    what, hint = self._lacking("record", name), f"; it has: {listed}{meant}"
                    yield Misfit(what, hint, is_config=True)
                else:
                    what = f"the records of {self._operation.name} have no {quoted(name)}"
                    yield Misfit(what, f"{meant}; they have: {listed}")

    def _places(self) -> Iterator[Misfit]:
        """Whether it gives what is looked at in its answer."""
        given = dict(self._operation.gives)
        for place in _places(self._step):
            if is_fixed(place) or place in given:
                continue
            meant, listed = did_you_mean(place, given), ", ".join(given) or "nothing"
            if self._usual is not None and place in dict(self._usual.gives):
                what, hint = self._lacking("gives", place), f"; it has: {listed}{meant}"
                yield Misfit(what, hint, is_config=True)
            else:
                what = f"{self._operation.name} gives no {quoted(place)}"
                yield Misfit(what, f"{meant}; it gives: {listed}")

    def _lacking(self, key: str, name: str) -> str:
        return f"{self._table} {key} has no {name}"


def _sent_otherwise(step: Step, operation: Operation) -> Iterator[str]:
    """What the step sends against what the operation wants sent."""
    takes_bytes = operation.sends in ("form", "bytes")
    key = "send" if step.send else "send_file"
    if takes_bytes and not (step.send or step.file or step.without_file or operation.fields):
        yield f"{operation.name} sends a file: send = the name of the step that has it"
    sent = _SENDS.get(operation.sends, "nothing")
    if (step.send or step.file) and not takes_bytes:
        yield f"{operation.name} sends {sent} (leave {key} out?)"
    if step.without_file and not takes_bytes:
        yield f"{operation.name} sends {sent} (leave without_file out?)"
    if step.body is not None and operation.sends != "json":
        what = "nothing" if operation.sends == "nothing" else "no document"
        yield f"{operation.name} sends {what} (leave body out?)"


def _sends_text(step: Step) -> str:
    """What the workflow does about it."""
    if step.send or step.file or step.without_file:
        return "sends a file with it"
    return "has no file for it" if step.body is None else "sends JSON with it"


def _key_of(word: str, operation: Operation) -> str:
    """Where the operation has it."""
    for key in ("query", "headers", "fields"):
        if any(word in words_in(text) for _, text in getattr(operation, key)):
            return key
    return "path" if word in words_in(operation.path) else "body"


def _places(step: Step) -> Iterable[str]:
    """Where its answer has something, each once."""
    places = [check.place for check in step.checks] + [place for _, place in step.save]
    if step.pages is not None:
        places.append(step.pages.items)
    return dict.fromkeys(places)


def _words_of(step: Step, operation: Operation) -> tuple[str, ...]:
    """Those of the operation, of the step's own document in place of its one."""
    texts = (*operation.templates, operation.body if step.body is None else "")
    return tuple(dict.fromkeys(word for text in texts for word in words_in(text)))
