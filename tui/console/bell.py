"""When the terminal's bell rings: once at a run's first alert, once at its verdict."""

from __future__ import annotations

from tui.core.model import Snapshot


class Bell:
    """Remembers what it has rung for; what was there before it is no news."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._judged = _judged(snapshot)
        self._alerted = _alerted(snapshot)

    def rings(self, snapshot: Snapshot) -> bool:
        """Whether this snapshot is worth a bell."""
        judged, alerted = _judged(snapshot), _alerted(snapshot)
        is_news = (judged not in ("", self._judged)) or (alerted not in ("", self._alerted))
        self._judged = judged
        self._alerted = alerted or self._alerted
        return is_news


def _judged(snapshot: Snapshot) -> str:
    """The run on the screen, once it has its verdict."""
    run = snapshot.run
    return run.facts.id if run is not None and run.is_over else ""


def _alerted(snapshot: Snapshot) -> str:
    """The run on the screen, once something was wrong with the board in it."""
    run = snapshot.run
    if run is None or run.is_over:
        return ""
    has_alert = any(incident.level in ("warn", "fail") for incident in run.incidents)
    return run.facts.id if has_alert else ""
