"""What a round leaves on the service: what is known to be there, and what may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tui.core.e2e.needed import needed_words, saved_names
from tui.core.e2e.operation import READING, Operation
from tui.core.e2e.words import RESERVED
from tui.core.e2e.workflow import Step, Workflow
from tui.service.workflow.done import Done
from tui.service.workflow.values import Values

MOST_NAMED = 5
GONE = (404, 410)
_Thing = tuple[str, frozenset[str]]


class Left:
    """Fed with the steps of one round, the clean-up last.

    Steps of the clean-up that go by the same saved words are about the same thing: one deletes it,
    another looks whether it is gone. It is counted once.
    """

    def __init__(self, workflow: Workflow, operations: Mapping[str, Operation]) -> None:
        self._operations = operations
        words = {word for step in workflow.cleanup for word in self._saved_words(step)}
        makers = [step for step in workflow.steps if words & set(saved_names(step))]
        self._cleaned_names = {step.name for step in makers}
        self._cleaned_operations = {step.operation for step in makers}
        self._in_doubt = 0
        self._counts: dict[_Thing, int] = {}
        self._unknown: set[_Thing] = set()
        self._named: dict[_Thing, Sequence[str]] = {}
        self._listed: Sequence[str] | None = None

    def did(self, step: Step, done: Done, values: Values) -> None:
        """A step that is none of the clean-up is over; items are counted by their batch."""
        if done.items:
            return
        operation = self._operations.get(step.operation)
        if step.leave_after_s is not None and operation is not None:
            # Nothing that it would have given is known, and others of its kind are cleaned up.
            is_making = operation.method not in READING and done.requests > 0
            self._in_doubt += is_making and step.operation in self._cleaned_operations
        elif done.may_have_made and step.name in self._cleaned_names:
            saved = [name for name, _ in step.save]
            self._in_doubt += not any(map(values.knows, saved))

    def cleaned(self, step: Step, done: Done, paths: Sequence[str]) -> None:
        """A step of the clean-up is over; `paths` are those of its items that failed."""
        count = done.items_failed or int(done.state == "failed")
        operation = self._operations.get(step.operation)
        if not count or step.pages is not None or not step.operation:
            return
        words = self._saved_words(step)
        thing = (step.each, frozenset(words))
        exchange = done.exchange
        if only_looks(step, operation):
            if not words:
                return
            status = exchange.status if exchange is not None else None
            if not done.items and (status is None or not 200 <= status < 300):
                self._unknown.add(thing)
                return
        self._counts[thing] = max(self._counts.get(thing, 0), count)
        own = [exchange.url] if exchange is not None else []
        self._named.setdefault(thing, tuple(paths) or tuple(own))

    def listed(self, names: Sequence[str]) -> None:
        """A list was read to its end behind the clean-up: these of the round are still there."""
        self._listed = names

    @property
    def known(self) -> int:
        """Things that are there."""
        return max(sum(self._counts.values()), len(self._listed or ()))

    def maybe(self, items_in_doubt: int) -> int:
        """Things that may be there beside them."""
        unknown = len(self._unknown - set(self._counts))
        if self._listed is not None:
            # It told of all that bears the round's name.
            items_in_doubt = 0
        return self._in_doubt + items_in_doubt + unknown

    @property
    def named(self) -> tuple[str, ...]:
        """The first few of those that are known, by their paths or by their names in a list."""
        paths = [path for each in self._named.values() for path in each]
        listed = self._listed or ()
        is_listed = len(listed) > sum(self._counts.values())
        return tuple(listed if is_listed else paths)[:MOST_NAMED]

    def _saved_words(self, step: Step) -> Collection[str]:
        words = needed_words(step, self._operations.get(step.operation))
        return {word for word in words if word.partition(".")[0] not in RESERVED}


def only_looks(step: Step, operation: Operation | None) -> bool:
    """Whether a step changes nothing; of an operation that the target has not, whether it wants
    what is gone."""
    if operation is None:
        return bool(step.status) and set(step.status) <= set(GONE)
    return operation.method in READING
