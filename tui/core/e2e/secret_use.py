"""Which of a target's secrets a workflow has use for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from tui.core.e2e.operation import Operation
from tui.core.e2e.words import SECRET, words_in
from tui.core.e2e.workflow import Workflow


def secrets_used(workflow: Workflow, operations: Sequence[Operation]) -> frozenset[str]:
    """The names behind `secret.` in all texts of the workflow, and of the operations that it asks
    for."""
    asked = {step.operation for step in workflow.all_steps}
    texts = _texts(
        msgspec.to_builtins([workflow, [each for each in operations if each.name in asked]])
    )
    words = {word.partition(".") for text in texts for word in words_in(text)}
    return frozenset(name for head, _, name in words if head == SECRET and name)


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from (text for each in part.values() for text in _texts(each))
    elif isinstance(part, (list, tuple)):
        yield from (text for each in part for text in _texts(each))
