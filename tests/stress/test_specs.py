"""What burners are told: cores, floors and budgets."""

from __future__ import annotations

import os
from typing import Any

import msgspec
import pytest

from tests.stress.specced import about, spec_of
from tui.core.stress.plan import BurnerPlan, CpuPlan, MemoryPlan, MetadataPlan, StoragePlan
from tui.stress import specs
from tui.stress.specs import programs


@pytest.mark.parametrize(
    ("allowed", "cores", "burnt"),
    [
        ({0, 1}, "spare", [0, 1]),
        ({0, 1, 2, 3}, "spare", [1, 2, 3]),
        ({0, 1, 2, 3}, "all", [0, 1, 2, 3]),
        ({2, 3, 4, 5}, 2, [4, 5]),
    ],
)
def test_cores_are_those_that_it_may_use(
    allowed: set[int], cores: Any, burnt: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: allowed)
    found = programs(CpuPlan(cores=cores), about(CpuPlan()), 1.0)
    assert [program.spec["core"] for program in found] == burnt


def test_a_floor_is_a_share_of_all_memory() -> None:
    spec = spec_of(MemoryPlan(floor_share=0.5))
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert spec["floor_mb"] * 2**20 == pytest.approx(pages / 2)
    assert spec_of(MemoryPlan())["floor_mb"] == 0


def test_without_a_budget_writing_has_no_end_of_its_own() -> None:
    assert spec_of(StoragePlan())["budget_bytes"] == specs.UNBOUNDED_BYTES


@pytest.mark.parametrize("plan", [StoragePlan(), MetadataPlan()])
def test_a_budget_is_shared_and_lasts_for_the_stress(plan: BurnerPlan) -> None:
    wanted = about(StoragePlan(), MetadataPlan())
    for allowed, budget, lasts_s in ((2**30, 2**29, 1.0), (None, specs.UNBOUNDED_BYTES, None)):
        plans = msgspec.structs.replace(wanted, allowed_bytes=allowed)
        (program,) = programs(plan, plans, 30.0)
        assert program.spec["budget_bytes"] == budget
        assert program.spec.get("budget_lasts_s") == lasts_s
