from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.lib.machine import Finished, Machine, read_json
from tests.lib.orin import OrinTree
from tests.lib.target import Target
from tests.lib.typing_in import Type, typing_in
from tui.board.detect import Choice, detect_board
from tui.catalogue import shipped_root
from tui.cli import examination
from tui.cli.board_findings import board_findings, jtop_access
from tui.cli.look import Look
from tui.cli.scene import Scene
from tui.core.config import BoardSettings
from tui.core.events import Device, Reading, Sample
from tui.core.finding import Finding
from tui.core.validity import Floor
from tui.store.history import History

IN_ORDER = [
    "Python",
    "configuration",
    "scenarios",
    "state directory",
    "descriptors",
    "memory",
    "running",
    "target",
    "instrument",
    "board",
    "sources",
    "gauges",
]
"""What every machine has; after these comes what only some have to say."""


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instrument is quick, however busy the machine is."""
    monkeypatch.setattr("tui.load.driver.LocustDriver.calibrate", lambda _: Floor(0.1, 0.5, 50))


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof doctor …` in this process."""
    with typing_in(machine, monkeypatch, capsys, "doctor") as typed:
        yield typed


def line(finished: Finished, name: str) -> str:
    """What is said of one part."""
    return next(line for line in finished.out.splitlines() if line[2:].startswith(name))


def test_it_looks_at_everything_in_order(type_in: Type) -> None:
    finished = type_in("--json", "found.json")
    found = read_json(Path("found.json"))
    # A machine that is too busy to measure anything is told so, and that is no mistake here.
    failed = {each["name"] for each in found["checks"] if each["state"] == "fail"}
    assert failed <= {"instrument"}
    assert finished.code == int(bool(failed)), finished
    names = list(dict.fromkeys(each["name"] for each in found["checks"]))
    assert names[: len(IN_ORDER)] == IN_ORDER
    assert found["passed"] is not bool(failed)
    assert found["self_test"] == []
    assert line(finished, "target").startswith("✓ target              demo: the embedded demo")
    assert f"locust {metadata.version('locust')}" in line(finished, "Python")


def test_its_report_may_go_to_stdout(type_in: Type, calm: None) -> None:
    finished = type_in("--json", "-")
    assert json.loads(finished.out)["passed"] is True
    assert "✓ Python" in finished.err


def test_a_wrong_configuration_is_one_line_and_exit_1(type_in: Type, machine: Machine) -> None:
    machine.write_config(load={"workers": 0})
    finished = type_in()
    assert finished.code == 1
    assert line(finished, "configuration").startswith("✗")
    assert "config.toml:load.workers: at least 1" in line(finished, "configuration")
    assert line(finished, "target").startswith("! ")
    assert line(finished, "gauges").startswith("✓")


def test_a_board_s_tree_that_is_not_there_is_one_line(type_in: Type, machine: Machine) -> None:
    machine.write_config(board={"root": "nowhere"})
    finished = type_in()
    assert finished.code == 1
    said = f"config.toml:board.root: {machine.work / 'nowhere'} is not there"
    assert line(finished, "configuration").endswith(said)


def test_an_alert_without_a_figure_is_a_warning(
    type_in: Type, calm: None, machine: Machine, tmp_path: Path
) -> None:
    tree = OrinTree(tmp_path / "orin")
    config = {"board": {"root": str(tree.root)}, "alerts": {"tjj_c": "> 90", "tj_c": "> 90"}}
    machine.write_config(**config)
    finished = type_in()
    assert finished.code == 0
    said = [each for each in finished.out.splitlines() if each.startswith("! alerts")]
    assert [each.split()[2] for each in said] == ["alerts.tjj_c:"]


def test_names_on_the_board_drive_no_terminal(
    type_in: Type, calm: None, machine: Machine, tmp_path: Path
) -> None:
    tree = OrinTree(tmp_path / "orin")
    tree.write("/sys/firmware/devicetree/base/model", "Orin \x1b]0;pwn\x07\x9b2J")
    machine.write_config(board={"root": str(tree.root)})
    finished = type_in()
    assert "pwn" in line(finished, "board")
    assert set(finished.out).isdisjoint("\x1b\x07\x9b")


