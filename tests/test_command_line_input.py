"""What a command line or a file may get wrong, and that it costs one line and nothing else."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from typing import Any

import pytest

from tests.lib.machine import LIMIT_S, ROOT, Finished, Machine
from tests.lib.target import Target
from tui.child.spawn import Child

NOBODY = "http://127.0.0.1:9"
"""The discard port: nothing answers there."""

USERS = """
from locust import HttpUser, task
from elsewhere import Imported

class Base(HttpUser):
    abstract = True

class Real(Base):
    pass

if True:
    class Inner(Real):
        pass

raise SystemExit("this was run")
"""


def in_a_terminal(machine: Machine, *command: str, limit_s: float = 30.0, **env: str) -> Finished:
    """A command whose three streams are one terminal; what it painted is `out`."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen(
        command,
        cwd=machine.work,
        env={**machine.env, **env},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    limit = threading.Timer(limit_s, process.kill)
    limit.start()
    try:
        # A terminal whose other side has gone is an error, not an end, to its reader.
        while chunk := os.read(ours, 65536):
            said += chunk
    except OSError:
        pass
    finally:
        os.close(ours)
        code = process.wait(limit_s)
        limit.cancel()
    return Finished(code, said.decode(errors="replace"), "")


class TestTheConsole:
    @pytest.mark.parametrize("term", ["dumb", "unknown", ""])
    def test_does_not_open_on_a_terminal_that_can_t_draw(self, machine: Machine, term: str) -> None:
        finished = in_a_terminal(machine, *machine.command(), TERM=term)
        assert finished.code == 2
        assert finished.out.splitlines() == [
            f'jetproof needs a terminal that can draw (TERM is "{term}"); '
            "without one use `jetproof run smoke`"
        ]

    def test_does_not_open_where_it_would_draw_into_a_file(self, machine: Machine) -> None:
        words = " ".join(machine.command())
        finished = in_a_terminal(machine, "sh", "-c", f"{words} 2>err", TERM="xterm")
        assert (finished.code, finished.out) == (2, "")
        assert (machine.work / "err").read_text().startswith("jetproof needs a terminal;")

    def test_does_not_open_without_any_streams(self, machine: Machine) -> None:
        words = " ".join(machine.command())
        finished = in_a_terminal(machine, "sh", "-c", f"{words} <&- >&-", TERM="xterm")
        assert finished.code == 2
        assert "jetproof needs a terminal;" in finished.out

    def test_that_crashes_is_exit_70_and_one_line_and_a_log(self, machine: Machine) -> None:
        program = (
            "import sys\n"
            "from tui.cli import main\n"
            "from tui.console.app import Console\n"
            "def boom(self): raise RuntimeError('boom')\n"
            "Console.on_ready = boom\n"
            f"sys.argv = ['jetproof', '--state', {str(machine.state)!r}]\n"
            "main()\n"
        )
        finished = in_a_terminal(machine, sys.executable, "-c", program, TERM="xterm-256color")
        assert finished.code == 70, finished
        assert "internal error: the console failed" in finished.out.splitlines()[-1]
        assert "RuntimeError" not in finished.out
        assert "boom" in (machine.state / "log" / "engine.log").read_text()


