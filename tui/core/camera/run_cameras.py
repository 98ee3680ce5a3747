"""The cameras of one run: what they deliver, whether that is enough, and what matters of it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core import events as ev
from tui.core.camera.faults import CameraFault, advice_on
from tui.core.camera.fold import CamerasFold
from tui.core.camera.labels import made_lines
from tui.core.camera.verdict import findings_in, proof_of
from tui.core.camera.view import CameraView
from tui.core.camera.worst import judged_worst
from tui.core.format import counted, fixed
from tui.core.limits import Limit, LimitState
from tui.core.model import Headline
from tui.core.proof import Proof

MOST_RATES = 4
"""More of them make no sentence."""


class RunCameras:
    """Fed with a run's events; not thread-safe."""

    def __init__(self, facts: ev.RunFacts, settle_s: float) -> None:
        self._facts = facts
        self._fold = CamerasFold(facts.cameras, facts.references, settle_s, is_of_all=True)
        self._failed_first: dict[str, CameraFault] = {}
        self._opened: set[str] = set()
        self._views: tuple[CameraView, ...] | None = None

    def apply(self, event: ev.CameraEvent) -> None:
        """Fold one event in; pictures are none of a run's business."""
        if isinstance(event, ev.CameraPictured):
            return
        if isinstance(event, ev.CameraOpened):
            self._opened.add(event.camera)
        if isinstance(event, ev.CameraFailed) and event.camera not in self._opened:
            self._failed_first[event.camera] = event.fault
        self._fold.apply(event)
        self._views = None

    @property
    def views(self) -> tuple[CameraView, ...]:
        """How they stand."""
        if self._views is None:
            self._views = self._fold.views()
        return self._views

    def judged(self, limits: Sequence[Limit]) -> tuple[LimitState, ...]:
        """Each limit beside the camera that is worst by it."""
        return tuple(judged_worst(limit, self.views) for limit in limits)

    def proof(self, thresholds: Sequence[LimitState]) -> Proof:
        """What the verdict asks of them."""
        return proof_of(self.views, thresholds)

    @property
    def labels(self) -> tuple[str, ...]:
        """That a source is no camera, where it is none."""
        return made_lines((each.name, each.source) for each in self._facts.cameras)

    def warnings(self) -> tuple[str, ...]:
        """What else a reader of the figures must know at the end."""
        return tuple(self._warnings())

    def headline(self, phase: ev.Phase) -> Headline:
        """What matters of them now, in a sentence."""
        views = self.views
        if phase == "preparing":
            live = sum(view.state == "live" for view in views)
            return Headline(
                "info", f"opening {counted(len(views), 'camera')}", f": {live} of {len(views)} open"
            )
        for view in views:
            if view.fault is not None and not view.is_played:
                deliver = _how_many_deliver(views)
                return Headline("fail", view.name, f": {view.trouble}{deliver}")
        if phase == "warm-up":
            return Headline("info", "settling", ", not judged yet")
        told = [(view.name, one) for view in views for one in findings_in(view, ())]
        for level in ("fail", "warn"):
            for name, one in told:
                if one.level == level:
                    return Headline(level, name, f": {one.what}")
        return _delivering(views)

    def _warnings(self) -> Iterator[str]:
        for view in self.views:
            fault = self._failed_first.get(view.name)
            if fault is not None and view.name in self._opened:
                camera = next(each for each in self._facts.cameras if each.name == view.name)
                what = advice_on(fault, camera.source, camera.credentials).what
                yield f"{view.name} did not open at the first attempt: {what}"
            if view.frames and view.dropped is None:
                yield f"{view.name}: nothing tells whether pictures are missing"
            yield from (f"{view.name}: {one.what}" for one in view.findings if one.level == "warn")


def _how_many_deliver(views: Sequence[CameraView]) -> str:
    """`, 3 of 4 deliver`; empty where there is but one."""
    lasting = [view for view in views if not view.is_played]
    live = sum(view.state == "live" for view in lasting)
    return f", {live} of {len(lasting)} deliver" if len(lasting) > 1 else ""


def _delivering(views: Sequence[CameraView]) -> Headline:
    rates = [view.fps_now for view in views if view.fps_now is not None]
    shown = ", ".join(fixed(each, 1) for each in rates[:MOST_RATES])
    more = f" and {len(rates) - MOST_RATES} more" if len(rates) > MOST_RATES else ""
    rest = f", {shown}{more} pictures/s" if rates else ""
    word = "delivers" if len(views) == 1 else "deliver"
    return Headline("ok", f"{counted(len(views), 'camera')} {word}", rest)
