"""Files that the steps of a workflow send: whether they are there."""

from __future__ import annotations

import os
from pathlib import Path

from tui.core.problem import Problem, quoted
from tui.core.scenario import Scenario


def step_file_problems(scenario: Scenario) -> list[Problem]:
    """Files that are not beside the scenario, or not to be read."""
    folder, where = Path(scenario.path).parent, Path(scenario.path).name
    steps = scenario.workflow.all_steps if scenario.workflow is not None else ()
    return [
        Problem(where, f"step {step.name}", f"send_file: {_wrong(folder / step.file)}")
        for step in steps
        if step.file and _wrong(folder / step.file)
    ]


def _wrong(path: Path) -> str:
    # Not Path's own: a name that no file system takes is no file, too.
    if not os.path.isfile(path):
        return f"there is no file {quoted(str(path))}"
    return "" if os.access(path, os.R_OK) else f"{quoted(str(path))} may not be read"
