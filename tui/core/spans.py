"""When a run was measured, paused and over: its phases as stretches of time."""

from __future__ import annotations

from tui.core.events import Phase


class Spans:
    """Fed with phases; asked for lengths. All times are seconds since the run started."""

    def __init__(self) -> None:
        self.began_s: float | None = None
        """When the first user started."""
        self.measured_from_s: float | None = None
        """Since the load began, like everything called `load_s`."""
        self._measuring_since_s: float | None = None
        self._paused_since_s: float | None = None
        self._load_ended_s: float | None = None
        self._measured: list[tuple[float, float]] = []
        self._paused_s = 0.0
        self._held_s = 0.0
        self._held_since_s: float | None = None

    @property
    def is_holding(self) -> bool:
        """Whether the course of the load is frozen at its level."""
        return self._held_since_s is not None

    @property
    def is_measuring(self) -> bool:
        """Whether what is sent now will be judged."""
        return self._measuring_since_s is not None

    def enter(self, phase: Phase, at_s: float) -> None:
        """Another phase begins."""
        self.close(at_s)
        if phase == "measuring":
            self._measuring_since_s = at_s
            if self.measured_from_s is None:
                self.measured_from_s = self.load_s(at_s)
        elif phase == "paused":
            self._paused_since_s = at_s
        elif phase in ("draining", "cleaning") and self._load_ended_s is None:
            self._load_ended_s = at_s

    def close(self, at_s: float) -> None:
        """The phase that goes on ends here."""
        if self._measuring_since_s is not None:
            self._measured.append((self._measuring_since_s, at_s))
            self._measuring_since_s = None
        if self._paused_since_s is not None:
            self._paused_s += at_s - self._paused_since_s
            self._paused_since_s = None

    def load_s(self, at_s: float) -> float:
        """Since the load began; 0 before."""
        return max(at_s - self.began_s, 0.0) if self.began_s is not None else 0.0

    def elapsed_s(self, at_s: float) -> float:
        """Like `load_s`, but it stops with the load: drain and clean-up are not the run's time."""
        ended_s = self._load_ended_s
        return self.load_s(at_s if ended_s is None else min(at_s, ended_s))

    def measured_s(self, at_s: float) -> float:
        """Length of the measured phase up to that moment, which may lie in the past."""
        length_s = sum(max(min(end_s, at_s) - start_s, 0.0) for start_s, end_s in self._measured)
        if self._measuring_since_s is not None:
            length_s += max(at_s - self._measuring_since_s, 0.0)
        return length_s

    def paused_s(self, at_s: float) -> float:
        """Length of all pauses up to now."""
        since_s = self._paused_since_s
        return self._paused_s + (at_s - since_s if since_s is not None else 0.0)

    def hold(self, is_held: bool, at_s: float) -> None:
        """The course of the load is frozen, or goes on."""
        self._held_s = self.held_s(at_s)
        self._held_since_s = self._running_s(at_s) if is_held else None

    def held_s(self, at_s: float) -> float:
        """How much longer the load is because its level was held; pauses left out."""
        if self._held_since_s is None:
            return self._held_s
        return self._held_s + self._running_s(at_s) - self._held_since_s

    def _running_s(self, at_s: float) -> float:
        return self.elapsed_s(at_s) - self.paused_s(at_s)

    def is_over(self, load_s: float) -> bool:
        """Whether the load had ended by that moment."""
        ended_s = self._load_ended_s
        return ended_s is not None and load_s > self.load_s(ended_s)

    def was_measured(self, load_s: float) -> bool:
        """Whether that moment lies in the measured phase, also in hindsight."""
        since_s = self._measuring_since_s
        if since_s is not None and load_s >= self.load_s(since_s):
            return True
        return any(
            self.load_s(start_s) <= load_s < self.load_s(end_s) for start_s, end_s in self._measured
        )
