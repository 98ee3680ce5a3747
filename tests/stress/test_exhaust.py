from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.processes import is_alive
from tests.stress.burning import Burning, burning
from tests.stress.idle_service import IdleService
from tui.stress.margins import Margin, files_margin, threads_margin

MODULE = "tui.stress.exhaust"
FEW: dict[str, Any] = {"connections": 60, "descriptors": 2500, "threads": 150}


@pytest.fixture
def service() -> Iterator[IdleService]:
    with closing(IdleService()) as running:
        yield running


def tasks(burner: Burning) -> int:
    return len(list(Path(f"/proc/{burner.pid}/task").iterdir()))


def descriptors(burner: Burning) -> int:
    return len(list(Path(f"/proc/{burner.pid}/fd").iterdir()))


def test_it_takes_one_after_the_other_and_gives_all_back(service: IdleService) -> None:
    with burning(MODULE, port=service.port, hold_s=0.0, **FEW) as burner:
        *lines, last = burner.rest()
        assert burner.child.returncode == 0
    assert [each["found"]["name"] for each in lines if "found" in each] == list(FEW)
    assert last["limits"] == [
        {
            "name": name,
            "reached": cap,
            "unit": "",
            "by": f"our own cap of {cap}",
            "is_own_cap": True,
        }
        for name, cap in FEW.items()
    ]
    assert (last["verified"], last["bad"]) == (sum(FEW.values()), 0)
    assert (last["given_back"], last["is_complete"], last["ended_by"]) == (True, True, "")
    for before, after in pairwise(lines):
        assert after["what"] == before["what"] or before["state"] == "given back"


def test_what_it_holds_is_there_and_what_it_gave_back_is_not(service: IdleService) -> None:
    usual: dict[str, Any] = {"port": service.port, "hold_s": 30.0, **FEW}
    with burning(MODULE, what=["connections"], **usual) as burner:
        burner.line_with(state="holds")
        assert service.count == FEW["connections"]
        burner.order("stop")
        assert burner.rest()[-1]["given_back"] is True
        eventually(lambda: service.count == 0)
    for what, seen in (("descriptors", descriptors), ("threads", tasks)):
        with burning(MODULE, what=[what, "connections"], **{**usual, "hold_s": 1.5}) as burner:
            burner.line_with(what=what, state="holds")
            assert FEW[what] <= seen(burner) < FEW[what] + 20
            burner.line_with(what=what, state="given back")
            assert seen(burner) < FEW["connections"] + 20


def test_a_service_that_closes_connections_is_the_limit() -> None:
    with closing(IdleService(most=20)) as narrow:
        usual: dict[str, Any] = {"what": ["connections"], "port": narrow.port, "hold_s": 2.0}
        with burning(MODULE, connections=40, **usual) as burner:
            (limit,) = burner.rest()[-1]["limits"]
    assert "the service closed" in limit["by"]
    assert (limit["reached"] > 20, limit["is_own_cap"]) == (True, False)


def test_a_service_that_dies_meanwhile_is_seen() -> None:
    with (
        closing(IdleService()) as dying,
        burning(MODULE, what=["connections"], port=dying.port) as burner,
    ):
        assert burner.line_with(what="connections", state="grows")["count"] > 0
        dying.close()
        (limit,) = burner.rest()[-1]["limits"]
    assert limit["reached"] > 0
    assert not limit["is_own_cap"]


def test_where_nobody_listens_the_limit_is_none_at_all() -> None:
    with closing(IdleService()) as gone:
        port = gone.port
    with burning(MODULE, what=["connections"], port=port, hold_s=0.0) as burner:
        (limit,) = burner.rest()[-1]["limits"]
    assert (limit["reached"], limit["by"]) == (0, "one more connection: connection refused")


def test_the_limit_of_its_own_process_is_the_kernels() -> None:
    usual: dict[str, Any] = {"what": ["descriptors"], "hold_s": 0.0}
    with burning("tests.stress.narrow_program", "400", **usual) as burner:
        last = burner.rest()[-1]
        (limit,) = last["limits"]
    assert limit["by"] == "the kernel's limit of 400 open files for one process"
    assert 300 < limit["reached"] < 400
    assert (limit["is_own_cap"], last["given_back"]) == (False, True)


