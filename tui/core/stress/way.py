"""The way to the service, on which faults are done: what it is called."""

from __future__ import annotations

WAY = "network"
"""In events and documents; a burner has the same name."""


def told_name(fault: str) -> str:
    """A fault's name in a sentence: that of the way says nothing of whose it is."""
    return "the way to the service" if fault == WAY else fault
