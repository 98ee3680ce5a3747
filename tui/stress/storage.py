"""Burns the device under a directory. `python -m tui.stress.storage`"""

# ruff: noqa: E402

from __future__ import annotations

from tui.stress.guarded import begin

_GIVEN = begin() if __name__ == "__main__" else None

import itertools
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from time import perf_counter_ns

from tui.stress.blocks import BLOCK, PER_CHUNK, Blocks
from tui.stress.burner import Burner, Figures, Unusable, burn
from tui.stress.duty import PERIOD_S, busy_s, owed_s
from tui.stress.latencies import Latencies
from tui.stress.pace import Spread
from tui.stress.patterns import Step, one_pass, steps
from tui.stress.place import MIB, Extent, Place
from tui.stress.storage_spec import WRITE_ONLY, StorageSpec
from tui.stress.traffic import Traffic, whole_files

SEED = 1


class Ended(Exception):
    """The work can't go on, before its time is over; the text says why."""


class Storage:
    """One run of a pattern in a place."""

    def __init__(self, spec: StorageSpec, burner: Burner, place: Place) -> None:
        self._spec = spec
        self._burner = burner
        self._place = place
        self._extent: Extent | None = None
        self._window, self._total = Traffic(), Traffic()
        self._layout = Traffic()
        """What made the file ready: no rate of the pattern counts it, nor the time it took."""
        self._until_ns = 0
        """How busy this window may be when the period's work is done."""
        self._began_s = self._pattern_from_s = time.monotonic()
        self._written_bytes = 0
        self._layout_bytes = 0
        """Of them, those that were written before any was held back."""
        self._unsynced = 0
        self._owed_s = 0.0
        self._phase = "layout"
        self._way = ""
        self._whole: dict[int, Latencies] = {}
        largest_mb = max(spec.sizes_mb) if spec.pattern == "files" else spec.file_mb
        if largest_mb * MIB > spec.budget_bytes:
            raise Unusable(
                f"a file of {largest_mb} MiB is more than the {spec.budget_bytes} bytes "
                "that may be written"
            )
        self._spread: Spread | None = None
        self._held: Step | None = None
        """An operation that waits until it may be written."""
        self._is_paced = self._was_ever_paced = False
        """Whether a write was held back in this window, or in any."""
        self._blocks = Blocks(largest_mb * MIB, SEED)
        self._steps = self._files() if spec.pattern == "files" else self._one_file()
        if spec.pattern in WRITE_ONLY:
            self._pace()

    def burn(self) -> Figures:
        """Work until the end; the totals."""
        ended_by = ""
        try:
            while self._burner.goes_on():
                self._period()
                if self._burner.is_report_due:
                    self._report()
        except Ended as end:
            ended_by = str(end)
        except OSError as error:
            ended_by = f"the device failed: {(error.strerror or str(error)).lower()}"
        finally:
            self._let_go()
            self._settle()
            self._blocks.close()
        return {
            **self._what(),
            **self._rates(),
            "written_bytes": self._written_bytes,
            **self._pacing(self._was_ever_paced),
            **whole_files(self._whole),
            "ended_by": ended_by,
        }

    def _begin_pattern(self) -> None:
        """The file is ready: what follows is counted and timed anew, in the midst of a period."""
        self._layout.merge(self._window)
        self._until_ns -= self._window.busy_ns
        self._window = Traffic()
        self._phase, self._pattern_from_s = "pattern", time.monotonic()
        self._burner.begin_window()

    def _rates(self) -> Figures:
        """Of the pattern alone, and how long the layout took, where there is one."""
        now_s = time.monotonic()
        if self._phase == "layout":
            return self._layout_figures(now_s)
        self._total.merge(self._window)
        rates = self._total.told(max(now_s - self._pattern_from_s, 1e-9))
        return {**rates, **self._layout_figures(self._pattern_from_s)}

    def _layout_figures(self, until_s: float) -> Figures:
        if self._spec.pattern in WRITE_ONLY:
            return {}
        return {"layout_s": until_s - self._began_s}

    def _period(self) -> None:
        level = self._burner.level
        began_s, busy_before_s = time.monotonic(), self._ever_busy_s
        ends_s = began_s + PERIOD_S
        self._until_ns = self._window.busy_ns + int(busy_s(level, self._owed_s) * 1e9)
        while self._window.busy_ns < self._until_ns and time.monotonic() < ends_s:
            self._turn(ends_s)
        self._burner.wait(ends_s - time.monotonic())
        wall_s = time.monotonic() - began_s
        self._owed_s = owed_s(self._owed_s, level, wall_s, self._ever_busy_s - busy_before_s)

    def _turn(self, ends_s: float) -> None:
        """One operation, or a wait until it may be done."""
        step = self._held or next(self._steps)
        self._held = None
        wait_s = 0.0
        if step.is_write and self._spread is not None:
            wait_s = self._spread.wait_s(time.monotonic(), self._written_bytes - self._layout_bytes)
        if not wait_s:
            self._do(step)
            return
        self._is_paced = self._was_ever_paced = True
        if self._spec.pattern in WRITE_ONLY:
            self._held = step
            self._burner.wait(min(wait_s, ends_s - time.monotonic()))

    def _pace(self) -> None:
        """From now on, what is left of the budget is spread over the time."""
        if self._spec.budget_lasts_s:
            self._layout_bytes = self._written_bytes
            # One piece may go beyond what is due.
            left_bytes = self._spec.budget_bytes - self._layout_bytes - PER_CHUNK * BLOCK
            self._spread = Spread(left_bytes, self._spec.budget_lasts_s, time.monotonic())

    def _do(self, step: Step) -> None:
        # Each line here is done once in each operation: a device answers in fifty microseconds.
        assert self._extent is not None
        is_write, first, blocks = step
        descriptor, where, size = self._extent.descriptor, first * BLOCK, blocks * BLOCK
        window = self._window
        if is_write:
            if self._written_bytes + size > self._spec.budget_bytes:
                raise Ended(f"the {self._spec.budget_bytes} bytes that may be written are used up")
            view = self._blocks.to_write(first, blocks)
            began_ns = perf_counter_ns()
            done = os.pwrite(descriptor, view, where)
            took_ns = perf_counter_ns() - began_ns
            window.busy_ns += took_ns
            window.writes.add(took_ns / 1e3)
            window.written_bytes += done
            self._written_bytes += done
            self._unsynced += 1
            if self._unsynced == self._spec.fsync_every:
                self._sync()
        else:
            view = self._blocks.to_read(first, blocks)
            began_ns = perf_counter_ns()
            done = os.preadv(descriptor, (view,), where)
            took_ns = perf_counter_ns() - began_ns
            window.busy_ns += took_ns
            window.reads.add(took_ns / 1e3)
            window.read_bytes += done
            if done == size:
                self._blocks.check(first, blocks)
        if done != size:
            raise Ended(f"the device did {done} of {size} bytes at {where}")

    def _one_file(self) -> Iterator[Step]:
        blocks = self._spec.file_mb * MIB // BLOCK
        self._take(self._spec.file_mb)
        if self._spec.pattern != "write":
            yield from one_pass(blocks, is_write=True)
            self._sync()
            self._pace()
        self._begin_pattern()
        for step in steps(self._spec.pattern, blocks, SEED):
            if step.blocks > 1 and not step.is_write and self._unsynced:
                self._sync()
            yield step

    def _files(self) -> Iterator[Step]:
        self._begin_pattern()
        for size_mb in itertools.cycle(self._spec.sizes_mb):
            self._take(size_mb)
            blocks = size_mb * MIB // BLOCK
            took_s = -self._ever_busy_s
            yield from one_pass(blocks, is_write=True)
            self._sync()
            took_s += self._ever_busy_s
            self._whole.setdefault(size_mb, Latencies()).add(took_s * 1e6)
            yield from one_pass(blocks, is_write=False)
            self._let_go()

    @property
    def _ever_busy_s(self) -> float:
        return self._layout.busy_s + self._total.busy_s + self._window.busy_s

    def _take(self, size_mb: int) -> None:
        try:
            self._extent = self._place.make(size_mb * MIB)
        except Unusable as error:
            if not self._written_bytes:
                raise
            raise Ended(str(error)) from None
        self._way = self._extent.way

    def _let_go(self) -> None:
        if self._extent is not None:
            self._extent.close()
            self._extent = None

    def _settle(self) -> None:
        self._blocks.settle()
        self._burner.verified, self._burner.bad = self._blocks.verified, self._blocks.bad

    def _sync(self) -> None:
        assert self._extent is not None
        self._settle()
        began_ns = perf_counter_ns()
        os.fsync(self._extent.descriptor)
        took_ns = perf_counter_ns() - began_ns
        self._window.busy_ns += took_ns
        self._window.syncs.add(took_ns / 1e3)
        self._unsynced = 0
        self._extent.forget_cached()

    def _report(self) -> None:
        self._settle()
        window_s, window = self._burner.window_s, self._window
        (self._layout if self._phase == "layout" else self._total).merge(window)
        self._window = Traffic()
        self._burner.report(
            reached=window.busy_s / window_s,
            **self._what(),
            phase=self._phase,
            **window.told(window_s),
            written_bytes=self._written_bytes,
            **self._pacing(self._is_paced),
        )
        self._is_paced = False
        if self._place.free_bytes() < 0:
            raise Ended("something else took the space that is to stay free")

    def _pacing(self, is_paced: bool) -> Figures:
        if not is_paced or self._spread is None:
            return {}
        return self._spread.figures

    def _what(self) -> Figures:
        mount = self._place.mount
        return {
            "pattern": self._spec.pattern,
            "medium": "RAM, not storage" if mount.is_ram else "storage",
            "filesystem": mount.filesystem,
            "device": mount.device,
            "way": self._way,
        }


def work(spec: StorageSpec, burner: Burner) -> Figures:
    """Burn until the end; the totals. Raises Unusable when nothing may be written there."""
    with closing(Place(spec.directory)) as place:
        return Storage(spec, burner, place).burn()


if __name__ == "__main__":
    assert _GIVEN is not None
    sys.exit(burn("storage", "share of the time in operations", StorageSpec, work, _GIVEN))