def test_a_mistake_of_ours_shows_no_traceback(machine: Machine) -> None:
    program = (
        "import sys, tui.catalogue\n"
        "from tui.cli import main\n"
        "def boom(*_): raise RuntimeError('boom')\n"
        "tui.catalogue.find_scenarios = boom\n"
        "sys.argv = ['jetproof', 'list']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=machine.env,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr == "internal error: RuntimeError: boom\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--users", "0"), "command line:--users: 0 users can't load anything"),
        (("--users", "100001"), "command line:--users: more users than"),
        (("--users", "9" * 5000), "command line:--users: '999"),
        (("--users", "many"), "command line:--users: 'many' is not a valid integer"),
        (("--users", "5000"), "command line:--users: nothing would be measured: 5000 users"),
        (("--spawn-rate", "nan"), "command line:--spawn-rate: nan users per second"),
        (("--spawn-rate", "1e5"), "command line:--spawn-rate: 100000 users per second"),
        (("--duration", "banana"), 'command line:--duration: "banana" is not a duration'),
        (("--duration", "31d"), 'command line:--duration: "31d" is too long (at most 30d)'),
        (("--workers", "65"), "command line:--workers: 65 is not in the range"),
        (("--set", "x=y"), "command line:--set x: unknown key"),
        (
            ("--set", "users=3"),
            'command line:--set users: unknown key (did you mean "load.users"?)',
        ),
        (("--set", "load.slow_ms=nan"), "command line:--set load.slow_ms: must be above 0"),
        (("--set", "load.locustfile=no.py"), "command line:--set load.locustfile: "),
        (("--set", "load.users=" + "[" * 5000), "command line:--set load.users: "),
        (
            ("--set", "load.user_classes.AdminUser=0"),
            "command line:--set load.user_classes.AdminUser: a weight is at least 1",
        ),
        (("--target", "127.0.0.1:9"), 'command line:--target: unknown target "127.0.0.1:9" (did'),
        (("--json", "nowhere/x.json"), "nowhere/x.json: can't be written: there is no directory"),
        (("--json", "."), ".: can't be written: Is a directory"),
        (("--out", "no/where"), "no/where: can't be written: there is no directory no"),
        (("--out", "file"), "file: is not a directory"),
        (("--usres", "3"), "command line: no such option '--usres'"),
    ],
)
def test_a_run_that_is_asked_for_wrongly_is_told_so_in_one_line(
    machine: Machine, words: tuple[str, ...], said: str
) -> None:
    (machine.work / "file").touch()
    finished = machine.run("run", "smoke", *words)
    assert (finished.code, finished.out) == (2, ""), finished
    assert finished.err.startswith(said)
    assert finished.err.count("\n") == 1
    assert not machine.lock.exists()


@pytest.mark.parametrize("words", [("run", "smoke"), ("validate", "config.toml")])
def test_a_board_s_tree_that_is_not_there_is_told_in_one_line(
    machine: Machine, words: tuple[str, ...]
) -> None:
    machine.write_config(board={"root": "nowhere"})
    finished = machine.run(*words)
    assert (finished.code, finished.out) == (2, "")
    said = f"config.toml:board.root: {machine.work / 'nowhere'} is not there\n"
    assert finished.err == said


def test_the_console_does_not_open_over_a_tree_that_is_not_there(machine: Machine) -> None:
    machine.write_config(board={"root": "nowhere"})
    finished = in_a_terminal(machine, *machine.command(), TERM="xterm")
    assert finished.code == 2
    (line,) = finished.out.splitlines()
    assert line.endswith("nowhere is not there")


def test_the_log_file_drives_no_terminal_that_shows_it(machine: Machine) -> None:
    program = (
        "import logging, pathlib\n"
        "from tui.cli.options import log_to\n"
        f"log_to(pathlib.Path({str(machine.state)!r}), 'warning')\n"
        "logging.getLogger('tui').warning('in %s', '\\x1b]0;pwn\\x07')\n"
        "logging.getLogger('tui').info('not this')\n"
    )
    machine.state.mkdir()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=LIMIT_S)
    (line,) = (machine.state / "log" / "engine.log").read_text().splitlines()
    assert line.endswith("WARNING tui in ‹001B›]0;pwn‹0007›")


