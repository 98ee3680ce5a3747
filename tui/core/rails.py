"""Power rails by name: which of them stands for the whole board."""

from __future__ import annotations

from collections.abc import Container

WHOLE = ("vdd_in", "vin")
"""All of the board's power: the module's input on an Orin Nano and NX, a Thor carrier's VIN.

An AGX Orin has none: its `vin_sys_5v0` is one rail beside the others.
"""
FIVE_VOLT = ("vdd_in", "vin_sys_5v0")
"""Inputs that may carry 5 V, and sag."""


def whole_rail(gauges: Container[str]) -> str:
    """The rail whose power is the board's, of those that are known; empty where none is."""
    return next((rail for rail in WHOLE if f"{rail}_mw" in gauges), "")
