"""Measures a local path and an object store. `python -m tui.stress.objects.program`"""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import Given, begin

_GIVEN = begin() if __name__ == "__main__" else None

import os
import sys
from collections.abc import Callable
from queue import SimpleQueue

import msgspec

from tui.core.events import (
    CellBegan,
    CellMeasured,
    RecordsMeasured,
    StorageEnded,
    StorageOpened,
    StoreCleaned,
    StoreFailed,
)
from tui.core.storage.fold import NO_ENDPOINT
from tui.core.storage.measures import Cell, Opened, PlaceName
from tui.core.storage.plan import CellPlan
from tui.stress.burner import Unusable
from tui.stress.objects.cell import Place, Stopped, measure
from tui.stress.objects.local import LocalPlace
from tui.stress.objects.records import WORN, measure_records
from tui.stress.objects.rounds import TooSlow
from tui.stress.objects.spec import ObjectsSpec, Told
from tui.stress.objects.store import ObjectStore
from tui.stress.objects.store_faults import fault_of
from tui.stress.results_client import written_bytes

Tell = Callable[[Told], None]


class Bench:
    """Each cell in each place before the next cell, so that both are measured alike."""

    def __init__(self, spec: ObjectsSpec, orders: SimpleQueue[str], tell: Tell) -> None:
        self._spec = spec
        self._orders = orders
        self._tell = tell
        self._local: LocalPlace | None = None
        self._store: ObjectStore | None = None
        self._is_failed = self._is_stopped = False
        self._given_up = ""
        """Why nothing more is asked of the local path; empty: it answers."""

    def run(self) -> None:
        """All of it; what was put anywhere is gone when this returns, as far as it lets itself."""
        try:
            self._open()
            for plan in self._spec.plan.cells:
                self._measure_local(plan)
                self._measure_store(plan)
            self._measure_records()
        except Stopped:
            pass
        finally:
            if self._store is not None:
                self._tell(StoreCleaned(cleaned=self._store.clean()))
            if self._local is not None:
                self._local.close()
        self._tell(StorageEnded())

    def _open(self) -> None:
        plan, settings = self._spec.plan, self._spec.settings
        if plan.local:
            self._open_local()
        if plan.objects and not settings.endpoint:
            nothing = Opened(place="store", where="", why_not=NO_ENDPOINT)
            self._tell(StorageOpened(opened=nothing))
        elif plan.objects:
            self._open_store()

    def _open_local(self) -> None:
        try:
            local = LocalPlace(self._spec.directory)
            opened = local.opened()
        except Unusable as error:
            opened = Opened(place="local", where=self._spec.directory, why_not=str(error))
        else:
            self._local = local
        self._tell(StorageOpened(opened=opened))

    def _open_store(self) -> None:
        store = None
        try:
            store = ObjectStore(self._spec)
            opened = store.open()
        except Exception as error:
            is_making = store is not None and store.is_making
            fault = fault_of(error, self._spec.secrets, is_making=is_making)
            self._tell(
                StorageOpened(
                    opened=Opened(
                        place="store", where=self._spec.store, why_not=fault.kind, fault=fault
                    )
                )
            )
            self._tell(StoreFailed(fault=fault))
            # A bucket that was made before the rest failed is removed again.
            is_ours = store is not None and store.is_ours
            self._store, self._is_failed = (store if is_ours else None), True
        else:
            self._store = store
            self._tell(StorageOpened(opened=opened))

    def _measure_local(self, plan: CellPlan) -> None:
        local = self._local
        if local is None:
            return
        self._heed()
        why_not = self._given_up
        if not why_not and not self._may_write(plan.bytes):
            why_not = WORN
        if not why_not:
            told = written_bytes() + plan.bytes
            self._tell(_began("local", plan, told))
            try:
                self._tell(CellMeasured(cell=self._measured(local, plan)))
            except TooSlow:
                # Its threads are still at it: a figure beside them would be theirs, too.
                why_not = f"its transfers were not over in {self._spec.patience_s:g} s"
                self._given_up = why_not
            except Unusable as error:
                why_not = str(error)
            except OSError as error:
                why_not = f"the device failed: {(error.strerror or str(error)).lower()}"
        if why_not:
            cell = Cell("local", plan.size_mb, plan.parallel, plan.objects, why_not=why_not)
            self._tell(CellMeasured(cell=cell))

    def _measure_store(self, plan: CellPlan) -> None:
        store = self._store
        if store is None or self._is_failed:
            return
        self._heed()
        self._tell(_began("store", plan, 0))
        try:
            self._tell(CellMeasured(cell=self._measured(store, plan)))
        except Stopped:
            raise
        except Exception as error:
            self._is_failed = True
            fault = fault_of(error, self._spec.secrets)
            self._tell(StoreFailed(fault=fault, size_mb=plan.size_mb, parallel=plan.parallel))

    def _measured(self, place: Place, plan: CellPlan) -> Cell:
        spec = self._spec
        return measure(place, plan, spec.plan.cell_s, spec.patience_s, self._stopped)

    def _measure_records(self) -> None:
        asked = self._spec.plan.records
        if self._local is None or not asked or self._given_up:
            return
        self._heed()
        self._tell(CellBegan(place="local"))
        found = measure_records(
            self._spec.directory, self._local, asked, self._may_write, self._stopped
        )
        self._heed()
        self._tell(RecordsMeasured(records=found, written_bytes=written_bytes()))

    def _may_write(self, more_bytes: int) -> bool:
        allowed = self._spec.allowed_bytes
        return allowed is None or written_bytes() + more_bytes <= allowed

    def _stopped(self) -> bool:
        while not self._orders.empty():
            self._is_stopped = self._orders.get() == "stop" or self._is_stopped
        return self._is_stopped

    def _heed(self) -> None:
        if self._stopped():
            raise Stopped


def _began(place: PlaceName, plan: CellPlan, written: int) -> CellBegan:
    return CellBegan(
        place=place,
        size_mb=plan.size_mb,
        parallel=plan.parallel,
        written_bytes=written,
    )


def main(given: Given) -> int:
    """Measure as the spec says; the exit status."""
    line, orders = given
    spec = msgspec.json.decode(line, type=ObjectsSpec)

    def tell(told: Told) -> None:
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        sys.stdout.flush()

    Bench(spec, orders, tell).run()
    return 0


if __name__ == "__main__":
    assert _GIVEN is not None
    status = main(_GIVEN)
    # A thread may wait for a store that hangs, inside its library.
    sys.stdout.flush()
    os._exit(status)
