"""What every source of gauges looks like; `merge` makes one board of several."""

from __future__ import annotations

from typing import Protocol

from tui.core.events import Reading

Readings = dict[str, Reading]


class Source(Protocol):
    """One way to read the board. `read` and `close` come from one thread."""

    name: str
    """As it stands in `Reading.source` and on the screen: `sysfs`, `jtop`, `nvml`, `psutil`."""

    def read(self) -> Readings:
        """Every gauge that it knows, now; absent ones are left out, unreadable ones say why.

        Returns within milliseconds: what can hang is read elsewhere, and its age told.
        """

    def trouble(self) -> str:
        """Why it does not deliver, and the command that mends it; empty when all is well."""

    def close(self) -> None:
        """End what belongs to it."""
