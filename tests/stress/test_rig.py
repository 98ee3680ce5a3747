"""Burners as one: begun, asked, released and halted together, with real processes."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tui.child.spawn import Child, Lifelines
from tui.core.events import BurnerEnded
from tui.core.stress.plan import (
    BurnerPlan,
    CpuPlan,
    ExhaustPlan,
    MemoryPlan,
    NetworkPlan,
    Step,
    StoragePlan,
    Stress,
)
from tui.ports import BurnersPlan
from tui.stress import burner_process, crew, rig
from tui.stress.rig import GRACE_S, Rig

CPU = CpuPlan(level=0.5, method="hash", cores=1)
NETWORK = NetworkPlan(rate_mbit_per_s=20.0)


class Rigged:
    """A rig, and all that it told of burners that ended."""

    def __init__(self, directory: Path, lifelines: Lifelines) -> None:
        self.rig = Rig(lifelines, directory)
        self.directory = directory
        self.ended: dict[str, BurnerEnded] = {}

    def plan(self, *burners: BurnerPlan, ramp_s: float = 0.0, **more: Any) -> BurnersPlan:
        """These burners for a minute."""
        stress = Stress("contend", 0.0, ramp_s, (Step(60.0),), 0.0, burners)
        return BurnersPlan(stress, str(self.directory), more.pop("service", None), **more)

    def start(self, *burners: BurnerPlan, share: float = 1.0, **more: Any) -> None:
        """Burn them, in a run of their own."""
        self.rig.prepare()
        self.rig.start(self.plan(*burners, **more))
        self.rig.ask(share)

    def pids(self, what: str = "tui.stress") -> list[int]:
        """Live processes of ours whose words hold this."""
        found = []
        for pid in processes.children_of(os.getpid()):
            try:
                words = processes.command_line(pid)
            except OSError:
                continue
            if what in words:
                found.append(pid)
        return found

    def hear(self) -> dict[str, BurnerEnded]:
        """All that came to an end so far, by name."""
        self.ended.update({each.name: each for each in self.rig.ended()})
        return self.ended

    def await_over(self) -> dict[str, BurnerEnded]:
        """Until nothing burns and nothing is left."""
        eventually(lambda: bool(self.hear() is not None and self.rig.is_over), "it burns on")
        assert self.pids() == []
        return self.hear()

    def await_reached(self, name: str, share: float) -> None:
        """Until a burner says that it reached about so much of its unit."""

        def reached() -> bool:
            found = [each for each in self.rig.seconds() if each.name == name]
            return bool(found) and abs(found[0].reached - share) < 0.2 and found[0].asked == share

        eventually(reached, f"{name} never reached {share}")


@pytest.fixture
def rigged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rigged]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    lifelines = Lifelines()
    made = Rigged(tmp_path, lifelines)
    yield made
    made.rig.halt()
    lifelines.close()


@pytest.mark.parametrize(("ramp_s", "asked"), [(0.0, 0.5), (30.0, 0.0)])
def test_burners_begin_at_the_level_of_the_begin_and_follow(
    ramp_s: float, asked: float, rigged: Rigged
) -> None:
    rigged.rig.start(rigged.plan(CPU, ramp_s=ramp_s))
    assert eventually(rigged.rig.seconds)[0].asked == asked
    rigged.rig.ask(1.0)
    rigged.await_reached("cpu", 0.5)
    rigged.rig.ask(0.5)
    rigged.await_reached("cpu", 0.25)


def test_released_burners_tell_their_totals_and_no_reason(rigged: Rigged) -> None:
    storage = StoragePlan(level=0.1, pattern="mixed", file_mb=4)
    memory = MemoryPlan(level=0.002)
    rigged.start(CPU, NETWORK, memory, storage, allowed_bytes=2**26)
    eventually(lambda: {each.name for each in rigged.rig.seconds()} >= {"cpu", "network"})
    rigged.rig.release()
    ended = rigged.await_over()
    assert set(ended) == {"cpu", "network", "memory", "storage"}
    assert {(each.ended_by, each.is_early) for each in ended.values()} == {("", False)}
    assert ended["cpu"].verified > 0
    assert float(ended["cpu"].totals["cpu_s"]) > 0


def test_one_that_does_not_stop_is_ended(rigged: Rigged) -> None:
    rigged.start(CPU)
    eventually(rigged.rig.seconds)
    (pid,) = rigged.pids("stress.cpu")
    processes.freeze(pid)
    rigged.rig.release()
    began_s = time.monotonic()
    ended = rigged.await_over()
    assert time.monotonic() - began_s >= GRACE_S
    assert ended["cpu"].ended_by == ""


def test_all_can_be_halted_at_once_and_burnt_again(rigged: Rigged) -> None:
    before = processes.descriptors()
    for _ in range(2):
        rigged.start(CPU, NETWORK)
        eventually(lambda: len(rigged.rig.seconds()) == 2)
        rigged.rig.halt()
        ended = rigged.await_over()
        assert {each.ended_by for each in ended.values()} == {""}
        assert rigged.rig.seconds() == []
    assert processes.descriptors() <= before


def test_nothing_starts_after_a_halt_until_the_next_run(rigged: Rigged) -> None:
    rigged.rig.prepare()
    rigged.rig.halt()
    rigged.rig.start(rigged.plan(CPU, NETWORK))
    assert rigged.pids() == []
    assert rigged.rig.is_over
    rigged.start(CPU)
    rigged.await_reached("cpu", 0.5)


def test_one_that_the_kernel_does_not_let_go_holds_up_no_end(
    rigged: Rigged, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No signal reaches it, as in a wait for a dead disk.
    monkeypatch.setattr(Child, "kill", lambda child: None)
    monkeypatch.setattr(rig, "STUCK_S", 0.2)
    rigged.start(CPU)
    eventually(rigged.rig.seconds)
    (pid,) = rigged.pids("stress.cpu")
    processes.freeze(pid)
    rigged.rig.halt()
    eventually(lambda: bool(rigged.hear() and rigged.rig.is_over))
    ended = rigged.ended["cpu"]
    assert ended.ended_by == f"stuck in the kernel (pid {pid}): it ends when its I/O returns"
    assert not ended.is_early
    eventually(lambda: not processes.is_alive(pid))


def test_a_start_waits_for_no_other_end(rigged: Rigged) -> None:
    rigged.rig.prepare()
    rigged.rig.start(rigged.plan(NETWORK, CPU))
    assert len(rigged.pids("stress.network")) == 1
    assert len(rigged.pids("stress.cpu")) == 1
    rigged.rig.ask(0.5)
    eventually(lambda: [each for each in rigged.rig.seconds() if each.name == "network"])
    assert len(rigged.pids("stress.network")) == 2
    rigged.await_reached("network", 0.4)


def test_one_that_waits_for_its_other_end_is_over_with_the_rest(rigged: Rigged) -> None:
    rigged.start(NETWORK)
    rigged.rig.release()
    ended = rigged.await_over()["network"]
    assert (ended.ended_by, ended.why_not, ended.is_early) == ("", "", False)


def test_a_burner_that_is_silent_reaches_nothing(
    rigged: Rigged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(burner_process, "SILENT_S", 1.5)
    rigged.start(CPU)
    rigged.await_reached("cpu", 0.5)
    (pid,) = rigged.pids("stress.cpu")
    processes.freeze(pid)
    (second,) = eventually(lambda: [each for each in rigged.rig.seconds() if not each.reached])
    assert (second.asked, second.figures["silent"]) == (0.5, 1.0)


@pytest.mark.parametrize("moment_s", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_a_halt_from_another_thread_while_it_starts_leaves_none(
    rigged: Rigged, moment_s: float
) -> None:
    halt = threading.Timer(moment_s, rigged.rig.halt)
    rigged.rig.start(rigged.plan())
    halt.start()
    rigged.rig._start_one(CPU, rigged.plan(CPU), 60.0)
    rigged.rig._start_one(NETWORK, rigged.plan(NETWORK), 60.0)
    halt.join()
    for ended in rigged.await_over().values():
        assert (ended.ended_by, ended.why_not) == ("", "")


def test_one_that_is_killed_by_others_says_so_and_the_rest_burns_on(rigged: Rigged) -> None:
    rigged.start(CPU, NETWORK)
    eventually(lambda: len(rigged.rig.seconds()) == 2)
    os.kill(rigged.pids("stress.cpu")[0], signal.SIGKILL)
    eventually(rigged.hear)
    assert rigged.ended["cpu"].ended_by == "its process was ended by signal 9"
    assert rigged.ended["cpu"].is_early
    assert not rigged.rig.is_over
    assert {each.name for each in rigged.rig.seconds()} == {"network"}


def test_a_lost_process_of_a_burner_lowers_what_it_reaches(rigged: Rigged) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one core")
    rigged.start(CpuPlan(level=0.4, method="hash", cores=2))
    rigged.await_reached("cpu", 0.4)
    pid = rigged.pids("stress.cpu")[0]
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not processes.is_alive(pid))
    eventually(lambda: [each for each in rigged.rig.seconds() if each.reached < 0.3])
    rigged.rig.release()
    assert rigged.await_over()["cpu"].ended_by == "its process was ended by signal 9"


def test_a_peer_that_dies_ends_the_network_alone(rigged: Rigged) -> None:
    rigged.start(NETWORK)
    eventually(rigged.rig.seconds)
    peer = rigged.rig._burners["network"].peer
    assert peer is not None
    peer.kill()
    assert rigged.await_over()["network"].ended_by


def test_a_peer_that_never_listens_is_told(rigged: Rigged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "PEER_S", 0.0)
    monkeypatch.setattr(crew.Crew, "hear_peer", lambda heard, line: None)
    rigged.start(NETWORK)
    told = rigged.await_over()["network"]
    assert told.why_not == "the other end could not be started"
    assert "stress.network.peer" in told.advice


@pytest.mark.parametrize(
    ("plan", "more", "why", "advice"),
    [
        (CpuPlan(cores=4096), {}, "it asks for 4096 cores", "stress.cpu.cores"),
        (ExhaustPlan(), {}, "the service is neither on this board", "stress.exhaust.what"),
        (NetworkPlan(peer="[::ffff:0:0:1]x:9"), {}, "no way leads to", "stress.network.peer"),
        (NetworkPlan(peer=f"{'a' * 70}.example:9"), {}, "no way leads to", "stress.network.peer"),
        (NetworkPlan(peer="127.0.0.1:1"), {}, "does not answer", "`jetproof peer --host"),
        (StoragePlan(file_mb=4), {"allowed_bytes": 1}, "is more than the 1 bytes", ""),
    ],
)
def test_one_that_can_not_burn_here_says_why_and_the_others_burn(
    rigged: Rigged, plan: BurnerPlan, more: dict[str, Any], why: str, advice: str
) -> None:
    rigged.start(plan, CPU, **more)
    (told,) = eventually(lambda: list(rigged.hear().values()))
    assert why in told.why_not
    assert advice in told.advice
    rigged.await_reached("cpu", 0.5)


def test_limits_that_were_found_are_told_once(rigged: Rigged) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        rigged.start(ExhaustPlan(what=("threads",)), service=address)
        found = eventually(rigged.rig.limits)
    assert [limit.name for limit in found] == ["threads"]
    assert found[0].reached > 0
    rigged.rig.halt()
    rigged.await_over()
