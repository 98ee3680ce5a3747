"""Scenario files: what they may say, and what is wrong with one that says something else."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from pathlib import PurePath
from typing import Any

import msgspec

from tui.core.camera.plan import CamerasPlan, cameras_text, read_cameras_plan
from tui.core.e2e.load_beside import beside_text, read_load_beside
from tui.core.e2e.metric_table import WORKFLOW_METRICS
from tui.core.e2e.smoke_table import read_smoke
from tui.core.e2e.table import read_workflow
from tui.core.e2e.workflow import Workflow, workflow_text
from tui.core.format import load_level, load_plan
from tui.core.limit_table import (
    NEEDS_STAGES,
    read_camera_limits,
    read_limits,
    read_limits_under_load,
    read_storage_limits,
    read_workflow_limits,
    unjudged,
)
from tui.core.limits import Limit
from tui.core.load import Load, Stage
from tui.core.load_table import read_load
from tui.core.mistakes import Mistakes
from tui.core.overlay import with_changes
from tui.core.scenario_table import (
    WITHOUT_LOAD,
    Kind,
    ScenarioFile,
    check_name,
    check_tables,
    checked_id,
    has_load_table,
    read_file,
)
from tui.core.storage.plan import StoragePlan, read_storage_plan, storage_text
from tui.core.stress.load_beside import load_beside
from tui.core.stress.plan import Stress, stress_plan
from tui.core.stress.table import read_stress

MAX_MEMORY_GB = 4096
MAX_COOL_DOWN_S = 3600.0
USUAL_COOL_DOWN_S = 300.0
"""After a load or a stress; what does neither warms nothing."""
_LIMIT_READERS = {
    "benchmark": read_camera_limits, "e2e": read_workflow_limits, "smoke": read_workflow_limits
}  # fmt: skip


class Scenario(msgspec.Struct, frozen=True):
    """A scenario file, understood."""

    id: str
    kind: Kind
    title: str
    summary: str
    thresholds: tuple[Limit, ...]
    goals: tuple[Limit, ...]
    load: Load | None = None
    """What it puts on the service; None: nothing."""
    stress: Stress | None = None
    """What it does to the board; None: nothing."""
    cameras: CamerasPlan | None = None
    """The cameras that it watches; None: none."""
    workflow: Workflow | None = None
    """The steps that it goes through the service; None: none."""
    storage: StoragePlan | None = None
    """The storage that it measures; None: none."""
    path: str = ""
    """Where it was read."""
    cool_down_s: float = 0.0
    """The longest wait between its run and one that follows; 0: none."""
    ask_below_memory_gb: float = 0.0
    """A board with less memory is asked for consent first; 0: none is."""

    @property
    def duration_s(self) -> float:
        """How long its work takes, at most; the opening of cameras left out.

        0 where nobody knows before: a workflow takes as long as the service does.
        """
        if self.workflow is not None:
            return 0.0
        if self.cameras is not None:
            return self.cameras.total_s
        if self.storage is not None:
            return self.storage.total_s
        if self.stress is None:
            return self.load.duration_s if self.load is not None else 0.0
        if self.load is None:
            return self.stress.total_s
        warm_up_s = self.load.spawn_s if self.load.warm_up_s is None else self.load.warm_up_s
        return warm_up_s + self.stress.total_s

    @property
    def asks_service(self) -> bool:
        """Whether it has anything to do with the service; a benchmark alone has not."""
        return self.cameras is None and self.storage is None

    @property
    def is_open(self) -> bool:
        """Whether operations begin by the clock, not by users."""
        return self.load is not None and self.load.arrival is not None

    @property
    def users(self) -> int:
        """The highest level; 0 without a load."""
        return self.load.users if self.load is not None else 0

    @property
    def slow_ms(self) -> float:
        """Requests from here on are kept as slow ones; infinite without a load."""
        return self.load.slow_ms if self.load is not None else inf

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Of a staged load; empty where there is one level all along."""
        return self.load.stages if self.load is not None else ()

    @property
    def plan(self) -> str:
        """What it does, in short: `20 users for 5 m`, `cpu and memory for 3 m`."""
        if self.cameras is not None:
            return cameras_text(self.cameras)
        if self.workflow is not None:
            under = f" under {beside_text(self.load)}" if self.load is not None else ""
            return f"{workflow_text(self.workflow)}{under}"
        if self.storage is not None:
            return storage_text(self.storage)
        if self.stress is None:
            return load_plan(self.load) if self.load is not None else ""
        beside = f" under {load_level(self.load)}" if self.load is not None else ""
        return f"{stress_plan(self.stress)}{beside}"

    @property
    def judges_stages(self) -> bool:
        """Whether the limits hold for each stage by itself."""
        return self.load is not None and self.load.judge == "stage"


