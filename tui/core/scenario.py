"""Scenario files: what they may say, and what is wrong with one that says something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from pathlib import PurePath
from typing import Any, Literal

import msgspec

from tui.core.camera.plan import CamerasPlan, CamerasTable, cameras_text, read_cameras_plan
from tui.core.duration import MAX_DURATION_S, duration_text
from tui.core.e2e.table import WorkflowTable, read_workflow
from tui.core.e2e.workflow import Workflow, workflow_text
from tui.core.format import load_level, load_plan
from tui.core.limit_table import (
    NEEDS_STAGES,
    LimitTable,
    read_camera_limits,
    read_limits,
    read_workflow_limits,
    unjudged,
)
from tui.core.limits import Limit
from tui.core.load import Load, Stage
from tui.core.load_table import ArrivalTable, LoadTable, read_load
from tui.core.mistakes import Mistakes
from tui.core.overlay import with_changes
from tui.core.problem import quoted
from tui.core.stress.plan import Stress, stress_plan
from tui.core.stress.table import StressTable, read_stress
from tui.core.toml import read_table

Kind = Literal["load", "stress", "benchmark", "e2e"]
KINDS: tuple[Kind, ...] = ("load", "stress", "benchmark", "e2e")
PREFIXES: dict[Kind, str] = {"stress": "stress-", "benchmark": "bench-"}
"""What the ids of a kind begin with."""
MOST_WARM_UP_S = 600.0
"""Beside a stress the load may take this long to reach its level."""
MAX_MEMORY_GB = 4096
MAX_COOL_DOWN_S = 3600.0
_TABLES: dict[Kind, str] = {
    "load": "load", "stress": "stress", "benchmark": "cameras", "e2e": "e2e"
}  # fmt: skip
"""What a kind can't do without."""
_WITHOUT_LOAD: dict[Kind, str] = {"benchmark": "a benchmark of cameras", "e2e": "a workflow"}
_LIMIT_READERS = {"benchmark": read_camera_limits, "e2e": read_workflow_limits}
_KNOWN_KINDS = ", ".join((*KINDS, "campaign"))
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


class _File(msgspec.Struct, forbid_unknown_fields=True):
    kind: Kind
    title: str
    load: LoadTable | None = None
    stress: StressTable | None = None
    cameras: CamerasTable | None = None
    e2e: WorkflowTable | None = None
    summary: str = ""
    cool_down: str = "5m"
    ask_below_memory_gb: float = 0.0
    thresholds: dict[str, str | LimitTable] = {}
    goals: dict[str, str] = {}


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
        if self.cameras is not None:
            return self.cameras.total_s
        if self.stress is None:
            return self.load.duration_s if self.load is not None else 0.0
        if self.load is None:
            return self.stress.total_s
        warm_up_s = self.load.spawn_s if self.load.warm_up_s is None else self.load.warm_up_s
        return warm_up_s + self.stress.total_s

    @property
    def asks_service(self) -> bool:
        """Whether it has anything to do with the service; cameras alone have not."""
        return self.cameras is None

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
            return workflow_text(self.workflow)
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
    file = _read_file(mistakes, with_changes(path.name, data, changes))
    _check_tables(mistakes, file)
    stress = _read_stress(mistakes, file)
    load = _read_load(mistakes, file, stress)
    cameras = _read_cameras(mistakes, file)
    workflow = _read_workflow(mistakes, file)
    read = _LIMIT_READERS.get(file.kind, read_limits)
    thresholds = read(mistakes.within("thresholds"), file.thresholds)
    goals = read(mistakes.within("goals"), file.goals)
    _check_judged(mistakes, file, load)
    _check_name(mistakes, file.kind, scenario_id)
    cool_down_s = mistakes.seconds("cool_down", file.cool_down, most_s=MAX_COOL_DOWN_S)
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
        thresholds=thresholds,
        goals=goals,
        path=str(path),
        cool_down_s=cool_down_s,
        ask_below_memory_gb=file.ask_below_memory_gb,
    )


def checked_id(mistakes: Mistakes, path: PurePath) -> str:
    """The id that a file's name is, or should be."""
    if not _ID.fullmatch(path.stem):
        what = "a scenario's file name is its id: lower case letters, digits and dashes"
        mistakes.add("", what)
    return path.stem