def test_operations_that_fit_no_workflow_are_warnings(
    type_in: Type, calm: None, machine: Machine
) -> None:
    own = "[targets.demo.operations.list]\nquery = { limit = '{count}', offset = '{offset}' }"
    (machine.work / "config.toml").write_text(f'[targets.demo]\nurl = "demo:"\n{own}\n')
    finished = type_in("--json", "-")
    found = [each for each in json.loads(finished.out)["checks"] if each["name"] == "operations"]
    assert [each["state"] for each in found] == ["warn"]
    assert found[0]["said"].startswith("[targets.demo.operations.list] query has {count}; the wor")


def test_every_mistake_in_scenarios_is_told(type_in: Type, machine: Machine) -> None:
    machine.write_scenario("wrong", users=-1, duration="soon")
    machine.write_scenario("lost", user_classes={"Calmm": 1})
    finished = type_in("--scenarios", str(machine.scenarios))
    assert finished.code == 1
    said = [line for line in finished.out.splitlines() if line.startswith("✗ scenarios")]
    assert len(said) == 3
    assert any("lost.toml:load.user_classes.Calmm" in line for line in said)


def test_a_target_that_does_not_answer_is_exit_1(type_in: Type) -> None:
    finished = type_in("--target", "http://127.0.0.1:9")
    assert finished.code == 1
    assert "nothing listens at http://127.0.0.1:9" in line(finished, "target")
    assert "start the service" in finished.out


def test_a_target_that_answers_is_named(type_in: Type, calm: None, target: Target) -> None:
    finished = type_in("--target", target.url)
    assert finished.code == 0
    assert f"{target.url} answers in" in line(finished, "target")


def test_a_token_that_is_missing_is_told_without_a_request(
    type_in: Type, machine: Machine, target: Target
) -> None:
    machine.write_config(targets={"mine": {"url": target.url, "token": "env:NO_SUCH_TOKEN"}})
    finished = type_in("--target", "mine")
    assert finished.code == 1
    assert "environment variable NO_SUCH_TOKEN is not set" in line(finished, "target")
    assert target.total_received == 0


class TestTheProcessOfTheTarget:
    def test_that_is_not_there_is_a_warning_with_what_mends_it(
        self, type_in: Type, calm: None, machine: Machine, target: Target
    ) -> None:
        machine.write_config(targets={"mine": {"url": target.url, "process": "pid:999999"}})
        finished = type_in("--target", "mine")
        assert finished.code == 0
        assert "pid:999999: there is no process 999999" in line(finished, "process")
        assert line(finished, "process").startswith("!")
        assert "correct `process` of its target" in finished.out

    def test_that_runs_is_named(self, type_in: Type, calm: None, machine: Machine) -> None:
        with subprocess.Popen(["sleep", "60"]) as sleeper:
            process = f"pid:{sleeper.pid}"
            machine.write_config(
                targets={"mine": {"url": "http://127.0.0.1:9", "process": process}}
            )
            finished = type_in("--target", "mine")
            sleeper.kill()
        assert (
            line(finished, "process") == f"✓ process             {process} is sleep {sleeper.pid}"
        )

    def test_on_this_machine_is_found_by_its_port(self, type_in: Type, calm: None) -> None:
        finished = type_in("--target", "http://127.0.0.1:9")
        assert "port:9: nothing listens on port 9" in line(finished, "process")

    def test_is_not_looked_for_where_it_is_the_demo_or_the_board_a_replay(
        self, type_in: Type, calm: None, machine: Machine, orin: OrinTree
    ) -> None:
        assert "process  " not in type_in().out
        machine.write_config(board={"root": str(orin.root)})
        assert "process  " not in type_in("--target", "http://127.0.0.1:9").out


def test_a_state_directory_that_can_t_be_written_is_exit_1(type_in: Type) -> None:
    finished = type_in("--state", "/proc/jetproof")
    assert finished.code == 1
    assert "can't be written" in line(finished, "state directory")


@pytest.mark.parametrize(
    "words",
    [
        ("--target", "dem"),
        ("--scenarios", "nowhere"),
        ("--selftest",),
        ("smoke",),
        ("--json", "no/such/place.json"),
    ],
)
def test_bad_usage_is_exit_2(type_in: Type, words: tuple[str, ...]) -> None:
    assert type_in(*words).code == 2


