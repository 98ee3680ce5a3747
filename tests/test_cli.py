"""Every command as a user types it. What only reads runs in this process, for speed."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.lib.machine import Finished, Machine, read_json
from tests.lib.target import Target
from tests.lib.typing_in import Type, typing_in
from tui import __version__
from tui.core.verdict import EXIT_CODES

LIGHTEST_FIRST = ("smoke", "quick", "standard", "spike", "load", "endurance", "stress")
CAMPAIGNS = ("deploy-gate", "four-stage", "ladder", "commission")


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    """`jetproof` in this process, in the machine's working directory."""
    with typing_in(machine, monkeypatch, capsys) as typed:
        yield typed


class TestList:
    def test_shows_every_scenario_with_its_size(self, type_in: Type) -> None:
        finished = type_in("list")
        assert finished.code == 0
        names = [line.split()[0] for line in finished.out.splitlines() if "  " in line]
        assert [name for name in names if name in LIGHTEST_FIRST] == list(LIGHTEST_FIRST)
        assert "5 × 30 s" in finished.out

    def test_groups_them_by_kind(self, type_in: Type) -> None:
        listed = type_in("list").out.split("\n\n")
        load, stress, benchmarks, workflows, smoke, campaigns = listed
        assert workflows.startswith("e2e (")
        assert "\ncapture-to-storage " in workflows
        heading, *suites = smoke.splitlines()
        assert heading.startswith("smoke (1): suites of short tests")
        assert suites[0].startswith("critical-path  16 tests ")
        assert load.startswith("load (")
        assert all(line.startswith("stress") for line in stress.splitlines())
        assert all(line.startswith("bench") for line in benchmarks.splitlines())
        assert campaigns.startswith(f"campaign ({len(CAMPAIGNS)})\n")
        assert type_in("list", "campaign").out.startswith("campaign (")
        assert [line.split()[0] for line in campaigns.splitlines()[1:]] == list(CAMPAIGNS)
        assert type_in("list", "lode").code == 2

    def test_fits_a_small_terminal(self, type_in: Type) -> None:
        assert max(len(line) for line in type_in("list").out.splitlines()) <= 80

    @pytest.mark.parametrize(
        ("name", "size"),
        [
            ("breaking-point", "5–200 × 15 m"),
            ("camera-feed", "5/s × 5 m"),
            ("frame-ramp", "1–61/s × 10 m"),
            ("endpoint-sweep-100", "10 × 10 ops"),
            ("burst", "50 × 3 m"),
            ("four-stage", "4 runs, 90 m"),
        ],
    )
    def test_says_how_large_each_is(self, type_in: Type, name: str, size: str) -> None:
        line = next(line for line in type_in("list").out.splitlines() if line.startswith(name))
        assert f" {size}  " in line

    def test_as_json_has_all_of_it(self, type_in: Type) -> None:
        listed = json.loads(type_in("list", "--json", "-").out)
        names = [each["id"] for each in listed]
        assert {*LIGHTEST_FIRST, *CAMPAIGNS} < set(names)
        assert all(each["thresholds"] for each in listed if each["kind"] == "load")
        assert [each["id"] for each in listed if each["kind"] == "campaign"] == list(CAMPAIGNS)

    def test_says_what_is_wrong_with_one_and_shows_the_others(
        self, type_in: Type, machine: Machine
    ) -> None:
        machine.write_scenario("wrong", users=0)
        finished = type_in("list", "--scenarios", str(machine.scenarios))
        assert finished.code == 2
        assert finished.err.startswith("wrong.toml:load.users:")
        assert finished.out == type_in("list").out


