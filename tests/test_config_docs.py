"""What the shipped configuration says in its comments is so."""

from __future__ import annotations

import re

import pytest

from tui.catalogue import parse_toml, shipped_root
from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.config import Target, parse_config
from tui.core.e2e.detection import DetectionShape
from tui.core.storage.settings import StorageSettings

_COMMENTED = re.compile(r'# (\[.*\]|\w+ = "[^"]*").*')


def commented(table: str) -> dict[str, str]:
    """The keys of a table that stands in comments alone, as far as they are texts."""
    keys: dict[str, str] = {}
    is_inside = False
    for line in (shipped_root() / "config.toml").read_text().splitlines():
        match = _COMMENTED.fullmatch(line)
        if match is None:
            continue
        if match[1].startswith("["):
            is_inside = match[1] == f"[{table}]"
        elif is_inside:
            key, _, value = match[1].partition(" = ")
            keys[key] = value.strip('"')
    return keys


@pytest.mark.parametrize(("kind", "table"), [("threshold", "thresholds"), ("goal", "goals")])
def test_every_default_limit_of_a_camera_is_told_as_it_is(kind: str, table: str) -> None:
    usual = {name: getattr(metric, kind) for name, metric in CAMERA_METRICS.items()}
    assert commented(f"cameras.dock-3.{table}") == {
        name: text for name, text in usual.items() if text
    }


@pytest.fixture
def production() -> Target:
    """The target that stands in comments alone, as if they were none."""
    text = (shipped_root() / "config.toml").read_text(encoding="utf-8")
    block = text[
        text.index("# [targets.production]\n") : text.index("# What the shipped users ask")
    ]
    lines = [line.removeprefix("# ").removeprefix("#") for line in block.splitlines()]
    sentences = re.compile(r"[A-Z`].*|secret: .*|left out.*|differs is set.*")
    data = parse_toml("\n".join(line for line in lines if not sentences.fullmatch(line)))
    return parse_config("config.toml", data).target("production")


def test_what_workflows_have_of_a_target_may_be_taken_out_of_its_comment(
    production: Target,
) -> None:
    assert production.protected
    assert production.restart == ("systemctl", "restart", "infer.service")
    assert production.values == (("operator", "anna"),)
    assert production.secrets == (("operator_password", "env:JETPROOF_OPERATOR_PASSWORD"),)
    assert {each.name: each.path for each in production.operations}["delete"] == "/v2/blobs/{id}"
    assert production.detection == DetectionShape(
        "/label", "/score", "/bbox", "xywh", fractions=True, categories={"person": "0"}
    )


def test_the_usual_places_of_an_object_are_told_as_they_are() -> None:
    text = (shipped_root() / "config.toml").read_text(encoding="utf-8")
    usual = DetectionShape()
    assert f"without these: {usual.category}, {usual.confidence} and {usual.box}" in text


def test_the_object_store_may_be_taken_out_of_its_comment() -> None:
    keys = commented("storage")
    assert set(keys) == {"endpoint", "bucket", "region", "access_key", "secret_key", "local"}
    found = parse_config("config.toml", {"storage": keys}).storage
    assert found.endpoint == keys["endpoint"]
    assert found.region == StorageSettings().region
