"""What a workflow does: steps, what each must come to, and what is cleaned up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from tui.core.e2e.deed import Deed, deed_text
from tui.core.e2e.detection import Likeness
from tui.core.e2e.operation import Operation
from tui.core.e2e.pages import Pages
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.format import counted

JsonType = Literal["string", "number", "integer", "boolean", "array", "object", "null"]
Place = str
"""Where an answer has something: a name that the operation gives, or `json:/id`, `header:ETag`,
`body`, `status`; made from OpenAPI alone `answer:`, all of it, and `tail:Location/images`,
what stands behind `images/` at the end of that header."""


class Check(msgspec.Struct, frozen=True):
    """What must be true of one part of an answer; all that is set."""

    place: Place
    equals: str | float | bool | None = None
    """A text may have words in braces; None: whatever it is."""
    type: JsonType | None = None
    least: float | None = None
    """Of a number; of a list, a text or bytes: how long it is."""
    most: float | None = None
    within_s: float | None = None
    """A moment, as ISO 8601: at most so long ago, or ahead, by this machine's clock."""
    hash_of: str = ""
    """The SHA-256 of the part is that of this value."""
    contains: str = ""
    """A text that stands in it, or in its JSON; with words in braces."""
    absent: bool = False
    """Nothing may be there."""
    like: Likeness | None = None
    """The objects that were found must be these."""
    schema: str = ""
    """Of the place `answer:`, which is the whole answer: a JSON pointer to the operation in the
    service's OpenAPI. Its content type, its body and its headers are what stands there."""


class Poll(msgspec.Struct, frozen=True):
    """Ask again until the answer is right."""

    every_s: float
    within_s: float


class Step(msgspec.Struct, frozen=True):
    """One action: a deed, an operation that is asked for, or else a picture that is taken."""

    name: str
    operation: str = ""
    deed: Deed | None = None
    camera: str = ""
    """Whose picture is taken: a name of the configuration; empty: its first camera."""
    send: str = ""
    """The value whose bytes are sent; empty: none."""
    values: tuple[tuple[str, str], ...] = ()
    """For the operation's words in braces; they may have such words themselves."""
    status: tuple[int, ...] = ()
    """In place of the operation's."""
    checks: tuple[Check, ...] = ()
    within_ms: float | None = None
    """The answer must be there by then."""
    save: tuple[tuple[str, Place], ...] = ()
    """Value by value: its name, and where it stands. A picture is saved under the step's name."""
    poll: Poll | None = None
    timeout_s: float = 15.0
    file: str = ""
    """What is sent in place of a value: a file, by its path from the scenario's directory."""
    bearer: str | None = None
    """The bearer token, with words in braces; empty: none; None: the target's."""
    body: str | None = None
    """In place of the operation's."""
    without_file: bool = False
    """An operation that sends a file is sent without one, to be refused."""
    leave_after_s: float | None = None
    """The client is gone so long after it began to send, and expects nothing."""
    repeat: int = 1
    """So many times, each an item of its own: `{item.number}` counts from 1."""
    each: str = ""
    """Once for each item of this step, with what was saved of that item."""
    at_once: int = 1
    """So many items at once."""
    unique: bool = False
    """Each item's picture has bytes of its own: a comment in it says the item's number."""
    most_failed: float = 0.0
    """The share of its items that may fail, 0..1."""
    p95_ms: float | None = None
    """95 of 100 items take no longer."""
    pages: Pages | None = None
    """The answer is a list, which is read to its end."""
    omit: str = ""
    """Why it is left out, known before the run began; empty: it is done."""

    @property
    def has_items(self) -> bool:
        """Whether it does something item by item, be it only one; what it saves is the item's."""
        return self.repeat > 1 or bool(self.each) or self.unique

    @property
    def takes_picture(self) -> bool:
        """Whether a camera is needed for it."""
        return self.deed is None and not self.operation


class Workflow(msgspec.Struct, frozen=True):
    """The steps of one round, in their order. A round ends with the first step that fails; what
    is cleaned up is cleaned up all the same, as far as there is something."""

    steps: tuple[Step, ...]
    cleanup: tuple[Step, ...] = ()
    rounds: int = 1
    at_once: int = 1
    """So many rounds go on beside each other."""
    every_s: float = 0.0
    """From one round's beginning to the next one's, at least."""
    values: tuple[tuple[str, str], ...] = ()
    """What `{target.NAME}` stands for where the target's configuration says nothing."""
    openapi: str = ""
    """The path of the service's OpenAPI document, whose operations are steps too; empty: none."""
    tests: tuple[SmokeTest, ...] = ()
    """Of a smoke suite, whose steps all belong to one; else empty."""
    test_timeout_s: float = 60.0
    """How long one test may take."""
    fail_fast: bool = False
    """The first test that fails is the last."""

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """In their order, the clean-up last."""
        return (*self.steps, *self.cleanup)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all steps."""
        return tuple(step.name for step in self.all_steps)


def asked_text(step: Step, operations: Sequence[Operation]) -> str:
    """`POST /images`, `picture of gate`; the operation's name where none is known by it."""
    if step.deed is not None:
        return deed_text(step.deed)
    if not step.operation:
        return f"picture of {step.camera or 'the first camera'}"
    found = next((each for each in operations if each.name == step.operation), None)
    return f"{found.method} {found.path}" if found is not None else step.operation


def workflow_text(workflow: Workflow) -> str:
    """`5 steps, 3 rounds`, `6 steps once`, `5 steps, 40 rounds, 4 at once`; of a suite `16 tests`.

    Which operations an OpenAPI document has is known only once the service was asked.
    """
    if workflow.tests:
        return counted(len(workflow.tests), "test")
    steps = counted(len(workflow.names), "step")
    if workflow.openapi:
        own = f"{steps} and " if workflow.names else ""
        steps = f"{own}every operation of {workflow.openapi}"
    if workflow.rounds == 1:
        return f"{steps} once"
    beside = f", {workflow.at_once} at once" if workflow.at_once > 1 else ""
    return f"{steps}, {counted(workflow.rounds, 'round')}{beside}"