def parse_scenario(path: PurePath, data: dict[str, Any], changes: Mapping[str, Any]) -> Scenario:
    """The scenario in a decoded TOML file with `changes` (dotted key to value) laid over it.

    Raises InputError that lists everything that is wrong with it.
    """
    mistakes = Mistakes(path.name)
    scenario_id = checked_id(mistakes, path)
    file = read_file(mistakes, with_changes(path.name, data, changes))
    check_tables(mistakes, file)
    stress = _read_stress(mistakes, file)
    load = _read_load(mistakes, file, stress)
    cameras = _read_cameras(mistakes, file)
    workflow = _read_workflow(mistakes, file)
    storage = _read_storage(mistakes, file)
    read = _LIMIT_READERS.get(file.kind, read_limits)
    if file.storage is not None and file.kind == "benchmark":
        read = read_storage_limits
    if file.kind == "e2e" and has_load_table(mistakes, file):
        read = read_limits_under_load
    thresholds = read(mistakes.within("thresholds"), file.thresholds)
    goals = read(mistakes.within("goals"), file.goals)
    _check_judged(mistakes, file, load)
    check_name(mistakes, file.kind, scenario_id)
    cool_down_s = _cool_down_s(mistakes, file)
    if not 0 <= file.ask_below_memory_gb <= MAX_MEMORY_GB:
        what = f"gigabytes from 0 (never asks) to {MAX_MEMORY_GB}"
        mistakes.add("ask_below_memory_gb", what)
    mistakes.end()
    return Scenario(
        id=scenario_id,
        kind=file.kind,
        title=file.title,
        summary=file.summary,
        load=load,
        stress=stress,
        cameras=cameras,
        workflow=workflow,
        storage=storage,
        thresholds=thresholds,
        goals=goals,
        path=str(path),
        cool_down_s=cool_down_s,
        ask_below_memory_gb=file.ask_below_memory_gb,
    )


def _cool_down_s(mistakes: Mistakes, file: ScenarioFile) -> float:
    if file.cool_down is not None:
        return mistakes.seconds("cool_down", file.cool_down, most_s=MAX_COOL_DOWN_S)
    warms = file.load is not None or file.stress is not None
    return USUAL_COOL_DOWN_S if warms else 0.0


def _read_stress(mistakes: Mistakes, file: ScenarioFile) -> Stress | None:
    if file.stress is None:
        return None
    return read_stress(
        mistakes.within("stress"), file.stress, is_loaded=has_load_table(mistakes, file)
    )


def _read_cameras(mistakes: Mistakes, file: ScenarioFile) -> CamerasPlan | None:
    if file.cameras is None:
        return None
    return read_cameras_plan(mistakes.within("cameras"), file.cameras)


def _read_workflow(mistakes: Mistakes, file: ScenarioFile) -> Workflow | None:
    if file.e2e is not None:
        return read_workflow(mistakes.within("e2e"), file.e2e)
    return read_smoke(mistakes.within("smoke"), file.smoke) if file.smoke is not None else None


def _read_storage(mistakes: Mistakes, file: ScenarioFile) -> StoragePlan | None:
    if file.storage is None:
        return None
    return read_storage_plan(mistakes.within("storage"), file.storage)


def _read_load(mistakes: Mistakes, file: ScenarioFile, stress: Stress | None) -> Load | None:
    if file.load is None or file.kind in WITHOUT_LOAD:
        return None
    inside = mistakes.within("load")
    if file.kind == "e2e":
        return read_load_beside(inside, file.load)
    if file.kind != "stress":
        return read_load(inside, file.load)
    return read_load(inside, load_beside(inside, file.load, stress))


def _check_judged(mistakes: Mistakes, file: ScenarioFile, load: Load | None) -> None:
    """Whether the scenario has the figures that its limits are of."""
    if file.kind in WITHOUT_LOAD or (file.kind == "e2e" and not has_load_table(mistakes, file)):
        return
    has_load, has_stress = has_load_table(mistakes, file), file.kind == "stress"
    for section, table in (("thresholds", file.thresholds), ("goals", file.goals)):
        for metric in (each for each in table if each not in WORKFLOW_METRICS):
            what = unjudged(metric, load, has_load=has_load, has_stress=has_stress)
            if what:
                unless = ["kind", "load"] if what == NEEDS_STAGES else ["kind"]
                mistakes.add(f"{section}.{metric}", what, unless=unless)
