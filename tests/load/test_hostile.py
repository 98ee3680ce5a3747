"""Targets that break the rules of HTTP or of good sense: counted, and survived."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from collections import Counter

import pytest

from tests.lib.drive import Bench, Drive, plan, users_file
from tests.lib.hostile import OK_EMPTY, flood, hostile
from tui.catalogue import shipped_root
from tui.core import events as ev

LOOK = 'self.client.get("/look")'
SHIPPED = shipped_root() / "scenarios" / "load" / "users.py"
STORES = f"""
import runpy
from locust import constant

Admin = runpy.run_path({str(SHIPPED)!r})["AdminUser"]
Admin.abstract = True

class Some(Admin):
    abstract = False
    wait_time = constant(0.02)

Some.tasks = [Admin.round_trip]
del Admin
"""
UNUSABLE: list[object] = [
    {"id": "9" * 70_000},
    {"id": "\ud800"},
    {"id": "../../etc"},
    {"id": ["a", {}]},
    {},
    [],
    "\ud800",
]


def lost(drive: Drive) -> int:
    """Reports that never came."""
    return drive.of(ev.ReportsCounted)[-1].lost


@pytest.mark.parametrize(
    ("client", "answers"), [("FastHttpUser", 0), ("FastHttpUser", 2), ("HttpUser", 2)]
)
def test_a_connection_closed_without_an_answer_is_one_failure_for_each_request(
    rig: Bench, client: str, answers: int
) -> None:
    seen: Counter[str] = Counter()
    served: Counter[socket.socket] = Counter()

    def answer(connection: socket.socket, method: str, path: str) -> None:
        seen[path] += 1
        served[connection] += 1
        if served[connection] > answers:
            seen["closed"] += 1
            raise ConnectionAbortedError
        connection.sendall(OK_EMPTY)

    file = rig.locustfile(users_file(LOOK, client=client))
    with hostile(answer) as url:
        drive = rig.whole(plan(url, file, users=1), lambda _: seen["closed"] >= 10)
    assert drive.requests() == seen["/look"]
    assert drive.failures() == seen["closed"]
    assert {one.failure_class for one in drive.failure_counts} == {"connect"}


@pytest.mark.parametrize("client", ["FastHttpUser", "HttpUser"])
def test_a_body_without_an_end_is_one_failure_and_fills_no_memory(rig: Bench, client: str) -> None:
    small = "from tui.load import clients\nclients.MAX_BODY_BYTES = 2**20\n"
    file = rig.locustfile(small + users_file(LOOK, client=client))
    with hostile(lambda connection, *_: flood(connection)) as url:
        drive = rig.whole(plan(url, file, users=2), lambda drive: drive.requests() >= 6)
    assert drive.failures() == drive.requests()
    assert {one.error for one in drive.failure_counts} == {"body over 1 MiB, not read on"}
    assert (drive.unfinished, lost(drive)) == (0, 0)


def test_an_answer_without_a_usable_id_is_a_failed_upload_and_the_run_goes_on(rig: Bench) -> None:
    bodies = itertools.cycle(json.dumps(stored).encode() for stored in UNUSABLE)
    uploads: Counter[bytes] = Counter()
    lock = threading.Lock()

    def answer(connection: socket.socket, method: str, path: str) -> None:
        with lock:
            body = next(bodies)
            uploads[body] += (method, path) == ("POST", "/images")
        head = f"HTTP/1.1 201 Created\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        connection.sendall(head + body)

    with hostile(answer) as url:
        wanted = plan(url, rig.locustfile(STORES), users=2, paths=("/images/{id}",))
        drive = rig.whole(wanted, lambda drive: drive.requests(name="/images") >= 60)
    assert len(uploads) == len(UNUSABLE)
    posts = [row for row in drive.rows(name="/images") if row.method == "POST"]
    assert sum(row.requests for row in posts) == uploads.total()
    assert sum(row.failures for row in posts) == uploads.total()
    assert {one.failure_class for one in drive.failure_counts} <= {"payload", "integrity"}
    assert drive.of(ev.UserCodeFailed) == []
    assert lost(drive) == 0
