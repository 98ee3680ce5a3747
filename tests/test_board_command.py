"""`jetproof board` as a user types it, over emulated trees and this machine."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import Finished, Machine, Running, read_json
from tests.lib.orin import OrinTree
from tests.lib.target import Target
from tui.cli import main
from tui.core.gauges import meaning_of
from tui.store.health import HealthHistory

Type = Callable[..., Finished]


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof board …` in this process."""
    monkeypatch.chdir(machine.work)
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "JETPROOF_LOCK"):
        monkeypatch.setenv(name, machine.env[name])
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def type_in(*arguments: str) -> Finished:
        words = ["jetproof", "--state", str(machine.state), "board", *arguments]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Finished(ended.value.code, said.out, said.err)

    yield type_in
    for number, handler in signals.items():
        signal.signal(number, handler)


@pytest.fixture
def orin(tmp_path: Path) -> Iterator[OrinTree]:
    tree = OrinTree(tmp_path / "orin")
    yield tree
    tree.close()


def row(finished: Finished, label: str) -> str:
    """The first line of the table with that label."""
    return next(line for line in finished.out.splitlines() if line[14:].startswith(label))


class TestOnce:
    def test_shows_the_board_by_groups_with_the_verdict_first(
        self, type_in: Type, orin: OrinTree
    ) -> None:
        orin.set_gpu(74, 918)
        orin.set_temps(71.5)
        finished = type_in("--root", str(orin.root))
        assert (finished.code, finished.err) == (0, "")
        lines = finished.out.splitlines()
        assert "Orin Nano" in lines[0]
        assert "L4T 36.4.3 · JetPack 6.2 · 6 cores" in lines[1]
        assert lines[3].startswith("✓ THROTTLED: no")
        groups = [line.split()[0] for line in lines[5:] if line[:1].isalpha()]
        assert groups[:9] == [
            *("GPU", "CPU", "MEMORY", "HEAT", "POWER", "FAN", "OVER-CURRENT", "COOLING", "CLOCKS")
        ]
        assert "918 of 1 020 MHz" in row(finished, "clock")
        assert "71.5 °C   27.5 below 99.0, critical 104.5" in row(finished, "tj")
        assert "MAXN_SUPER" in row(finished, "power mode")

    def test_is_plain_and_80_columns_wide_in_a_pipe(self, type_in: Type, orin: OrinTree) -> None:
        finished = type_in("--root", str(orin.root))
        assert max(map(len, finished.out.splitlines())) <= 80
        assert "\x1b" not in finished.out

    def test_says_why_the_board_is_throttled(self, type_in: Type, orin: OrinTree) -> None:
        orin.set_temps(99.5)
        orin.cool("cpu-throttle-alert")
        finished = type_in("--root", str(orin.root))
        assert "✗ THROTTLED: yes, thermal throttling" in finished.out
        assert "thermal throttling, tj 99.5 °C, since " in finished.out
        assert "0.5 ABOVE 99.0" in row(finished, "tj")
        assert "1 of" in row(finished, "cpu throttle")

    def test_says_that_it_is_a_replay(self, type_in: Type, orin: OrinTree) -> None:
        finished = type_in("--root", str(orin.root))
        assert finished.out.splitlines()[0].endswith("[replay]")
        table = finished.out.partition("GPU ")[2].partition("NOT READ")[0]
        sources = {line.split()[-1] for line in table.splitlines() if line}
        assert sources == {"replay"}

    def test_lists_what_can_t_be_read_and_why(self, type_in: Type, orin: OrinTree) -> None:
        finished = type_in("--root", str(orin.root))
        assert "cv0_c, cv1_c, cv2_c: switched off" in finished.out

    def test_of_this_machine_has_honest_sources(self, type_in: Type) -> None:
        finished = type_in("--once")
        assert finished.code == 0
        assert "replay" not in finished.out
        assert row(finished, "used").endswith(("psutil", "sysfs"))
        assert "SOURCES" in finished.out

    def test_as_json_has_every_gauge(self, type_in: Type, orin: OrinTree) -> None:
        found = json.loads(type_in("--root", str(orin.root), "--json", "-").out)
        assert (found["schema"], found["source"]) == (1, "replay")
        assert found["device"]["l4t"] == "36.4.3"
        assert found["throttle"] == {"throttled": False, "reasons": []}
        assert {"name", "used", "why"} <= found["sources"][0].keys()
        for name, gauge in found["gauges"].items():
            assert meaning_of(name), name
            assert gauge.keys() == {
                *("value", "unit", "source", "age_s", "why", "text", "limit", "critical")
            }
            assert (gauge["value"] is None) == bool(gauge["why"]), name
        tj = found["gauges"]["tj_c"]
        assert (tj["unit"], tj["limit"], tj["critical"]) == ("°C", 99.0, 104.5)
        assert "uptime" not in found

    def test_as_json_in_a_file_shows_the_table_too(
        self, type_in: Type, orin: OrinTree, machine: Machine
    ) -> None:
        finished = type_in("--root", str(orin.root), "--json", "board.json")
        assert "THROTTLED" in finished.out
        assert read_json(machine.work / "board.json")["schema"] == 1