class TestShow:
    def test_says_what_a_scenario_does_and_what_judges_it(self, type_in: Type) -> None:
        finished = type_in("show", "smoke")
        assert finished.code == 0
        for words in ("5 users for 30 s, 5 started per second", "p95_ms < 2000", "BaselineUser 70"):
            assert words in finished.out

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("burst", "stages  50 for 10 s, none for 20 s; 6 times"),
            ("breaking-point", "search  from 5 users, each level 1.6 times the one before"),
            ("breaking-point", "once a limit breaks, halving to within 8 %"),
            ("breaking-point", "10 s to settle, then judged for 20 s at a time"),
            ("camera-feed", "load    5 operations/s for 5 min"),
            ("concurrent-20", "all begin at the same instant, once in 5 s"),
            ("cheap-reads", "tasks   tagged cheap"),
            ("peak", "reserve 2 times the target's normal users"),
            ("capacity-500", "less than 16 GB"),
            ("ladder", "run 1   smoke     5 users for 30 s"),
            ("ladder", "length  31 min 30 s, and 20 min for cooling down at most"),
        ],
    )
    def test_says_what_is_special_about_one(self, type_in: Type, name: str, words: str) -> None:
        lines = type_in("show", name).out.splitlines()
        assert any(words in line for line in lines), lines
        assert all(len(line) <= 80 for line in lines if not line.startswith("  file"))

    def test_as_json_is_the_campaign(self, type_in: Type) -> None:
        shown = json.loads(type_in("show", "ladder", "--json", "-").out)
        assert (shown["kind"], shown["runs"][0]) == ("campaign", "smoke")

    def test_as_json_is_the_scenario(self, type_in: Type) -> None:
        assert json.loads(type_in("show", "smoke", "--json", "-").out)["id"] == "smoke"

    def test_of_an_unknown_one_says_what_was_meant(self, type_in: Type) -> None:
        finished = type_in("show", "smok")
        assert (finished.code, finished.out) == (2, "")
        assert finished.err == ('command line: unknown scenario "smok" (did you mean "smoke"?)\n')


class TestValidate:
    def test_goes_through_every_file(self, type_in: Type, machine: Machine) -> None:
        good = machine.write_scenario("good")
        wrong = machine.write_scenario("wrong", users="many", limits={"p95": "< 1"})
        config = machine.write_config(load={"workers": 0})
        finished = type_in("validate", str(good), str(wrong), str(config))
        assert finished.code == 2
        assert finished.out == f"{good}: in order\n"
        assert finished.err.splitlines() == [
            "wrong.toml:load.users: expected a whole number, got text in quotes",
            'wrong.toml:thresholds.p95: unknown metric (did you mean "p95_ms"?)',
            "config.toml:load.workers: at least 1",
        ]

    def test_of_a_campaign_looks_for_its_scenarios(self, type_in: Type, machine: Machine) -> None:
        path = machine.scenarios / "mine.toml"
        path.write_text('kind = "campaign"\ntitle = "x"\n[campaign]\nruns = ["smoke", "smok"]\n')
        finished = type_in("validate", "ladder", str(path))
        assert finished.code == 2
        assert finished.out == "ladder: in order\n"
        assert finished.err == (
            'mine.toml:campaign.runs: unknown scenario "smok" (did you mean "smoke"?)\n'
        )

    def test_of_a_campaign_names_all_that_is_unknown(self, type_in: Type, machine: Machine) -> None:
        path = machine.scenarios / "mine.toml"
        runs = '["smok", "ladder", "mine", "smok"]'
        path.write_text(f'kind = "campaign"\ntitle = "x"\n[campaign]\nruns = {runs}\n')
        assert type_in("validate", str(path)).err.splitlines() == [
            'mine.toml:campaign.runs: unknown scenario "smok" (did you mean "smoke"?)',
            "mine.toml:campaign.runs: mine → mine: a campaign can't run itself",
        ]

    def test_of_files_in_order_is_exit_0(self, type_in: Type, machine: Machine) -> None:
        assert type_in("validate", str(machine.write_scenario("good"))).code == 0

    @pytest.mark.parametrize(
        ("load", "limits", "said"),
        [
            ({"usres": 5}, {}, 'load.usres: unknown key (did you mean "users"?)'),
            ({"users": -5}, {}, "load.users: -5 users can't load anything (at least 1)"),
            ({"users": 5.5}, {}, "load.users: expected a whole number"),
            ({"duration": "soon"}, {}, 'load.duration: "soon" is not a duration'),
            ({"duration": 30}, {}, "load.duration: expected text in quotes"),
            ({}, {"p95_ms": "2000"}, 'thresholds.p95_ms: "2000" is not a limit'),
            ({}, {"p95ms": "< 1"}, 'thresholds.p95ms: unknown metric (did you mean "p95_ms"?)'),
            ({}, {"error_rate": "< 5"}, "thresholds.error_rate: error_rate is a fraction"),
        ],
    )
    def test_names_the_key_and_what_was_meant(
        self, type_in: Type, machine: Machine, load: Any, limits: Any, said: str
    ) -> None:
        finished = type_in("validate", str(machine.write_scenario("wrong", limits=limits, **load)))
        assert finished.code == 2
        assert finished.err.startswith(f"wrong.toml:{said}")
        assert finished.err.count("\n") == 1


