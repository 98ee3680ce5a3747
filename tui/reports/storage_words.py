"""A benchmark of storage in the words and tables that every form of a report uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core import format as text
from tui.core.model import RunView
from tui.core.storage.crossing import crossing_texts, crossings
from tui.core.storage.faults import fault_text
from tui.core.storage.judging import worst_text
from tui.core.storage.measures import Cell, Opened, PlaceName, Records, Transfers, Way
from tui.core.storage.plan import CellPlan, amount_text
from tui.core.storage.view import PLACE_NAMES, StorageView
from tui.reports.stress_tables import Table
from tui.reports.stress_words import Named, said

TITLES: dict[Way, str] = {
    "write": "Written: local path, and upload to the object store",
    "read": "Read back: local path, and download from the object store",
}
ALONE: dict[Way, str] = {"write": "Written to the local path", "read": "Read back from it"}
ASIDE = (
    "n are under way at once, a rate is of all of them together; MB are 1 048 576 bytes. Of few "
    "objects p95 is the slowest; done: fewer were through when the time for a cell was over."
)
WAYS_READ = {
    "direct": "written, synced and read past the page cache",
    "page cache": "written and synced; dropped from the page cache before it is read",
}


def title_of(storage: StorageView, way: Way) -> str:
    """Of a table of rates."""
    return ALONE[way] if storage.no_store else TITLES[way]


def rates_table(view: RunView, storage: StorageView, way: Way) -> Table:
    """A row for each size and number at once; the two places side by side, as far as there are."""
    plan = view.facts.scenario.storage
    assert plan is not None
    places: list[PlaceName] = ["local"] if plan.local else []
    if plan.objects and not storage.no_store:
        places.append("store")
    is_pair = len(places) > 1
    done = [_done(cell, storage, places, way) for cell in plan.cells]
    is_cut = any(done)
    heads = ["size × n", *(["done"] if is_cut else [])]
    for place in places:
        heads += [f"{place} MB/s", "p50 ms", "p95 ms"]
    rows = []
    for cell, cut in zip(plan.cells, done, strict=True):
        found = [storage.cell(place, cell.size_mb, cell.parallel) for place in places]
        told = [one.way(way) if one is not None else None for one in found]
        row = [f"{cell.size_mb} MB × {cell.parallel}", *([cut or "all"] if is_cut else [])]
        for each in told:
            row += _figures(each)
        rows.append((*row, *([_faster(*told)] if is_pair else [])))
    heads += ["faster"] if is_pair else []
    numbers = frozenset(range(1 + is_cut + 3 * len(places)))
    return Table(tuple(heads), tuple(rows), numbers)


def storage_facts(view: RunView, storage: StorageView) -> tuple[Named, ...]:
    """What was measured, how, and what came of it."""
    return tuple(_facts(view, storage))


def local_words(storage: StorageView) -> str:
    """Where the local path is, and how its figures came about."""
    local = storage.local
    if local is None:
        return "not measured"
    if local.why_not:
        return f"n/a: {said(local.why_not)}"
    device = said(local.device)
    kind = f"{said(local.filesystem)} on {device}"
    if local.medium != "storage":
        return f"{said(local.where)} ({kind}): {said(local.medium)}"
    return f"{said(local.where)} ({kind}): {WAYS_READ.get(local.way, said(local.way))}"


def store_words(storage: StorageView) -> str:
    """Where the object store is, or why there is none."""
    if storage.no_store:
        return f"n/a: {said(storage.no_store)}"
    store = storage.store
    if store is None:
        return "not reached"
    if storage.fault is not None and not storage.cells_of("store"):
        return f"not measured: {said(fault_text(storage.fault, storage.endpoint))}"
    return f"{said(store.where)}{_bucket_words(storage, store)}"


def records_words(records: Records) -> str:
    """`20 000 rows in batches of 100, each synced: 67 296 records/s; …`."""
    if records.why_not:
        return f"n/a: {said(records.why_not)}"
    short = f" of {text.count(records.asked)}" if records.rows < records.asked else ""
    per_s = records.per_s or 0.0
    return (
        f"{text.count(records.rows)}{short} rows in synced batches of {records.batch}: "
        f"{text.count(per_s)} records/s, batch p95 {text.ms(records.insert_p95_ms)} ms; "
        f"{text.count(records.queries)} queries over the index of all rows: "
        f"p50 {text.ms(records.query_p50_ms)} ms, p95 {text.ms(records.query_p95_ms)} ms, "
        f"slowest {text.ms(records.query_longest_ms)} ms"
    )


def integrity_words(storage: StorageView) -> str:
    """Of the objects that were read back."""
    if not storage.objects and not storage.bad:
        return "nothing was read back"
    objects = text.counted(storage.objects, "object")
    good = f"SHA-256 of {objects} compared and right"
    return f"{text.count(storage.bad)} CHANGED; {good}" if storage.bad else good


def crossing_words(storage: StorageView) -> tuple[str, ...]:
    """From which size on the one or the other is faster; empty without two places."""
    return crossing_texts(crossings(storage.cells))


def rate_words(metric: str, storage: StorageView) -> str:
    """In which cell a rate was lowest, for a limit on it; empty for other metrics."""
    at = worst_text(metric, storage)
    return at and f"the slowest cell, {at}"


def cell_words(cell: Cell) -> str:
    """`write 88.2 MB/s, p50 11 ms, p95 14 ms; read …; 8 of 8 objects right`."""
    parts = [
        f"{way} {text.fixed(told.mb_per_s, 1)} MB/s, p50 {text.ms(told.p50_ms)} ms, "
        f"p95 {text.ms(told.p95_ms)} ms"
        for way, told in (("write", cell.write), ("read", cell.read))
        if told is not None
    ]
    parts.append(f"{cell.verified} of {cell.verified + cell.bad} objects right")
    if cell.why_not:
        parts.append(said(cell.why_not))
    return "; ".join(parts)


def _facts(view: RunView, storage: StorageView) -> Iterator[Named]:
    plan = view.facts.scenario.storage
    assert plan is not None
    yield PLACE_NAMES["local"], local_words(storage)
    yield PLACE_NAMES["store"], store_words(storage)
    yield "amount", f"at most {amount_text(plan)}"
    yield "integrity", integrity_words(storage)
    for line in crossing_words(storage):
        yield "cross-over", line
    if storage.records is not None:
        yield "metadata", records_words(storage.records)
    if storage.cleaned is not None:
        yield "clean-up", _cleaned_words(storage)
    store = storage.store
    if store is not None and store.swept:
        more = f" and {text.count(store.swept_more)} more" if store.swept_more else ""
        names = ", ".join(map(said, store.swept))
        yield "left by earlier runs", f"removed: {names}{more}"


def _cleaned_words(storage: StorageView) -> str:
    cleaned = storage.cleaned
    assert cleaned is not None
    removed = f"{text.counted(cleaned.removed, 'object')} removed from the object store"
    if cleaned.left:
        left = text.counted(cleaned.left, "object")
        return f"{removed}, {left} may be left: the next run removes them"
    if cleaned.why:
        return f"{removed}; whether anything is left could not be asked ({said(cleaned.why)})"
    bucket = ", and the bucket that was made for it" if cleaned.bucket_removed else ""
    return f"{removed}{bucket}; nothing is left"


def _bucket_words(storage: StorageView, store: Opened) -> str:
    return " (made for this run)" if store.made_bucket else ""


def _done(plan: CellPlan, storage: StorageView, places: Sequence[PlaceName], way: Way) -> str:
    """`3/8` where the time for a cell was over before all its objects were through; else empty."""
    cells = [storage.cell(place, plan.size_mb, plan.parallel) for place in places]
    told = [cell.way(way) for cell in cells if cell is not None]
    least = min((each.objects for each in told if each is not None), default=plan.objects)
    return "" if least >= plan.objects else f"{least}/{plan.objects}"


def _figures(told: Transfers | None) -> list[str]:
    if told is None:
        return [text.NOTHING] * 3
    return [text.fixed(told.mb_per_s, 1), text.ms(told.p50_ms), text.ms(told.p95_ms)]


def _faster(local: Transfers | None, store: Transfers | None) -> str:
    if local is None or store is None or not local.mb_per_s or not store.mb_per_s:
        return text.NOTHING
    ratio = local.mb_per_s / store.mb_per_s
    return f"local {ratio:.1f}×" if ratio >= 1 else f"store {1 / ratio:.1f}×"
