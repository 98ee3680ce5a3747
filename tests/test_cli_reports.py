"""Reports by the command line: during a run, and of runs that were kept."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest

from tests.lib.machine import Machine, read_json
from tests.lib.target import Target
from tests.reports.reading import validate
from tui.reports.export import CSV_ENDS, EVERY_CSV_END
from tui.reports.validation import FIXED_NAMES

FILES = ("--html", "r.html", "--csv", "r", "--junit", "r.xml", "--md", "r.md")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which two runs have written every form of a report."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    machine.write_scenario("calm", duration="2s")
    machine.write_scenario("brief", duration="1s")
    with Target() as target:
        words = ("--target", target.url, "--quiet", "--no-cool-down", "--set", "load.slow_ms=1")
        machine.run("run", "calm", *words, *FILES, "--out", "one", "--note", "cold <b> morning")
        machine.run(
            "run", "calm", "brief", *words, "--csv", "two", "--html", "two.html", "--out", "two"
        )
    return machine


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


class TestARunWithEveryForm:
    def test_writes_them_all(self, done: Machine) -> None:
        assert {"r.html", "r.xml", "r.md", *(f"r{end}" for end in CSV_ENDS)} <= names(done.work)
        page = (done.work / "r.html").read_text()
        assert page.endswith("</html>\n")
        assert "cold &lt;b&gt; morning" in page
        assert (done.work / "r.md").read_text().startswith("## ")

    def test_gives_the_same_figures_in_each(self, done: Machine) -> None:
        (report,) = [read_json(path) for path in (done.work / "one").glob("*-calm-*.json")]
        with (done.work / "r_stats.csv").open() as file:
            total = list(csv.DictReader(file))[-1]
        assert int(total["Request Count"]) == report["load"]["total"]["requests"] > 0
        assert float(total["95%"]) == report["load"]["total"]["latency_ms"]["p95"]
        suite = xml.parse(done.work / "r.xml").getroot()[0]
        values = {item.get("name"): item.get("value") for item in suite.iter("property")}
        assert values["run"] == report["run"]["id"]
        assert values["verdict"] == report["verdict"]

    def test_puts_the_documents_of_pipelines_into_its_directory(self, done: Machine) -> None:
        found = names(done.work / "one")
        assert {"load_test_report.json", "performance_report.json"} <= found
        (validation,) = (done.work / "one").glob("production_validation_report_*.json")
        validate(read_json(validation), "production_validation_report")
        validate(read_json(done.work / "one" / "load_test_report.json"), "load_test_report")
        assert "session.json" not in found


class TestSeveralRuns:
    def test_are_one_page_and_a_set_of_tables_each(self, done: Machine) -> None:
        assert (done.work / "two.html").read_text().count('<article class="run"') == 2
        assert len(list(done.work.glob("two_*_stats.csv"))) == 2
        assert not (done.work / "two_stats.csv").exists()

    def test_leave_a_session_in_their_directory(self, done: Machine) -> None:
        session = read_json(done.work / "two" / "session.json")
        validate(session, "session")
        assert len(session["runs"]) == 2


class TestAKeptRun:
    @pytest.mark.parametrize(
        ("form", "begins"),
        [
            ("html", "<!doctype html>"),
            ("md", "## "),
            ("junit", "<?xml "),
            ("csv", "Type,Name,Request Count"),
            ("json", "{"),
            ("text", "===="),
        ],
    )
    def test_is_printed_in_every_form(self, done: Machine, form: str, begins: str) -> None:
        finished = done.run("report", "last", "--format", form)
        assert finished.code == 0, finished
        assert finished.out.startswith(begins)

    def test_is_written_to_a_directory(self, done: Machine) -> None:
        assert done.run("report", "--format", "csv", "--out", "kept").code == 0
        assert {name.rpartition("_")[2] for name in names(done.work / "kept")} == {
            "stats.csv",
            "history.csv",
            "failures.csv",
            "board.csv",
        }

    def test_alone_in_its_session_is_a_session_where_that_is_asked_for(self, done: Machine) -> None:
        first = next((done.work / "one").glob("*-calm-*.json")).stem
        finished = done.run("report", first, "--session", "--format", "json")
        data = json.loads(finished.out)
        validate(data, "session")
        assert [run["run"]["id"] for run in data["runs"]] == [first]

    def test_is_explained_in_plain_words(self, done: Machine) -> None:
        finished = done.run("explain", "last")
        assert finished.code == 0, finished
        assert "What to do next" in finished.out
        assert max(map(len, finished.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--html", "no/x.html"), "no/x.html: can't be written: there is no directory no"),
        (("--junit", "."), ".: can't be written: Is a directory"),
        (("--csv", "no/p"), "no/p_stats.csv: can't be written: there is no directory no"),
        (("--html", "a", "--md", "./a"), "a: --html and --md name the same file"),
    ],
)
def test_a_report_that_can_not_be_written_is_said_in_one_line_before_anything_starts(
    machine: Machine, words: tuple[str, ...], said: str
) -> None:
    finished = machine.run("run", "smoke", *words)
    assert (finished.code, finished.out, finished.err.strip()) == (2, "", said)
    assert not machine.lock.exists()


def test_beside_a_refused_run_no_old_report_is_left_and_the_new_ones_say_so(
    machine: Machine,
) -> None:
    machine.write_scenario("calm")
    tables = [f"r{end}" for end in EVERY_CSV_END]
    old = ("r.html", "r.xml", "r.md", "r.json", *tables, *FIXED_NAMES)
    for name in old:
        (machine.work / name).write_text("old")
    nobody = ("--target", "http://127.0.0.1:9")
    words = (*nobody, *FILES, "--json", "r.json", "--out", ".")
    assert machine.run("run", "calm", *words).code == 3
    (validation,) = machine.work.glob("production_validation_report_*.json")
    assert read_json(validation)["deployment_ready"] is False
    assert names(machine.work) == {"r.html", "r.xml", "r.md", validation.name}
    for name in ("r.html", "r.xml", "r.md"):
        assert "nothing listens at" in (machine.work / name).read_text()


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("campaign"))
    machine.write_scenario("hard", duration="1s", limits={"p95_ms": "< 1"})
    machine.write_scenario("brief", duration="1s")
    campaign = 'kind = "campaign"\ntitle = "x"\n[campaign]\nruns = ["hard", "brief"]\n'
    (machine.scenarios / "climb.toml").write_text(campaign)
    (machine.work / "out").mkdir()
    for name in FIXED_NAMES:
        (machine.work / "out" / name).write_text("{}")
    with Target() as target:
        words = ("--target", target.url, "--quiet", "--out", "out", *FILES)
        code = machine.run("run", "climb", *words, "--json", "all.json").code
    (machine.work / "code").write_text(str(code))
    return machine


class TestACampaignThatEndsAtItsFirstRung:
    def test_says_so_in_every_document_as_in_its_exit_code(self, failed: Machine) -> None:
        out = failed.work / "out"
        for path in (out / "session.json", failed.work / "all.json"):
            session = read_json(path)
            validate(session, "session")
            assert session["exit_code"] == int((failed.work / "code").read_text()) == 1
            assert session["verdict"] == "FAIL"
            assert [run["run"]["scenario"] for run in session["runs"]] == ["hard"]
            assert [each["scenario"] for each in session["not_run"]] == ["brief"]
        assert len(read_json(out / "load_test_report.json")["not_run"]) == 1
        (validation,) = out.glob("production_validation_report_*.json")
        assert read_json(validation)["deployment_ready"] is False
        errors = [each.get("message") for each in xml.parse(failed.work / "r.xml").iter("error")]
        assert errors == ["climb ended at rung 1: FAIL"]
        for name in ("r.html", "r.md"):
            assert "0 of 2 runs passed, 1 did not happen" in (failed.work / name).read_text()

    def test_has_its_tables_under_the_names_that_several_runs_have(self, failed: Machine) -> None:
        (table,) = failed.work.glob("r_*_stats.csv")
        assert "-hard-" in table.name

    def test_is_a_session_afterwards_too(self, failed: Machine) -> None:
        assert failed.run("report", "--session", "--format", "json", "--out", "kept").code == 0
        session = read_json(failed.work / "kept" / "session.json")
        validate(session, "session")
        assert [each["scenario"] for each in session["not_run"]] == ["rung 2 of climb"]
        assert {"load_test_report.json", f"{session['runs'][0]['run']['id']}.json"} <= names(
            failed.work / "kept"
        )
        assert failed.run("report", "--session", "--format", "html", "--out", "kept").code == 0
        assert "1 did not happen" in (failed.work / "kept" / "session.html").read_text()
        assert "NOT STARTED: rung 2 of climb" in failed.run("report", "--session").out
        assert "The verdict of all: FAIL." in failed.run("explain", "--session").out


def test_nothing_is_explained_where_nothing_ran(machine: Machine) -> None:
    finished = machine.run("explain")
    assert (finished.code, finished.err) == (2, "command line: no run is kept yet\n")
