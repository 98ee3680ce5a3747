"""The log's lines with what lies behind them: failed and slow requests as lines of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from tui.core.events import Level, SlowRequest
from tui.core.format import count, ms
from tui.core.log_lines import repeated
from tui.core.model import FailureGroup, LogEntry, RunView, Snapshot

EntryKind = Literal["info", "ok", "warn", "fail", "slow"]
KINDS: tuple[EntryKind, ...] = ("info", "ok", "warn", "fail", "slow")


class Entry(msgspec.Struct, frozen=True):
    """One line of the Log screen."""

    at_utc: float
    run_s: float | None
    """Since the load began; None outside a run."""
    kind: EntryKind
    text: str
    failure: FailureGroup | None = None
    slow: SlowRequest | None = None

    @property
    def level(self) -> Level:
        """How its line is drawn."""
        return "warn" if self.kind == "slow" else self.kind


def entries_of(snapshot: Snapshot, problems: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Every line, newest first; what is wrong with files of the catalogue stands at the end."""
    run = snapshot.run
    groups = list(run.failures) if run else []
    entries = [_entry(line, groups) for line in snapshot.log]
    if run is not None:
        entries += [_failed(run, group) for group in groups]
        entries += [_slow(run, request) for request in run.slow]
    entries.sort(key=lambda entry: -entry.at_utc)
    first_utc = entries[-1].at_utc if entries else snapshot.at_utc
    return (*entries, *(Entry(first_utc, None, "warn", text) for text in problems))


def _entry(line: LogEntry, groups: list[FailureGroup]) -> Entry:
    """A line as it is; one that tells of a failure opens it, and takes it out of `groups`."""
    for group in groups:
        if line.text.startswith(f"{group.name} {group.error}"):
            groups.remove(group)
            return Entry(line.at_utc, line.run_s, line.level, line.text, failure=group)
    return Entry(line.at_utc, line.run_s, line.level, line.text)


def _failed(run: RunView, group: FailureGroup) -> Entry:
    text = repeated(f"{group.name} {group.error}", group.count)
    return Entry(utc_of(run, group.first_s), group.first_s, "fail", text, failure=group)


def _slow(run: RunView, request: SlowRequest) -> Entry:
    text = f"{request.method} {request.name} took {ms(request.ms)} ms"
    return Entry(utc_of(run, request.ended_s), request.ended_s, "slow", text, slow=request)


def utc_of(run: RunView, load_s: float) -> float:
    """The wall clock at a second of the load."""
    return run.facts.started_at + (run.began_s or 0.0) + load_s


def matching(
    entries: Sequence[Entry], find: str, hidden: frozenset[EntryKind]
) -> tuple[Entry, ...]:
    """Those whose text holds what is sought, without the hidden kinds."""
    wanted = find.lower()
    return tuple(
        entry for entry in entries if entry.kind not in hidden and wanted in entry.text.lower()
    )


def counts_of(entries: Sequence[Entry]) -> dict[EntryKind, int]:
    """How many lines of each kind there are."""
    counts = dict.fromkeys(KINDS, 0)
    for entry in entries:
        counts[entry.kind] += 1
    return counts


def kind_word(kind: EntryKind, number: int) -> str:
    """`3 slow`, `12 notes`: for the border of the log."""
    words = {"info": "notes", "ok": "good", "warn": "warnings", "fail": "failed", "slow": "slow"}
    return f"{count(number)} {words[kind]}"
