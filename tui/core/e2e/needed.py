"""Which words a step needs from before it, and which it leaves to those behind it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.e2e.deed import Decide, Make, Simulate
from tui.core.e2e.operation import Operation
from tui.core.e2e.words import ITEM, ITEM_WORDS, PAGE_WORDS, words_in
from tui.core.e2e.workflow import Step

_OF_THE_STEP = (ITEM, *ITEM_WORDS, *PAGE_WORDS)
"""They stand for something while the step itself goes on, and not before."""


def saved_names(step: Step) -> tuple[str, ...]:
    """The names under which it saves something: its own too, as a picture or a deed does."""
    return (step.name, *(name for name, _ in step.save))


def needed_words(step: Step, operation: Operation | None) -> tuple[str, ...]:
    """Each once, in the order in which they are used; a name of bytes is one too.

    What the step gives its operation itself is none, nor what its checks find in its own answer.
    """
    own = {name for name, _ in step.values}
    texts: list[str] = [template for _, template in step.values]
    if step.bearer is not None:
        texts.append(step.bearer)
    words = [word for text in texts for word in words_in(text)]
    words += _of_the_deed(step)
    if operation is not None:
        words += [word for word in _of_the_operation(step, operation) if word not in own]
    saved = saved_names(step)
    words += [word for word in _of_the_checks(step) if word.partition(".")[0] not in saved]
    return tuple(dict.fromkeys(word for word in words if word not in _OF_THE_STEP))


def _of_the_deed(step: Step) -> Iterator[str]:
    deed = step.deed
    if isinstance(deed, Make):
        yield from words_in(deed.text or "")
    elif isinstance(deed, Decide):
        yield from words_in(deed.category)
        yield from (word for text in (deed.then, deed.otherwise) for word in words_in(text))
    elif isinstance(deed, Simulate):
        yield from words_in(deed.text)
    if isinstance(deed, (Make, Decide)) and deed.of:
        yield deed.of


def _of_the_operation(step: Step, operation: Operation) -> Iterator[str]:
    texts = [*operation.templates]
    if operation.sends == "json":
        texts.append(operation.body if step.body is None else step.body)
    yield from (word for text in texts for word in words_in(text))
    if operation.sends in ("form", "bytes") and step.send and not step.without_file:
        yield step.send


def _of_the_checks(step: Step) -> Iterator[str]:
    for check in step.checks:
        if isinstance(check.equals, str):
            yield from words_in(check.equals)
        yield from words_in(check.contains)
        if check.hash_of:
            yield check.hash_of
