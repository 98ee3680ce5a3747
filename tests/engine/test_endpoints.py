"""A run whose steps come from the service's own OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
import pytest

from tests.engine.bench import DEMO
from tests.engine.test_e2e_run import E2eBench
from tests.lib.kennel import DOCUMENT
from tui.core.e2e.workflow import Step, Workflow
from tui.ports import Fetched

ASKED = Workflow((), openapi="/api.json")


@pytest.fixture
def bench(eager: None) -> Iterator[E2eBench]:
    made = E2eBench()
    made.service.document = Fetched(json.dumps(DOCUMENT).encode())
    made.supervisor.start()
    yield made
    made.supervisor.close()


def test_the_run_is_of_the_steps_that_the_document_means(bench: E2eBench) -> None:
    watch = bench.go(ASKED)
    assert bench.service.fetched == [(f"{bench.embedded.start()}/api.json", bench.embedded.token)]
    facts = bench.run.facts
    assert facts.scenario.workflow == watch.job.workflow
    assert [step.name for step in watch.steps][:2] == ["addDog", "listDogs"]
    assert {"addDog", "deleteDog"} <= {each.name for each in facts.target.operations}
    assert watch.job.openapi == DOCUMENT


def test_what_is_kept_of_the_run_tells_the_same(bench: E2eBench) -> None:
    watch = bench.go(ASKED)
    (facts,) = bench.started()
    again = msgspec.json.decode(msgspec.json.encode(facts), type=type(facts))
    assert again.scenario.workflow == watch.job.workflow


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            Fetched(trouble="status 404"),
            "/api.json: status 404: the service has no OpenAPI there; openapi in [targets.demo] of "
            "config.toml says where it is",
        ),
        (Fetched(trouble="no whole answer within 15 s"), "/api.json: no whole answer within 15 s"),
        (Fetched(b"openapi: 3.0.0"), "(an OpenAPI document in YAML can't be read)"),
        (Fetched(b"[]"), "/api.json: it is no OpenAPI document"),
        (Fetched(b'{"openapi": "3.1.0"}'), "/api.json: it has no operations"),
        (
            Fetched(b'{"openapi": "4\\u001b[2J"}'),
            '/api.json: it is OpenAPI "4 [2J"; 3.0 and 3.1 are read',
        ),
    ],
)
def test_without_a_document_there_is_no_run(bench: E2eBench, found: Fetched, said: str) -> None:
    bench.service.document = found
    bench.ask(ASKED)
    assert bench.await_refusal() == "failed"
    refusal = bench.newest.refusal
    assert refusal is not None
    assert refusal.what.endswith(said)
    assert bench.workflows.watches == []


def test_other_workflows_ask_for_no_document(bench: E2eBench) -> None:
    bench.go()
    assert bench.service.fetched == []


def test_a_path_that_the_target_has_already_is_to_be_corrected(bench: E2eBench) -> None:
    bench.service.document = Fetched(trouble="status 404")
    bench.ask(ASKED, msgspec.structs.replace(DEMO, openapi="/docs.json"))
    assert bench.await_refusal() == "failed"
    refusal = bench.newest.refusal
    assert refusal is not None
    assert refusal.what == (
        "/docs.json: status 404: the service has no OpenAPI there; correct openapi in "
        "[targets.demo] of config.toml"
    )


def test_what_the_target_does_not_offer_is_left_out_from_the_start(bench: E2eBench) -> None:
    workflow = Workflow((Step("drawn", "predict_with_image"), Step("alive", "health")))
    bench.ask(workflow, msgspec.structs.replace(DEMO, not_offered=("predict_with_image",)))
    bench.await_phase("measuring")
    planned = bench.run.facts.scenario.workflow
    assert planned is not None
    assert [step.omit for step in planned.steps] == [
        "the target does not offer predict_with_image", "",
    ]  # fmt: skip


def test_its_document_is_asked_for_all_that_it_has(bench: E2eBench) -> None:
    bench.ask(ASKED, msgspec.structs.replace(DEMO, not_offered=("addDog", "predict")))
    bench.await_phase("measuring")
    planned = bench.run.facts.scenario.workflow
    assert planned is not None
    assert (planned.steps[0].name, planned.steps[0].omit) == ("addDog", "")
