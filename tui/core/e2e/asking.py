"""Whether a target and a site have what a workflow asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core.e2e.operation import Operation
from tui.core.e2e.place import is_fixed
from tui.core.e2e.words import PICTURE_WORDS, ROUND_WORDS, words_in
from tui.core.e2e.workflow import Step, Workflow
from tui.core.problem import InputError, Problem, did_you_mean, quoted


def check_operations(workflow: Workflow, operations: Sequence[Operation], where: str) -> None:
    """InputError for what the target's operations have not, or want otherwise, step by step.

    `where` is the scenario.
    """
    known = {operation.name: operation for operation in operations}
    words = set(ROUND_WORDS)
    problems: list[Problem] = []
    for step in workflow.all_steps:
        if step.operation and step.operation not in known:
            problems.append(_unknown(where, step.name, "operation", step.operation, tuple(known)))
        elif step.operation:
            wrong = _misfits(step, known[step.operation], words)
            problems += [Problem(where, f"step {step.name}", what) for what in wrong]
        else:
            words |= {f"{step.name}.{word}" for word in PICTURE_WORDS}
        words |= {name for name, _ in step.save}
    if problems:
        raise InputError(problems)


def check_cameras(workflow: Workflow, known: Sequence[str], where: str) -> None:
    """The same for a camera that the configuration has not."""
    problems = [
        _unknown(where, step.name, "camera", step.camera, known)
        for step in workflow.steps
        if step.camera and step.camera not in known
    ]
    if problems:
        raise InputError(problems)


def _misfits(step: Step, operation: Operation, words: set[str]) -> Iterator[str]:
    """What the operation wants otherwise; `words` are known from the steps before."""
    takes_bytes = operation.sends in ("form", "bytes")
    if takes_bytes and not step.send:
        yield f"{operation.name} sends a file: send = the name of the step that has it"
    if step.send and not takes_bytes:
        what = "no file, but JSON" if operation.sends == "json" else "nothing"
        yield f"{operation.name} sends {what} (leave send out?)"
    own = {name for name, _ in step.values}
    for word in _words_of(operation):
        if word not in own and word not in words:
            yield f'{operation.name} needs {{{word}}}: values = {{ {word} = "…" }}'
    given = [name for name, _ in operation.gives]
    places = (*(check.place for check in step.checks), *(place for _, place in step.save))
    for place in dict.fromkeys(places):
        if not is_fixed(place) and place not in given:
            listed = f"; it gives: {', '.join(given) or 'nothing'}"
            meant = did_you_mean(place, given)
            yield f"{operation.name} gives no {quoted(place)}{meant}{listed}"


def _words_of(operation: Operation) -> tuple[str, ...]:
    pairs = (*operation.query, *operation.headers)
    texts = (operation.path, *(value for _, value in pairs), operation.body)
    return tuple(dict.fromkeys(word for text in texts for word in words_in(text)))


def _unknown(where: str, step: str, key: str, name: str, known: Sequence[str]) -> Problem:
    listed = ", ".join(known)
    what = f"unknown {key} {quoted(name)}{did_you_mean(name, known)}; known: {listed}"
    return Problem(where, f"step {step}", what)
