"""The measuring process, run to its end, and what became of it."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any

from tests.core import script
from tests.lib.s3 import KEY, SECRET, Meddler, Server
from tui.child.spawn import Lifelines
from tui.core import events as ev
from tui.core.model import RunView
from tui.core.scenario import parse_scenario
from tui.core.storage.plan import StoragePlan
from tui.core.storage.settings import StorageSettings
from tui.core.storage.view import StorageView
from tui.ports import StorageJob
from tui.stress.objects.bench import ObjectsBench, ObjectsWatch

ENDS_S = 60.0
SMALL = StoragePlan((1, 2), (1, 2), per_cell=2, cell_s=1.0, records=0)
BUCKET = "jetproof-test"
Heard = list[ev.Event]
Meddling = Callable[..., Meddler]


def settings(url: str = "", **others: Any) -> StorageSettings:
    if not url:
        return StorageSettings()
    return StorageSettings(url, BUCKET, access_key="env:K", secret_key="env:S", **others)


def job(
    directory: Path,
    url: str = "",
    plan: StoragePlan = SMALL,
    *,
    run_id: str = "r1",
    allowed_bytes: int | None = None,
    key: str = KEY,
    secret: str = SECRET,
) -> StorageJob:
    return StorageJob(
        plan,
        settings(url),
        str(directory),
        run_id,
        allowed_bytes,
        access_key=key,
        secret_key=secret,
    )


@contextmanager
def begun(
    asked: StorageJob, log_dir: Path, on_event: Callable[[ev.Event], None] = lambda event: None
) -> Iterator[tuple[ObjectsWatch, Callable[[], Heard]]]:
    """A measurement, and what waits for its end and gives all that was told."""
    told: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()

    def tell(event: ev.Event) -> None:
        told.put(event)
        on_event(event)

    def wait() -> Heard:
        heard: Heard = []
        while not heard or not isinstance(heard[-1], ev.StorageEnded):
            heard.append(told.get(timeout=ENDS_S))
        return heard

    lifelines = Lifelines()
    try:
        watch = ObjectsBench(lifelines, log_dir).begin(asked, tell)
        yield watch, wait
        watch.close()
    finally:
        lifelines.close()


def measured(asked: StorageJob, log_dir: Path) -> Heard:
    """All that it told."""
    with begun(asked, log_dir) as (_, wait):
        return wait()


def run_of(heard: Heard, plan: StoragePlan = SMALL, **sections: Any) -> RunView:
    """A run of that plan in which this was told."""
    table = {
        "sizes_mb": list(plan.sizes_mb),
        "parallel": list(plan.parallel),
        "per_cell": plan.per_cell,
        "local": plan.local,
        "objects": plan.objects,
        "records": plan.records,
    }
    limits = {"upload_mb_per_s": "> 0.1", "local_write_mb_per_s": "> 0.1", "integrity_rate": ">= 1"}
    what = {"thresholds": limits, **sections}
    scenario = parse_scenario(
        PurePath("bench-storage.toml"),
        {"kind": "benchmark", "title": "Storage", "storage": table, **what},
        {},
    )
    beginning: Heard = [
        ev.RunStarted(at_s=0.0, facts=script.facts(scenario=scenario)),
        ev.WorkBegan(at_s=1.0),
        ev.PhaseEntered(at_s=1.0, phase="measuring"),
    ]
    return script.view_of([*beginning, *heard, ev.RunEnded(at_s=9.0, reason="completed")])


def storage_of(heard: Heard, plan: StoragePlan = SMALL) -> StorageView:
    """How it stood at its end."""
    found = run_of(heard, plan).storage
    assert found is not None
    return found


def put(s3: Server, key: str, *, make: bool = False) -> None:
    """An object of somebody else's."""
    from minio import Minio

    client = Minio(s3.url.removeprefix("http://"), KEY, SECRET, secure=False)
    if make:
        client.make_bucket(BUCKET)
    client.put_object(BUCKET, key, BytesIO(b"theirs"), 6)
