"""Every shipped scenario from its first user to its verdict: shortened, on the demo, for real."""

from __future__ import annotations

from collections.abc import Iterator

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
        self._views: dict[str, RunView] = {}

    def run(self, name: str) -> RunView:
        """The scenario, shortened, at its end. Each is run once for all tests."""
        if name not in self._views:
            for _ in range(ATTEMPTS):
                self._views[name] = self._run_once(name)
                if finding_of(self._views[name]).state != "warn":
                    break
        return self._views[name]

    def _run_once(self, name: str) -> RunView:
        changes = shortened(read_toml(self._catalogue.path(name)))
        scenario = self._catalogue.scenario(name, changes)
        before = self._supervisor.snapshot().run
        self._supervisor.start_run(RunRequest(scenario, self._demo, 1, cool_down=False))

        def ended() -> RunView | None:
            snapshot = self._supervisor.snapshot()
            assert snapshot.refusal is None, snapshot.refusal
            run = snapshot.run
            is_new = run is not None and (before is None or run.facts.id != before.facts.id)
            return run if run is not None and is_new and run.is_over else None

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
    assert images(run.facts.url) == 0


def test_the_sweep_goes_over_every_endpoint(rig: Rig) -> None:
    rows = {(row.method, row.name) for row in rig.run("endpoint-sweep-100").endpoints}
    assert len(rows) == 8
    assert {name for _, name in rows} == {
        "/health",
        "/predict",
        "/predict+image",
        "/predict 1080p",
        "/images",
        "/images/{id}",
    }


def test_tags_choose_among_the_tasks(rig: Rig) -> None:
    assert {row.name for row in rig.run("cheap-reads").endpoints} == {"/health", "/images"}
    predictions = {row.name for row in rig.run("concurrent-predict").endpoints}
    assert predictions
    assert all(name.startswith("/predict") for name in predictions)


class TestTheFinding:
    def test_of_a_run_that_was_cut_short_is_a_failure(self, rig: Rig) -> None:
        run = rig.run("burst")
        assert finding_of(run).state == "ok"
        cut = msgspec.structs.replace(run, stages=run.stages[:1])
        assert finding_of(cut).said == "3 of its stages were never entered"
        assert finding_of(cut).state == "fail"

    def test_of_a_run_that_left_something_is_a_failure(self, rig: Rig) -> None:
        run = rig.run("concurrent-20")
        assert run.clean_up is not None
        assert run.clean_up.created > 0
        left = msgspec.structs.replace(run.clean_up, left=2)
        finding = finding_of(msgspec.structs.replace(run, clean_up=left))
        assert (finding.state, finding.said) == (
            "fail",
            "2 of what it created on the target are left",
        )


def images(url: str) -> int:
    """How many pictures the demo holds."""
    return int(httpx.get(f"{url}/images").json()["total"])