def _read_file(mistakes: Mistakes, data: dict[str, Any]) -> _File:
    """The tables. A kind that nobody knows is guessed: it hides no other mistake."""
    kind = data.get("kind")
    if isinstance(kind, str) and kind not in KINDS:
        mistakes.add("kind", f"unknown kind {quoted(kind)} (known: {_KNOWN_KINDS})")
    file = read_table(mistakes, data, _File)
    if mistakes.concern("kind"):
        file.kind = "load" if file.stress is None else "stress"
        file.kind = file.kind if file.cameras is None else "benchmark"
        file.kind = file.kind if file.e2e is None else "e2e"
    return file


def _check_name(mistakes: Mistakes, kind: Kind, scenario_id: str) -> None:
    """Whether the id is one of that kind."""
    others = [prefix for each, prefix in PREFIXES.items() if each != kind]
    prefix = PREFIXES.get(kind, "")
    if not scenario_id.startswith(prefix):
        what = f"the id of a {kind} scenario begins with {prefix} (its file's name)"
        mistakes.add("kind", what)
    if scenario_id.startswith(tuple(others)):
        mistakes.add("kind", f"a name that begins so is for another kind than {kind}")


def _check_tables(mistakes: Mistakes, file: _File) -> None:
    """Whether there are those that the kind needs, and no other."""
    for kind, table in _TABLES.items():
        if kind in ("load", file.kind) or getattr(file, table) is None:
            continue
        own = _WITHOUT_LOAD.get(file.kind, f"a {file.kind} scenario")
        what = f'is no part of {own} (meant kind = "{kind}"?)'
        mistakes.add(table, what, unless=["kind"])
    if file.kind in _WITHOUT_LOAD and file.load is not None:
        mistakes.add("load", f"is no part of {_WITHOUT_LOAD[file.kind]}", unless=["kind"])
    if getattr(file, _TABLES[file.kind]) is None:
        mistakes.add(_TABLES[file.kind], "is missing", unless=["kind"])


def _read_stress(mistakes: Mistakes, file: _File) -> Stress | None:
    if file.stress is None:
        return None
    return read_stress(mistakes.within("stress"), file.stress, is_loaded=_has_load(mistakes, file))


def _read_cameras(mistakes: Mistakes, file: _File) -> CamerasPlan | None:
    if file.cameras is None:
        return None
    return read_cameras_plan(mistakes.within("cameras"), file.cameras)


def _read_workflow(mistakes: Mistakes, file: _File) -> Workflow | None:
    if file.e2e is None:
        return None
    return read_workflow(mistakes.within("e2e"), file.e2e)


def _read_load(mistakes: Mistakes, file: _File, stress: Stress | None) -> Load | None:
    if file.load is None or file.kind in _WITHOUT_LOAD:
        return None
    inside = mistakes.within("load")
    if file.kind != "stress":
        return read_load(inside, file.load)
    if file.load.duration is not None:
        inside.add("duration", "a load beside a stress lasts as long as that does: leave it out")
    lasts_s = MAX_DURATION_S if stress is None else stress.total_s + MOST_WARM_UP_S
    level = _one_level(inside, file.load)
    return read_load(inside, msgspec.structs.replace(level, duration=duration_text(lasts_s)))


def _one_level(mistakes: Mistakes, table: LoadTable) -> LoadTable:
    """The table without what would change its level."""
    changing = {key: getattr(table, key) for key in ("stages", "pattern", "shape", "search")}
    changing["operations_per_user"] = table.operations_per_user
    if isinstance(table.arrival_rate, ArrivalTable):
        changing["arrival_rate"] = table.arrival_rate
    for key in [key for key, value in changing.items() if value]:
        what = "beside a stress there is one level all along: else nobody knows what did it"
        mistakes.add(key, what)
    plain = LoadTable()
    return msgspec.structs.replace(table, **{key: getattr(plain, key) for key in changing})


def _check_judged(mistakes: Mistakes, file: _File, load: Load | None) -> None:
    """Whether the scenario has the figures that its limits are of."""
    if file.kind in _WITHOUT_LOAD:
        return
    has_load, has_stress = _has_load(mistakes, file), file.kind == "stress"
    for section, table in (("thresholds", file.thresholds), ("goals", file.goals)):
        for metric in table:
            what = unjudged(metric, load, has_load=has_load, has_stress=has_stress)
            if what:
                unless = ["kind", "load"] if what == NEEDS_STAGES else ["kind"]
                mistakes.add(f"{section}.{metric}", what, unless=unless)


def _has_load(mistakes: Mistakes, file: _File) -> bool:
    """Whether the file has one, or means to."""
    return file.load is not None or mistakes.concern("load")
