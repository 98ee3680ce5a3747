"""What workflows cost beyond their requests, and 10 000 objects through store, list, retrieve and
delete on the demo, every count exact: exit code 1 where one is not."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence

import msgspec
from PIL import Image

from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.process import rss_mb
from tests.bench.lib.spread import nearest_rank
from tests.bench.lib.table import Table, say
from tests.lib.fake_cameras import still_of
from tui.core.camera.table import pattern
from tui.core.config import Target
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.core.events import Event, RoundEnded, StepEnded, WorkflowEnded
from tui.ports import Still, WorkflowJob
from tui.service.workflow.run import HttpWorkflows


def still() -> Still:
    """A real JPEG of some 10 kB: noise does not get smaller."""
    out = io.BytesIO()
    picture = Image.effect_noise((160, 120), 60.0)
    picture.save(out, "JPEG", quality=85)
    return msgspec.structs.replace(still_of(pattern()), jpeg=out.getvalue())


STILL = still()
LIMIT_S = 900.0
PAGE = (("limit", "{page.size}"), ("offset", "{page.offset}"))

CAPTURE = Step("capture")
STORE = Step(
    "store", "store", send="capture", values=(("name", "{round.id}.jpg"),), save=(("id", "id"),),
    checks=(Check("sha256", equals="{capture.sha256}"), Check("size", equals="{capture.size}")),
)  # fmt: skip
RETRIEVE = Step("retrieve", "retrieve", checks=(Check("body", hash_of="capture"),))
DELETE = Step("delete", "delete")
SINGLE = (CAPTURE, Step("alive", "health"), STORE, RETRIEVE, DELETE)


def objects(number: int, at_once: int) -> Workflow:
    """So many, each with bytes of its own, there, found, back unharmed and gone."""
    pages = Pages(items="items", id="/id", of="store", name="/name",
                  fields=("/sha256", "/size", "/created_at"), order="/created_at")  # fmt: skip
    nothing = Pages(items="items", id="/id", name="/name")
    return Workflow(
        (
            CAPTURE,
            Step("store", "store", send="capture", unique=True, repeat=number, at_once=at_once,
                 values=(("name", "{round.id}-{item.number}.jpg"),), save=(("id", "id"),),
                 checks=(Check("sha256", equals="{item.sha256}"),
                         Check("size", equals="{item.size}"))),
            Step("list", "list", values=PAGE, pages=pages),
            Step("retrieve", "retrieve", each="store", at_once=at_once,
                 checks=(Check("body", hash_of="item"),)),
            Step("delete", "delete", each="store", at_once=at_once),
            Step("gone", "list", values=PAGE, pages=nothing),
        )
    )  # fmt: skip


@contextlib.contextmanager
def demo() -> Iterator[tuple[str, int]]:
    """Its URL and its process."""
    command = [sys.executable, "-m", "tui.demo"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], process.pid
    finally:
        process.terminate()
        process.wait(20)


def gone_through(url: str, workflow: Workflow) -> list[Event]:
    """All that was told of it."""
    events: list[Event] = []
    over = threading.Event()

    def tell(event: Event) -> None:
        events.append(event)
        if isinstance(event, WorkflowEnded):
            over.set()

    job = WorkflowJob(workflow, Target("demo", url), url, "", f"bench-{time.time_ns()}")
    watch = HttpWorkflows().begin(job, tell, lambda name: STILL)
    try:
        if not over.wait(LIMIT_S):
            raise TimeoutError(f"not over within {LIMIT_S:g} s")
    finally:
        watch.close()
    return events


def ended(events: Sequence[Event]) -> list[StepEnded]:
    """The steps that are over; ValueError where one did not pass."""
    steps = [event for event in events if isinstance(event, StepEnded)]
    bad = next((step for step in steps if step.state != "passed"), None)
    if bad is not None:
        raise ValueError(f"step {bad.step} {bad.state}: {bad.why}")
    if not all(event.is_complete for event in events if isinstance(event, RoundEnded)):
        raise ValueError("a round is not complete")
    return steps


def overhead_ms(step: StepEnded) -> float:
    """What it takes beyond its requests and the waits between them."""
    return step.ms - step.request_ms - step.wait_ms


def wrong_counts(steps: Sequence[StepEnded], number: int) -> list[str]:
    """Each that is not exact."""
    told = {
        "stored": (steps[1].items, number), "requests to store": (steps[1].requests, number),
        "hashes of what was stored": (steps[1].hashes, number),
        "in the list": (steps[2].records, number),
        "complete in the list": (steps[2].records_complete, number),
        "retrieved": (steps[3].items, number),
        "hashes of what was retrieved": (steps[3].hashes, number),
        "deleted": (steps[4].items, number), "requests to delete": (steps[4].requests, number),
        "failed items": (sum(step.items_failed for step in steps), 0),
    }  # fmt: skip
    return [f"{what}: {got}, not {wanted}" for what, (got, wanted) in told.items() if got != wanted]


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--objects", type=int, default=10_000, help="of a batch (default 10000)")
    given = options.parse_args()
    rounds = 1 if given.quick else given.rounds
    number = 500 if given.quick else given.objects
    print(machine())
    table = Table(f"workflows on the demo, {len(STILL.jpeg)} bytes a picture; milliseconds")
    with demo() as (url, _):
        _single(table, url, 50 if given.quick else 400, rounds)
        _batches(table, url, 200 if given.quick else 1000, rounds)
        wrong = _objects(table, url, number)
    table.show()
    for text in wrong:
        print(f"wrong: {text}")
    return 1 if wrong else 0


def _single(table: Table, url: str, times: int, rounds: int) -> None:
    for at_once in (1, 4):
        p50, p95 = [], []
        for turn in range(rounds):
            workflow = Workflow(SINGLE, rounds=times, at_once=at_once)
            over = [overhead_ms(step) for step in ended(gone_through(url, workflow)) if step.step]
            p50.append(nearest_rank(over, 0.50))
            p95.append(nearest_rank(over, 0.95))
            say(f"  single steps, {at_once} at once {turn + 1}/{rounds}")
        what = f"overhead of a step, {at_once} at once"
        table.add(f"{what}: p50", p50)
        table.add(f"{what}: p95", p95, wanted="<= 5")


def _batches(table: Table, url: str, number: int, rounds: int) -> None:
    for at_once in (1, 4, 8):
        items = []
        for turn in range(rounds):
            steps = ended(gone_through(url, objects(number, at_once)))
            items.append(max(overhead_ms(steps[place]) / number for place in (1, 3, 4)))
            say(f"  batches, {at_once} at once {turn + 1}/{rounds}")
        table.add(f"overhead of an item, {at_once} at once: worst step", items, wanted="<= 5")


def _objects(table: Table, url: str, number: int) -> list[str]:
    before_mb = rss_mb(os.getpid())
    try:
        steps = ended(gone_through(url, objects(number, 8)))
    except ValueError as error:
        return [str(error)]
    grown_mb = rss_mb(os.getpid()) - before_mb
    for place, what in ((1, "stored"), (3, "retrieved"), (4, "deleted")):
        table.add(f"{number} objects {what}: items/s", [number / steps[place].ms * 1000])
    table.add(f"{number} objects listed: records/s", [number / steps[2].ms * 1000])
    table.add(f"{number} objects: RSS growth MB", [grown_mb], wanted="<= 30")
    wrong = wrong_counts(steps, number)
    if not wrong:
        table.note(f"{number} stored, listed, retrieved unharmed and deleted: every count exact")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
