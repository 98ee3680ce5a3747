"""`jetproof run bench-camera`, as its user sees it."""

from __future__ import annotations

import signal
from pathlib import Path

import jsonschema
import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import Machine, read_json
from tests.lib.processes import children_of, command_line
from tests.reports.reading import SCHEMA

pytest.importorskip("av", reason="needs jetproof[camera]")
BRIEF = ("run", "bench-camera", "--duration", "2s", "--set", "cameras.settle=0s")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_pattern_passes_and_is_called_what_it_is(machine: Machine) -> None:
    done = machine.run(*BRIEF, "--json", "report.json", "--csv", "P")
    assert done.code == 0, done
    assert "VERDICT: PASS - 1 camera watched for" in done.out
    assert "pattern is a made picture (simulated)" in done.out
    data = read_json(machine.work / "report.json")
    jsonschema.validate(data, SCHEMA)
    (camera,) = data["cameras"]
    assert camera["fps_ratio"] == pytest.approx(1.0, abs=0.05)
    assert (machine.work / "P_cameras.csv").exists()
    assert "bench-camera" in machine.run("runs").out


def test_a_camera_that_is_not_there_fails_it_and_says_what_to_do(machine: Machine) -> None:
    machine.write_config(
        cameras={"pattern": {"source": "test:"}, "yard": {"source": "v4l2:/dev/video999"}}
    )
    done = machine.run(*BRIEF, "--quiet")
    assert done.code == 1, done
    assert "VERDICT: FAIL - yard: /dev/video999 is not there" in done.out
    assert "next: jetproof camera list" in done.out
    explained = machine.run("explain", "last")
    assert "/dev/video999 is not there" in explained.out


def test_an_unknown_camera_is_a_mistake_of_the_command(machine: Machine) -> None:
    done = machine.run(*BRIEF, "--set", 'cameras.names=["patern"]')
    assert done.code == 2, done
    assert 'unknown camera "patern" (did you mean "pattern"?)' in done.err


def test_it_has_no_users(machine: Machine) -> None:
    done = machine.run(*BRIEF, "--users", "5")
    assert done.code == 2, done
    assert "bench-camera puts no load on its target" in done.err


def test_no_reader_outlives_an_engine_that_is_killed(machine: Machine) -> None:
    with machine.running("run", "bench-camera") as running:

        def readers() -> list[int]:
            found = children_of(running.pid)
            return [pid for pid in found if "camera.reader_program" in command_line(pid)]

        (reader,) = eventually(readers)
        running.signal(signal.SIGKILL)
        eventually(lambda: not Path(f"/proc/{reader}").exists(), f"{reader} lives on")
