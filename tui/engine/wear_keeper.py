"""Keeps what a stress writes, while it writes: whoever is killed in mid-run wrote all the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tui.core.problem import InputError
from tui.ports import Clock, Wear

KEEP_S = 2.0
"""How often what was written is kept, at least."""


class WearKeeper:
    """Told of running totals; `wear` is None where nothing is written."""

    def __init__(self, wear: Wear | None, directory: Path, clock: Clock) -> None:
        self._wear = wear
        self._directory = directory
        self._clock = clock
        self._written: dict[str, int] = {}
        self._kept_bytes = 0
        self._kept_s = 0.0

    def count(self, burner: str, figures: Mapping[str, float | str]) -> None:
        """What a burner has written since its start, where it says so."""
        written = figures.get("written_bytes")
        if isinstance(written, (int, float)):
            self._written[burner] = max(self._written.get(burner, 0), int(written))

    def keep(self, now_s: float, *, is_last: bool = False) -> str:
        """Keep what is new, now and then. Why that is not possible any more; empty when it is."""
        if self._wear is None or not (is_last or now_s - self._kept_s >= KEEP_S):
            return ""
        self._kept_s = now_s
        more = sum(self._written.values()) - self._kept_bytes
        if more <= 0:
            return ""
        self._kept_bytes += more
        try:
            self._wear.add(self._directory, more, self._clock.utc())
        except InputError as error:
            self._wear = None
            return f"wear: what was written is not kept: {error}"
        return ""
