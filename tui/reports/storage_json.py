"""A benchmark of storage as data: the key `storage` of `report.json`. Nothing in it is rounded."""

from __future__ import annotations

from typing import Any

import msgspec

from tui.core.model import RunView
from tui.core.storage.crossing import crossing_texts, crossings
from tui.core.storage.faults import fault_advice, fault_text
from tui.core.storage.measures import Cell, Opened, Transfers
from tui.core.storage.view import StorageView
from tui.reports.stress_words import said

Json = dict[str, Any]


def storage_json(view: RunView) -> Json | None:
    """None for a run without any."""
    storage, plan = view.storage, view.facts.scenario.storage
    if storage is None or plan is None:
        return None
    found = crossings(storage.cells)
    return {
        "cells_asked": storage.asked,
        "bytes_each": plan.bytes_each,
        "local": _opened(storage.local),
        "store": _opened(storage.store),
        "no_store": said(storage.no_store),
        "fault": _fault(storage),
        "cells": [_cell(cell) for cell in storage.cells],
        "integrity_rate": storage.integrity_rate,
        "verified": storage.objects,
        "bad": storage.bad,
        "crossings": [msgspec.structs.asdict(each) for each in found],
        "crossings_said": list(crossing_texts(found)),
        "records": _records(storage),
        "cleaned": _cleaned(storage),
        "ended_by": said(storage.ended_by),
    }


def _opened(opened: Opened | None) -> Json | None:
    if opened is None:
        return None
    return {
        "where": said(opened.where),
        "why_not": said(opened.why_not),
        "medium": opened.medium,
        "filesystem": said(opened.filesystem),
        "device": said(opened.device),
        "way": opened.way,
        "made_bucket": opened.made_bucket,
        "swept": [said(name) for name in opened.swept],
        "swept_more": opened.swept_more,
    }


def _fault(storage: StorageView) -> Json | None:
    fault, at = storage.fault, storage.fault_at
    if fault is None:
        return None
    return {
        "kind": fault.kind,
        "what": said(fault_text(fault, storage.endpoint)),
        "next": fault_advice(fault),
        "size_mb": at.size_mb if at is not None else None,
        "parallel": at.parallel if at is not None else None,
    }


def _cell(cell: Cell) -> Json:
    return {
        **msgspec.structs.asdict(cell),
        "why_not": said(cell.why_not),
        "write": _transfers(cell.write),
        "read": _transfers(cell.read),
    }


def _transfers(told: Transfers | None) -> Json | None:
    return None if told is None else {**msgspec.structs.asdict(told), "mb_per_s": told.mb_per_s}


def _records(storage: StorageView) -> Json | None:
    records = storage.records
    if records is None:
        return None
    found = msgspec.structs.asdict(records)
    return {**found, "why_not": said(records.why_not), "records_per_s": records.per_s}


def _cleaned(storage: StorageView) -> Json | None:
    cleaned = storage.cleaned
    if cleaned is None:
        return None
    return {**msgspec.structs.asdict(cleaned), "why": said(cleaned.why)}