class TestBadInput:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("run", "smok"), 'unknown scenario "smok" (did you mean "smoke"?)'),
            (("run", "nothing-like-it"), "`jetproof list` shows all"),
            (("run", "smoke", "--target", "dem"), 'unknown target "dem" (did you mean "demo"?)'),
            (("run", "smoke", "--target", "ftp://x"), "is not an http:// or https:// URL"),
            (("run", "smoke", "--target", "http://u:pw@x"), "a password in a URL ends up in logs"),
            (("run", "smoke", "--users", "-3"), "command line:--users: -3 users"),
            (("run", "smoke", "--duration", "soon"), '"soon" is not a duration'),
            (("run", "smoke", "--set", "load.usres=3"), "load.usres: unknown key"),
            (("run", "smoke", "--set", "nonsense"), '"nonsense" is not KEY=VALUE'),
            (("run", "smoke", "--set", "thresholds.p95_ms=fast"), '"fast" is not a limit'),
            (("run", "smoke", "--state", "/proc/jetproof"), "can't be written"),
            (("run", "smoke", "--scenarios", "nowhere"), "nowhere is not a directory"),
            (("run", "smoke", "--config", "none.toml"), "none.toml: can't be read"),
            (("report", "last"), "no run is kept yet"),
            (("runs", "--state", "/dev/null"), "is not a directory"),
        ],
    )
    def test_is_one_line_and_exit_2_and_nothing_is_started(
        self, type_in: Type, machine: Machine, words: tuple[str, ...], said: str
    ) -> None:
        finished = type_in(*words)
        assert (finished.code, finished.out) == (2, ""), finished
        assert said in finished.err
        assert finished.err.count("\n") == 1
        assert "pw" not in finished.err.replace("password", "")
        assert not machine.lock.exists()

    def test_of_a_config_that_is_no_toml_is_exit_2(self, type_in: Type, machine: Machine) -> None:
        (machine.work / "config.toml").write_text("[targets\n")
        finished = type_in("run", "smoke")
        assert finished.code == 2
        assert finished.err.startswith("config.toml: not TOML: ")

    @pytest.mark.parametrize(
        "words", [("rnu",), ("run",), ("run", "smoke", "--usres", "3"), ("runs", "--limit", "0")]
    )
    def test_of_a_word_that_is_no_command_or_option_is_exit_2(
        self, type_in: Type, words: tuple[str, ...]
    ) -> None:
        finished = type_in(*words)
        assert (finished.code, finished.out) == (2, "")
        assert "Traceback" not in finished.err

    def test_and_a_mistake_of_ours_is_exit_70_in_one_line(
        self, type_in: Type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("boom")

        monkeypatch.setattr("tui.catalogue.find_scenarios", broken)
        finished = type_in("list")
        assert (finished.code, finished.err) == (70, "internal error: RuntimeError: boom\n")

    def test_and_a_ctrl_c_before_a_run_is_exit_130(
        self, type_in: Type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("tui.catalogue.find_scenarios", interrupted)
        assert type_in("list").code == 130


def test_help_and_version_are_exit_0(type_in: Type) -> None:
    assert "Usage: " in type_in("--help").out
    assert "Usage: " in type_in("run", "-h").out
    assert __version__ in type_in("--version").out


def test_places_are_taken_before_and_after_the_command(type_in: Type, machine: Machine) -> None:
    machine.write_scenario("mine")
    words = ("--scenarios", str(machine.scenarios))
    before, after = type_in(*words, "list"), type_in("list", *words)
    assert before.out == after.out
    assert "mine" in before.out
    state = ("--state", str(machine.state))
    assert type_in(*state, "runs").code == type_in("runs", *state).code == 0


def test_the_state_directory_is_the_users_own_without_a_choice(
    type_in: Type, machine: Machine
) -> None:
    assert type_in("runs").code == 0
    assert (Path(machine.env["XDG_STATE_HOME"]) / "jetproof").is_dir()


def test_demo_serves_until_it_is_told_to_stop(machine: Machine) -> None:
    with machine.running("demo", "--port", "0") as demo:
        assert demo.process.stdout is not None
        line = demo.process.stdout.readline()
        url = line.split()[3]
        assert httpx.get(f"{url}/health").json()["status"] == "ok"
        demo.signal(signal.SIGINT)
        assert demo.end().code == 0


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Machine, Finished, Target]:
    """A machine on which a run has passed, what it said, and the target it was about.

    The target takes half a second for each answer, and a generator may be late by a tenth of
    that. A machine so busy that the run is INVALID all the same gets two more chances; nowhere
    else does anything have to be exit 0.
    """
    for _ in range(3):
        machine = Machine(tmp_path_factory.mktemp("machine"))
        machine.write_scenario("calm", users=5)
        with Target() as target:
            # Options on both sides of the command; the last word on users is --users.
            finished = machine.run(
                "run",
                "calm",
                *("--target", target.url, "--users", "2", "--spawn-rate", "100"),
                *("--duration", "3s", "--set", "load.slow_ms=100", "--set", "goals.p95_ms=< 1"),
                *("--json", "report.json", "--out", "all"),
            )
        if finished.code != EXIT_CODES["INVALID"]:
            break
    return machine, finished, target


Passed = tuple[Machine, Finished, Target]


class TestARunThatPasses:
    def test_is_exit_0_with_its_summary_on_stdout(self, passed: Passed) -> None:
        _, finished, _ = passed
        assert finished.code == 0, finished
        assert "VERDICT: PASS" in finished.out
        assert "calm: 2 users for 3 s on 127.0.0.1:" in finished.err
        assert "\x1b" not in finished.out + finished.err

    def test_counts_what_the_target_counted(self, passed: Passed) -> None:
        machine, _, target = passed
        load = read_json(machine.work / "report.json")["load"]
        ended = load["total"]["requests"] + load["unmeasured"]["requests"]
        assert ended + load["unfinished"] == target.total_received

    def test_writes_its_report_where_it_is_asked_to(self, passed: Passed) -> None:
        machine, _, _ = passed
        report = read_json(machine.work / "report.json")
        assert report["verdict"] == "PASS"
        assert report["load"]["users"] == 2
        assert report["load"]["planned_s"] == 3.0
        # What --set changed: a slow request from 100 ms on, and a goal.
        assert report["load"]["slow"]
        assert report["goals"][0]["passed"] is False
        other = machine.work / "all" / f"{report['run']['id']}.json"
        assert read_json(other) == report

    def test_is_listed_and_printed_again(self, passed: Passed) -> None:
        machine, finished, _ = passed
        run_id = read_json(machine.work / "report.json")["run"]["id"]
        listed = machine.run("runs")
        assert listed.code == 0
        assert "calm" in listed.out
        assert "PASS" in listed.out
        again = machine.run("report", "last")
        assert again.out.strip() == finished.out.strip()
        by_id = machine.run("report", run_id[:-2], "--format", "json")
        stored = json.loads(by_id.out)
        assert stored == read_json(machine.work / "report.json")

    def test_leaves_the_board_free_and_nothing_else(self, passed: Passed) -> None:
        machine, _, _ = passed
        assert machine.lock.read_bytes() == b""
        kept = {path.name for path in machine.state.rglob("*") if path.is_file()}
        assert {name for name in kept if not name.startswith("jetproof.db")} == {
            "engine.log",
            "workers.log",
        }


class TestSeveralRuns:
    def test_all_run_and_the_worst_decides(self, machine: Machine, target: Target) -> None:
        machine.write_scenario("broken", limits={"p95_ms": "< 1"}, duration="1s")
        machine.write_scenario("calm", duration="1s")
        words = ("--target", target.url, "--no-cool-down", "--json", "-")
        finished = machine.run("run", "broken", "calm", *words)
        session = json.loads(finished.out)
        verdicts = [run["verdict"] for run in session["runs"]]
        assert len(verdicts) == 2
        assert verdicts[0] in ("FAIL", "INVALID")
        # On a busy machine a run may be INVALID, which outranks the failure.
        assert finished.code == (5 if "INVALID" in verdicts else 1), finished
        assert session["runs"][0]["thresholds"][0]["passed"] is False
        # The report owns stdout; the summaries step aside.
        assert finished.err.count("VERDICT: ") == 2

    def test_end_with_the_first_failure_when_asked_to(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("broken", limits={"p95_ms": "< 1"}, duration="1s")
        machine.write_scenario("calm", duration="1s")
        finished = machine.run(
            "run", "broken", "calm", "--target", target.url, "--fail-fast", "--quiet"
        )
        assert finished.code in (1, 5), finished
        assert finished.out.count("VERDICT: ") == 1
        # So brief a run has few requests, and says so.
        assert all("it is the slowest of them" in line for line in finished.err.splitlines())

    def test_that_a_list_leaves_out_are_counted_below_it(
        self, machine: Machine, target: Target
    ) -> None:
        machine.write_scenario("calm", duration="1s")
        words = ("--target", target.url, "--quiet", "--no-cool-down")
        machine.run("run", "calm", "calm", *words)
        some, every = machine.run("runs", "--limit", "1"), machine.run("runs")
        assert some.err == "1 of 2 runs; --limit 2 shows all\n"
        assert (some.out.count("calm "), every.out.count("calm "), every.err) == (1, 2, "")
