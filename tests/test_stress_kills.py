"""Whatever ends a stress roughly, nothing of it is left: no process, no name, no room taken."""

from __future__ import annotations

import os
import random
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import LIMIT_S, Running, read_json
from tests.lib.processes import freeze
from tests.lib.stress_site import (
    PATIENCE,
    PROMISED_FROZEN_S,
    PROMISED_S,
    InTerminal,
    Site,
    in_terminal,
)
from tests.lib.target import Target
from tui.core.events import BurnerEnded, BurnersReported, FaultDone, FaultUndone, StressEntered

SEED = secrets.randbits(32)
"""Of the moments; printed when a test fails."""
PHASES = ("preparing", "before", "stress", "after", "winding up")
WITHIN_S = 1.5
"""A kill comes so long after its phase began, at most."""


@pytest.fixture
def site(tmp_path: Path, target: Target) -> Iterator[Site]:
    made = Site(tmp_path, target.url)
    yield made
    made.clear()


def await_part(site: Site, run: Running | InTerminal, part: str) -> None:
    """Until a run has come so far; it must not have ended before."""

    def is_there() -> bool:
        has_ended = run.process.poll() is not None
        is_in = site.is_in(part)
        assert is_in or not has_ended, f"it ended before {part}: {run.process.communicate()}"
        return is_in

    eventually(is_there, f"never {part}", limit_s=LIMIT_S)


def await_burning(site: Site, run: Running | InTerminal) -> None:
    """Until burners burn and faults hold."""
    await_part(site, run, "stress")
    eventually(lambda: of(site, BurnersReported), "no burner reported")
    eventually(lambda: of(site, FaultDone), "no fault was done")
    assert site.burning()


def await_phase(site: Site, run: Running, phase: str) -> None:
    """Until a run has come so far."""
    if phase == "preparing":
        return
    if phase == "stress":
        await_burning(site, run)
        return
    await_part(site, run, "stress" if phase == "winding up" else phase)
    if phase == "winding up":
        run.signal(signal.SIGTERM)


def last_run(site: Site) -> Any:
    """The newest run in the words of a new process; None without any."""
    finished = site.run("runs", "--json", "runs.json")
    assert finished.code == 0, finished
    runs = read_json(site.work / "runs.json")
    return runs[0] if runs else None


def of(site: Site, kind: Any) -> list[Any]:
    """The events of one kind of the newest run."""
    return [event for event in site.events() if isinstance(event, kind)]


def assert_clean(site: Site) -> None:
    assert site.left() == []
    assert site.names() == []
    assert site.held() == []


@pytest.mark.parametrize("phase", PHASES)
def test_a_kill_at_any_moment_leaves_nothing(site: Site, phase: str) -> None:
    delay_s = random.Random(f"{SEED} {phase}").uniform(0.0, WITHIN_S)
    if phase == "winding up":
        delay_s /= 5  # it takes less than a second
    print(f"seed {SEED}: killed {delay_s:.2f} s into {phase}")
    site.write_stress("stress-all", duration="4s" if phase == "after" else "60s", after="30s")
    with site.running("run", "stress-all", "--target", site.url) as run:
        await_phase(site, run, phase)
        time.sleep(delay_s)
        run.signal(signal.SIGKILL)
        killed_s = time.monotonic()
        site.await_nothing(PATIENCE * PROMISED_S)
        print(f"nothing is left after {time.monotonic() - killed_s:.3f} s")
        run.end()
    assert_clean(site)
    last = last_run(site)
    if phase in ("before", "stress", "after"):
        assert last["verdict"] == "INTERRUPTED"
        assert last["reason"].startswith("cut off; data up to "), last
    elif last is not None:
        # Before it began, or after it had ended, there was nothing to cut off.
        assert last["verdict"] in ("INTERRUPTED", "FAIL", "INVALID"), last


