"""What the shipped configuration says in its comments is so."""

from __future__ import annotations

import re

import pytest

from tui.catalogue import shipped_root
from tui.core.camera.metric_table import CAMERA_METRICS

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
