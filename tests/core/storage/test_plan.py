"""What a benchmark of storage may ask for, and how much that is."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tui.core.config import parse_config
from tui.core.problem import InputError
from tui.core.scenario import Scenario, parse_scenario
from tui.core.storage.plan import MB, StoragePlan, storage_text


def parsed(storage: dict[str, Any] | None = None, **others: Any) -> Scenario:
    data = {"kind": "benchmark", "title": "x", "storage": storage or {}, **others}
    return parse_scenario(PurePath("bench-x.toml"), data, {})


def wrong(storage: dict[str, Any] | None = None, **others: Any) -> str:
    with pytest.raises(InputError) as caught:
        parsed(storage, **others)
    return str(caught.value)


def test_it_is_the_matrix_of_sizes_and_numbers_at_once_without_asking_for_more() -> None:
    plan = parsed().storage
    assert plan is not None
    assert plan.sizes_mb == (1, 5, 10, 20)
    assert plan.parallel == (1, 4, 8)
    assert len(plan.cells) == 12
    assert plan.bytes_each == 3 * 8 * 36 * MB


def test_a_round_is_whole() -> None:
    plan = StoragePlan((1,), (1, 4, 8), per_cell=5)
    assert [cell.objects for cell in plan.cells] == [5, 8, 8]


def test_its_longest_length_follows_from_the_slowest_that_is_acceptable() -> None:
    # Twenty seconds for 100 MB at 5 MB/s, cut by the ten of a cell and one round beyond.
    plan = StoragePlan((10,), (1,), per_cell=10, cell_s=10.0, objects=False, records=0)
    assert plan.total_s == 2 * (10 + 2)
    assert "at most 24 s" in storage_text(plan)


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        ({"sizes_mb": []}, "storage.sizes_mb: from 1 to 8 numbers"),
        ({"sizes_mb": [1, 1]}, "storage.sizes_mb: a number stands there twice"),
        ({"sizes_mb": [0]}, "storage.sizes_mb: from 1 to 1 024"),
        ({"parallel": [65]}, "storage.parallel: from 1 to 64"),
        ({"sizes_mb": [100], "parallel": [32]}, "storage.parallel: 32 of 100 MB at once"),
        ({"per_cell": 0}, "storage.per_cell: from 1 to 1 000"),
        ({"per_cell": 1000, "sizes_mb": [64]}, "storage.per_cell: 192 000 MB in all"),
        ({"cell": "1h"}, "storage.cell: from 1s to 10m"),
        ({"local": False, "objects": False}, "storage.objects: nothing is left to measure"),
        ({"size": 1}, "storage.size: unknown key"),
    ],
)
def test_what_is_wrong_with_it_is_said(storage: dict[str, Any], said: str) -> None:
    assert said in wrong(storage)


def test_a_benchmark_has_one_table_of_its_own() -> None:
    assert "of cameras or of storage" in wrong({}, cameras={})
    with pytest.raises(InputError, match=r"cameras: is missing \(or \[storage\]\)"):
        parse_scenario(PurePath("bench-x.toml"), {"kind": "benchmark", "title": "x"}, {})
    assert 'meant kind = "benchmark"?' in wrong({}, kind="e2e", e2e={"steps": []})


def test_its_limits_are_those_of_storage() -> None:
    assert parsed(thresholds={"upload_mb_per_s": "> 5"}).thresholds[0].value == 5
    assert "thresholds.fps_ratio: unknown metric" in wrong(thresholds={"fps_ratio": ">= 0.9"})
    assert 'more is better (meant "> 5"?)' in wrong(thresholds={"upload_mb_per_s": "< 5"})


class TestTheConfiguration:
    def of(self, **storage: Any) -> str:
        try:
            found = parse_config("config.toml", {"storage": storage}).storage
        except InputError as error:
            return str(error)
        return found.endpoint

    def test_needs_a_bucket_and_keys_for_an_endpoint(self) -> None:
        said = self.of(endpoint="http://store:9000")
        for key in ("bucket", "access_key", "secret_key"):
            assert f"storage.{key}: an object store needs it" in said

    def test_takes_no_secret(self) -> None:
        said = self.of(access_key="open-sesame")
        assert "a secret does not belong here" in said
        assert "open-sesame" not in said

    def test_wants_a_host_without_a_path(self) -> None:
        keys = {"bucket": "b", "access_key": "env:A", "secret_key": "file:/s"}
        assert self.of(endpoint="http://store:9000/", **keys) == "http://store:9000"
        assert "not under a path" in self.of(endpoint="http://store/minio", **keys)
        assert "is not an http" in self.of(endpoint="s3://bucket", **keys)
        assert "no slash" in self.of(endpoint="http://store", **{**keys, "bucket": "a/b"})

    def test_wants_a_whole_path(self) -> None:
        assert "whole path" in self.of(local="data")
