"""Whole runs beside an emulated board: what happens on it is in the verdict and the report."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import Machine, Running
from tests.lib.orin import OrinTree

CALM_S, THROTTLED_S = 0.1, 2.5
"""How long the service takes, before and after: far more apart than a busy test machine wavers."""


class Service:
    """Answers after a time that can be changed while it is under load."""

    def __init__(self) -> None:
        outer = self
        self.takes_s = CALM_S
        self.answered = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path == "/slow":
                    time.sleep(outer.takes_s)
                    outer.answered += 1
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def board(tmp_path: Path) -> OrinTree:
    return OrinTree(tmp_path / "orin")


@contextmanager
def run_beside(
    machine: Machine, board: OrinTree, service: Service, duration: str
) -> Iterator[Running]:
    """A run under way, once it has been measured for some answers."""
    machine.write_config(targets={"here": {"url": service.url}}, board={"root": str(board.root)})
    machine.write_scenario("calm", users=10, duration=duration, timeout="10s")
    report = str(machine.work / "report.json")
    with machine.running("run", "calm", "--target", "here", "--json", report) as running:
        eventually(lambda: service.answered > 20, limit_s=60)
        yield running


def report_of(machine: Machine) -> Any:
    return json.loads((machine.work / "report.json").read_text())


def over_current(board: OrinTree, seconds: float, service: Service) -> None:
    """Sixty events a second, and a service as much slower as its clocks."""
    service.takes_s = THROTTLED_S
    ends_s = time.monotonic() + seconds
    while time.monotonic() < ends_s:
        board.over_current(3, 15)
        time.sleep(0.25)


def test_a_rise_of_p95_is_explained_by_the_throttling_before_it(
    machine: Machine, board: OrinTree, service: Service
) -> None:
    with run_beside(machine, board, service, "60s") as running:
        time.sleep(25)
        over_current(board, 28, service)
        finished = running.end()
    report = report_of(machine)
    throttle = report["telemetry"]["throttle"]
    assert throttle["throttled"] is True
    assert [reason["key"] for reason in throttle["reasons"]] == ["oc3"]
    (rise,) = report["telemetry"]["rises"]
    assert (rise["cause"], rise["by"]) == ("oc3 over-current", "board")
    assert rise["percent"] > 100
    assert "oc3 over-current" in finished.out
    assert report["telemetry"]["replayed"] is True
    assert report["device"]["source"] == "replay"


def test_a_board_about_to_switch_itself_off_aborts_the_run_with_its_own_exit_code(
    machine: Machine, board: OrinTree, service: Service
) -> None:
    with run_beside(machine, board, service, "60s") as running:
        board.set_temps(102.0)
        finished = running.end()
    assert finished.code == 4
    report = report_of(machine)
    assert report["verdict"] == "ABORTED"
    assert "tj 102.0 °C" in report["reason"]
    assert report["run"]["duration_s"] < 60


def test_another_power_mode_in_mid_run_makes_it_not_comparable(
    machine: Machine, board: OrinTree, service: Service
) -> None:
    with run_beside(machine, board, service, "8s") as running:
        board.set_power_mode(0)
        running.end()
    report = report_of(machine)
    assert report["device"]["power_mode"] == "MAXN_SUPER"
    assert report["comparable"] == {
        "comparable": False,
        "reasons": ["power mode changed: MAXN_SUPER to 15W"],
    }


def test_the_service_is_found_by_its_port_and_its_memory_is_in_the_report(
    machine: Machine, service: Service
) -> None:
    machine.write_config(targets={"here": {"url": service.url}})
    machine.write_scenario("calm", duration="6s")
    finished = machine.run("run", "calm", "--target", "here", "--json", "report.json")
    metrics = report_of(machine)["telemetry"]["metrics"]
    assert metrics["service_processes"]["min"] >= 1, finished
    assert metrics["service_rss_mb"]["mean"] > 1
    assert metrics["service_threads"]["max"] >= 1
