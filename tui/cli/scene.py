"""What one look at the board found."""

from __future__ import annotations

import msgspec

from tui.board.detect import Choice
from tui.core.events import Device, Sample
from tui.core.incidents import Incident
from tui.core.uptime import Uptime
from tui.reports.gauge_words import REPLAY


class Watched(msgspec.Struct, frozen=True):
    """Whose health is checked, and how it did."""

    name: str
    url: str
    said: str
    """`answers in 12 ms`, or what is wrong."""
    answered: bool | None
    """None: not asked yet, or the answer says nothing about it."""
    uptimes: tuple[Uptime, ...] = ()


class Scene(msgspec.Struct, frozen=True):
    """The board at one moment, and all that is said of it."""

    device: Device
    sample: Sample
    chosen: tuple[Choice, ...]
    """Every source that was considered."""
    is_throttled: bool | None
    incidents: tuple[Incident, ...]
    """Those that go on."""
    at_s: float
    """UTC, since the epoch."""
    watched: Watched | None = None

    @property
    def is_replay(self) -> bool:
        """Whether the readings come from files, not from this machine."""
        return self.device.source == REPLAY
