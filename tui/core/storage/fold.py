"""A benchmark of storage, folded from its run's events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import msgspec

from tui.core import events as ev
from tui.core.addresses import is_near
from tui.core.format import count, counted
from tui.core.limits import Limit, LimitState
from tui.core.model import Headline
from tui.core.notices import Notices
from tui.core.proof import Proof
from tui.core.storage.judging import failures, judged, proof_of
from tui.core.storage.measures import Cell
from tui.core.storage.plan import StoragePlan
from tui.core.storage.view import PLACE_NAMES, CellAt, StorageView, where_text

NO_ENDPOINT = "no endpoint is configured ([storage] in config.toml)"
NOT_ASKED = "the scenario leaves it out (storage.objects)"
BUSY_PERCENT = 90.0
"""A client that takes so much of a core may be slower than what it measures."""


class StorageFold:
    """Fed with a run's events; bounded by the scenario's cells. Not thread-safe."""

    def __init__(self, facts: ev.RunFacts, notices: Notices | None = None) -> None:
        """`notices` gets what is worth a mark or a warning when it happens."""
        plan = facts.scenario.storage
        assert plan is not None
        self._plan = plan
        self._notices = Notices() if notices is None else notices
        no_store = "" if plan.objects else NOT_ASKED
        self._view = StorageView((), len(plan.cells) * plan.places, no_store=no_store)

    def apply(self, event: ev.Event, at_s: float) -> None:
        """Fold one event in, so long after the work began; what is not of storage is ignored."""
        match event:
            case ev.StorageOpened():
                self._open(event)
            case ev.CellBegan():
                now = CellAt(event.place, event.size_mb, event.parallel)
                self._change(now=now)
            case ev.CellMeasured():
                self._change(cells=(*self._view.cells, event.cell), now=None)
                if event.cell.bad:
                    self._notices.mark(at_s, "an object came back changed", "fail")
            case ev.RecordsMeasured():
                self._change(records=event.records, now=None)
            case ev.StoreFailed():
                at = CellAt("store", event.size_mb, event.parallel) if event.parallel else None
                self._change(fault=event.fault, fault_at=at, now=None)
                self._notices.mark(at_s, "the object store failed", "fail")
            case ev.StoreCleaned():
                self._change(cleaned=event.cleaned)
            case ev.StorageEnded():
                self._change(ended_by=event.why, now=None)
            case ev.GuardsBlind():
                for line in event.lines:
                    self._notices.warn(line)
            case ev.RunEnded():
                self._change(now=None)

    def view(self) -> StorageView:
        """How it stands."""
        return self._view

    def judged(self, limits: Sequence[Limit]) -> tuple[LimitState, ...]:
        """Each limit beside its figure."""
        return judged(limits, self._view)

    def proof(self, thresholds: Sequence[LimitState]) -> Proof:
        """What the verdict asks of it."""
        return proof_of(self._view, thresholds, self._plan)

    def warnings(self) -> tuple[str, ...]:
        """What else a reader of the figures must know at the end."""
        return tuple(_warnings(self._view, self._plan))

    def headline(self, phase: ev.Phase) -> Headline:
        """What matters of it now, in a sentence."""
        view = self._view
        for what, _ in failures(view):
            return Headline("fail", what)
        if phase == "preparing":
            return Headline("info", "opening")
        if phase == "cleaning":
            return Headline("info", "cleaning up")
        now = view.now
        if now is None:
            return Headline("info" if not view.cells else "ok", standing_text(view))
        doing = f"{where_text(now)}, {PLACE_NAMES[now.place]}" if now.parallel else "metadata"
        return Headline("info", doing, f": {standing_text(view)}")

    def _open(self, event: ev.StorageOpened) -> None:
        opened = event.opened
        if opened.place == "local":
            self._change(local=opened, asked=self._asked_without(opened.why_not))
        elif opened.fault is None and opened.why_not:
            self._change(no_store=opened.why_not, asked=self._asked_without(opened.why_not))
            self._notices.warn(f"object store: n/a: {opened.why_not}")
        else:
            self._change(store=opened)
            host = urlsplit(opened.where.partition(", ")[0]).hostname or ""
            if host and not is_near(host):
                far = f"{host} is not known to be in this network: somebody may pay for the traffic"
                self._notices.warn(f"object store: {far}")
        if opened.swept:
            number = len(opened.swept) + opened.swept_more
            of_earlier = f"{counted(number, 'object')} of earlier runs"
            self._notices.warn(f"object store: {of_earlier} removed, {opened.swept[0]} first")
        if opened.medium.startswith("RAM"):
            self._notices.warn(f"local path: {opened.where} is {opened.medium}")

    def _asked_without(self, why_not: str) -> int:
        return self._view.asked - (len(self._plan.cells) if why_not else 0)

    def _change(self, **changes: object) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)


def standing_text(view: StorageView) -> str:
    """`cell 7 of 24`; once all are measured `24 cells measured`."""
    done = len(view.cells)
    if view.now is not None and view.now.parallel:
        return f"cell {count(done + 1)} of {count(view.asked)}"
    return f"{counted(done, 'cell')} measured" if done else "opening"


def share_done(view: StorageView) -> float:
    """0..1, by cells."""
    return min(len(view.cells) / view.asked, 1.0) if view.asked else 1.0


def _warnings(view: StorageView, plan: StoragePlan) -> Iterator[str]:
    for name in dict.fromkeys(cell.place for cell in view.cells):
        cells = view.cells_of(name)
        place = PLACE_NAMES[name]
        cut = [cell for cell in cells if cell.read is not None and _is_cut(cell)]
        if cut:
            each = f"the {plan.cell_s:g} s for a cell were over"
            yield f"{place}: {counted(len(cut), 'cell')} with fewer objects than asked: {each}"
        left_out = [cell for cell in cells if cell.why_not and cell.read is None]
        if left_out and name == "local":
            number = counted(len(left_out), "cell")
            yield f"{place}: {number} not measured: {left_out[0].why_not}"
        if any(cell.is_cached for cell in cells):
            yield f"{place}: what was read came from memory, it is no figure of the device"
    if _is_busy(view):
        yield (
            "object store: this client itself was busy with a whole core: the store may be quicker"
        )
    if view.cleaned is not None and view.cleaned.left and view.fault is not None:
        left = counted(view.cleaned.left, "object")
        yield f"object store: {left} may be left there; the next run removes them"
    never_open = view.fault is not None and view.fault_at is None
    if view.store is not None and view.cleaned is None and not never_open:
        yield "object store: objects of this run may be left there; the next run removes them"


def _is_cut(cell: Cell) -> bool:
    return cell.write is not None and cell.write.objects < cell.asked


def _is_busy(view: StorageView) -> bool:
    ways = (way for cell in view.cells_of("store") for way in (cell.write, cell.read))
    return any(way is not None and way.cpu_percent >= BUSY_PERCENT for way in ways)
