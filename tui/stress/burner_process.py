"""One process of a burner, as its owner knows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui.child.lifeline import LEFT_STATUS
from tui.child.spawn import Child

SILENT_S = 3.0
"""What was told longer ago is no longer how it stands."""
STARTS_S = 10.0
"""A process that has told nothing so long after its start is silent: a small board needs seconds
for an interpreter."""


class BurnerProcess:
    """One process of a burner, and what it told."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.started_s = 0.0
        self.last: dict[str, Any] | None = None
        self.heard_s = 0.0
        self.done: dict[str, Any] | None = None
        self.error = ""
        self.advice = ""
        """What helps against the error, where that is known."""
        self.is_gone = False
        self.was_told = False
        """To end, while it lived, as far as anybody knew."""
        self.is_done_early = False
        """Whether its totals came before it was told to end."""

    @property
    def is_over(self) -> bool:
        """Whether it burns no more."""
        return self.is_gone or self.done is not None

    @property
    def is_lost(self) -> bool:
        """Whether it is gone without its totals."""
        return self.is_gone and self.done is None

    @property
    def is_stuck(self) -> bool:
        """Whether it still lives."""
        return not self.is_gone and self.child is not None and self.child.returncode is None

    @property
    def went_by_itself(self) -> bool:
        """Whether it is gone without its totals, and nobody made it go.

        One that hears no more of its owner leaves by itself, one that is told to end says its
        totals or is killed. So the status decides: an order may come when it is just gone.
        """
        if self.done is not None or self.child is None or not self.is_gone:
            return False
        return not self.was_told or self.child.returncode == LEFT_STATUS

    @property
    def ended_early(self) -> bool:
        """By itself, without having done all that it was asked."""
        if self.done is None:
            return self.went_by_itself
        is_short = bool(self.done.get("ended_by")) or self.done.get("is_complete") is False
        return self.is_done_early and is_short

    def is_fresh(self, now_s: float) -> bool:
        """Whether what it told last is how it stands."""
        return self.last is not None and not self.is_over and now_s - self.heard_s < SILENT_S

    def is_silent(self, now_s: float) -> bool:
        """Whether it should tell something and does not."""
        if self.child is None or self.is_over or self.was_told:
            return False
        if self.last is None:
            return now_s - self.started_s > STARTS_S
        return not self.is_fresh(now_s)

    def tell_to_end(self, how: Callable[[Child], None]) -> None:
        if self.child is not None and self.child.returncode is None:
            self.was_told = True
            how(self.child)
