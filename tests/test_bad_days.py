"""What goes wrong in the field, with the whole program: each has one defined outcome."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import CALM, Finished, Machine, read_json
from tests.lib.processes import children_of
from tests.lib.target import Target, free_port, self_signed, taken_port
from tui.core.events import WindowClosed
from tui.store.history import History

LONG = "60s"


def one_line(finished: Finished) -> str:
    """What was said on stderr, which has to be a single line, and nothing on stdout."""
    assert finished.out == "", finished
    assert finished.err.count("\n") == 1, finished
    assert "Traceback" not in finished.err
    return finished.err.rstrip("\n")


def is_loaded(target: Target) -> bool:
    return target.total_answered >= 8


def last_verdict(machine: Machine) -> tuple[str, str]:
    """Of the newest run that was kept, by a new process."""
    (newest, *_) = machine_runs(machine)
    return newest["verdict"], newest["reason"]


def kept_requests(machine: Machine) -> int:
    """How many requests of the newest run are on the disk."""
    history = History(machine.state)
    return sum(
        row.requests
        for event in history.events(history.find("last").run_id)
        if isinstance(event, WindowClosed)
        for row in event.rows
    )


def machine_runs(machine: Machine) -> Any:
    finished = machine.run("runs", "--json", "runs.json")
    assert finished.code == 0, finished
    return read_json(machine.work / "runs.json")


class TestATargetThatIsNotThere:
    def test_is_exit_3_and_nothing_is_run(self, machine: Machine) -> None:
        machine.write_scenario("calm")
        port = free_port()
        finished = machine.run("run", "calm", "--target", f"http://127.0.0.1:{port}")
        assert finished.code == 3
        assert one_line(finished) == (
            f"calm on 127.0.0.1:{port}: nothing listens at http://127.0.0.1:{port} "
            "(--force runs it all the same)"
        )
        assert machine_runs(machine) == []

    def test_is_run_all_the_same_with_force(self, machine: Machine) -> None:
        machine.write_scenario("calm", duration="1s")
        url = f"http://127.0.0.1:{free_port()}"
        finished = machine.run("run", "calm", "--target", url, "--force", "--json", "r.json")
        report = read_json(machine.work / "r.json")
        # On a busy machine the generator may be late, which outranks the failure.
        assert finished.code in (1, 5), finished
        assert report["verdict"] in ("FAIL", "INVALID")
        assert report["run"]["forced"] is True
        total = report["load"]["total"]
        assert total["failures"] == total["requests"] > 0
        assert {failure["class"] for failure in report["load"]["failures"]} == {"connect"}
        assert any("did not answer before the start" in text for text in report["warnings"])

    def test_that_refuses_the_engine_is_exit_3(self, machine: Machine, target: Target) -> None:
        machine.write_scenario("calm")
        target.health_status = 401
        finished = machine.run("run", "calm", "--target", target.url)
        assert finished.code == 3
        assert "HTTP 401: it wants a token" in one_line(finished)
        assert target.total_received == 0

    def test_with_a_certificate_that_nobody_trusts_is_exit_3(
        self, machine: Machine, tmp_path: Path
    ) -> None:
        machine.write_scenario("calm")
        with Target(self_signed(tmp_path)) as target:
            finished = machine.run("run", "calm", "--target", target.url)
        assert finished.code == 3
        assert "its TLS certificate is not trusted: self-signed certificate" in one_line(finished)

    def test_dies_in_the_middle_and_comes_back_fails_the_run_that_went_on(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("calm", duration="3s", limits={"error_rate": "< 0.001"})
        with machine.running("run", "calm", "--target", target.url, "--json", "r.json") as run:
            eventually(lambda: target.total_answered >= 4)
            target.go_down()
            # Four users, each of whose requests tries three connections before it fails.
            target.turn_away(16)
            before = target.total_answered
            target.come_back()
            eventually(lambda: target.total_answered > before)
            finished = run.end()
        # On a busy machine the generator may be late, which outranks the failure.
        assert finished.code in (1, 5), finished
        report = read_json(machine.work / "r.json")
        assert report["thresholds"][0]["passed"] is False
        assert {failure["class"] for failure in report["load"]["failures"]} == {"connect"}
        good = report["load"]["total"]["requests"] - report["load"]["total"]["failures"]
        assert before < good + report["load"]["unmeasured"]["requests"]


class TestAnInterrupt:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_ends_the_run_with_its_report_and_exit_130(
        self, machine: Machine, target: Target, number: signal.Signals
    ) -> None:
        machine.write_scenario("calm", duration=LONG)
        with machine.running("run", "calm", "--target", target.url, "--json", "r.json") as run:
            eventually(lambda: is_loaded(target))
            run.signal(number)
            finished = run.end()
            assert children_of(run.pid) == []
        assert finished.code == 130, finished
        assert "VERDICT: INTERRUPTED" in finished.out
        report = read_json(machine.work / "r.json")
        assert (report["verdict"], report["reason"]) == (
            "INTERRUPTED",
            f"interrupted by {number.name}",
        )
        assert report["load"]["total"]["requests"] > 0
        assert last_verdict(machine) == ("INTERRUPTED", f"interrupted by {number.name}")

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_waits_for_no_request_in_flight(
        self, machine: Machine, target: Target, number: signal.Signals
    ) -> None:
        machine.write_scenario(
            "stuck", locustfile=CALM.replace("/slow", "/hang"), duration=LONG, timeout="60s"
        )
        with machine.running("run", "stuck", "--target", target.url, "--json", "r.json") as run:
            eventually(lambda: target.received["/hang"] == 4)
            run.signal(number)
            # The promise is one second; a busy machine gets ten.
            eventually(lambda: children_of(run.pid) == [], "a worker is left", limit_s=10)
            finished = run.end()
        assert finished.code == 130, finished
        assert read_json(machine.work / "r.json")["load"]["unfinished"] == 4

    def test_while_it_prepares_is_exit_130_too(self, machine: Machine, target: Target) -> None:
        machine.write_scenario("calm", duration=LONG)
        with machine.running("run", "calm", "--target", target.url) as run:
            run.worker()
            run.signal(signal.SIGTERM)
            finished = run.end()
            assert children_of(run.pid) == []
        assert finished.code == 130, finished


class TestAKill:
    def test_leaves_no_process_and_the_run_with_its_data(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("calm", duration=LONG)
        with machine.running("run", "calm", "--target", target.url, "--workers", "2") as run:
            eventually(lambda: is_loaded(target))
            assert len(children_of(run.pid)) == 2
            eventually(lambda: kept_requests(machine), "nothing reached the disk")
            run.signal(signal.SIGKILL)
            # The promise is one second; a busy machine gets ten.
            eventually(lambda: children_of(run.pid) == [], "a worker is left", limit_s=10)
            assert run.end().code == -signal.SIGKILL
        verdict, reason = last_verdict(machine)
        assert verdict == "INTERRUPTED"
        assert reason.startswith("cut off; data up to ")
        finished = machine.run("report", "last", "--format", "json", "--out", "kept")
        assert finished.code == 0, finished
        (file,) = (machine.work / "kept").iterdir()
        assert read_json(file)["load"]["total"]["requests"] > 0

    def test_frees_the_board_for_the_next_run(self, machine: Machine, target: Target) -> None:
        machine.write_scenario("calm", duration=LONG)
        with machine.running("run", "calm", "--target", target.url) as run:
            eventually(lambda: is_loaded(target))
            held = machine.run("run", "calm", "--target", target.url)
            assert held.code == 3
            assert f"another run drives this board: calm by process {run.pid}" in one_line(held)
            run.signal(signal.SIGKILL)
            run.end()
        freed = machine.run("run", "calm", "--target", f"http://127.0.0.1:{free_port()}")
        assert "nothing listens" in freed.err

    def test_of_a_worker_is_named_and_makes_the_run_invalid(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("calm", duration=LONG)
        with machine.running("run", "calm", "--target", target.url, "--json", "r.json") as run:
            eventually(lambda: is_loaded(target))
            os.kill(run.worker(), signal.SIGKILL)
            finished = run.end()
        assert finished.code == 5, finished
        report = read_json(machine.work / "r.json")
        assert report["verdict"] == "INVALID"
        assert report["reason"] == "worker w1 lost with 4 users: was killed by signal 9"

    def test_of_the_demo_target_leaves_nothing_of_it(self, machine: Machine) -> None:
        machine.write_scenario("calm", duration=LONG)
        with machine.running("run", "calm", "--target", "demo") as run:
            eventually(lambda: len(children_of(run.pid)) == 2, "a demo and a worker")
            run.signal(signal.SIGKILL)
            eventually(lambda: children_of(run.pid) == [], "something is left", limit_s=10)


class TestAProtectedTarget:
    def test_is_not_touched_unless_its_name_is_typed(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("calm", duration="1s")
        machine.write_config(targets={"plant": {"url": target.url, "protected": True}})
        for words in ((), ("--yes-i-mean", "plan")):
            finished = machine.run("run", "calm", "--target", "plant", *words)
            assert finished.code == 2
            assert "plant is protected" in one_line(finished)
        assert not target.received
        finished = machine.run("run", "calm", "--target", "plant", "--yes-i-mean", "plant")
        assert finished.code in (0, 5), finished
        assert target.total_answered > 0

    def test_is_every_host_that_is_not_near(self, machine: Machine) -> None:
        machine.write_scenario("calm")
        finished = machine.run("run", "calm", "--target", "https://cameras.example.com")
        assert finished.code == 2
        assert "--yes-i-mean cameras.example.com" in one_line(finished)


SPILLS = """
import os
import sys
from locust import FastHttpUser, constant, task

