from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.test_disk import roomy
from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tests.lib.target import Target, self_signed
from tui.child.spawn import Lifelines
from tui.core.events import BurnerEnded, FaultDone, FaultUndone
from tui.core.stress.plan import DiskPlan
from tui.core.stress.toxics import Toxics
from tui.faults import disk
from tui.faults.fill import STOP_S
from tui.faults.harm import Harm
from tui.faults.undo_journal import journals
from tui.ports import FaultFailed

SLOW = Toxics(latency_ms=200.0)
MIB = 1024**2
TAKEN_MB = 64
MANY_MB = 1024
LONG_S = 60.0
NETWORK = FaultUndone(name="network")
BY_ITS_END = FaultUndone(name="network", cause="the end of its proxy")


@pytest.fixture
def harm(tmp_path: Path, lifelines: Lifelines, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harm]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = Harm(tmp_path, lifelines, tmp_path)
    yield made
    made.close()
    assert processes.children_of(os.getpid()) == []


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def took_ms(url: str) -> float:
    """How long a request takes on a connection of its own. Raises OSError."""
    split = urlsplit(url)
    began_s = time.monotonic()
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=10)
    try:
        connection.request("GET", split.path or "/")
        assert connection.getresponse().read()
    finally:
        connection.close()
    return (time.monotonic() - began_s) * 1000


def little(directory: Path, taken_mb: int = TAKEN_MB) -> DiskPlan:
    """A floor that leaves room for a little only."""
    room = os.statvfs(directory)
    free = roomy(directory, taken_mb) - taken_mb * MIB
    return DiskPlan(floor_share=free / (room.f_blocks * room.f_frsize))


def said_of(harm: Harm) -> FaultDone | FaultUndone | BurnerEnded:
    """What became of the fill, once that is known."""
    said = eventually(harm.filled, "nothing was said of the disk")
    assert said is not None
    return said


def fill(harm: Harm, directory: Path, deadline_s: float = LONG_S) -> str:
    """Fill it; what was said then."""
    harm.fill(little(directory), str(directory), deadline_s)
    done = said_of(harm)
    assert isinstance(done, FaultDone), done
    return done.text


def fills(directory: Path) -> list[Path]:
    return list(directory.glob("jetproof-fill-*"))


def proxy() -> int:
    """The pid of the fault proxy."""
    (found,) = [
        pid
        for pid in processes.children_of(os.getpid())
        if "tui.faults.proxy" in processes.command_line(pid)
    ]
    return found


def test_a_way_leads_to_the_service_and_suffers_until_it_is_undone(
    harm: Harm, target: Target
) -> None:
    way = harm.lead(f"{target.url}/slow/path")
    assert way.endswith("/slow/path")
    took_ms(way)
    assert target.received["/slow/path"] == 1
    assert harm.undo() == [], "there was no fault yet"
    harm.suffer(SLOW)
    assert took_ms(way) >= 2 * SLOW.latency_ms
    assert harm.undo() == [NETWORK]
    assert took_ms(way) < 2 * SLOW.latency_ms
    assert harm.undo() == []
    harm.close()
    with pytest.raises(OSError, match="refused"):
        took_ms(way)


def test_a_step_without_a_fault_leaves_nothing_to_undo(harm: Harm, target: Target) -> None:
    harm.lead(target.url)
    assert harm.suffer(SLOW) == []
    assert harm.suffer(Toxics()) == [NETWORK]
    assert harm.suffer(Toxics()) == []
    assert harm.undo() == []


def test_a_fault_is_over_when_another_one_takes_its_place(harm: Harm, target: Target) -> None:
    harm.lead(target.url)
    harm.suffer(SLOW)
    assert harm.suffer(Toxics(cut="reset")) == [NETWORK]
    assert harm.undo() == [NETWORK]


def test_a_way_can_be_led_again_after_all_was_closed(harm: Harm, target: Target) -> None:
    before = processes.descriptors()
    for _ in range(2):
        way = harm.lead(target.url)
        harm.suffer(SLOW)
        assert harm.close() == [NETWORK]
        assert harm.close() == []
    assert processes.descriptors() <= before
    assert way


