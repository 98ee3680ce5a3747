"""What tests of choices and changes share."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import pytest

from tests.console.runs import scenario
from tests.lib.loads import load_of
from tui.console.app import Console
from tui.core.campaign import Campaign
from tui.core.scenario import Scenario, parse_scenario

MINUTE = scenario(minutes=1)

LADDER = Campaign("ladder", "campaign", "Ladder", "Step by step.", ("smoke", "standard", "peak"))


def change(usual: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """As the real one does it, over a file that says what `usual` says."""
    load = {"users": usual.users, "spawn_rate": load_of(usual).spawn_rate, "duration": "30s"}
    limits = {limit.metric: limit.text for limit in usual.thresholds}
    data = {"kind": "load", "title": usual.title, "load": load, "thresholds": limits}
    return parse_scenario(PurePath(f"{usual.id}.toml"), data, changes)


def copied(app: Console, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that was sent to the clipboard, as OSC 52 says it."""
    texts: list[str] = []

    def write(sequence: str) -> None:
        if sequence.startswith("\x1b]52;c;"):
            texts.append(base64.b64decode(sequence[7:-1]).decode())

    monkeypatch.setattr(app, "write_control", write)
    return texts


FILES = {
    "staged": (
        {
            "stages": [
                {"users": 10, "duration": "60s", "spawn_rate": 5.0},
                {"users": 40, "duration": "60s", "spawn_rate": 10.0},
            ],
            "judge": "stage",
        },
        ("40", "2m"),
        ["20", "4m"],
        {"load.users": 20, "load.duration": "4m"},
    ),
    "patterned": (
        {"users": 40, "duration": "2m", "spawn_rate": 40.0, "pattern": [50, 100]},
        ("40", "2m"),
        ["20", "4m"],
        {"load.users": 20, "load.duration": "4m"},
    ),
    "shaped": (
        {"users": 30, "duration": "3m", "shape": "TwoShifts"},
        ("30", "3m"),
        ["20", "4m"],
        {"load.users": 20, "load.duration": "4m"},
    ),
    "level-rate": (
        {"arrival_rate": 5, "duration": "5m"},
        ("5", "5m"),
        ["8", "2m"],
        {"load.arrival_rate": 8.0, "load.duration": "2m"},
    ),
    "rising-rate": (
        {"arrival_rate": {"to": 61.0}, "duration": "5m"},
        ("0", "61", "5m"),
        ["", "30", "2m"],
        {"load.arrival_rate.to": 30.0, "load.duration": "2m"},
    ),
}

LIMITS = {"p95_ms": "< 2000", "p99_ms": {"limit": "< 5000", "abort": True}, "error_rate": "< 0.01"}
