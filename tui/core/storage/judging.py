"""Whether storage is quick and true enough: limits, findings, and why a limit has no figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core.format import count, counted
from tui.core.limits import Limit, LimitState
from tui.core.proof import Proof, Shortfall
from tui.core.storage.faults import fault_advice, fault_text
from tui.core.storage.measures import PlaceName, Way
from tui.core.storage.metric_table import OF_LOCAL, OF_RECORDS, OF_STORE
from tui.core.storage.plan import StoragePlan
from tui.core.storage.view import PLACE_NAMES, StorageView, where_text

_RATES: dict[str, tuple[PlaceName, Way]] = {
    "upload_mb_per_s": ("store", "write"),
    "download_mb_per_s": ("store", "read"),
    "local_write_mb_per_s": ("local", "write"),
    "local_read_mb_per_s": ("local", "read"),
}
CHANGED = (
    "objects came back changed: take the way to that place apart, memory, cables and disks; "
    "store nothing on it until it is found"
)


def judged(limits: Sequence[Limit], view: StorageView) -> tuple[LimitState, ...]:
    """Each limit beside its figure: of a rate that of the slowest cell."""
    return tuple(_judged(limit, figure_of(limit.metric, view)) for limit in limits)


def figure_of(metric: str, view: StorageView) -> float | None:
    """None where nothing was measured."""
    if metric in _RATES:
        rates = view.rates(*_RATES[metric])
        return rates[0] if rates is not None else None
    if metric == "integrity_rate":
        return view.integrity_rate
    if view.records is None or view.records.why_not:
        return None
    return view.records.per_s if metric == "metadata_records_per_s" else view.records.query_p95_ms


def worst_text(metric: str, view: StorageView) -> str:
    """In which cell a rate was lowest; empty for other metrics."""
    cell = view.slowest(*_RATES[metric]) if metric in _RATES else None
    return "" if cell is None else where_text(cell)


def proof_of(view: StorageView, thresholds: Sequence[LimitState], plan: StoragePlan) -> Proof:
    """What fails, what proves nothing, and what was done."""
    findings = list(failures(view))
    open_ones = [state.limit.metric for state in thresholds if state.passed is None]
    return Proof(
        findings=tuple(what for what, _ in findings),
        advice=findings[0][1] if findings else "",
        undone=tuple(undone(view)),
        unjudged={metric: _shortfall(metric, view) for metric in open_ones},
        exempt=tuple(exempt(view, plan)),
        done=done_text(view),
    )


def failures(view: StorageView) -> Iterator[tuple[str, str]]:
    """What fails the run beside its limits, and what to do about it."""
    for cell in view.cells:
        if cell.bad:
            at = where_text(cell)
            read = cell.bad + cell.verified
            what = f"{count(cell.bad)} of {counted(read, 'object')} came back changed"
            yield f"{PLACE_NAMES[cell.place]}: {what} ({at})", CHANGED
    if view.records is not None and view.records.bad:
        rows = counted(view.records.bad, "row")
        yield f"metadata: {rows} wrong or missing in answers", CHANGED
    if view.fault is not None and view.fault.kind != "no-package":
        yield fault_words(view), fault_advice(view.fault)
    if view.cleaned is not None and view.cleaned.left and view.fault is None:
        what = f"{counted(view.cleaned.left, 'object')} could not be removed from the object store"
        yield f"{what}: {view.cleaned.why}", "remove them by hand; their names begin with jetproof/"


def fault_words(view: StorageView) -> str:
    """What ended the store's part, and where; empty where nothing did."""
    if view.fault is None:
        return ""
    at = f" ({where_text(view.fault_at)})" if view.fault_at is not None else ""
    return f"object store: {fault_text(view.fault, view.endpoint)}{at}"


def undone(view: StorageView) -> Iterator[Shortfall]:
    """Why what was measured proves nothing."""
    if view.ended_by:
        yield Shortfall(f"the measuring process ended early: {view.ended_by}", "run it again")
    if view.fault is not None and view.fault.kind == "no-package":
        yield Shortfall(fault_words(view), fault_advice(view.fault))
    if view.local is not None and view.local.why_not:
        advice = "name another directory (storage.local)"
        yield Shortfall(f"local path: {view.local.why_not}", advice)
    for cell in view.cells_of("local"):
        if cell.why_not and cell.read is None:
            # The slowest cell is judged, and this one may have been it.
            at = where_text(cell)
            advice = "see what the kernel says of the device (dmesg), its room and its wear budget"
            yield Shortfall(f"local path: {cell.why_not} ({at})", advice)
            break


def exempt(view: StorageView, plan: StoragePlan) -> Iterator[str]:
    """Metrics of what the site, or the scenario, does not have."""
    if view.no_store:
        yield from OF_STORE
    if not plan.local:
        yield from OF_LOCAL
    if not (plan.local and plan.records):
        yield from OF_RECORDS


def done_text(view: StorageView) -> str:
    """`24 cells measured, 192 objects verified, object store n/a`."""
    cells = counted(sum(cell.read is not None for cell in view.cells), "cell")
    parts = [f"{cells} measured", f"{counted(view.objects, 'object')} verified"]
    if view.records is not None and view.records.rows:
        parts.append(f"{counted(view.records.rows, 'record')} stored")
    return ", ".join(parts) + (", object store n/a" if view.no_store else "")


def _judged(limit: Limit, observed: float | None) -> LimitState:
    return LimitState(limit, observed, None if observed is None else limit.holds_for(observed))


def _shortfall(metric: str, view: StorageView) -> Shortfall:
    if metric in OF_STORE:
        return Shortfall("the object store gave no figure", "see what it is said to fail at")
    if metric == "local_read_mb_per_s" and any(cell.is_cached for cell in view.cells):
        why = "this file system answers from memory, whatever it is asked"
        return Shortfall(why, "name a directory on the device itself (storage.local)")
    cut = next((cell.why_not for cell in view.cells if cell.why_not), "")
    if metric in OF_LOCAL:
        return Shortfall(cut or "no local cell was measured", "run it to its end")
    if metric in OF_RECORDS:
        why = view.records.why_not if view.records is not None else "no record was stored"
        return Shortfall(why, "name a directory with room on the device (storage.local)")
    return Shortfall("nothing was read back", "run it again")