def test_a_second_way_takes_the_place_of_the_first(harm: Harm, target: Target) -> None:
    harm.lead(target.url)
    first = proxy()
    harm.lead(target.url)
    assert proxy() != first


def test_a_way_to_https_shows_the_services_own_certificate(harm: Harm, tmp_path: Path) -> None:
    file = self_signed(tmp_path, "DNS:localhost")
    context = ssl.create_default_context(cafile=str(file))
    with Target(file) as target:
        way = urlsplit(harm.lead(f"https://localhost:{target.port}/v1"))
        assert (way.scheme, way.hostname, way.path) == ("https", "127.0.0.1", "/v1")
        harm.suffer(SLOW)
        began_s = time.monotonic()
        with (
            socket.create_connection((way.hostname or "", way.port or 0), 10) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            secure.sendall(b"GET /look HTTP/1.0\r\n\r\n")
            assert secure.recv(1024).startswith(b"HTTP/1.1 200")
        # The handshake suffers as well: two ways there and back at least.
        assert (time.monotonic() - began_s) * 1000 >= 4 * SLOW.latency_ms


def test_without_a_way_nothing_suffers(harm: Harm) -> None:
    with pytest.raises(FaultFailed, match="the fault proxy is gone"):
        harm.suffer(SLOW)
    assert harm.undo() == []


def test_a_proxy_that_was_killed_is_no_fault_of_the_service_and_does_none_any_more(
    harm: Harm, target: Target
) -> None:
    harm.lead(target.url)
    harm.suffer(SLOW)
    assert harm.lost() == ""
    os.kill(proxy(), signal.SIGKILL)
    eventually(harm.lost, "nobody noticed")
    assert harm.lost() == "the fault proxy ended (killed by signal 9)"
    with pytest.raises(FaultFailed, match="ended"):
        harm.suffer(SLOW)
    assert harm.undo() == [BY_ITS_END]
    assert harm.undo() == []
    assert harm.lost() == "the fault proxy ended (killed by signal 9)"
    harm.lead(target.url)
    assert harm.lost() == ""


def test_a_proxy_that_is_closed_is_not_lost(harm: Harm, target: Target) -> None:
    harm.lead(target.url)
    harm.close()
    assert harm.lost() == ""


def test_a_proxy_that_hangs_is_ended_when_its_faults_are_undone(
    harm: Harm, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.faults.detour.ANSWER_S", 0.2)
    way = harm.lead(target.url)
    harm.suffer(SLOW)
    processes.freeze(proxy())
    assert harm.undo() == [BY_ITS_END]
    assert harm.lost() == "the fault proxy does not answer"
    with pytest.raises(OSError, match="refused"):
        took_ms(way)


def test_an_undo_at_once_waits_for_nobody_who_waits_for_a_proxy_that_hangs(
    harm: Harm, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.faults.detour.ANSWER_S", LONG_S)
    harm.lead(target.url)
    harm.suffer(SLOW)
    processes.freeze(proxy())
    said: list[str] = []

    def suffer() -> None:
        with pytest.raises(FaultFailed) as failed:
            harm.suffer(Toxics(cut="reset"))
        said.append(str(failed.value))

    suffering = threading.Thread(target=suffer)
    suffering.start()
    began_s = time.monotonic()
    assert harm.undo(at_once=True) == [BY_ITS_END]
    assert time.monotonic() - began_s < LONG_S / 10
    suffering.join()
    assert said == ["the fault proxy ended (killed by signal 9)"]


def test_an_undo_at_once_ends_a_proxy_that_hangs_and_leaves_one_that_answers(
    harm: Harm, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.faults.detour.ANSWER_S", LONG_S)
    way = harm.lead(target.url)
    harm.suffer(SLOW)
    assert harm.undo(at_once=True) == [NETWORK]
    took_ms(way)
    harm.suffer(SLOW)
    processes.freeze(proxy())
    began_s = time.monotonic()
    assert harm.undo(at_once=True) == [BY_ITS_END]
    assert time.monotonic() - began_s < LONG_S / 10


def test_a_disk_is_filled_and_emptied(harm: Harm, scratch: Path) -> None:
    assert fill(harm, scratch).startswith("free space taken to ")
    (file,) = fills(scratch)
    assert file.stat().st_size > 0
    assert harm.undo() == [FaultUndone(name="disk")]
    assert fills(scratch) == []
    assert harm.undo() == []
    assert harm.filled() is None
    assert harm.close() == []
    assert list(journals(scratch.parent)) == []


def test_a_disk_is_left_alone_in_the_middle_of_its_fill(
    harm: Harm, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_STEP_BYTES", 4096)
    harm.fill(little(scratch, MANY_MB), str(scratch), LONG_S)
    eventually(lambda: any(file.stat().st_size for file in fills(scratch)), "it never began")
    assert harm.filled() is None, "it is full already"
    undone: list[FaultUndone] = []
    took_s: list[float] = []

    def undo() -> None:
        began_s = time.monotonic()
        undone.extend(harm.undo())
        took_s.append(time.monotonic() - began_s)

    other = threading.Thread(target=undo)
    other.start()
    other.join()
    assert fills(scratch) == []
    assert took_s[0] < 10 * STOP_S
    assert undone == [], "nobody was told that it was full"
    assert harm.filled() is None


def test_an_undo_does_not_wait_for_a_way_that_is_being_made(
    harm: Harm, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A Python that reads its input and never says that it is ready.
    monkeypatch.setattr("tui.faults.detour.PROGRAM", "code")
    monkeypatch.setattr("tui.faults.detour.START_S", 3.0)
    said: list[str] = []

    def lead() -> None:
        with pytest.raises(FaultFailed) as failed:
            harm.lead(target.url)
        said.append(str(failed.value))

    leading = threading.Thread(target=lead)
    leading.start()
    eventually(lambda: processes.children_of(os.getpid()), "no proxy was started")
    assert harm.undo() == []
    assert said == [], "it waited for the way"
    leading.join()
    assert said[0].startswith("no fault proxy could be started")


def test_both_faults_are_undone_by_whoever_comes_first(
    harm: Harm, target: Target, scratch: Path
) -> None:
    harm.lead(target.url)
    harm.suffer(SLOW)
    fill(harm, scratch)
    undone: list[FaultUndone] = []
    threads = [threading.Thread(target=lambda: undone.extend(harm.undo())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.name for each in undone) == ["disk", "network"]
    assert fills(scratch) == []


def test_a_fill_ends_at_its_deadline_without_being_asked(harm: Harm, scratch: Path) -> None:
    harm.fill(little(scratch), str(scratch), 0.5)
    assert isinstance(said_of(harm), FaultDone)
    eventually(lambda: not fills(scratch), "it is still full")
    assert harm.undo() == [FaultUndone(name="disk")]


def test_a_fill_is_deleted_when_its_guardian_is_killed(harm: Harm, scratch: Path) -> None:
    fill(harm, scratch)
    (guardian,) = processes.children_of(os.getpid())
    os.kill(guardian, signal.SIGKILL)
    eventually(lambda: not fills(scratch), "it is still full")
    assert harm.undo() == [FaultUndone(name="disk")]
    assert harm.close() == []
    assert list(journals(scratch.parent)) == []


@pytest.mark.parametrize("share", [1.0, 0.0])
def test_what_can_not_be_filled_is_told(harm: Harm, scratch: Path, share: float) -> None:
    where = scratch if share else scratch / "not-there"
    harm.fill(DiskPlan(floor_share=share), str(where), LONG_S)
    said = said_of(harm)
    assert isinstance(said, BurnerEnded)
    assert re.search("no room above its floor|can't be filled", said.why_not)
    assert harm.undo() == []
    assert fills(scratch) == []


def test_space_is_given_back(harm: Harm, scratch: Path) -> None:
    before = shutil.disk_usage(scratch).free
    fill(harm, scratch)
    taken = before - shutil.disk_usage(scratch).free
    harm.undo()
    # Others write to this disk too: nearer than half of what was taken it can't be told.
    back = shutil.disk_usage(scratch).free - (before - taken)
    assert back > taken / 2 > 0
