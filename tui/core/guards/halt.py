"""Why a guard ends a run, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from tui.core.events import Reading

Readings = Mapping[str, Reading]
GuardName = Literal["heat", "heat-rate", "sensors", "memory", "space", "power", "deadline"]

ADVICE: dict[GuardName, str] = {
    "heat": "let the board cool down; see that its fan turns and its heat sink sits firmly, or "
    "choose a power mode that takes less",
    "heat-rate": "switch the board off and see that its heat sink sits firmly and its fan turns: "
    "so quick a rise has nothing that leads the heat away",
    "sensors": "see what the kernel says of its sensors (`dmesg`), and start the board again "
    "before it is stressed",
    "memory": "ask for less memory, or end what else runs on the board; see which process grew",
    "space": "free space on the disk, or ask for smaller files; see what else writes there",
    "power": "use the board's own supply and a short cable, unplug what hangs on its ports, or "
    "choose a power mode that takes less",
    "deadline": "read jetproof's log: the burners were told to end and something kept the run from "
    "its end",
}
"""What to do, by the guard that ended a run."""


class Halt(msgspec.Struct, frozen=True):
    """A run must end now."""

    guard: GuardName
    detail: str
    """What was found, with figures."""
    advice: str
    """What to do."""

    @property
    def text(self) -> str:
        """`heat guard: tj 102.0 °C, the board switches off at 104.5 °C`"""
        return f"{self.guard} guard: {self.detail}"


class Guard(Protocol):
    """Watches one thing from its first sample on."""

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        """One sample, in order of time; why the run must end now, or None."""


def halt(guard: GuardName, detail: str) -> Halt:
    """With the guard's own advice."""
    return Halt(guard, detail, ADVICE[guard])
