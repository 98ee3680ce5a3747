"""Every shipped scenario from its first user to its verdict: shortened, on the demo, for real."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import msgspec
import pytest

from tests.lib.eventually import eventually
from tui.catalogue import Catalogue, Loaded, find_config, find_scenarios, read_toml, shipped_root
from tui.cli.doctor import finding_of
from tui.compose import engine
from tui.core.model import RunView
from tui.core.shortened import shortened
from tui.engine.supervisor import Supervisor
from tui.load.hub import LOCUST_IS_HERE, import_locust
from tui.ports import RunRequest

CATALOGUE = find_scenarios(None)
NAMES = [scenario.id for scenario in CATALOGUE.contents().scenarios]
ATTEMPTS = 3
"""A machine that is too busy to measure gets this many: INVALID says so, and is right."""
LIMIT_S = 90.0


class Rig:
    """One engine for all runs."""

    def __init__(self, supervisor: Supervisor, loaded: Loaded) -> None:
        self._supervisor = supervisor
        self._demo = loaded.config.target("demo")
        self._catalogue: Catalogue = CATALOGUE

    def run(self, name: str) -> RunView:
        """The scenario, shortened, at its end."""
        for _ in range(ATTEMPTS):
            view = self._run_once(name)
            if finding_of(view).state != "warn":
                break
        return view

    def _run_once(self, name: str) -> RunView:
        changes = shortened(read_toml(self._catalogue.path(name)))
        scenario = self._catalogue.scenario(name, changes)
        before = self._supervisor.snapshot()
        known = before.run.facts.id if before.run is not None else ""
        self._supervisor.start_run(RunRequest(scenario, self._demo, 1, cool_down=False))

        def ended() -> RunView | None:
            snapshot = self._supervisor.snapshot()
            assert snapshot.refusal in (None, before.refusal), snapshot.refusal
            run = snapshot.run
            if run is None or run.facts.id == known or run.facts.scenario.id != name:
                return None
            return run if run.is_over else None

        run = eventually(ended, f"{name} did not end", limit_s=LIMIT_S)
        assert run is not None
        assert self._supervisor.failures == []
        return run


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    if not LOCUST_IS_HERE.is_set():
        import_locust()
    loaded = find_config(shipped_root() / "config.toml")
    with engine(tmp_path_factory.mktemp("state"), loaded, "demo") as supervisor:
        supervisor.start()
        yield Rig(supervisor, loaded)


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_through_and_leaves_nothing_behind(name: str, rig: Rig) -> None:
    run = rig.run(name)
    # On a busy machine the generator is late, and says so; that is no fault of the scenario.
    is_late = "generator late" in finding_of(run).said
    assert finding_of(run).state == ("warn" if is_late else "ok"), finding_of(run)
    assert run.total.failures == run.unmeasured_failures == 0
    load, usual = run.facts.scenario.load, CATALOGUE.scenario(name).load
    assert (load is None) == (usual is None)
    if load is not None and usual is not None:
        assert set(load.user_classes) == set(usual.user_classes)
        assert load.users >= len(load.user_classes)
        assert [view.users for view in run.stages] == [stage.users for stage in load.stages]
    if run.facts.url:
        assert images(run.facts.url) == 0
    also = ALSO.get(name)
    if also is not None:
        also(run)


def the_sweep_goes_over_every_endpoint(run: RunView) -> None:
    assert len({(row.method, row.name) for row in run.endpoints}) == 8
    assert {row.name for row in run.endpoints} == {
        "/health",
        "/predict",
        "/predict+image",
        "/predict 1080p",
        "/images",
        "/images/{id}",
    }


def tags_choose_the_reads(run: RunView) -> None:
    assert {row.name for row in run.endpoints} == {"/health", "/images"}


def tags_choose_the_predictions(run: RunView) -> None:
    predictions = {row.name for row in run.endpoints}
    assert predictions
    assert all(name.startswith("/predict") for name in predictions)


def cut_short_it_would_have_been_a_failure(run: RunView) -> None:
    assert finding_of(run).state == "ok"
    cut = msgspec.structs.replace(run, stages=run.stages[:1])
    assert finding_of(cut).said == "3 of its stages were never entered"
    assert finding_of(cut).state == "fail"


def something_left_would_have_been_a_failure(run: RunView) -> None:
    assert run.clean_up is not None
    assert run.clean_up.created > 0
    left = msgspec.structs.replace(run.clean_up, left=2)
    finding = finding_of(msgspec.structs.replace(run, clean_up=left))
    assert (finding.state, finding.said) == (
        "fail",
        "2 of what it created on the target are left",
    )


ALSO: dict[str, Callable[[RunView], None]] = {
    "endpoint-sweep-100": the_sweep_goes_over_every_endpoint,
    "cheap-reads": tags_choose_the_reads,
    "concurrent-predict": tags_choose_the_predictions,
    "burst": cut_short_it_would_have_been_a_failure,
    "concurrent-20": something_left_would_have_been_a_failure,
}
"""What else must be seen in a run of one of them."""


def test_what_is_also_looked_for_is_looked_for_in_a_run() -> None:
    assert set(ALSO) <= set(NAMES)


def images(url: str) -> int:
    """How many pictures the demo holds."""
    # Its list is for those who have its token; how long it is stands here.
    return int(httpx.get(f"{url}/health").json()["images"])