class TestBadUsage:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--root", "nowhere"), "--root: nowhere is not there"),
            (("--root", "empty"), "is no tree of a board: it has neither sys nor proc"),
            (("--root", "file"), "file is not a directory"),
            (("--once", "--watch"), "--watch: not together with --once"),
            (("--record", "full"), "is not empty and holds no recording"),
            (("--record", "no/such/place"), "there is no directory no/such"),
            (("--json", "no/such/file"), "there is no directory no/such"),
            (("--target", "loca"), 'did you mean "local"?'),
            (("--target", "demo"), "start `jetproof demo` and give its URL"),
            (("--target", "http://192.0.2.1"), "must be typed (--yes-i-mean 192.0.2.1)"),
            (("--watch", "--target", "http://192.0.2.1", "--yes-i-mean", "x"), "is protected"),
        ],
    )
    def test_is_exit_2_and_one_line(
        self, type_in: Type, machine: Machine, words: tuple[str, ...], said: str
    ) -> None:
        (machine.work / "empty").mkdir()
        (machine.work / "full").mkdir()
        (machine.work / "full" / "thesis.txt").write_text("mine")
        (machine.work / "file").write_text("")
        machine.write_config(targets={"local": {"url": "http://127.0.0.1:9"}})
        finished = type_in(*words)
        assert (finished.code, finished.out) == (2, "")
        assert said in finished.err
        assert finished.err.count("\n") == 1
        assert os.listdir(machine.work / "full") == ["thesis.txt"]


class TestRecording:
    def test_what_was_recorded_reads_the_same(self, type_in: Type, orin: OrinTree) -> None:
        orin.set_temps(83.0)
        recorded = type_in("--root", str(orin.root), "--record", "bundle", "--json", "-")
        assert recorded.err == "bundle: recorded; `jetproof board --root bundle` reads it\n"
        again = type_in("--root", "bundle", "--json", "-")
        assert _figures(again) == _figures(recorded)
        assert json.loads(again.out)["device"] == json.loads(recorded.out)["device"]

    def test_an_earlier_recording_is_replaced(self, type_in: Type, orin: OrinTree) -> None:
        for celsius in (50.0, 60.0):
            orin.set_temps(celsius)
            assert type_in("--root", str(orin.root), "--record", "bundle").code == 0
        found = json.loads(type_in("--root", "bundle", "--json", "-").out)
        assert found["gauges"]["tj_c"]["value"] == 60.0


def _figures(finished: Finished) -> dict[str, Any]:
    """Values of the board itself; what jetproof costs differs each time."""
    gauges = json.loads(finished.out)["gauges"]
    return {name: gauge["value"] for name, gauge in gauges.items() if gauge["source"] == "replay"}


def lines_of(running: Running) -> list[str]:
    """What a command prints, as it comes."""
    lines: list[str] = []
    stream = running.process.stdout
    assert stream is not None

    def read() -> None:
        for line in stream:
            lines.append(line)

    threading.Thread(target=read, daemon=True).start()
    return lines


