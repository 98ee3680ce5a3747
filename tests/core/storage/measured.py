"""A benchmark of storage as its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from tests.core import script
from tui.core import events as ev
from tui.core.model import RunView
from tui.core.scenario import Scenario, parse_scenario
from tui.core.storage.fold import NO_ENDPOINT
from tui.core.storage.measures import (
    Cell,
    Cleaned,
    Opened,
    PlaceName,
    Records,
    StoreFault,
    Transfers,
)
from tui.core.storage.plan import MB

Rates = Mapping[tuple[PlaceName, int, int], float]
"""MB/s of each way, by place, size and number at once."""
WHERE = "http://store:9000, bucket pictures"
LOCAL = Opened(
    place="local",
    where="/data",
    medium="storage",
    filesystem="ext4",
    device="/dev/nvme0n1p1",
    way="direct",
)
STORE = Opened(place="store", where=WHERE, made_bucket=True)
NO_STORE = Opened(place="store", where="", why_not=NO_ENDPOINT)
RECORDS = Records(20_000, 20_000, 100, 2.0, 5.0, 9.0, 200, 0.4, 1.5, 3.0)
LIMITS = {
    "upload_mb_per_s": "> 5",
    "download_mb_per_s": "> 5",
    "local_write_mb_per_s": "> 5",
    "integrity_rate": ">= 1",
    "metadata_records_per_s": ">= 1000",
    "metadata_query_ms": "< 100",
}
GOALS = {"upload_mb_per_s": "> 20"}
SIZES, PARALLEL = (1, 20), (1, 8)


def scenario(**table: Any) -> Scenario:
    asked = {"sizes_mb": list(SIZES), "parallel": list(PARALLEL), **table}
    data = {
        "kind": "benchmark",
        "title": "Storage",
        "storage": asked,
        "thresholds": LIMITS,
        "goals": GOALS,
    }
    return parse_scenario(PurePath("bench-storage.toml"), data, {})


def transfers(mb_per_s: float, size_mb: int, objects: int = 8) -> Transfers:
    seconds = objects * size_mb / mb_per_s
    each_ms = 1000 * seconds / objects
    return Transfers(
        objects, objects * size_mb * MB, seconds, each_ms, 2 * each_ms, 3 * each_ms, 20.0
    )


def cell(
    place: PlaceName,
    size_mb: int,
    parallel: int,
    mb_per_s: float = 50.0,
    *,
    bad: int = 0,
    objects: int = 8,
    cached: bool = False,
) -> Cell:
    told = transfers(mb_per_s, size_mb, objects)
    return Cell(place, size_mb, parallel, 8, told, told, objects - bad, bad, is_cached=cached)


def cells(local: Sequence[float], store: Sequence[float]) -> list[ev.Event]:
    """One for each size and number at once, in their order."""
    keys = [(size, parallel) for size in SIZES for parallel in PARALLEL]
    found: list[ev.Event] = []
    for key, first, second in zip(keys, local, store, strict=True):
        found.append(ev.CellMeasured(cell=cell("local", *key, first)))
        found.append(ev.CellMeasured(cell=cell("store", *key, second)))
    return found


GOOD: list[ev.Event] = [
    ev.StorageOpened(opened=LOCAL),
    ev.StorageOpened(opened=STORE),
    *cells((400.0, 500.0, 600.0, 700.0), (40.0, 50.0, 60.0, 70.0)),
    ev.RecordsMeasured(records=RECORDS),
    ev.StoreCleaned(cleaned=Cleaned(32, 0, True)),
    ev.StorageEnded(),
]


def failing(kind: Any, at: tuple[int, int] = (0, 0), detail: str = "") -> list[ev.Event]:
    """The store's half ends so; the local half goes on."""
    fault = StoreFault(kind, detail)
    return [
        ev.StorageOpened(opened=LOCAL),
        ev.StorageOpened(opened=STORE),
        ev.StoreFailed(fault=fault, size_mb=at[0], parallel=at[1]),
        *(
            ev.CellMeasured(cell=cell("local", size, parallel))
            for size in SIZES
            for parallel in PARALLEL
        ),
        ev.RecordsMeasured(records=RECORDS),
        ev.StoreCleaned(cleaned=Cleaned(0)),
        ev.StorageEnded(),
    ]


def events_of(told: Sequence[ev.Event], *, ended: bool = True, **table: Any) -> list[ev.Event]:
    """A whole run in which this was told."""
    facts = script.facts(scenario=scenario(**table))
    events: list[ev.Event] = [
        ev.RunStarted(at_s=0.0, facts=facts),
        ev.WorkBegan(at_s=1.0),
        ev.PhaseEntered(at_s=1.0, phase="measuring"),
        *told,
    ]
    return [*events, ev.RunEnded(at_s=60.0, reason="completed")] if ended else events


def run_of(told: Sequence[ev.Event], *, ended: bool = True, **table: Any) -> RunView:
    return script.view_of(events_of(told, ended=ended, **table))