class TestTheParts:
    @pytest.mark.parametrize(
        ("hard", "state"),
        [(20_000, "ok"), (resource.RLIM_INFINITY, "ok"), (1024, "warn"), (99, "fail")],
    )
    def test_descriptors_are_enough_for_the_largest_scenario(
        self, hard: int, state: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resource, "getrlimit", lambda _: (99, hard))
        finding = examination.descriptors(1000)
        assert finding.state == state
        assert bool(finding.advice) is (state != "ok")

    @pytest.mark.parametrize(("free_mb", "state"), [(4000, "ok"), (300, "warn"), (50, "fail")])
    def test_memory_is_what_is_available(
        self, free_mb: int, state: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = SimpleNamespace(available=free_mb * 2**20, total=8000 * 2**20)
        monkeypatch.setattr("psutil.virtual_memory", lambda: found)
        assert examination.memory().state == state

    @pytest.mark.parametrize(("free_mb", "state"), [(4000, "✓"), (300, "!"), (50, "✗")])
    def test_a_full_disk_is_seen(
        self, free_mb: int, state: str, type_in: Type, calm: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = SimpleNamespace(free=free_mb * 2**20)
        monkeypatch.setattr(examination, "shutil", SimpleNamespace(disk_usage=lambda _: usage))
        finished = type_in()
        assert line(finished, "state directory").startswith(state)
        assert finished.code == int(state == "✗")

    def test_a_client_library_that_adds_to_latency_is_a_failure(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(metadata, "version", lambda _: "2.4.0")
        finding = examination.versions()
        assert finding.state == "fail"
        assert "pip install" in finding.advice

    @pytest.mark.parametrize(
        ("found", "state", "said"),
        [
            (Floor(0.2, 1.5, 50), "ok", "adds 0.20 ms at p50, 1.5 ms at p99"),
            (Floor(3.0, 4.0, 50), "fail", "adds 3.0 ms at p50"),
            (Floor(0.2, 40.0, 50), "fail", "40 ms at p99 (at most 2.0 and 10)"),
            ("no worker", "fail", "its floor can't be measured: no worker"),
        ],
    )
    def test_an_instrument_that_adds_to_what_it_measures_is_a_failure(
        self, found: Floor | str, state: str, said: str
    ) -> None:
        finding = examination.floor_finding(found)
        assert finding.state == state
        assert said in finding.said


@pytest.fixture
def orin(tmp_path: Path) -> Iterator[OrinTree]:
    tree = OrinTree(tmp_path / "orin")
    yield tree
    tree.close()


def found_on(tree: OrinTree, state_dir: Path) -> dict[str, list[Finding]]:
    """What is said of an emulated board, by name."""
    by_name: dict[str, list[Finding]] = {}
    for finding in examination.board(BoardSettings(root=str(tree.root)), state_dir):
        by_name.setdefault(finding.name, []).append(finding)
    return by_name


def found_on_the_spot(tree: OrinTree, state_dir: Path) -> dict[str, list[Finding]]:
    """The same where the emulated board is the machine itself."""
    detected = detect_board(BoardSettings(root=str(tree.root)), state_dir, list)
    scene = Look(detected, str(tree.root)).steady()
    detected.board.close()
    device = msgspec.structs.replace(scene.device, source="sysfs")
    by_name: dict[str, list[Finding]] = {}
    for finding in board_findings(msgspec.structs.replace(scene, device=device)):
        by_name.setdefault(finding.name, []).append(finding)
    return by_name


class TestTheBoard:
    def test_is_named_with_its_software(self, orin: OrinTree, tmp_path: Path) -> None:
        (board,) = found_on_the_spot(orin, tmp_path)["board"]
        assert board.said.endswith("L4T 36.4.3, JetPack 6.2")

    def test_that_is_replayed_is_called_so_and_gets_no_advice(
        self, orin: OrinTree, tmp_path: Path
    ) -> None:
        orin.set_link(100, "full")
        found = found_on(orin, tmp_path)
        assert found["board"][0].said.endswith("JetPack 6.2, replay")
        assert {"clocks", "network link"} <= found.keys()
        assert not [each for some in found.values() for each in some if each.advice]

    def test_in_order_is_a_line_for_each_thing(self, orin: OrinTree, tmp_path: Path) -> None:
        found = found_on(orin, tmp_path)
        # The tree's clock stands still, as in a recording.
        (throttling,) = found["throttling"]
        assert (throttling.state, throttling.said) == (
            "unknown",
            "unknown: a recording has no rates",
        )
        assert [each.said for each in found["power mode"]] == ["MAXN_SUPER"]
        assert found["gauges"][0].said.endswith(
            "GPU, CPU, memory, heat, power, fan, over-current, cooling, clocks, disk, network, "
            "jetproof"
        )
        assert not {"network link", "NVMe link", "pressure"} & found.keys()
        assert sum(map(len, found.values())) < 15

    def test_gauges_that_can_t_be_read_say_why_once(self, orin: OrinTree, tmp_path: Path) -> None:
        first, *others = found_on(orin, tmp_path)["gauges"]
        assert first.state == "ok"
        assert "cv0_c, cv1_c, cv2_c: switched off" in [each.said for each in others]
        assert {each.state for each in others} == {"warn"}

    def test_that_is_throttled_says_by_what(self, orin: OrinTree, tmp_path: Path) -> None:
        orin.set_temps(99.5)
        orin.cool("cpu-throttle-alert")
        (throttling,) = found_on(orin, tmp_path)["throttling"]
        assert throttling.state == "warn"
        assert throttling.said == "thermal throttling, tj 99.5 °C"

    @pytest.mark.parametrize(("mbps", "duplex"), [(100, "full"), (1000, "half")])
    def test_with_a_slow_network_link_is_told(
        self, mbps: int, duplex: str, orin: OrinTree, tmp_path: Path
    ) -> None:
        orin.set_link(mbps, duplex)
        (link,) = found_on_the_spot(orin, tmp_path)["network link"]
        assert link.state == "warn"
        assert f"{mbps:,} Mb/s".replace(",", " ") in link.said
        assert "cable" in link.advice

    def test_with_clocks_that_move_is_a_hint_and_no_warning(
        self, orin: OrinTree, tmp_path: Path
    ) -> None:
        (clocks,) = found_on_the_spot(orin, tmp_path)["clocks"]
        assert (clocks.state, "sudo jetson_clocks" in clocks.advice) == ("ok", True)
        orin.pin_clocks()
        assert "clocks" not in found_on_the_spot(orin, tmp_path)

    def test_without_pressure_figures_says_how_to_get_them(
        self, orin: OrinTree, tmp_path: Path
    ) -> None:
        orin.remove("/proc/pressure")
        (pressure,) = found_on_the_spot(orin, tmp_path)["pressure"]
        assert pressure.advice.startswith("psi=1 ")

    def test_swap_in_memory_is_said(self, orin: OrinTree, tmp_path: Path) -> None:
        (swap,) = found_on(orin, tmp_path)["swap"]
        assert swap.said == "3 810 MiB, in compressed memory (zram)"

    def test_cores_that_are_off_are_told(self, orin: OrinTree, tmp_path: Path) -> None:
        orin.cores_off(4, 5)
        said = [each.said for each in found_on(orin, tmp_path)["clocks"]]
        assert "2 cores switched off" in said


class TestSourcesAndLinks:
    def scene(self, readings: dict[str, Reading], **more: Any) -> Scene:
        device = Device("board", 6, 8000, "3.10", "sysfs")
        usual: dict[str, Any] = {"chosen": (), "is_throttled": None, "incidents": (), "at_s": 0.0}
        lost = more.pop("lost", {})
        return Scene(device=device, sample=Sample(readings, lost), **{**usual, **more})

    def said(self, scene: Scene, name: str) -> list[tuple[str, str]]:
        return [(each.state, each.said) for each in board_findings(scene) if each.name == name]

    def test_a_source_that_is_lost_is_a_warning_with_its_reason(self) -> None:
        chosen = (Choice("sysfs", True, "a Jetson"), Choice("jtop", True, "bandwidth"))
        why = "jtop can't be read: service 7.2 and client 4.3 differ: sudo jtop --install-service"
        scene = self.scene({}, chosen=chosen, lost={"jtop": why})
        assert self.said(scene, "sources") == [
            ("ok", "sysfs: a Jetson"),
            ("warn", f"jtop: {why}"),
        ]

    def test_a_jetson_without_jtop_is_told_what_installs_it(self) -> None:
        why = "no jtop service here: sudo jtop --install-service"
        scene = self.scene({}, chosen=(Choice("jtop", False, why),))
        assert self.said(scene, "sources") == [("warn", f"jtop is not used: {why}")]

    def test_a_pc_is_not_told_what_it_does_not_have(self) -> None:
        scene = self.scene({}, chosen=(Choice("nvml", False, "no NVIDIA driver here"),))
        assert self.said(scene, "sources") == []

    @pytest.mark.parametrize(
        ("name", "value", "limit", "state"),
        [
            ("nvme_lanes", 2.0, 4.0, "warn"),
            ("nvme_gts", 2.5, 16.0, "warn"),
            ("nvme_gts", 8.0, 16.0, "ok"),
        ],
    )
    def test_an_nvme_link_below_what_the_drive_can_is_told(
        self, name: str, value: float, limit: float, state: str
    ) -> None:
        scene = self.scene({name: Reading(value, "sysfs", limit=limit)})
        ((found, said),) = self.said(scene, "NVMe link")
        assert found == state
        assert f" of {limit:g}" in said

    def test_a_full_nvme_link_is_not_worth_a_line(self) -> None:
        scene = self.scene({"nvme_lanes": Reading(4.0, "sysfs", limit=4.0)})
        assert self.said(scene, "NVMe link") == []

    def test_who_may_use_jtop_is_said_with_what_that_means(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        socket = tmp_path / "jtop.sock"
        assert list(jtop_access(socket)) == []
        socket.touch()
        (open_to_us,) = jtop_access(socket)
        assert "can become root" in open_to_us.advice
        monkeypatch.setattr(os, "access", lambda *_: False)
        (closed,) = jtop_access(socket)
        assert (closed.state, "usermod -aG" in closed.advice) == ("warn", True)


@pytest.fixture
def few_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of two, instead of the shipped one."""
    root = tmp_path / "few"
    shipped = shipped_root() / "scenarios" / "load"
    (root / "scenarios" / "load").mkdir(parents=True)
    for name in ("sustained.toml", "concurrent-20.toml", "users.py", "special_users.py"):
        shutil.copy(shipped / name, root / "scenarios" / "load")
    shutil.copy(shipped_root() / "config.toml", root)
    monkeypatch.setattr("tui.catalogue.shipped_root", lambda: root)
    return root


class TestTheSelfTest:
    def test_runs_every_scenario_says_a_line_for_each_and_leaves_nothing(
        self,
        type_in: Type,
        calm: None,
        few_scenarios: Path,
        machine: Machine,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        passing = tmp_path / "passing"
        passing.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(passing))
        finished = type_in("--self-test", "--json", "found.json")
        assert finished.code == 0, finished
        found: Any = read_json(Path("found.json"))
        assert {each["name"] for each in found["self_test"]} == {"sustained", "concurrent-20"}
        # On a busy machine a run may be INVALID: that is told, and no failure of ours.
        assert {each["state"] for each in found["self_test"]} <= {"ok", "warn"}
        assert "self-test: 2 scenarios" in finished.out
        assert line(finished, "sustained")
        assert History(Path(machine.env["XDG_STATE_HOME"]) / "jetproof").runs() == ()
        assert list(passing.iterdir()) == []

    def test_says_what_does_not_work(self, type_in: Type, calm: None, few_scenarios: Path) -> None:
        users = few_scenarios / "scenarios" / "load" / "users.py"
        users.write_text(users.read_text() + "\nraise RuntimeError('broken on purpose')\n")
        finished = type_in("--self-test")
        assert finished.code == 1
        assert "broken on purpose" in finished.out

    def test_is_not_begun_where_something_is_wrong(self, type_in: Type, machine: Machine) -> None:
        machine.write_scenario("wrong", users=-1)
        finished = type_in("--self-test", "--scenarios", str(machine.scenarios))
        assert finished.code == 1
        assert line(finished, "self-test").endswith("not begun: see above")