class TestWatch:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_says_a_line_a_second_until_it_is_ended(
        self, machine: Machine, orin: OrinTree, number: signal.Signals
    ) -> None:
        with machine.running("board", "--watch", "--root", str(orin.root)) as running:
            lines = lines_of(running)
            eventually(lambda: len(lines) >= 2, "no lines")
            running.signal(number)
            assert running.process.wait(20) == 0
        assert all("[replay] throttled no  GPU 0 %" in line for line in lines)

    def test_names_what_begins_and_ends(self, machine: Machine, orin: OrinTree) -> None:
        with machine.running("board", "--watch", "--root", str(orin.root)) as running:
            lines = lines_of(running)
            eventually(lambda: lines, "no lines")
            orin.set_temps(99.5)
            orin.cool("cpu-throttle-alert")
            eventually(lambda: any("thermal throttling, tj 99.5" in each for each in lines))
            eventually(lambda: "throttled yes" in lines[-1])
            orin.set_temps(60.0)
            orin.cool("cpu-throttle-alert", 0)
            eventually(lambda: any("thermal throttling is over" in each for each in lines))
            running.signal(signal.SIGINT)
            assert running.process.wait(20) == 0

    def test_writes_a_json_line_a_second(self, machine: Machine, orin: OrinTree) -> None:
        words = ("board", "--watch", "--json", "-", "--root", str(orin.root))
        with machine.running(*words) as running:
            lines = lines_of(running)
            eventually(lambda: len(lines) >= 3, "no lines")
            running.signal(signal.SIGINT)
            assert running.process.wait(20) == 0
        stamps = [json.loads(line)["at"] for line in lines]
        assert stamps == sorted(set(stamps))

    def test_ends_when_its_reader_leaves(self, machine: Machine, orin: OrinTree) -> None:
        with machine.running("board", "--watch", "--root", str(orin.root)) as running:
            stream = running.process.stdout
            assert stream is not None
            assert stream.readline()
            stream.close()
            assert running.process.wait(20) == 0

    def test_paints_in_place_on_a_terminal(self, machine: Machine, orin: OrinTree) -> None:
        ours, its = pty.openpty()
        environment = {**machine.env, "TERM": "xterm-256color", "LINES": "70", "COLUMNS": "100"}
        words = machine.command("board", "--watch", "--root", str(orin.root))
        with subprocess.Popen(
            words, cwd=machine.work, env=environment, stdin=its, stdout=its, stderr=its
        ) as process:
            os.close(its)
            painted = bytearray()

            def shows(text: bytes) -> bool:
                painted.extend(os.read(ours, 65536))
                return text in painted

            eventually(lambda: shows(b"SOURCES"), "nothing was painted")
            first = len(painted)
            orin.set_gpu(55)
            eventually(lambda: shows(b"55 %"), "it was not painted again")
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        os.close(ours)
        # What stays the same is not sent again.
        assert len(painted) - first < first
        assert b"\x1b[1m" in painted


class TestUptime:
    def test_one_look_asks_once_and_says_how_little_that_is(
        self, type_in: Type, target: Target
    ) -> None:
        finished = type_in("--target", target.url)
        assert finished.code == 0
        assert "answers in" in finished.out
        assert row(finished, "last hour").endswith("unknown: watched for only 5 s")
        assert target.received["/health"] == 1

    def test_is_the_share_of_what_earlier_watches_saw(
        self, type_in: Type, machine: Machine, target: Target
    ) -> None:
        machine.state.mkdir()
        history = HealthHistory(machine.state)
        now_s = time.time()
        for ago in range(600, 0, -1):
            is_down = 100 <= ago < 103
            history.add(target.url, now_s - ago * 5, 0.01, None if is_down else 4.0)
        finished = type_in("--target", target.url)
        assert row(finished, "last hour").split("  ")[-1].startswith("99.50 %, 1 outage of 15 s")
        assert "unknown: watched for only 50 min" in row(finished, "last day")

    def test_of_a_target_that_is_gone_is_an_outage(self, type_in: Type) -> None:
        finished = type_in("--target", "http://127.0.0.1:9", "--json", "found.json")
        assert "does not answer: nothing listens at http://127.0.0.1:9" in finished.out
        found = read_json(Path("found.json"))["uptime"]
        assert (found["answers"], found["periods"][0]["outages"]) == (False, 1)
        assert found["periods"][0]["percent"] is None

    def test_a_refused_token_says_nothing_of_the_target(
        self, type_in: Type, target: Target
    ) -> None:
        target.health_status = 401
        finished = type_in("--target", target.url)
        assert "it wants a token" in finished.out
        assert row(finished, "last hour").endswith("unknown: not watched")

    def test_is_kept_from_one_watch_to_the_next(self, machine: Machine, target: Target) -> None:
        for watch in (1, 2):
            assert "last 30 days" in _watched(machine, target, watch)
        history = HealthHistory(machine.state)
        assert sum(each.answers for each in history.minutes(target.url, 0.0)) >= 2


def _watched(machine: Machine, target: Target, checks: int) -> str:
    """What a watch printed that ended once the target was asked so often in all."""
    with machine.running("board", "--watch", "--target", target.url) as running:
        lines = lines_of(running)
        eventually(lambda: target.received["/health"] >= checks, "it was never asked")
        eventually(lambda: any("health " in line for line in lines), "no line has its latency")
        running.signal(signal.SIGINT)
        assert running.process.wait(20) == 0
    eventually(lambda: any("last 30 days" in line for line in lines))
    return "".join(lines)
