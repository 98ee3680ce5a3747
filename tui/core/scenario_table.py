"""The tables of a scenario file: which there are, and whether they are those of its kind."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any, Literal

import msgspec

from tui.core.camera.plan import CamerasTable
from tui.core.e2e.smoke_table import SmokeTable
from tui.core.e2e.table import WorkflowTable
from tui.core.limit_table import LimitTable
from tui.core.load_table import LoadTable
from tui.core.mistakes import Mistakes
from tui.core.problem import quoted
from tui.core.storage.plan import StorageTable
from tui.core.stress.table import StressTable
from tui.core.toml import read_table

Kind = Literal["load", "stress", "benchmark", "e2e", "smoke"]
KINDS: tuple[Kind, ...] = ("load", "stress", "benchmark", "e2e", "smoke")
PREFIXES: dict[Kind, str] = {"stress": "stress-", "benchmark": "bench-"}
"""What the ids of a kind begin with."""
_TABLES: dict[Kind, str] = {
    "load": "load", "stress": "stress", "benchmark": "cameras", "e2e": "e2e", "smoke": "smoke"
}  # fmt: skip
"""What a kind can't do without."""
_ALL_TABLES = (*_TABLES.items(), ("benchmark", "storage"))
"""A benchmark may be of either."""
_OWN_NAMES: dict[Kind, str] = {
    "benchmark": "a benchmark", "e2e": "a workflow", "smoke": "a smoke suite"
}  # fmt: skip
WITHOUT_LOAD = ("benchmark", "smoke")
_KNOWN_KINDS = ", ".join((*KINDS, "campaign"))
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


class ScenarioFile(msgspec.Struct, forbid_unknown_fields=True):
    """Decoded, nothing of it checked but its shape."""

    kind: Kind
    title: str
    load: LoadTable | None = None
    stress: StressTable | None = None
    cameras: CamerasTable | None = None
    e2e: WorkflowTable | None = None
    storage: StorageTable | None = None
    smoke: SmokeTable | None = None
    summary: str = ""
    cool_down: str | None = None
    ask_below_memory_gb: float = 0.0
    thresholds: dict[str, str | LimitTable] = {}
    goals: dict[str, str] = {}


def checked_id(mistakes: Mistakes, path: PurePath) -> str:
    """The id that a file's name is, or should be."""
    if not _ID.fullmatch(path.stem):
        what = "a scenario's file name is its id: lower case letters, digits and dashes"
        mistakes.add("", what)
    return path.stem


def read_file(mistakes: Mistakes, data: dict[str, Any]) -> ScenarioFile:
    """The tables. A kind that nobody knows is guessed: it hides no other mistake."""
    kind = data.get("kind")
    if isinstance(kind, str) and kind not in KINDS:
        mistakes.add("kind", f"unknown kind {quoted(kind)} (known: {_KNOWN_KINDS})")
    file = read_table(mistakes, data, ScenarioFile)
    if mistakes.concern("kind"):
        meant = [kind for kind, table in _ALL_TABLES if getattr(file, table) is not None]
        file.kind = meant[-1] if meant else "load"
    return file


def check_name(mistakes: Mistakes, kind: Kind, scenario_id: str) -> None:
    """Whether the id is one of that kind."""
    others = [prefix for each, prefix in PREFIXES.items() if each != kind]
    prefix = PREFIXES.get(kind, "")
    if not scenario_id.startswith(prefix):
        what = f"the id of a {kind} scenario begins with {prefix} (its file's name)"
        mistakes.add("kind", what)
    if scenario_id.startswith(tuple(others)):
        mistakes.add("kind", f"a name that begins so is for another kind than {kind}")


def check_tables(mistakes: Mistakes, file: ScenarioFile) -> None:
    """Whether there are those that the kind needs, and no other."""
    if file.cameras is not None and file.storage is not None:
        mistakes.add("storage", "a benchmark is of cameras or of storage: each has its own file")
    for kind, table in _ALL_TABLES:
        if kind in ("load", file.kind) or getattr(file, table) is None:
            continue
        own = _OWN_NAMES.get(file.kind, f"a {file.kind} scenario")
        what = f'is no part of {own} (meant kind = "{kind}"?)'
        mistakes.add(table, what, unless=["kind"])
    if file.kind in WITHOUT_LOAD and file.load is not None:
        mistakes.add("load", f"is no part of {_OWN_NAMES[file.kind]}", unless=["kind"])
    if not any(getattr(file, table) for kind, table in _ALL_TABLES if kind == file.kind):
        either = " (or [storage])" if file.kind == "benchmark" else ""
        mistakes.add(_TABLES[file.kind], f"is missing{either}", unless=["kind"])


def has_load_table(mistakes: Mistakes, file: ScenarioFile) -> bool:
    """Whether the file has one, or means to."""
    return file.load is not None or mistakes.concern("load")
