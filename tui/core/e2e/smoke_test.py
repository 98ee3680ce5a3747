"""Tests of a smoke suite: each is some steps of a workflow, and stands for itself."""

from __future__ import annotations

import msgspec


class SmokeTest(msgspec.Struct, frozen=True):
    """One test. It fails with the first of its steps that does; the others go on."""

    id: str
    """`SMK-01`."""
    title: str
    group: str
    """`health`, `journeys`, …"""
    steps: tuple[str, ...]
    """The names of its steps, in their order."""
