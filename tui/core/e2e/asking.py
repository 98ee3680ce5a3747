"""Whether a target and a site have what a workflow asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from tui.core.config import Target
from tui.core.e2e.deed import Decide, Make
from tui.core.e2e.known_words import words_of
from tui.core.e2e.misfits import Misfit, Misfits
from tui.core.e2e.words import ITEM_WORDS, MADE_WORDS, PAGE_WORDS, PICTURE_WORDS, ROUND_WORDS
from tui.core.e2e.workflow import Step, Workflow
from tui.core.problem import InputError, Problem, did_you_mean, quoted


def offered(workflow: Workflow, target: Target) -> Workflow:
    """The same, where steps are left out that ask for what the target does not offer."""
    if not target.not_offered:
        return workflow

    def of(step: Step) -> Step:
        if step.operation not in target.not_offered:
            return step
        why = f"the target does not offer {step.operation}"
        return msgspec.structs.replace(step, omit=why)

    steps, cleanup = (tuple(map(of, each)) for each in (workflow.steps, workflow.cleanup))
    return msgspec.structs.replace(workflow, steps=steps, cleanup=cleanup)


def step_misfits(workflow: Workflow, target: Target) -> Iterator[tuple[Step, Misfit]]:
    """What the target's operations have not, or want otherwise, step by step. What is left out
    anyway asks for nothing."""
    known = {operation.name: operation for operation in target.operations}
    saved = _Saved()
    for step in workflow.all_steps:
        operation = known.get(step.operation)
        if step.operation and not step.omit and operation is None:
            yield step, Misfit(_unknown("operation", step.operation, tuple(known)))
        elif operation is not None and not step.omit:
            table = f"[targets.{target.name}.operations.{operation.name}]"
            found = Misfits(step, operation, table, saved.words(step), saved.by_item)
            yield from ((step, misfit) for misfit in found.all())
        saved.add(step)


def once(found: Iterable[tuple[str, Misfit]]) -> Iterator[tuple[str, Misfit]]:
    """A mistake of the configuration with the first step that it concerns; all others."""
    told: set[str] = set()
    for step, misfit in found:
        if not misfit.is_config or misfit.what not in told:
            yield step, misfit
        told.add(misfit.what)


def check_operations(workflow: Workflow, target: Target, where: str) -> None:
    """InputError for what the target's operations have not, or want otherwise, step by step.

    `where` is the scenario.
    """
    found = ((step.name, misfit) for step, misfit in step_misfits(workflow, target))
    problems = [Problem(where, f"step {step}", misfit.text) for step, misfit in once(found)]
    if problems:
        raise InputError(problems)


def check_cameras(workflow: Workflow, known: Sequence[str], where: str) -> None:
    """The same for a camera that the configuration has not."""
    problems = camera_problems(workflow, known, where)
    if problems:
        raise InputError(problems)


def camera_problems(workflow: Workflow, known: Sequence[str], where: str) -> list[Problem]:
    """Cameras of the workflow that the configuration has not."""
    return [
        Problem(where, f"step {step.name}", _unknown("camera", step.camera, known))
        for step in workflow.steps
        if step.camera and step.camera not in known
    ]


class _Saved:
    """What steps know by name, from those before them."""

    def __init__(self) -> None:
        self._words = set(ROUND_WORDS)
        self._of_items: dict[str, set[str]] = {}
        """Step by step, of each of its items."""

    def words(self, step: Step) -> set[str]:
        """All that its operation may have in braces, but values of the step itself."""
        own = {*ITEM_WORDS, *self._of_items.get(step.each, ())} if step.has_items else set()
        return self._words | own | set(PAGE_WORDS if step.pages is not None else ())

    def by_item(self, word: str) -> str:
        """The step that saves it for each of its items; empty: none does."""
        return next((step for step, words in self._of_items.items() if word in words), "")

    def add(self, step: Step) -> None:
        """What is known once the step was done."""
        names = {name for name, _ in step.save}
        saved = {*names, *(word for name in names for word in words_of(name, MADE_WORDS))}
        if step.has_items:
            self._of_items[step.name] = saved | self._of_items.get(step.each, set())
            return
        self._words |= saved
        if isinstance(step.deed, Decide):
            self._words.add(step.name)
        words = MADE_WORDS if isinstance(step.deed, Make) else PICTURE_WORDS
        if step.takes_picture or isinstance(step.deed, Make):
            self._words |= set(words_of(step.name, words))


def _unknown(key: str, name: str, known: Sequence[str]) -> str:
    listed = ", ".join(known)
    return f"unknown {key} {quoted(name)}{did_you_mean(name, known)}; known: {listed}"
