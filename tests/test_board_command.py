"""`jetproof board` as a user types it, over emulated trees and this machine."""

from __future__ import annotations

import itertools
import json
import os
import pty
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import Finished, Machine, Running, read_json
from tests.lib.orin import OrinTree
from tests.lib.target import Target
from tests.lib.typing_in import Type, typing_in
from tui.board.detect import Detected
from tui.board.merge import MergedBoard
from tui.cli import health_watch as health_module
from tui.cli import look as look_module
from tui.cli.board_rows import brief_of, rows_of
from tui.cli.board_table import clock_of, leak_lines, news_line, text_of
from tui.core.config import Target as ConfiguredTarget
from tui.core.events import Reading
from tui.core.gauges import meaning_of
from tui.core.incidents import Incident
from tui.ports import Fetched, Probe
from tui.store.health import HealthHistory


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof board …` in this process."""
    with typing_in(machine, monkeypatch, capsys, "--state", str(machine.state), "board") as typed:
        yield typed


@pytest.fixture
def orin(tmp_path: Path) -> Iterator[OrinTree]:
    tree = OrinTree(tmp_path / "orin")
    yield tree
    tree.close()


@pytest.fixture
def live(orin: OrinTree) -> Iterator[OrinTree]:
    """A tree in which time passes: without that it is a recording, and has no rates."""
    ended = threading.Event()

    def go() -> None:
        fresh = orin.root / ".uptime"
        for tenths in itertools.count():
            fresh.write_text(f"{86400 + tenths / 10:.2f} 100000.00\n")
            os.replace(fresh, orin.root / "proc" / "uptime")
            if ended.wait(0.1):
                return

    thread = threading.Thread(target=go)
    thread.start()
    yield orin
    ended.set()
    thread.join()


def row(finished: Finished, label: str) -> str:
    """The first line of the table with that label."""
    return next(line for line in finished.out.splitlines() if line[14:].startswith(label))


class TestOnce:
    def test_shows_the_board_by_groups_with_the_verdict_first(
        self, type_in: Type, live: OrinTree
    ) -> None:
        live.set_gpu(74, 918)
        live.set_temps(71.5)
        finished = type_in("--root", str(live.root))
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

    def test_of_a_recording_does_not_say_that_it_was_not_throttled(
        self, type_in: Type, orin: OrinTree
    ) -> None:
        finished = type_in("--root", str(orin.root))
        assert "? THROTTLED: unknown, a recording has no rates" in finished.out

    def test_as_json_has_every_gauge(self, type_in: Type, live: OrinTree) -> None:
        found = json.loads(type_in("--root", str(live.root), "--json", "-").out)
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


class TestWhatAStrangerRecorded:
    HOSTILE = "\x1b]0;pwn\x07\x9b2J\u202e"

    @pytest.fixture
    def hostile(self, orin: OrinTree) -> OrinTree:
        """A board whose power mode and model are orders to a terminal."""
        conf = "/etc/nvpmodel/nvpmodel_p3767_0003_super.conf"
        orin.write(conf, orin.text(conf).replace("MAXN_SUPER", self.HOSTILE))
        orin.write("/sys/firmware/devicetree/base/model", f"Orin {self.HOSTILE}")
        return orin

    def test_drives_no_terminal_that_it_is_piped_to(self, type_in: Type, hostile: OrinTree) -> None:
        said = type_in("--root", str(hostile.root)).out
        assert "pwn" in row(Finished(0, said, ""), "power mode")
        assert set(said).isdisjoint("\x1b\x07\x9b\u202e")

    def test_is_escaped_in_json_and_reads_back_the_same(
        self, type_in: Type, hostile: OrinTree
    ) -> None:
        said = type_in("--root", str(hostile.root), "--json", "-").out
        assert set(said).isdisjoint("\x1b\x07\x9b\u202e")
        assert json.loads(said)["gauges"]["power_mode"]["text"] == self.HOSTILE

    def test_drives_no_terminal_that_it_is_shown_on(
        self, machine: Machine, hostile: OrinTree
    ) -> None:
        words = machine.command("board", "--root", str(hostile.root))
        shown = on_a_terminal(machine, words)
        assert b"pwn" in shown
        assert not [bad for bad in (b"\x1b]", b"\x07", "\x9b".encode()) if bad in shown]


def on_a_terminal(machine: Machine, words: list[str]) -> bytes:
    """Everything that a command shows on a terminal until it ends."""
    ours, its = pty.openpty()
    environment = {**machine.env, "TERM": "xterm-256color"}
    with subprocess.Popen(
        words, cwd=machine.work, env=environment, stdin=its, stdout=its, stderr=its
    ) as process:
        os.close(its)
        shown = bytearray()
        try:
            # A terminal whose other side has gone is an error, not an end, to its reader.
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:
            pass
        os.close(ours)
        assert process.wait(20) == 0
    return bytes(shown)


class TestFigures:
    def test_over_current_events_are_a_rate_and_a_total(self) -> None:
        readings = {"oc3_events": Reading(2320.0, "sysfs"), "oc3_per_s": Reading(12.0, "sysfs")}
        (found,) = rows_of(readings)
        assert found.said == "over-current: 12/s, 2 320 since the start"
        readings["oc3_per_s"] = Reading(None, "replay", "a recording has no rates")
        (found,) = rows_of(readings)
        assert found.said == "over-current: 2 320 since the start"

    def test_only_a_rail_of_the_whole_board_is_its_power(self) -> None:
        rails = {"cv_in_mw": Reading(900.0, "sysfs"), "vdd_in_mw": Reading(14200.0, "sysfs")}
        assert brief_of(rails) == "vdd in 14.20 W"
        assert brief_of({"cv_in_mw": rails["cv_in_mw"]}) == ""

    def test_verdict_and_table_count_the_same_cooling_devices(
        self, type_in: Type, live: OrinTree
    ) -> None:
        live.cool("hot-surface-alert")
        finished = type_in("--root", str(live.root))
        (counted,) = re.findall(r"(\d+) cooling devices", finished.out)
        assert f"none of {counted} holds back" in row(finished, "devices")
        assert "1" in row(finished, "hot surface")


class TestTheTreeOfTheConfiguration:
    def test_stands_beside_the_file_wherever_the_command_is_given(
        self, type_in: Type, orin: OrinTree
    ) -> None:
        (orin.root.parent / "site.toml").write_text('[board]\nroot = "orin"\n')
        finished = type_in("--config", str(orin.root.parent / "site.toml"))
        assert finished.code == 0
        assert "Orin Nano" in finished.out.splitlines()[0]

    def test_that_is_not_there_is_exit_2_and_one_line(
        self, type_in: Type, machine: Machine
    ) -> None:
        machine.write_config(board={"root": "/nonexistent"})
        finished = type_in()
        assert (finished.code, finished.out) == (2, "")
        assert finished.err == "config.toml:board.root: /nonexistent is not there\n"

    def test_is_not_looked_at_when_another_is_asked_for(
        self, type_in: Type, machine: Machine, orin: OrinTree
    ) -> None:
        machine.write_config(board={"root": "/nonexistent"})
        assert type_in("--root", str(orin.root)).code == 0

    def test_has_no_service(self, type_in: Type, machine: Machine, orin: OrinTree) -> None:
        machine.write_config(board={"root": str(orin.root)})
        finished = type_in("--target", "http://127.0.0.1:9")
        assert (finished.code, finished.out) == (2, "")
        assert "--target: not together with root of config.toml" in finished.err


class TestAlerts:
    def test_that_the_board_has_no_figure_for_are_named(
        self, type_in: Type, machine: Machine, orin: OrinTree
    ) -> None:
        machine.write_config(alerts={"tjj_c": "> 90", "tj_c": "> 90", "cpu_percent": "> 50"})
        finished = type_in("--root", str(orin.root))
        assert finished.code == 0
        assert finished.err.startswith("warning: alerts.tjj_c: this board has no such figure")
        assert finished.err.count("\n") == 1

    def test_are_named_once_in_a_watch(self, machine: Machine, orin: OrinTree) -> None:
        machine.write_config(alerts={"tjj_c": "> 90"})
        with machine.running("board", "--watch", "--root", str(orin.root)) as running:
            assert running.process.stdout is not None
            for _ in range(3):
                running.process.stdout.readline()
            running.signal(signal.SIGINT)
            assert running.end().err.count("alerts.tjj_c") == 1


class TestBadUsage:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--root", "nowhere"), "--root: nowhere is not there"),
            (("--root", "empty"), "is no tree of a board: it has neither sys nor proc"),
            (("--root", "file"), "file is not a directory"),
            (
                ("--root", "tree", "--target", "http://127.0.0.1:9"),
                "--target: not together with --root",
            ),
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
        (machine.work / "tree" / "sys").mkdir(parents=True)
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
        self, machine: Machine, live: OrinTree, number: signal.Signals
    ) -> None:
        with machine.running("board", "--watch", "--root", str(live.root)) as running:
            lines = lines_of(running)
            # The first sample has nothing that its rates could be over.
            eventually(lambda: len(lines) >= 2 and "throttled no" in lines[-1], "no lines")
            running.signal(number)
            assert running.process.wait(20) == 0
        assert all("[replay] throttled " in line and "  GPU 0 %" in line for line in lines)

    def test_names_what_begins_and_ends(self, machine: Machine, orin: OrinTree) -> None:
        with machine.running("board", "--watch", "--root", str(orin.root)) as running:
            lines = lines_of(running)
            eventually(lambda: lines, "no lines")
            orin.set_temps(99.5)
            orin.cool("cpu-throttle-alert")
            eventually(lambda: any("thermal throttling: tj 99.5" in each for each in lines))
            eventually(lambda: "throttled yes" in lines[-1])
            orin.set_temps(60.0)
            orin.cool("cpu-throttle-alert", 0)
            eventually(lambda: any("· thermal throttling over" in each for each in lines))
            assert [line[:8] for line in lines] == sorted(line[:8] for line in lines)
            running.signal(signal.SIGINT)
            assert running.process.wait(20) == 0

    def test_says_of_a_target_that_is_dead_from_the_beginning_that_it_is(
        self, machine: Machine
    ) -> None:
        with machine.running("board", "--watch", "--target", "http://127.0.0.1:9") as running:
            lines = lines_of(running)
            eventually(lambda: any("✗ the health check is not answered" in one for one in lines))
            eventually(lambda: lines[-1].endswith("  health fails\n"))
            running.signal(signal.SIGINT)
            assert running.process.wait(20) == 0
        (news,) = [line for line in lines if "✗" in line]
        assert "nothing listens at http://127.0.0.1:9, since " in news

    def test_keeps_stdout_for_json_and_tells_its_end_beside_it(self, machine: Machine) -> None:
        words = ("board", "--watch", "--json", "-", "--target", "http://127.0.0.1:9")
        with machine.running(*words) as running:
            stream = running.process.stdout
            assert stream is not None
            json.loads(stream.readline())
            running.signal(signal.SIGINT)
            ended = running.end()
        assert all(json.loads(line) for line in ended.out.splitlines())
        assert "last 30 days" in ended.err
        assert "MEMORY  " in ended.err

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


class TestNews:
    RESTART = Incident(
        "service.restart", "alert", "the service restarted", "restart", "fail", 0.0, 0.0
    )
    HEAT = Incident("heat", "alert", "heat", "heat", "warn", 0.0, None, "tj 91.4 °C")

    def test_of_a_restart_carries_the_sign_of_the_log_and_no_tick(self) -> None:
        (said,) = news_line(self.RESTART, 2.0)
        assert said == (f"{clock_of(2.0)}  ✗ the service restarted", "bad")

    def test_bears_the_time_of_its_line_and_says_since_when(self) -> None:
        (said,) = news_line(self.HEAT, 2.0)
        assert said == (f"{clock_of(2.0)}  ! heat: tj 91.4 °C, since {clock_of(0.0)}", "warn")
        (said,) = news_line(msgspec.structs.replace(self.HEAT, ended_s=90.0), 92.0)
        assert said == (f"{clock_of(92.0)}  · heat over after 90 s", "")


class Growing:
    """A source whose service holds more memory every hour."""

    name = "grown"

    def __init__(self, mb_per_h: float) -> None:
        self.mb_per_h = mb_per_h
        self.now_s = 0.0

    def read(self) -> dict[str, Reading]:
        """Its processes and their memory."""
        return {
            "service_processes": Reading(1.0, "psutil", text="infer 41"),
            "service_rss_mb": Reading(300 + self.now_s / 3600 * self.mb_per_h, "psutil"),
        }

    def trouble(self) -> str:
        """None."""
        return ""

    def close(self) -> None:
        """Nothing is held."""


class TestMemoryOfTheService:
    @pytest.mark.parametrize(
        ("mb_per_h", "said"), [(40.0, "memory of infer 41 leaks: +40"), (0.0, "41 is steady: +0.0")]
    )
    def test_is_judged_over_the_whole_watch(
        self, mb_per_h: float, said: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = Growing(mb_per_h)
        clock = SimpleNamespace(monotonic=lambda: source.now_s, time=lambda: 1e9 + source.now_s)
        monkeypatch.setattr(look_module, "time", clock)
        look = look_module.Look(Detected(MergedBoard([source]), ()), "", is_watching=True)
        for _ in range(4 * 360):
            look.scene()
            source.now_s += 10
        (line,) = list(leak_lines(look.leaks(), 80))[1:]
        assert said in text_of(line)

    def test_is_told_in_the_last_lines_of_a_watch(self, machine: Machine, target: Target) -> None:
        said = _watched(machine, target, 1)
        last = next(line for line in said.splitlines() if line.startswith("MEMORY"))
        assert "inconclusive, too short" in last

    def test_of_a_target_elsewhere_is_not_spoken_of(self, machine: Machine) -> None:
        words = ("--target", "http://192.0.2.1", "--yes-i-mean", "192.0.2.1")
        with machine.running("board", "--watch", *words) as running:
            lines = lines_of(running)
            eventually(lambda: lines, "no lines")
            running.signal(signal.SIGINT)
            assert running.process.wait(20) == 0
        assert not any(line.startswith("MEMORY") for line in lines)


class Answers:
    """A target's service as the engine sees it."""

    def probe(self, url: str, target: object, token: str) -> Probe:
        """It answers."""
        return Probe(True, "", 12.0)

    def fetch(self, url: str, target: object, token: str, path: str) -> Fetched:
        """It has no documents."""
        return Fetched(trouble="status 404")

    def delete(self, url: str, target: object, token: str, paths: object) -> int:
        """Nothing is there."""
        return 0


class TestAHealthCheckThatHangs:
    def test_leaves_no_old_figure_standing_as_a_fresh_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now_s = 100.0
        clock = SimpleNamespace(monotonic=lambda: now_s, time=lambda: 1e9 + now_s)
        monkeypatch.setattr(health_module, "time", clock)
        history = HealthHistory(tmp_path)
        target = ConfiguredTarget("mine", "http://127.0.0.1:9")
        health = health_module.HealthWatch(Answers(), target, "", history)
        assert health.reading is None
        health.ask()
        now_s += 14
        assert health.reading == Reading(12.0, "http", age_s=14)
        assert health.watched.answered is True
        now_s += 2
        assert health.reading is not None
        assert (health.reading.value, health.watched.answered) == (None, None)
        assert "has told nothing for 16 s" in health.reading.why
        assert health.watched.said == health.reading.why


class TestUptime:
    def test_one_look_asks_once_and_says_how_little_that_is(
        self, type_in: Type, target: Target
    ) -> None:
        finished = type_in("--target", target.url)
        assert finished.code == 0
        assert "answers in" in finished.out
        assert row(finished, "last hour").endswith(
            "unknown: watched for only 5 s (an hour needs 6 min)"
        )
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
        assert row(finished, "last hour").endswith("unknown: not watched (an hour needs 6 min)")

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
