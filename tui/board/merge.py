"""One board made of several sources: for each gauge the first source that has a fresh value."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from tui.board.source import Readings, Source
from tui.core.events import Reading, Sample

MOST_TOLD = 20
"""Ways to break that are written to the log, each once: this is read twice a second for days."""
STALE_S = 2.0
"""A value older than this stands only while no other source has a fresh one."""


class MergedBoard:
    """Implements `ports.Board` over sources, the most trusted first."""

    def __init__(
        self, sources: Sequence[Source], watch: Callable[[str], None] = lambda _: None
    ) -> None:
        self._sources = sources
        self._watch = watch
        self._broken: set[str] = set()

    def read(self) -> Sample:
        """Every gauge now; one that can't be read says why. Never waits for a slow source."""
        merged: Readings = {}
        lost = {}
        for source in self._sources:
            try:
                readings, trouble = source.read(), source.trouble()
            except Exception as error:
                # One source that breaks must not take the others with it.
                readings, trouble = {}, f"{source.name} broke: {type(error).__name__}: {error}"
                if trouble not in self._broken and len(self._broken) < MOST_TOLD:
                    self._broken.add(trouble)
                    logging.getLogger(__name__).exception("%s broke", source.name)
            if trouble:
                lost[source.name] = trouble
            _add(merged, readings)
        return Sample(merged, lost)

    def troubles(self) -> dict[str, str]:
        """What each source has to say of itself, by its name; also after `close`."""
        return {source.name: said for source in self._sources if (said := source.trouble())}

    def watch(self, process: str) -> None:
        """Whose processes the `service_` gauges are of; empty: nobody's."""
        self._watch(process)

    def close(self) -> None:
        """End every source."""
        for source in self._sources:
            source.close()


def _add(merged: Readings, readings: Readings) -> None:
    for name, reading in readings.items():
        known = merged.get(name)
        if known is None or _worth(reading) > _worth(known):
            merged[name] = reading


def _worth(reading: Reading) -> int:
    if reading.value is None:
        return 0
    return 1 if reading.age_s > STALE_S else 2
