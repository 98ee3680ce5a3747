"""`jetproof camera purge`: what was kept of cameras goes, after it was shown and asked for."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from tui.core.format import count, counted
from tui.core.problem import COMMAND_LINE, InputError
from tui.reports.clean import shortened, visible
from tui.store.references import References
from tui.store.snapshots import Kept, kept_in, overdue, remove, snapshot_folder

REASON = 30


class Purge:
    """What goes."""

    def __init__(
        self, state_dir: Path, keep_s: float, camera: str | None, *, references: bool
    ) -> None:
        """Snapshots older than `keep_s`; 0: all of them."""
        kept = kept_in(snapshot_folder(state_dir))
        old = overdue(kept, keep_s, time.time()) if keep_s else kept
        self._snapshots = [each for each in old if camera in (None, each.facts.camera)]
        self._references = References(state_dir)
        known = self._references.all() if references else ()
        self._cameras = [each.camera for each in known if camera in (None, each.camera)]
        self._left = len(kept) - len(self._snapshots)

    def run(self, *, asks: bool) -> int:
        """Show, ask, remove; the exit code. InputError when something can't be removed."""
        if not self._snapshots and not self._cameras:
            click.echo(f"nothing to remove; {counted(self._left, 'snapshot')} kept")
            return 0
        for line in self._lines():
            click.echo(visible(line))
        what = self._what()
        if asks and not sys.stdin.isatty():
            raise InputError.of(
                COMMAND_LINE, "--yes", f"needed to remove {what} without a terminal"
            )
        if asks and not click.confirm(f"remove {what} for good?", err=True):
            click.echo("nothing was removed", err=True)
            return 0
        for each in self._snapshots:
            remove(each)
        for camera in self._cameras:
            self._references.forget(camera)
        click.echo(f"removed {what}; {counted(self._left, 'snapshot')} kept")
        return 0

    def _lines(self) -> list[str]:
        snapshots = [
            f"{each.facts.at[:19].replace('T', ' ')} UTC  {shortened(each.facts.camera, 16):<16}  "
            f"{_size(each.size):>8}  {shortened(each.facts.reason, REASON)}{_clock(each)}".rstrip()
            for each in self._snapshots
        ]
        return [*snapshots, *(f"reference of {camera}" for camera in self._cameras)]

    def _what(self) -> str:
        parts = [
            counted(len(self._snapshots), "snapshot") if self._snapshots else "",
            counted(len(self._cameras), "reference") if self._cameras else "",
        ]
        return " and ".join(filter(None, parts))


def _clock(kept: Kept) -> str:
    """Its time may be wrong."""
    return "  (clock not synchronised)" if kept.facts.is_clock_synced is False else ""


def _size(size: int | None) -> str:
    return "gone" if size is None else f"{count(max(size / 1000, 1))} kB"