class TestAReportFile:
    def test_of_an_earlier_run_is_not_left_beside_a_refused_one(self, machine: Machine) -> None:
        machine.write_scenario("calm")
        report = machine.work / "report.json"
        report.write_text("{}")
        finished = machine.run("run", "calm", "--target", NOBODY, "--json", "report.json")
        assert finished.code == 3, finished
        assert not report.exists()

    def test_stays_when_the_command_line_is_wrong(self, machine: Machine) -> None:
        report = machine.work / "report.json"
        report.write_text("{}")
        assert machine.run("run", "smoke", "--json", "report.json", "--users", "0").code == 2
        assert machine.run("run", "smoke", "--json", "report.json", "--out", "a/b").code == 2
        assert report.read_text() == "{}"

    def test_may_be_a_device_or_behind_a_link(self, machine: Machine, target: Target) -> None:
        machine.write_scenario("calm", duration="1s")
        (machine.work / "link.json").symlink_to(machine.work / "real.json")
        (machine.work / "real.json").write_text("old")
        words = ("run", "calm", "--target", target.url, "--quiet", "--out", "new")
        assert "VERDICT" in machine.run(*words, "--json", "link.json").out
        assert json.loads((machine.work / "real.json").read_text())["schema"]
        assert (machine.work / "link.json").is_symlink()
        assert "VERDICT" in machine.run(*words, "--json", "/dev/null").out
        assert len(list((machine.work / "new").glob("*-calm-*.json"))) == 2

    def test_and_the_lists_end_without_an_empty_line(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("calm", duration="1s")
        machine.run("run", "calm", "--target", target.url)
        for words in (
            ("runs",),
            ("report",),
            ("report", "--format", "json"),
            ("runs", "--json", "-"),
        ):
            out = machine.run(*words).out
            assert out.endswith("\n")
            assert not out.endswith("\n\n"), words
        assert machine.run("report", "--out", "kept").code == 0
        (kept,) = (machine.work / "kept").iterdir()
        assert not kept.read_text().endswith("\n\n")


def test_a_run_that_measured_nothing_has_no_rate(machine: Machine) -> None:
    silent = (
        "from locust import HttpUser, constant, task\n"
        "class Idle(HttpUser):\n"
        "    wait_time = constant(60)\n"
        "    @task\n"
        "    def nothing(self): pass\n"
    )
    machine.write_scenario("idle", locustfile=silent, duration="1s")
    with Target() as target:
        machine.run("run", "idle", "--target", target.url)
    (kept,) = json.loads(machine.run("runs", "--json", "-").out)
    assert (kept["p95_ms"], kept["rps"]) == (None, None)
    assert machine.run("runs").out.splitlines()[1].split()[-2:] == ["-", "-"]


class TestADirectoryOfScenarios:
    def test_may_hold_other_toml_files(self, machine: Machine) -> None:
        machine.write_scenario("mine")
        deeper = machine.scenarios / "deeper"
        deeper.mkdir()
        for name, text in (
            ("config.toml", "[targets]"),
            ("pyproject.toml", "[project]\nname = 'x'"),
            ("deeper/pyproject.toml", "= no toml"),
            ("deeper/config.toml", "[load]\nworkers = 2"),
            ("production.toml", "[targets.a]\nurl = 'demo:'\n[load]\nworkers = 2"),
            ("Other Tool.toml", "[tool]\nx = 1"),
        ):
            (machine.scenarios / name).write_text(text)
        finished = machine.run("list")
        assert (finished.code, finished.err) == (0, "")
        assert "mine" in finished.out
        assert "production" not in finished.out

    @pytest.mark.parametrize("text", ["", "kind = 'load'", "[load]\nusers = 3", "kind = = 3"])
    def test_keeps_what_means_to_be_a_scenario(self, machine: Machine, text: str) -> None:
        (machine.scenarios / "begun.toml").write_text(text)
        finished = machine.run("list")
        assert finished.code == 2
        assert finished.err.startswith("begun.toml:")


class TestValidate:
    def said(self, machine: Machine, users: str, **classes: int) -> list[str]:
        """What is said of a scenario with that locustfile."""
        more: dict[str, Any] = {"user_classes": classes} if classes else {}
        machine.write_scenario("mine", locustfile=users, **more)
        finished = machine.run("validate", "mine")
        assert finished.code == (2 if finished.err else 0)
        return finished.err.splitlines()

    def test_finds_a_user_class_that_is_not_there(self, machine: Machine) -> None:
        assert self.said(machine, USERS, Real=1, Inner=1, Imported=1) == []
        assert self.said(machine, USERS, Reel=1, Base=1) == [
            "mine.toml:load.user_classes.Reel: "
            'no such class in mine_users.py (did you mean "Real"?)',
            "mine.toml:load.user_classes.Base: no such class in mine_users.py",
        ]

    @pytest.mark.parametrize("users", ["from x import *", "globals()['A'] = object"])
    def test_does_not_guess_where_it_can_t_know(self, machine: Machine, users: str) -> None:
        assert self.said(machine, users, A=1) == []

    @pytest.mark.parametrize(
        ("users", "what"),
        [
            ("\n\ndef x(:\n", "mine_users.py line 3: invalid syntax"),
            ("x = '\\d'\n\0", "mine_users.py"),
            ("x = " + "(" * 5000, "mine_users.py"),
        ],
    )
    def test_finds_what_is_no_python(self, machine: Machine, users: str, what: str) -> None:
        (line,) = self.said(machine, users)
        assert line.startswith(f"mine.toml:load.locustfile: {what}")

    def test_takes_a_name_as_well_as_a_file(self, machine: Machine) -> None:
        good = machine.write_scenario("good")
        assert machine.run("validate", "smoke", "good", str(good)).out.splitlines() == [
            "smoke: in order",
            "good: in order",
            f"{good}: in order",
        ]
        assert 'did you mean "smoke"?' in machine.run("validate", "smok").err
        assert "can't be read" in machine.run("validate", "smok.toml").err

    def test_knows_a_configuration_by_its_tables(self, machine: Machine) -> None:
        (machine.work / "site.toml").write_text("[targets.a]\nurl = 'demo:'\n[load]\nworkers = 0\n")
        finished = machine.run("validate", "site.toml")
        assert (finished.code, finished.err) == (2, "site.toml:load.workers: at least 1\n")

    def test_says_what_is_wrong_beside_a_wrong_kind(self, machine: Machine) -> None:
        path = machine.write_scenario("mine", users=0)
        path.write_text(path.read_text().replace('kind = "load"', 'kind = "lode"'))
        lines = machine.run("validate", "mine").err.splitlines()
        assert [line.split(": ")[0] for line in lines] == ["mine.toml:kind", "mine.toml:load.users"]

    def test_refuses_a_number_of_thousands_of_digits(self, machine: Machine) -> None:
        path = machine.write_scenario("mine")
        path.write_text(path.read_text().replace("users = 4", "users = " + "9" * 5000))
        finished = machine.run("validate", "mine")
        assert finished.code == 2
        assert finished.err.startswith("mine.toml: not TOML: ")
        assert finished.err.count("\n") == 1


@pytest.mark.parametrize("deadline_s", [1e300, float("inf"), float("nan")])
def test_a_deadline_beyond_counting_does_not_cut_the_lifeline(deadline_s: float) -> None:
    env = {"PYTHONPATH": str(ROOT)}
    lines: list[object] = []
    spec = {"heartbeat_s": 60}
    child = Child("c", "tests.lib.child_program", spec=spec, env=env, on_line=lines.append)
    child.extend(deadline_s)
    # Only a lifeline that is still watched ends a child without a kill.
    assert child.end(LIMIT_S) == 0


class TestFlagsOverAStress:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (
                ("stress-cpu", "--users", "5"),
                "command line:--users: stress-cpu puts no load on its target: it has no users",
            ),
            (("stress-cpu", "--spawn-rate", "5"), "command line:--spawn-rate: stress-cpu puts no"),
            (
                ("stress-cpu", "--users", "5", "--spawn-rate", "5"),
                "command line:--users: stress-cpu puts no load on its target: it has no users",
            ),
            (("smoke", "stress-cpu", "--users", "5"), "command line:--users: stress-cpu puts no"),
            (("stress-cpu", "--duration", "25h"), "command line:--duration: from 1s to 24h"),
            (("stress-cpu", "--duration", "soon"), 'command line:--duration: "soon" is not a'),
            (("stress-under-load", "--users", "0"), "command line:--users: 0 users can't load"),
            (
                ("stress-under-load", "--set", "load.duration=1m"),
                "command line:--set load.duration: a load beside a stress lasts as long as that",
            ),
        ],
    )
    def test_are_told_in_one_line_where_they_make_no_sense(
        self, machine: Machine, words: tuple[str, ...], said: str
    ) -> None:
        finished = machine.run("run", *words)
        assert (finished.code, finished.out) == (2, ""), finished
        assert finished.err.startswith(said)
        assert finished.err.count("\n") == 1
