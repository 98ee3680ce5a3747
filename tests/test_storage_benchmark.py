"""`jetproof run bench-storage`, as its user sees it."""

from __future__ import annotations

import csv
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as xml

import jsonschema
import pytest

from tests.lib.eventually import eventually
from tests.lib.machine import Machine, read_json
from tests.lib.processes import children_of, command_line
from tests.lib.s3 import KEY, SECRET, Server, needs_s3, server
from tests.reports.reading import SCHEMA

BRIEF = (
    "run", "bench-storage", "--set", "storage.sizes_mb=[1,2]", "--set", "storage.parallel=[1,2]",
    "--set", "storage.per_cell=2", "--set", "storage.cell=1s", "--set", "storage.records=200",
    *(
        part
        for metric in ("upload", "download", "local_write", "local_read")
        for part in ("--set", f"thresholds.{metric}_mb_per_s=> 0")
    ),
    "--set", "thresholds.metadata_records_per_s=> 0",
    "--set", "thresholds.metadata_query_ms=< 9000",
)  # fmt: skip
"""Small, and never too slow: a machine that is busy tests as well."""
LONG = (*BRIEF, "--set", "storage.per_cell=150", "--set", "storage.cell=10s")
BUCKET = "jetproof-site"


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def s3(lasting: Server) -> Server:
    """One that has nothing yet."""
    lasting.empty()
    return lasting


def with_store(machine: Machine, url: str, **others: str) -> None:
    keys = {"access_key": "env:STORE_KEY", "secret_key": "env:STORE_SECRET"}
    machine.write_config(storage={"endpoint": url, "bucket": BUCKET, **keys, **others})
    machine.env |= {"STORE_KEY": KEY, "STORE_SECRET": SECRET}


def test_without_a_store_the_local_half_passes_and_the_other_is_na(machine: Machine) -> None:
    done = machine.run(*BRIEF, "--json", "report.json", "--junit", "j.xml", "--csv", "P")
    assert done.code == 0, done
    assert "object store: n/a: no endpoint is configured" in done.out
    assert "VERDICT: PASS - 4 cells measured" in done.out
    data = read_json(machine.work / "report.json")
    jsonschema.validate(data, SCHEMA)
    assert {cell["place"] for cell in data["storage"]["cells"]} == {"local"}
    with (machine.work / "P_storage.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 8
    suite = xml.parse(machine.work / "j.xml").getroot().find("testsuite")
    assert suite is not None
    cases = {case.get("name"): case for case in suite}
    assert cases["object store"].find("skipped") is not None
    assert cases["local path 1 MB x 2"].find("skipped") is None
    assert cases["object store 1 MB x 2"].find("skipped") is not None


@needs_s3()
def test_both_halves_stand_side_by_side_in_eighty_columns(machine: Machine, s3: Server) -> None:
    with_store(machine, s3.url)
    done = machine.run(*BRIEF, "--json", "report.json")
    assert done.code == 0, done
    assert "VERDICT: PASS - 8 cells measured, 16 objects verified" in done.out
    assert "cross-over: writing" in done.out
    assert re.search(r"^ +2 MB × 2 .*(local|store) [0-9.]+×$", done.out, re.MULTILINE)
    table = done.out.partition("Storage:")[2].partition("Threshold Checks")[0]
    assert all(len(line) <= 80 for line in table.splitlines())
    data = read_json(machine.work / "report.json")
    jsonschema.validate(data, SCHEMA)
    assert data["storage"]["integrity_rate"] == 1
    assert not s3.has(BUCKET)
    explained = machine.run("explain", "last").out
    assert "SHA-256" in explained


@needs_s3()
def test_its_progress_tells_how_far_it_is(machine: Machine, s3: Server) -> None:
    with_store(machine, s3.url)
    done = machine.run(*BRIEF, "--set", "storage.sizes_mb=[1,8]", "--set", "storage.per_cell=16")
    assert "at most" in done.err.splitlines()[0]
    assert re.search(r"cell [0-9] of 8", done.err)


@needs_s3()
def test_no_secret_is_told_anywhere(machine: Machine, s3: Server) -> None:
    with_store(machine, s3.url)
    machine.env |= {"STORE_KEY": "open-sesame-key", "STORE_SECRET": "open-sesame-secret"}
    done = machine.run(*BRIEF, "--json", "r.json", "--html", "r.html", "--md", "r.md")
    assert done.code == 1, done
    assert "refused the credentials" in done.out
    files = [each for root in (machine.work, machine.state) for each in root.rglob("*")]
    written = b"".join(each.read_bytes() for each in files if each.is_file())
    assert b"open-sesame" not in written + done.out.encode() + done.err.encode()


def test_keys_that_are_not_there_are_a_mistake_of_the_configuration(machine: Machine) -> None:
    with_store(machine, "http://127.0.0.1:9000")
    del machine.env["STORE_SECRET"]
    done = machine.run(*BRIEF)
    assert done.code == 2, done
    assert "storage.secret_key: environment variable STORE_SECRET is not set" in done.err


def test_a_secret_in_the_file_is_refused_without_repeating_it(machine: Machine) -> None:
    with_store(machine, "http://127.0.0.1:9000", secret_key="open-sesame")
    done = machine.run(*BRIEF)
    assert done.code == 2, done
    assert "a secret does not belong here" in done.err
    assert "open-sesame" not in done.err


def test_it_has_no_length_of_its_own(machine: Machine) -> None:
    done = machine.run(*BRIEF, "--duration", "5s")
    assert done.code == 2, done
    assert "bench-storage takes as long as its cells do" in done.err


@needs_s3()
def test_a_killed_engine_leaves_no_process_and_the_next_run_tidies_the_store(
    machine: Machine, s3: Server
) -> None:
    with_store(machine, s3.url)
    with machine.running(*LONG) as running:

        def benches() -> list[int]:
            found = children_of(running.pid)
            return [pid for pid in found if "stress.objects.program" in command_line(pid)]

        (bench,) = eventually(benches)
        eventually(lambda: any("/0" in name for name in s3.names(BUCKET)), "nothing was put")
        running.signal(signal.SIGKILL)
        eventually(lambda: not Path(f"/proc/{bench}").exists(), f"{bench} lives on")
    assert s3.names(BUCKET)
    done = machine.run(*BRIEF)
    assert done.code == 0, done
    assert "of earlier runs removed" in done.err
    assert not s3.has(BUCKET)


@needs_s3()
def test_one_that_is_interrupted_cleans_up(machine: Machine, s3: Server) -> None:
    with_store(machine, s3.url)
    with machine.running(*LONG) as running:
        eventually(lambda: any("/0" in name for name in s3.names(BUCKET)), "nothing was put")
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.code == 130, done
    assert not s3.has(BUCKET)
