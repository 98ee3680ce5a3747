from __future__ import annotations

import json
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.lib.machine import Finished, Machine, read_json
from tests.lib.target import Target
from tui.catalogue import shipped_root
from tui.cli import examination, main
from tui.core.events import Reading
from tui.core.validity import Floor
from tui.store.history import History

IN_ORDER = [
    "Python",
    "configuration",
    "scenarios",
    "state directory",
    "descriptors",
    "memory",
    "target",
    "instrument",
    "gauges",
]
Type = Callable[..., Finished]


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instrument is quick, however busy the machine is."""
    monkeypatch.setattr("tui.load.driver.LocustDriver.calibrate", lambda _: Floor(0.1, 0.5, 50))


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof doctor …` in this process."""
    monkeypatch.chdir(machine.work)
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "JETPROOF_LOCK"):
        monkeypatch.setenv(name, machine.env[name])
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def type_in(*arguments: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["jetproof", "doctor", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Finished(ended.value.code, said.out, said.err)

    yield type_in
    for number, handler in signals.items():
        signal.signal(number, handler)


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
    assert list(dict.fromkeys(each["name"] for each in found["checks"])) == IN_ORDER
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

    def test_gauges_that_can_t_be_read_say_why_once(self) -> None:
        readings = {
            "cpu_percent": Reading(5.0, "psutil"),
            "hottest_c": Reading(None, "psutil", "no sensor here"),
            "gpu_c": Reading(None, "psutil", "no sensor here"),
            "power_mw": Reading(None, "jtop", "needs group jtop"),
        }
        first, *others = examination.gauge_findings(readings)
        assert (first.state, first.said) == ("ok", "1 of 4 can be read, by psutil")
        assert [finding.said for finding in others] == [
            "hottest_c, gpu_c: no sensor here",
            "power_mw: needs group jtop",
        ]
        assert {finding.state for finding in others} == {"warn"}


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
    def test_runs_every_scenario_and_says_a_line_for_each(
        self, type_in: Type, calm: None, few_scenarios: Path
    ) -> None:
        finished = type_in("--self-test", "--json", "found.json")
        assert finished.code == 0, finished
        found: Any = read_json(Path("found.json"))
        assert {each["name"] for each in found["self_test"]} == {"sustained", "concurrent-20"}
        # On a busy machine a run may be INVALID: that is told, and no failure of ours.
        assert {each["state"] for each in found["self_test"]} <= {"ok", "warn"}
        assert "self-test: 2 scenarios" in finished.out
        assert line(finished, "sustained")

    def test_leaves_nothing_in_the_history_nor_beside_it(
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
        type_in("--self-test")
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
