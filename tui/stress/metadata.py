"""Inserts and queries on a database of its own, verified. `python -m tui.stress.metadata`"""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import Given, begin

_GIVEN = begin() if __name__ == "__main__" else None

import sqlite3
import sys
import threading
import time
from contextlib import closing
from typing import Annotated

import msgspec

from tui.stress.burner import Burner, BurnerSpec, Figures, Unusable, burn
from tui.stress.nameless import open_nameless, sweep
from tui.stress.place import MIB, Place
from tui.stress.results import SCHEMA
from tui.stress.results_client import Client, Shared, reserve_bytes, written_bytes
from tui.stress.results_work import Work

LOOK_S = 0.1
BUSY_S = 2.0
ROOM_BYTES = 512 * MIB
"""That must be free beyond the floor: more than the rows that are kept ever take."""
JOIN_S = 3.0


class MetadataSpec(BurnerSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`level` is the share of its time that each connection spends inside the database.

    Nothing is written beyond `budget_bytes`, as the kernel counts it. With `budget_lasts_s`
    transactions are held back so that the budget lasts so long; queries are not.
    """

    directory: str
    budget_bytes: Annotated[int, msgspec.Meta(gt=0)]
    budget_lasts_s: Annotated[float, msgspec.Meta(ge=0.0)] = 0.0
    """0: it may be used up before the end."""
    connections: Annotated[int, msgspec.Meta(ge=1, le=64)] = 4
    batch: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 10
    """Rows in a transaction."""


class Metadata:
    """The clients, each on a thread of its own."""

    def __init__(self, spec: MetadataSpec, burner: Burner, place: Place) -> None:
        self._spec = spec
        self._burner = burner
        self._place = place
        self._shared = Shared(
            spec.batch, spec.budget_bytes, lambda: burner.level, spec.budget_lasts_s
        )
        connections = _open(spec)
        self._clients = [Client(each, self._shared, seed) for seed, each in enumerate(connections)]
        self._total = Work()

    def burn(self) -> Figures:
        """Until the end; the totals."""
        threads = [
            threading.Thread(target=each.work, name="client", daemon=True) for each in self._clients
        ]
        for each in threads:
            each.start()
        self._burner.begin_window()
        began_s = time.monotonic()
        try:
            while self._burner.goes_on() and not self._shared.ended_by:
                self._burner.wait(LOOK_S)
                if self._burner.is_report_due:
                    self._report()
        finally:
            self._shared.stop()
            for each in threads:
                each.join(JOIN_S)
        ran_s = time.monotonic() - began_s
        self._gather()
        for client, thread in zip(self._clients, threads, strict=True):
            if not thread.is_alive():
                client.close()
        return {
            **self._what(),
            "reached": self._share(self._total, ran_s),
            **self._total.told(ran_s),
            "rows": self._total.rows,
            "queries": self._total.queries.count,
            "written_bytes": self._shared.written_bytes(),
            **self._pacing(self._shared.was_held_back(ever=True)),
            "ended_by": self._shared.ended_by,
        }

    def _report(self) -> None:
        window_s = self._burner.window_s
        window = self._gather()
        self._burner.report(
            self._share(window, window_s),
            **self._what(),
            **window.told(window_s),
            written_bytes=self._shared.written_bytes(),
            **self._pacing(self._shared.was_held_back()),
        )
        if self._place.free_bytes() < 0:
            self._shared.end("something else took the space that is to stay free")

    def _gather(self) -> Work:
        window = Work()
        for each in self._clients:
            window.merge(each.take())
        self._total.merge(window)
        self._burner.verified, self._burner.bad = self._total.verified, self._total.bad
        return window

    def _share(self, work: Work, over_s: float) -> float:
        return min(work.busy_s / (over_s * len(self._clients)), 1.0) if over_s > 0 else 0.0

    def _pacing(self, is_held_back: bool) -> Figures:
        spread = self._shared.spread
        if not is_held_back or spread is None:
            return {}
        return spread.figures

    def _what(self) -> Figures:
        mount = self._place.mount
        return {
            "medium": "RAM, not storage" if mount.is_ram else "storage",
            "filesystem": mount.filesystem,
            "device": mount.device,
            "connections": len(self._clients),
            "batch": self._spec.batch,
        }


def _open(spec: MetadataSpec) -> list[sqlite3.Connection]:
    try:
        return open_nameless(spec.directory, SCHEMA, spec.connections, BUSY_S)
    except (OSError, sqlite3.Error) as error:
        raise Unusable(f"{spec.directory} takes no database: {error}") from None


def work(spec: MetadataSpec, burner: Burner) -> Figures:
    """Burn until the end; the totals. Raises Unusable when nothing may be written there."""
    with closing(Place(spec.directory)) as place:
        if place.free_bytes() < ROOM_BYTES:
            raise Unusable(f"{spec.directory} has no room for {ROOM_BYTES // MIB} MiB more")
        try:
            written_bytes()
        except OSError:
            raise Unusable("this kernel does not count what is written: no budget holds") from None
        least = reserve_bytes(spec.batch)
        if spec.budget_bytes < least:
            raise Unusable(
                f"a transaction of {spec.batch} rows may write {least} bytes, more than the budget"
            )
        sweep(spec.directory)
        return Metadata(spec, burner, place).burn()


def main(given: Given) -> int:
    """Burn as the spec says; the exit status."""
    return burn("metadata", "share of the time in the database", MetadataSpec, work, given)


if __name__ == "__main__":
    assert _GIVEN is not None
    sys.exit(main(_GIVEN))
