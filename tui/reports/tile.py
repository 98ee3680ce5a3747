"""A large figure at the head of a run's page."""

from __future__ import annotations

from typing import NamedTuple


class Tile(NamedTuple):
    """What it is, how much, and what stands under it."""

    name: str
    figure: str
    unit: str
    under: str
