"""What a workflow does: steps, what each must come to, and what is cleaned up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from tui.core.e2e.operation import Operation
from tui.core.format import counted

JsonType = Literal["string", "number", "integer", "boolean", "array", "object", "null"]
Place = str
"""Where an answer has something: a name that the operation gives, or `json:/id`, `header:ETag`,
`body`, `status`."""


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


class Poll(msgspec.Struct, frozen=True):
    """Ask again until the answer is right."""

    every_s: float
    within_s: float


class Step(msgspec.Struct, frozen=True):
    """One action: a picture is taken, or an operation is asked for."""

    name: str
    operation: str = ""
    """Empty: the step takes a picture."""
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
    if not step.operation:
        return f"picture of {step.camera or 'the first camera'}"
    found = next((each for each in operations if each.name == step.operation), None)
    return f"{found.method} {found.path}" if found is not None else step.operation


def workflow_text(workflow: Workflow) -> str:
    """`5 steps, 3 rounds`, `6 steps once`, `5 steps, 40 rounds, 4 at once`."""
    steps = counted(len(workflow.names), "step")
    if workflow.rounds == 1:
        return f"{steps} once"
    beside = f", {workflow.at_once} at once" if workflow.at_once > 1 else ""
    return f"{steps}, {counted(workflow.rounds, 'round')}{beside}"
