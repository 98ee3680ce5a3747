"""The faults that were done on purpose, and whether each was undone."""

from __future__ import annotations

import msgspec

from tui.core.events import FaultDone, FaultUndone
from tui.core.notices import Notices
from tui.core.stress.view import FaultView
from tui.core.stress.way import told_name

MAX_FAULTS = 200


class FaultsFold:
    """Fed with faults in order of time; bounded."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._faults: list[FaultView] = []

    @property
    def views(self) -> tuple[FaultView, ...]:
        """In the order in which they were done."""
        return tuple(self._faults)

    def apply(self, event: FaultDone | FaultUndone, at_s: float) -> None:
        """One was done, or undone; `at_s` since the work began."""
        if isinstance(event, FaultUndone):
            self._end(event.name, at_s, event.cause, event.trouble)
            name = told_name(event.name)
            label, level = (f"{name}: undone", "info")
            if event.trouble:
                self._notices.warn(f"{name} could not be undone: {event.trouble}")
                label, level = (f"{name}: NOT undone", "fail")
            self._notices.mark(at_s, label, "fail" if level == "fail" else "info")
            return
        self._end(event.name, at_s)
        self._notices.mark(at_s, event.text, "warn")
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(FaultView(event.name, event.text, at_s))

    def _end(self, name: str, at_s: float, cause: str = "", trouble: str = "") -> None:
        for place, fault in enumerate(self._faults):
            if fault.name == name and fault.until_s is None:
                self._faults[place] = msgspec.structs.replace(
                    fault, until_s=at_s, cause=cause, trouble=trouble
                )