def test_being_asked_to_end_undoes_all_and_leaves_a_report(site: Site) -> None:
    site.write_stress("stress-all")
    with site.running("run", "stress-all", "--target", site.url, "--json", "r.json") as run:
        await_burning(site, run)
        run.signal(signal.SIGTERM)
        asked_s = time.monotonic()
        eventually(lambda: not site.burning(), "burners are left", limit_s=PATIENCE * PROMISED_S)
        print(f"nothing burns after {time.monotonic() - asked_s:.3f} s")
        finished = run.end()
        print(f"nothing is left after {time.monotonic() - asked_s:.3f} s")
        assert_clean(site)
    assert finished.code == 130, finished
    assert read_json(site.work / "r.json")["verdict"] == "INTERRUPTED"
    done = {event.name for event in of(site, FaultDone)}
    undone = {event.name for event in of(site, FaultUndone) if not event.trouble}
    assert done == undone


class TestATerminalThatGoes:
    def test_takes_burners_and_faults_along_and_leaves_the_load(
        self, site: Site, target: Target
    ) -> None:
        site.write_stress("stress-all", after="4s")
        with in_terminal(
            site, "run", "stress-all", "--target", site.url, "--json", "r.json"
        ) as run:
            await_burning(site, run)
            run.hang_up()
            gone_s = time.monotonic()
            eventually(lambda: not site.burning(), "still burning", limit_s=PATIENCE * PROMISED_S)
            print(f"nothing burns after {time.monotonic() - gone_s:.3f} s")
            answered = target.total_answered
            eventually(lambda: target.total_answered > answered, "the load went too")
            code = run.process.wait(LIMIT_S)
            site.await_nothing(PATIENCE * PROMISED_S)
        assert_clean(site)
        report = read_json(site.work / "r.json")
        assert (report["verdict"], code) == ("INTERRUPTED", 130)
        assert "the terminal was gone" in report["reason"]
        after = [event for event in of(site, StressEntered) if event.part == "after"]
        assert [event.why for event in after] == ["the terminal was gone"]

    @pytest.mark.parametrize("signals", [0, 2])
    def test_takes_an_idle_console_along(self, site: Site, signals: int) -> None:
        site.env["TERM"] = "xterm-256color"
        with in_terminal(site) as run:
            run.read_until(b"jetproof")
            run.hang_up()
            for _ in range(signals):
                with suppress(ProcessLookupError):
                    os.kill(run.pid, signal.SIGHUP)
            assert run.process.wait(LIMIT_S) == 0
            site.await_nothing(PATIENCE * PROMISED_S)

    def test_leaves_a_soak_burning(self, site: Site) -> None:
        calm: dict[str, Any] = {"intent": "soak", "disk": None}
        site.write_stress("stress-soak", load=False, duration="5s", after="1s", **calm)
        with in_terminal(
            site, "run", "stress-soak", "--target", site.url, "--json", "r.json"
        ) as run:
            eventually(lambda: len(site.burning()) > 1, "nothing burns", limit_s=LIMIT_S)
            run.hang_up()
            code = run.process.wait(LIMIT_S)
        assert_clean(site)
        report = read_json(site.work / "r.json")
        assert code == {"PASS": 0, "FAIL": 1, "INVALID": 5}[report["verdict"]], report["reason"]
        after = [event for event in of(site, StressEntered) if event.part == "after"]
        assert [event.why for event in after] == [""]


def test_burners_of_a_frozen_owner_end_themselves_and_their_faults(site: Site) -> None:
    site.write_stress("stress-all")
    with site.running("run", "stress-all", "--target", site.url, "--json", "r.json") as run:
        await_burning(site, run)
        freeze(run.pid)
        took_s = site.await_nothing(PATIENCE * PROMISED_FROZEN_S, but=(run.pid,))
        print(f"nothing but the frozen one is left after {took_s:.3f} s")
        assert site.names() == []
        assert site.held() == []
        run.signal(signal.SIGCONT)
        finished = run.end()
    assert_clean(site)
    assert finished.code in (1, 5), finished  # its load was cut off as well
    ended = of(site, BurnerEnded)
    assert {event.name for event in ended} >= {"cpu", "memory", "network"}
    assert all(event.ended_by or event.why_not for event in ended), ended
    assert read_json(site.work / "r.json")["verdict"] in ("FAIL", "INVALID")
