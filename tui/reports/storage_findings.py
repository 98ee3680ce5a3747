"""What storage showed in a run, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.model import RunView
from tui.core.storage.judging import failures, undone
from tui.reports.board_findings import Finding
from tui.reports.storage_words import rate_words
from tui.reports.stress_words import said

ADVICE = {
    "upload_mb_per_s": "see the link to the store (its speed, its errors), then the store's disks",
    "download_mb_per_s": "see the link to the store (its speed, its errors), then its own load",
    "local_write_mb_per_s": "a quicker device for what the service stores: NVMe instead of a card",
    "local_read_mb_per_s": "a quicker device for what the service stores: NVMe instead of a card",
    "metadata_records_per_s": "put the database on a quicker device, or insert larger batches",
    "metadata_query_ms": "put the database on a quicker device; see what else keeps it busy",
}


def storage_findings(view: RunView) -> Iterator[Finding]:
    """What fails it beside its limits, and why it proves less than it should."""
    if view.storage is None:
        return
    for what, advice in failures(view.storage):
        yield Finding("fail", said(what), advice)
    if view.storage.no_store and view.facts.scenario.storage is not None:
        advice = "set [storage] in config.toml: endpoint, bucket, access_key, secret_key"
        is_asked = view.facts.scenario.storage.objects
        what = f"object store: n/a: {said(view.storage.no_store)}"
        yield Finding("info", what, advice if is_asked else "")


def told_by_storage(view: RunView, reason: str) -> bool:
    """Whether a verdict's reason is one that these findings tell one by one."""
    storage = view.storage
    return storage is not None and any(reason.startswith(what) for what, _ in failures(storage))


def said_by_storage(view: RunView) -> set[str]:
    """The run's warnings that these findings, or its verdict, say already."""
    if view.storage is None:
        return set()
    told = {f"object store: n/a: {view.storage.no_store}"}
    return told | {each.reason for each in undone(view.storage)}


def advice_on_rate(view: RunView, metric: str) -> str:
    """What to do about a limit of storage that was broken; empty for other metrics."""
    return ADVICE.get(metric, "") if view.storage is not None else ""


def where_broken(view: RunView, metric: str) -> str:
    """In which cell; empty where that means nothing."""
    at = rate_words(metric, view.storage) if view.storage is not None else ""
    return f" ({at})" if at else ""
