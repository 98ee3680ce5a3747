"""The clock of a load: it stands still in a pause, and its course does while a level is held."""

from __future__ import annotations

from tui.ports import Clock


class Course:
    """Seconds since the load began, by two clocks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_s = 0.0
        self._paused_s = 0.0
        self._paused_since_s: float | None = None
        self.was_paused = False
        """Whether there has been a pause."""
        self._held_s = 0.0
        self._held_since_s: float | None = None

    def begin(self) -> None:
        """The load begins now."""
        self._began_s = self._clock.monotonic_s()

    @property
    def elapsed_s(self) -> float:
        """Pauses left out."""
        now_s = self._clock.monotonic_s()
        paused_s = now_s - self._paused_since_s if self._paused_since_s is not None else 0.0
        return now_s - self._began_s - self._paused_s - paused_s

    @property
    def position_s(self) -> float:
        """Where the load is in its course: pauses and held levels left out."""
        held_s = self.elapsed_s - self._held_since_s if self._held_since_s is not None else 0.0
        return self.elapsed_s - self._held_s - held_s

    @property
    def is_held(self) -> bool:
        """Whether the course stands still at its level."""
        return self._held_since_s is not None

    @property
    def stands_still(self) -> bool:
        """Whether the load is no nearer to its end as time goes by."""
        return self.is_held or self._paused_since_s is not None

    def pause(self) -> None:
        """Both clocks stop."""
        self._paused_since_s = self._clock.monotonic_s()
        self.was_paused = True

    def resume(self) -> None:
        """They go on."""
        if self._paused_since_s is not None:
            self._paused_s += self._clock.monotonic_s() - self._paused_since_s
            self._paused_since_s = None

    def hold(self) -> None:
        """The course stops; measuring goes on."""
        self._held_since_s = self.elapsed_s

    def release(self) -> None:
        """The course goes on."""
        if self._held_since_s is not None:
            self._held_s += self.elapsed_s - self._held_since_s
            self._held_since_s = None
