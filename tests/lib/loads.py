"""Loads of scenarios that have one."""

from __future__ import annotations

from tui.core.load import Load
from tui.core.scenario import Scenario


def load_of(scenario: Scenario) -> Load:
    """What it puts on the service."""
    assert scenario.load is not None
    return scenario.load
