"""`jetproof run` of shipped workflows on a service that nobody has shaped for it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import tomli_w

from tests.lib.machine import ROOT, Finished, Machine
from tests.lib.sorter.accounts import API_KEY, PASSWORDS
from tests.lib.sorter.service import CONFIG
from tui.catalogue import find_scenarios, parse_toml

SHIPPED = [
    scenario.id
    for scenario in find_scenarios(None).contents().scenarios
    if scenario.kind in ("e2e", "smoke")
]
DAYS = ("shift-start", "end-of-day", "maintenance-window", "rush-hour")
"""Minutes long, under a load whose users are the demo's: their steps are tried by themselves."""
OWN_SETTINGS = {
    "data-pipeline": "e2e.steps.ingest.repeat=12",
}
SECRETS = {
    "SORTER_KEY": API_KEY,
    "SORTER_OPERATOR": PASSWORDS["otto"],
    "SORTER_VIEWER": PASSWORDS["vera"],
}


class Site:
    """The service as a program of its own, and the configuration of whoever tests it."""

    def __init__(self, machine: Machine, url: str, pid: int) -> None:
        self._machine = machine
        self.url = url
        config = parse_toml(CONFIG)
        config["targets"]["sorter"]["url"] = url
        restart = f"import os, signal; os.kill({pid}, signal.SIGHUP)"
        config["targets"]["sorter"]["restart"] = [sys.executable, "-c", restart]
        self.config = machine.work / "config.toml"
        self.config.write_text(tomli_w.dumps(config))

    def run(self, *arguments: str, **secrets: str) -> Finished:
        """`jetproof run`, in its directory."""
        return self._machine.run("run", *arguments, **{**SECRETS, **secrets})

    def stored(self) -> int:
        """How much the service holds."""
        return int(httpx.get(f"{self.url}/v2/status").json()["stored"])


@pytest.fixture
def site(machine: Machine, tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "media"
    folder.mkdir()
    program = [sys.executable, "-m", "tests.lib.sorter", "0", str(folder)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Site(machine, process.stdout.readline().strip(), process.pid)
        finally:
            process.kill()


def none_is_told(finished: Finished) -> bool:
    return not any(secret in f"{finished}" for secret in SECRETS.values())


def test_all_pass_by_configuration_alone(site: Site) -> None:
    names = [name for name in SHIPPED if name not in (*OWN_SETTINGS, *DAYS)]
    finished = site.run(*names, "--target", "sorter", "--no-cool-down", "--json", "-", "--quiet")
    assert finished.code == 0, finished
    runs = json.loads(finished.out)["runs"]
    assert [run["run"]["scenario"] for run in runs] == names
    assert {run["verdict"] for run in runs} == {"PASS"}
    assert site.stored() == 0
    assert none_is_told(finished)
    (recovery,) = (run for run in runs if run["run"]["scenario"] == "error-recovery")
    (restart,) = (step for step in recovery["steps"] if step["name"] == "restart")
    assert restart["state"] == "passed", "by the command of config.toml"


@pytest.mark.parametrize("name", OWN_SETTINGS)
def test_one_key_may_be_laid_over(name: str, site: Site) -> None:
    setting = OWN_SETTINGS[name]
    finished = site.run(name, "--target", "sorter", "--set", setting, "--quiet")
    assert finished.code == 0, finished
    assert "VERDICT: PASS" in finished.out
    assert site.stored() == 0
    assert none_is_told(finished)


def test_what_needs_a_secret_is_left_out_and_told(site: Site) -> None:
    config = parse_toml(site.config.read_text())
    del config["targets"]["sorter"]["secrets"]
    site.config.write_text(tomli_w.dumps(config))
    finished = site.run("read-only-operator", "--target", "sorter")
    assert finished.code == 0, finished
    assert "login left out: the target has no secret viewer_password" in finished.out


def test_a_service_that_is_wrong_fails_the_run(site: Site) -> None:
    config = parse_toml(site.config.read_text())
    config["targets"]["sorter"]["detection"]["categories"]["box"] = "crate"
    site.config.write_text(tomli_w.dumps(config))
    finished = site.run("golden-images", "--target", "sorter")
    assert finished.code == 1, finished
    assert "VERDICT: FAIL" in finished.out