TOKEN = os.environ["PLANT_TOKEN"]
print("imported with", TOKEN)

class Careless(FastHttpUser):
    wait_time = constant(0.1)

    @task
    def refused(self):
        self.client.get("/refuse")

    @task
    def named(self):
        self.client.get(f"/look?key={TOKEN}")

    @task
    def raises(self):
        print("about to raise", TOKEN, file=sys.stderr)
        raise ValueError(f"bad token {TOKEN}")
"""


class TestAToken:
    SECRET = "wh1sper-7Qz"

    def test_is_sent_and_appears_nowhere(self, machine: Machine, target: Target) -> None:
        machine.write_scenario("careless", locustfile=SPILLS, duration="2s")
        machine.write_config(targets={"plant": {"url": target.url, "token": "env:PLANT_TOKEN"}})
        arguments = ("run", "careless", "--target", "plant", "--log-level", "debug")
        finished = machine.run(
            *arguments, "--json", "r.json", "--out", "all", PLANT_TOKEN=self.SECRET
        )
        assert finished.code in (0, 1, 5), finished
        assert set(target.authorization) == {f"Bearer {self.SECRET}"}
        report = read_json(machine.work / "r.json")
        # All the ways out were taken; each is shut.
        assert any(failure["class"] == "4xx" for failure in report["load"]["failures"])
        assert any("bad token ***" in text for text in report["warnings"])
        assert "***" in (machine.state / "log" / "workers.log").read_text()
        printed = machine.run("report", "last", "--format", "json", PLANT_TOKEN=self.SECRET)
        for text in (finished.out, finished.err, printed.out, printed.err):
            assert self.SECRET not in text
        for path in machine.files():
            assert self.SECRET.encode() not in path.read_bytes(), path

    @pytest.mark.parametrize("secret", ["", "  ", "größe", "two\nlines"])
    def test_that_can_not_be_sent_is_exit_2_and_not_quoted(
        self, machine: Machine, target: Target, secret: str
    ) -> None:
        machine.write_scenario("calm")
        machine.write_config(targets={"plant": {"url": target.url, "token": "env:PLANT_TOKEN"}})
        finished = machine.run("run", "calm", "--target", "plant", PLANT_TOKEN=secret)
        assert finished.code == 2
        line = one_line(finished)
        assert line.startswith("config:targets.plant.token: environment variable PLANT_TOKEN ")
        assert not secret.strip() or secret.split()[0] not in line

    def test_in_a_file_that_others_can_read_is_exit_2(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("calm")
        file = machine.work / "token"
        file.write_text(self.SECRET)
        file.chmod(0o644)
        machine.write_config(targets={"plant": {"url": target.url, "token": f"file:{file}"}})
        finished = machine.run("run", "calm", "--target", "plant")
        assert finished.code == 2
        assert "is readable by others (chmod 600" in one_line(finished)


class TestALocustfile:
    def test_whose_every_task_raises_makes_the_run_invalid(
        self, machine: Machine, target: Target
    ) -> None:
        broken = CALM.replace('self.client.get("/slow")', 'self.client.get("/look").json()["no"]')
        machine.write_scenario("broken", locustfile=broken, duration="1s")
        finished = machine.run("run", "broken", "--target", target.url, "--json", "r.json")
        assert finished.code == 5, finished
        report = read_json(machine.work / "r.json")
        assert report["verdict"] == "INVALID"
        reasons = report["load"]["validity"]["reasons"]
        assert any(text.startswith("the locustfile's own code failed ") for text in reasons)
        assert "the locustfile's own code raised: KeyError: 'no'" in report["warnings"]
        assert target.received["/look"] > 0

    def test_whose_tasks_raise_before_any_request_makes_the_run_invalid_too(
        self, machine: Machine, target: Target
    ) -> None:
        broken = CALM.replace("self.client", "self.nothing")
        machine.write_scenario("broken", locustfile=broken, duration="1s")
        finished = machine.run("run", "broken", "--target", target.url)
        assert finished.code == 5, finished
        assert "VERDICT: INVALID - " in finished.out
        assert target.total_received == 0


class TestAPortThatIsTaken:
    def test_by_another_master_is_exit_3(self, machine: Machine, target: Target) -> None:
        machine.write_scenario("calm")
        with taken_port() as port:
            machine.write_config(load={"port": port})
            finished = machine.run("run", "calm", "--target", target.url)
        assert finished.code == 3
        assert f"port 127.0.0.1:{port} is already in use" in one_line(finished)

    def test_is_exit_3_for_the_demo_too(self, machine: Machine) -> None:
        with taken_port() as port:
            finished = machine.run("demo", "--port", str(port))
        assert finished.code == 3
        assert one_line(finished) == f"jetproof demo: port {port} is already in use"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_like_it\n", "bad_users.py: line 1: ModuleNotFoundError"),
        ("x = 1\n", "bad_users.py: no user class in it"),
    ],
)
def test_a_locustfile_that_can_not_be_used_is_exit_2(
    machine: Machine, target: Target, text: str, said: str
) -> None:
    machine.write_scenario("bad", locustfile=text)
    finished = machine.run("run", "bad", "--target", target.url)
    assert finished.code == 2
    assert said in one_line(finished)


def test_a_state_directory_that_can_not_be_written_is_exit_2(machine: Machine) -> None:
    machine.write_scenario("calm")
    machine.state.write_text("a file is in its place")
    finished = machine.run("run", "calm")
    assert finished.code == 2
    assert "is not a directory" in one_line(finished)


def test_without_a_terminal_there_is_a_hint_and_exit_2(machine: Machine) -> None:
    finished = machine.run()
    assert finished.code == 2
    assert one_line(finished) == "jetproof needs a terminal; without one use `jetproof run smoke`"
