"""Campaigns that hold others, that look around first, that are gone on with, that report."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
import tomli_w

from tests.lib.eventually import eventually
from tests.lib.machine import Machine
from tests.lib.target import Target
from tui.catalogue import find_scenarios
from tui.core.problem import InputError
from tui.store.history import History

RUN = ("run", "--target", "plant", "--no-cool-down")


def write_campaign(machine: Machine, name: str, *runs: str, **keys: bool) -> None:
    table = {"kind": "campaign", "title": name, "campaign": {"runs": list(runs), **keys}}
    (machine.scenarios / f"{name}.toml").write_text(tomli_w.dumps(table))


@pytest.fixture
def gate(machine: Machine, target: Target) -> Machine:
    """A campaign of three short runs, two of them those of another campaign."""
    for name in ("one", "two"):
        machine.write_scenario(name, duration="1s")
    machine.write_scenario("long", duration="60s")
    machine.write_config(targets={"plant": {"url": target.url}})
    write_campaign(machine, "pair", "one", "two")
    write_campaign(machine, "gate", "pair", "long", report=True)
    return machine


def cut_off(machine: Machine) -> None:
    """The campaign is interrupted in its third run."""
    with machine.running(*RUN, "gate") as command:
        eventually(lambda: len(History(machine.state).runs()) == 3, "no third run")
        command.signal(signal.SIGINT)
        assert command.end().code == 130


def shorten(machine: Machine) -> None:
    """The long one as it will be from now on: what was climbed before is of another file."""
    machine.write_scenario("long", duration="1s")


def report_of(machine: Machine) -> Path:
    (folder,) = (machine.state / "reports").iterdir()
    return folder


def test_the_runs_of_a_campaign_within_stand_in_its_place(gate: Machine) -> None:
    campaign = find_scenarios(gate.scenarios).campaign("gate")
    assert campaign is not None
    assert campaign.runs == ("one", "two", "long")


def test_campaigns_that_hold_each_other_are_told(gate: Machine) -> None:
    write_campaign(gate, "pair", "gate")
    with pytest.raises(InputError, match="gate → pair → gate: a campaign can't run itself"):
        find_scenarios(gate.scenarios).campaign("gate")


def test_more_runs_than_anybody_waits_for_are_told(gate: Machine) -> None:
    write_campaign(gate, "gate", *["pair"] * 26)
    with pytest.raises(InputError, match="52 runs in all, at most 50"):
        find_scenarios(gate.scenarios).campaign("gate")


def test_one_that_was_cut_off_goes_on_where_it_was(gate: Machine) -> None:
    cut_off(gate)
    hint = "2 of 3 runs passed before it was cut off; --resume goes on from there"
    with gate.running(*RUN, "gate", "--resume", "--json", "-") as command:
        eventually(lambda: len(History(gate.state).runs()) == 4, "it did not go on")
        command.signal(signal.SIGINT)
        finished = command.end()
    assert "gate goes on: 2 of 3 runs passed before it was cut off" in finished.err
    assert "gate 3/3: long" in finished.err
    told = json.loads(finished.out)
    assert [run["run"]["scenario"] for run in told["runs"]] == ["one", "two", "long"]
    assert [run["verdict"] for run in told["runs"]] == ["PASS", "PASS", "INTERRUPTED"]
    # Without being asked to, it says that it could.
    with gate.running(*RUN, "gate") as command:
        eventually(lambda: len(History(gate.state).runs()) == 5, "it was not climbed anew")
        command.signal(signal.SIGINT)
        assert hint in command.end().err


def test_one_that_passes_in_its_second_go_has_passed(gate: Machine) -> None:
    gate.write_scenario("two", duration="3s")
    write_campaign(gate, "gate", "pair", report=True)
    with gate.running(*RUN, "gate") as command:
        eventually(lambda: len(History(gate.state).runs()) == 2, "no second run")
        command.signal(signal.SIGINT)
        assert command.end().code == 130
    finished = gate.run(*RUN, "gate", "--resume")
    assert finished.code == 0, finished
    kept = gate.run("report", "last", "--session", "--format", "json")
    written = (report_of(gate) / "session.json").read_text()
    # Both hold the run of the first session, and not the one that was cut off.
    for text in (kept.out, written):
        told = json.loads(text)
        assert told["verdict"] == "PASS"
        assert [run["run"]["rung"] for run in told["runs"]] == [1, 2]
        assert [run["verdict"] for run in told["runs"]] == ["PASS", "PASS"]
    assert len(History(gate.state).runs()) == 3


def test_what_was_changed_since_is_tried_again(gate: Machine) -> None:
    cut_off(gate)
    shorten(gate)
    finished = gate.run(*RUN, "gate", "--resume")
    assert finished.code == 2
    assert "gate is climbed anew: long was changed since" in finished.err
    assert len(History(gate.state).runs()) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gate"], "gate is climbed anew: no gate on plant was cut off"),
        (["one"], "goes on with one campaign alone"),
        (["gate", "one"], "goes on with one campaign alone"),
    ],
)
def test_there_must_be_something_to_go_on_with(gate: Machine, words: list[str], said: str) -> None:
    finished = gate.run(*RUN, *words, "--resume")
    assert finished.code == 2
    assert said in finished.err


def test_its_reports_are_written_whatever_came_of_it(gate: Machine) -> None:
    shorten(gate)
    finished = gate.run(*RUN, "gate")
    assert finished.code == 0, finished
    folder = report_of(gate)
    assert f"report: {folder / 'report.html'}" in finished.err
    session = json.loads((folder / "session.json").read_text())
    assert (session["verdict"], len(session["runs"])) == ("PASS", 3)
    assert {path.suffix for path in folder.iterdir()} == {".html", ".md", ".xml", ".json"}


def test_a_campaign_that_is_asked_for_twice_reports_each_climb_by_itself(gate: Machine) -> None:
    write_campaign(gate, "gate", "one", report=True)
    assert gate.run(*RUN, "gate", "gate").code == 0
    folders = list((gate.state / "reports").iterdir())
    told = [json.loads((folder / "session.json").read_text()) for folder in folders]
    assert [len(session["runs"]) for session in told] == [1, 1]


def test_what_speaks_against_any_run_is_found_before_the_first(gate: Machine) -> None:
    write_campaign(gate, "gate", "one", preflight=True)
    gate.write_scenario("broken", users="many")
    finished = gate.run(*RUN, "gate", "--out", "told")
    assert finished.code == 3
    assert "✗ scenarios" in finished.err
    assert "not started: scenarios: broken.toml:load.users" in finished.err
    assert History(gate.state).runs() == ()
    (told,) = (gate.work / "told").glob("production_validation_report_*.json")
    assert json.loads(told.read_text())["deployment_ready"] is False


def test_what_speaks_against_a_later_campaign_is_in_the_way_of_all(gate: Machine) -> None:
    write_campaign(gate, "gate", "one", preflight=True)
    gate.write_scenario("broken", users="many")
    finished = gate.run(*RUN, "two", "gate")
    assert finished.code == 3
    assert "not started: scenarios: broken.toml:load.users" in finished.err


def test_what_was_found_stands_in_the_report(gate: Machine) -> None:
    write_campaign(gate, "gate", "one", preflight=True, report=True)
    finished = gate.run(*RUN, "gate", "--quiet")
    assert finished.code == 0, finished
    (run,) = json.loads((report_of(gate) / "session.json").read_text())["runs"]
    names = {finding["name"] for finding in run["run"]["preflight"]}
    assert {"Python", "configuration", "target", "board"} <= names
    assert "preflight" in (report_of(gate) / "report.html").read_text()