@pytest.mark.parametrize("what", ["connections", "threads"])
def test_told_to_stop_while_it_grows_it_gives_back_and_says_how_far_it_was(
    what: str, service: IdleService
) -> None:
    with burning(MODULE, what=[what], port=service.port) as burner:
        burner.line_with(state="grows")
        burner.order("stop")
        last = burner.rest()[-1]
    assert (last["is_stopped"], last["given_back"], last["is_complete"]) == (True, True, False)
    (limit,) = last["limits"]
    assert 0 < limit["reached"] == last["verified"]
    assert (limit["by"], limit["is_own_cap"]) == ("the end of the run", True)


def test_at_level_0_it_grows_no_further(service: IdleService) -> None:
    with burning(MODULE, what=["connections"], port=service.port, level=0.0) as burner:
        assert [burner.line()["count"] for _ in range(2)] == [0, 0]
        burner.order("level 1")
        eventually(lambda: burner.line()["count"] > 0)


def test_killed_while_it_holds_it_leaves_nothing(service: IdleService) -> None:
    with burning(MODULE, port=service.port, hold_s=30.0, **FEW) as burner:
        burner.line_with(state="holds")
        burner.child.kill()
        burner.rest()
        eventually(lambda: not is_alive(burner.pid))
        eventually(lambda: service.count == 0, "the kernel has not closed its connections")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"host": "192.0.43.8"}, "in a private network"),
        ({"host": "localhost"}, "no numeric address"),
        ({"host": "0.0.0.0"}, "no address of a service"),
        ({"port": 0}, "no port"),
        ({"what": []}, "what"),
        ({"what": ["inodes"]}, "what"),
        ({"connections": 5000}, "connections"),
        ({"threads": 0}, "threads"),
    ],
)
def test_what_may_not_be_exhausted_is_refused_in_one_line(change: dict[str, Any], why: str) -> None:
    with burning(MODULE, **{"port": 80, **change}) as burner:
        (line,) = burner.rest()
        assert burner.child.returncode == 2
    assert why in line["error"]


class Machine:
    """The files by which a kernel tells of its limits: 1000 threads, and 300 run."""

    def __init__(self, root: Path) -> None:
        self.proc, self.cgroups = root / "proc", root / "cgroup"
        self.write(self.proc / "sys/fs/file-nr", "500\t0\t1000\n")
        self.write(self.proc / "loadavg", "0.10 0.20 0.30 2/300 6789\n")
        self.write(self.proc / "sys/kernel/threads-max", "1000\n")
        self.write(self.proc / "sys/kernel/pid_max", "32768\n")
        self.write(self.proc / "self/cgroup", "0::/user/run\n")

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def group(self, name: str, most: str, current: int) -> None:
        self.write(self.cgroups / name / "pids.max", most)
        self.write(self.cgroups / name / "pids.current", str(current))

    def threads(self) -> Margin:
        return threads_margin(self.proc, self.cgroups)


def test_a_fifth_of_what_the_machine_shares_is_never_taken(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert files_margin(machine.proc).left == 300
    assert machine.threads() == Margin(500, "80% of the 1000 threads of this machine (threads-max)")


@pytest.mark.parametrize(
    ("groups", "text"),
    [
        ({"user": "100", "user/run": "max"}, "0::/user/run\n"),
        ({"user": "max", "user/run": "100"}, "0::/user/run\n"),
        ({"pids/user": "100"}, "3:cpu:/\n8:pids:/user\n0::/\n"),
        ({"unified/user/run": "100"}, "1:name=systemd:/x\n0::/user/run\n"),
    ],
)
def test_the_nearest_control_group_counts(
    groups: dict[str, str], text: str, tmp_path: Path
) -> None:
    machine = Machine(tmp_path)
    machine.write(machine.proc / "self/cgroup", text)
    for name, most in groups.items():
        machine.group(name, most, current=30)
    assert machine.threads().left == 50
    assert "control group" in machine.threads().by


def test_this_machine_tells_its_own() -> None:
    assert files_margin().left > 0
    assert threads_margin().left > 0
