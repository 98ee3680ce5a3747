"""A run that goes through a workflow, from its first step to its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.core.script import scenario
from tests.engine.bench import DEMO, PLANT, Bench, verdict
from tests.lib.eventually import eventually
from tests.lib.fake_workflows import FakeWorkflowWatch
from tui.core import events as ev
from tui.core.config import Target
from tui.core.e2e.deed import Make
from tui.core.e2e.workflow import Step, Workflow
from tui.core.problem import InputError
from tui.engine.e2e_run import CLEAN_UP_S
from tui.engine.restarting import OVER
from tui.ports import NoStill, RunRequest, Still

WORKFLOW = Workflow(
    steps=(
        Step("capture"),
        Step(
            "store",
            operation="store",
            send="capture",
            values=(("name", "{round.id}.jpg"),),
            save=(("id", "id"),),
        ),
        Step("retrieve", operation="retrieve", values=(("id", "{id}"),)),
    ),
    cleanup=(Step("delete", operation="delete", values=(("id", "{id}"),)),),
)


class E2eBench(Bench):
    """An engine that is asked for a workflow."""

    def ask(self, workflow: Workflow = WORKFLOW, target: Target = DEMO) -> None:
        made = msgspec.structs.replace(
            scenario("round-trip", thresholds={}), kind="e2e", load=None, workflow=workflow
        )
        self.supervisor.start_run(RunRequest(made, target, workers=1, meant=target.name))

    def go(self, workflow: Workflow = WORKFLOW) -> FakeWorkflowWatch:
        """The workflow, under way."""
        self.ask(workflow)
        self.await_phase("measuring")
        return eventually(lambda: self.workflows.watches)[-1]


@pytest.fixture
def bench(eager: None) -> Iterator[E2eBench]:
    made = E2eBench()
    made.supervisor.start()
    yield made
    made.supervisor.close()


def test_a_workflow_whose_steps_all_pass_is_a_pass(bench: E2eBench) -> None:
    watch = bench.go()
    for _ in watch.steps:
        watch.pass_step()
    watch.end()
    assert verdict(bench.end())[0] == "PASS"
    assert bench.phases() == ["preparing", "measuring", "ended"]
    assert watch.is_closed


def test_it_is_told_where_and_as_whom_to_go(bench: E2eBench) -> None:
    bench.embedded.token = "s3cret"
    watch = bench.go()
    assert watch.job.url == bench.embedded.start()
    assert watch.job.token == "s3cret"
    assert watch.job.run_id == bench.run.facts.id
    assert "s3cret" not in repr(bench.store.kept)


def test_a_step_that_fails_fails_the_run(bench: E2eBench) -> None:
    watch = bench.go()
    watch.pass_step()
    watch.fail_step("status 500, not 201")
    watch.end(is_complete=False)
    told = verdict(bench.end())
    assert told[0] == "FAIL"
    assert "store" in told[1]
    assert "status 500, not 201" in told[1]


def test_stopped_it_cleans_up_before_it_ends(bench: E2eBench) -> None:
    bench.workflows.ends_by_itself = False
    watch = bench.go()
    bench.supervisor.stop_run("stopped by hand")
    bench.await_phase("cleaning")
    assert watch.is_stopped
    watch.end(is_complete=False)
    assert verdict(bench.end())[0] == "INTERRUPTED"


def test_a_clean_up_that_hangs_is_waited_for_no_longer_than_it_may_take(bench: E2eBench) -> None:
    bench.workflows.ends_by_itself = False
    bench.go()
    bench.supervisor.stop_run("stopped by hand")
    bench.await_phase("cleaning")
    bench.clock.pass_s(CLEAN_UP_S + 1.0)
    assert verdict(bench.end())[0] == "INTERRUPTED"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("x", operation="stroe"), 'did you mean "store"'),
        (Step("x", camera="gtae"), "unknown camera"),
    ],
)
def test_what_the_target_or_the_site_has_not_is_told_at_the_start(
    bench: E2eBench, step: Step, said: str
) -> None:
    bench.ask(Workflow((step,)))
    assert bench.await_refusal() == "input"
    refusal = bench.newest.refusal
    assert refusal is not None
    assert said in refusal.what
    assert bench.workflows.watches == []


def test_pictures_are_those_of_a_camera_that_is_open_as_long_as_the_run(bench: E2eBench) -> None:
    watch = bench.go()
    name = bench.cameras.open[0].camera.name
    taken = watch.take_picture("")
    assert isinstance(taken, (Still, NoStill))
    assert name == "pattern"
    watch.end()
    bench.end()
    eventually(lambda: not bench.cameras.open, "a camera stays open")


def test_a_workflow_without_pictures_opens_no_camera(bench: E2eBench) -> None:
    made = Step("made", deed=Make(size_bytes=10))
    watch = bench.go(Workflow((made, Step("health", operation="health"))))
    assert not bench.cameras.open
    watch.end()
    bench.end()


CREDENTIALS = (("user", "viewer"), ("password", "{secret.word}"), ("expires_in", "60"))
LOGIN = Workflow((Step("login", "login", values=CREDENTIALS),))
SHOP = Target("shop", "http://127.0.0.1:9", secrets=(("word", "env:WORD"), ("rest", "env:REST")))


def test_it_is_told_the_secrets_of_the_embedded_target(bench: E2eBench) -> None:
    watch = bench.go(LOGIN)
    assert watch.job.secrets == bench.embedded.secrets
    told = repr(bench.snapshots) + repr(bench.store.kept)
    assert not [secret for secret in bench.embedded.secrets.values() if secret in told]


def test_it_is_told_the_secrets_that_it_uses_and_others_need_not_be_there(bench: E2eBench) -> None:
    missing = InputError.of("config", "targets.shop.secrets.rest", "is not set")
    bench.target_secrets = {"word": "0pen", "rest": missing}
    bench.ask(LOGIN, SHOP)
    bench.await_phase("measuring")
    (watch,) = bench.workflows.watches
    assert watch.job.secrets == {"word": "0pen"}
    assert "0pen" not in repr(bench.snapshots) + repr(bench.store.kept)


def test_a_secret_that_it_uses_and_that_is_not_there_is_told_at_the_start(bench: E2eBench) -> None:
    key = "targets.shop.secrets.word"
    bench.target_secrets = {"word": InputError.of("config", key, "is not set")}
    bench.ask(LOGIN, SHOP)
    assert bench.await_refusal() == "input"
    refusal = bench.newest.refusal
    assert refusal is not None
    assert key in refusal.what
    assert bench.workflows.watches == []


def test_a_secret_that_the_target_has_not_is_the_workflows_affair(bench: E2eBench) -> None:
    bench.ask(LOGIN, Target("bare", "http://127.0.0.1:9"))
    bench.await_phase("measuring")
    assert bench.workflows.watches[0].job.secrets == {}


def test_it_can_restart_the_embedded_target_as_long_as_it_goes_on(bench: E2eBench) -> None:
    watch = bench.go()
    assert watch.job.restart is not None
    assert watch.job.restart() == ""
    assert bench.embedded.restarts == ["supervisor"]
    watch.end()
    bench.end()
    eventually(lambda: watch.is_closed)
    assert watch.job.restart() == OVER
    assert bench.embedded.restarts == ["supervisor"]


def test_files_are_looked_for_beside_the_scenario(bench: E2eBench) -> None:
    assert bench.go().job.folder == str(Path(bench.run.facts.scenario.path).parent)


def test_a_protected_target_wants_to_be_named(bench: E2eBench) -> None:
    made = msgspec.structs.replace(
        scenario("round-trip", thresholds={}), kind="e2e", load=None, workflow=WORKFLOW
    )
    bench.supervisor.start_run(RunRequest(made, PLANT, workers=1))
    assert bench.await_refusal() == "protected"


def test_what_is_stored_of_it_makes_the_same_view(bench: E2eBench) -> None:
    watch = bench.go()
    for _ in watch.steps:
        watch.pass_step()
    watch.end()
    bench.end()
    kept = bench.kept(ev.StepEnded)
    assert [event.step for event in kept] == list(range(len(watch.steps)))  # type: ignore[attr-defined]
