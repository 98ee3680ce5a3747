"""The instrument measured: against a responder that says the truth."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib import processes
from tests.lib.drive import Bench, bench, plan, users_file
from tests.lib.eventually import eventually
from tests.lib.target import Target
from tui.child.spawn import Lifelines
from tui.core import events as ev
from tui.core.validity import FLOOR_P50_MS, FLOOR_P99_MS, Floor
from tui.load import instrument, run
from tui.load.calibration import TOGETHER, TURNS_ALONE, TURNS_TOGETHER
from tui.load.instrument import Responder
from tui.load.responder import HELD_HEADER, HOLDS_S
from tui.ports import LoadFailed

LOOK = 'self.client.get("/look")'
ROUND_REQUESTS = len(HOLDS_S) * (TURNS_ALONE + TOGETHER * TURNS_TOGETHER)
SLOWED_MS = 10
SLOWED = """
import gevent
from locust.clients import HttpSession
from locust.contrib.fasthttp import FastHttpSession

original = {name}._send_request_safe_mode
def slowed(self, *args, **kwargs):
    answer = original(self, *args, **kwargs)
    gevent.sleep({ms} / 1000)
    return answer
{name}._send_request_safe_mode = slowed
"""


def started(rig: Bench, text: str) -> list[ev.InstrumentCalibrated]:
    """What a run that never begins says of its instrument."""
    drive = rig.drive()
    rig.driver.start(plan("http://127.0.0.1:1", rig.locustfile(text)), drive.events.append)
    rig.driver.close()
    return drive.of(ev.InstrumentCalibrated)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("calibration"), calibrates=True) as made:
        yield made


@pytest.fixture
def lifelines() -> Iterator[Lifelines]:
    made = Lifelines()
    yield made
    made.close()


def test_the_responder_holds_as_long_as_it_says(lifelines: Lifelines, tmp_path: Path) -> None:
    responder = Responder(lifelines, tmp_path)
    port = responder.port(time.monotonic() + 10)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for hold_s in HOLDS_S * 2:
        began_s = time.perf_counter()
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        took_ms = (time.perf_counter() - began_s) * 1000
        assert hold_s * 1000 <= float(answer.headers[HELD_HEADER]) <= took_ms
    connection.close()
    responder.end()
    assert processes.children_of(os.getpid()) == []


@pytest.mark.parametrize("client", ["FastHttpUser", "HttpUser"])
def test_a_run_knows_its_floor_before_it_begins(rig: Bench, target: Target, client: str) -> None:
    drive = rig.drive()
    file = rig.locustfile(users_file(LOOK, client=client))
    rig.driver.start(plan(target.url, file, workers=2), drive.events.append)
    (calibrated,) = drive.events
    assert isinstance(calibrated, ev.InstrumentCalibrated)
    assert calibrated.p50_ms is not None
    assert calibrated.p99_ms is not None
    assert 0 < calibrated.p50_ms <= calibrated.p99_ms
    # Of one round of one worker.
    assert calibrated.requests == ROUND_REQUESTS
    assert calibrated.why == ""
    # Nothing of it is left: neither the responder nor a request in the run's own counts.
    assert sorted(processes.children_of(os.getpid())) == sorted(rig.driver.pids())
    rig.driver.begin()
    drive.await_level(4)
    drive.finish()
    assert drive.requests() == target.total_received > 0
    assert {row.name for row in drive.rows()} == {"/look"}


def test_a_quiet_instrument_is_far_below_what_makes_a_run_invalid(rig: Bench) -> None:
    # Not a promise in milliseconds: the best of three on a machine that tests share.
    floors = [rig.driver.calibrate() for _ in range(3)]
    known = [floor for floor in floors if isinstance(floor, Floor)]
    assert len(known) == 3
    assert min(floor.p50_ms for floor in known) < FLOOR_P50_MS
    assert min(floor.p99_ms for floor in known) < FLOOR_P99_MS
    assert processes.children_of(os.getpid()) == []


def test_a_run_without_a_responder_goes_on_without_a_floor(
    rig: Bench, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(Responder):
        def port(self, ends_s: float) -> int:
            raise instrument.NoFloor("the responder did not start")

    monkeypatch.setattr(run, "Responder", Silent)
    drive = rig.drive()
    drive.begin(plan(target.url, rig.locustfile(users_file(LOOK))))
    drive.finish()
    assert drive.of(ev.InstrumentCalibrated) == [
        ev.InstrumentCalibrated(why="the responder did not start")
    ]
    assert drive.requests() == target.total_received > 0


def test_a_responder_that_can_not_be_started_is_no_reason_not_to_run(
    rig: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing(Responder):
        def __init__(self, *_: object) -> None:
            raise OSError("no such file")

    monkeypatch.setattr(run, "Responder", Missing)
    (calibrated,) = started(rig, users_file(LOOK))
    assert calibrated.why == "the responder could not be started"
    assert calibrated.p50_ms is None


def test_users_without_a_client_of_ours_have_no_floor(rig: Bench) -> None:
    text = users_file("pass", client="User").replace("import ", "import User, ", 1)
    assert started(rig, text) == [
        ev.InstrumentCalibrated(why="Some has no HTTP client of Locust's")
    ]


@pytest.mark.parametrize("slowed", ["FastHttpSession", "HttpSession"])
def test_every_kind_of_client_of_a_run_is_measured_and_the_worst_counts(
    rig: Bench, slowed: str
) -> None:
    both = users_file(LOOK) + users_file(LOOK, client="HttpUser").replace("Some", "Plain")
    (calibrated,) = started(rig, SLOWED.format(name=slowed, ms=SLOWED_MS) + both)
    assert calibrated.p50_ms is not None
    assert calibrated.p50_ms > SLOWED_MS
    assert calibrated.requests == ROUND_REQUESTS


def test_a_client_that_is_not_there_is_said_in_one_line(rig: Bench) -> None:
    said = rig.driver.calibrate("User")
    assert said == "User has no HTTP client of Locust's"


def test_a_start_can_be_interrupted(rig: Bench) -> None:
    file = rig.locustfile("import time\ntime.sleep(60)\n" + users_file(LOOK))
    timer = threading.Timer(0.3, rig.driver.interrupt)
    timer.start()
    with pytest.raises(LoadFailed, match="stopped while the workers were starting"):
        rig.driver.start(plan("http://127.0.0.1:1", file), print)
    timer.join()
    eventually(lambda: processes.children_of(os.getpid()) == [])
