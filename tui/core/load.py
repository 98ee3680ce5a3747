"""How much load a run puts on its target, for how long, and by which users."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.search import Search

Judge = Literal["run", "stage"]


class Stage(msgspec.Struct, frozen=True):
    """One level of a staged load."""

    users: int
    """0 is a pause."""
    spawn_rate: float
    """Users started, or stopped, per second on the way to this level."""
    duration_s: float
    """The way to the level included."""


class Arrival(msgspec.Struct, frozen=True):
    """Operations that begin when the clock says so, whether or not earlier ones are answered."""

    from_rps: float
    """Per second, at the start."""
    to_rps: float
    """Per second, at the end; in between it changes evenly."""

    def rate_at(self, load_s: float, duration_s: float) -> float:
        """Operations per second, so long after the start of a load that long."""
        share = min(max(load_s / duration_s, 0.0), 1.0) if duration_s else 0.0
        return self.from_rps + (self.to_rps - self.from_rps) * share

    def due(self, load_s: float, duration_s: float) -> float:
        """How many operations should have begun `load_s` seconds into a load that long."""
        load_s = min(max(load_s, 0.0), duration_s)
        slope = (self.to_rps - self.from_rps) / duration_s if duration_s else 0.0
        return self.from_rps * load_s + slope * load_s * load_s / 2


class Load(msgspec.Struct, frozen=True):
    """How much load, for how long, by which users."""

    users: int
    """The highest level; in the open model the most operations that may be under way at once."""
    spawn_rate: float
    """Users started per second."""
    duration_s: float
    """From the first user to the stop, warm-up included."""
    locustfile: str
    """Beside the scenario's file, or absolute."""
    user_classes: dict[str, int]
    """Class name to weight; empty means all classes of the locustfile with their own weights."""
    warm_up_s: float | None
    """None: until the first moment at full level."""
    timeout_s: float
    """A request that gets no answer for this long is a failure."""
    slow_ms: float
    """Requests from here on are kept as slow ones."""
    stages: tuple[Stage, ...] = ()
    """Levels one after the other; empty: one level all along."""
    arrival: Arrival | None = None
    """The open model; None: users wait for their answers."""
    operations_per_user: int | None = None
    """A user stops after so many; None: the run's end stops them."""
    barrier_s: float | None = None
    """All users begin an operation at the same instant, once in so many seconds."""
    shape: str = ""
    """A LoadTestShape of the locustfile that says how many users there are; empty: none."""
    tags: tuple[str, ...] = ()
    """Tasks with one of these alone; empty: all."""
    exclude_tags: tuple[str, ...] = ()
    reserve: float = 0.0
    """How many times the target's normal users it is to carry; 0 claims nothing."""
    derives_users: bool = False
    """Whether the file left `users` to the arrival rate."""
    judge: Judge = "run"
    """Whether the limits hold for the whole measured phase, or for each stage by itself."""
    goes_on: bool = False
    """Whether its last level stays until something beside it is over; then it takes `duration_s`
    or longer."""
    search: Search | None = None
    """Levels that follow from what the target bears; then `duration_s` is the most it may take."""

    @property
    def first_users(self) -> int:
        """The level that the load begins with: none where a shape is to say it."""
        if self.shape:
            return 0
        if self.search is not None and self.search.by == "users":
            return round(self.search.from_)
        return self.stages[0].users if self.stages else self.users

    @property
    def first_spawn_rate(self) -> float:
        """How fast the first level is reached."""
        return self.stages[0].spawn_rate if self.stages else self.spawn_rate

    @property
    def spawn_s(self) -> float:
        """How long it takes to reach the first level."""
        return self.first_users / self.first_spawn_rate

    def stage_at(self, load_s: float) -> int:
        """The stage, counted from 0, that is under way so long after the start."""
        ends_s = 0.0
        for number, stage in enumerate(self.stages):
            ends_s += stage.duration_s
            if load_s < ends_s:
                return number
        return max(len(self.stages) - 1, 0)
