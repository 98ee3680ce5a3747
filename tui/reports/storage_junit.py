"""Storage as it stands in a pipeline: a case for each cell and place, one for the clean-up."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.model import RunView
from tui.core.storage.faults import fault_advice
from tui.core.storage.judging import CHANGED, fault_words
from tui.core.storage.measures import Cell, PlaceName
from tui.core.storage.plan import CellPlan, StoragePlan
from tui.core.storage.view import PLACE_NAMES, StorageView
from tui.reports import storage_words as words
from tui.reports.stress_junit import Told
from tui.reports.stress_words import said

Case = Iterator[Told]


def told_of_storage(view: RunView) -> tuple[Told, ...]:
    """Place by place; nothing for a run without any."""
    storage, plan = view.storage, view.facts.scenario.storage
    if storage is None or plan is None:
        return ()
    return tuple(_told(storage, plan))


def _told(storage: StorageView, plan: StoragePlan) -> Case:
    if plan.local:
        yield from _cells("local", storage, plan)
    if plan.objects:
        yield from _store(storage)
        yield from _cells("store", storage, plan)
    if storage.records is not None:
        records = storage.records
        failed = f"{records.bad} rows wrong or missing" if records.bad else ""
        yield Told(
            "metadata store",
            failed,
            words.records_words(records),
            said(records.why_not),
            CHANGED if failed else "",
        )


def _store(storage: StorageView) -> Case:
    fault = storage.fault
    failed = said(fault_words(storage)) if fault is not None else ""
    advice = fault_advice(fault) if fault is not None else ""
    yield Told("object store", failed, words.store_words(storage), said(storage.no_store), advice)


def _cells(place: PlaceName, storage: StorageView, plan: StoragePlan) -> Case:
    for each in plan.cells:
        yield _case(place, each, storage)


def _case(place: PlaceName, plan: CellPlan, storage: StorageView) -> Told:
    name = f"{PLACE_NAMES[place]} {plan.size_mb} MB x {plan.parallel}"
    cell = storage.cell(place, plan.size_mb, plan.parallel)
    if cell is None or cell.read is None:
        return Told(name, "", "", _why_not(place, cell, storage))
    failed = f"{cell.bad} of {cell.bad + cell.verified} objects came back changed"
    is_bad = bool(cell.bad)
    return Told(name, failed if is_bad else "", words.cell_words(cell), "", CHANGED * is_bad)


def _why_not(place: PlaceName, cell: Cell | None, storage: StorageView) -> str:
    if cell is not None and cell.why_not:
        return said(cell.why_not)
    if place == "store" and storage.no_store:
        return said(storage.no_store)
    if place == "local" and storage.local is not None and storage.local.why_not:
        return said(storage.local.why_not)
    return "the run did not come so far"
