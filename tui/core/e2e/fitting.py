"""Whether a workflow fits targets before it is run, and a target's operations the workflows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tui.core.config import Target
from tui.core.e2e.asking import camera_problems, offered, once, step_misfits
from tui.core.e2e.misfits import Misfit
from tui.core.e2e.operation import OPERATIONS
from tui.core.e2e.workflow import Workflow
from tui.core.problem import Problem, did_you_mean

_USUAL = {operation.name: operation for operation in OPERATIONS}
_NAMED = 3
"""So many workflows are named, and the others counted."""


def fit_problems(
    workflow: Workflow, targets: Sequence[Target], cameras: Sequence[str], where: str
) -> list[Problem]:
    """What fits none of the targets, step by step, and cameras that are not there. Where several
    were looked at, they are named. `where` is the scenario."""
    found = [_by_step(workflow, target) for target in targets]
    names = ", ".join(target.name for target in targets)
    looked = f" (looked at: {names})" if len(targets) > 1 else ""
    nowhere = (
        (step, misfit)
        for step, misfits in found[0].items()
        if all(step in each for each in found)
        for misfit in misfits
    )
    return [
        *(
            Problem(where, f"step {step}", f"{misfit.text}{looked}")
            for step, misfit in once(nowhere)
        ),
        *camera_problems(workflow, cameras, where),
    ]


def operation_warnings(target: Target, workflows: Mapping[str, Workflow]) -> Iterator[str]:
    """What of a target's own operations fits no step of the workflows, which are named by their
    ids; each once, with the workflows that can't be run for it."""
    told: dict[str, str] = {}
    concerned: dict[str, dict[str, None]] = {}
    for name, workflow in workflows.items():
        for _, misfit in step_misfits(offered(workflow, target), target):
            if misfit.is_config:
                told.setdefault(misfit.what, misfit.text)
                concerned.setdefault(misfit.what, {})[name] = None
    for what, text in told.items():
        yield f"{text}: {_listed(list(concerned[what]))} can't be run on it"
    asked = {step.operation for each in workflows.values() for step in each.all_steps}
    own = [each.name for each in target.operations if each.name not in _USUAL]
    for name in (*target.not_offered, *own):
        if name not in asked:
            table = f"[targets.{target.name}.operations] {name}"
            yield f"{table}: no workflow asks for it{did_you_mean(name, asked)}"


def _by_step(workflow: Workflow, target: Target) -> dict[str, list[Misfit]]:
    found: dict[str, list[Misfit]] = {}
    for step, misfit in step_misfits(offered(workflow, target), target):
        found.setdefault(step.name, []).append(misfit)
    return found


def _listed(names: Sequence[str]) -> str:
    """`a, b and c`, `a, b, c and 4 more`."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
