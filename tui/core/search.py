"""A search for the most load that a target bears: what it may do, and what it has found."""

from __future__ import annotations

from math import ceil, log, log2
from typing import Literal

import msgspec

By = Literal["users", "rate"]
Purpose = Literal["climb", "bisect", "confirm"]
SearchState = Literal["searching", "bisecting", "confirming", "done"]
EndedBy = Literal["", "target", "cap", "saturation", "generator", "disturbance", "stop"]

MAX_WINDOWS = 3
"""How often a level may be judged; the majority decides."""
LAG_S = 3.0
"""A second of load is known of a little later."""
REST_S = 30.0
"""By rate: how long what has piled up in a broken target may take to drain, at most."""
_LOWEST_SHARE = 16
"""A rate that breaks from the start is looked for down to this part of it."""


class Search(msgspec.Struct, frozen=True):
    """Geometric steps until a threshold breaks, then halving, then a hold below what was found."""

    to: float
    """The highest level; at `from_` or above."""
    from_: float = 5.0
    by: By = "users"
    """What a level is: users, or operations begun per second."""
    factor: float = 1.6
    settle_s: float = 10.0
    """From reaching a level to its first window."""
    window_s: float = 20.0
    precision: float = 0.08
    """How near the last good and the first bad level come to each other, as a share of the bad."""
    confirm_s: float = 60.0
    """How long a level below the found one is held; 0: not at all."""

    def capped(self, most: float | None) -> Search:
        """The same, never beyond `most`; None caps nothing."""
        if most is None or most >= self.to:
            return self
        return msgspec.structs.replace(self, to=most, from_=min(self.from_, most))

    def rounded(self, level: float) -> float:
        """The level as it can be asked for."""
        return float(round(level)) if self.by == "users" else level

    def above(self, level: float) -> float:
        """The next one on the way up."""
        next_up = self.rounded(level * self.factor)
        return min(max(next_up, level + 1) if self.by == "users" else next_up, self.to)

    def between(self, good: float, bad: float) -> float | None:
        """The next one between a good and a bad level, or below a bad one where `good` is 0.

        None when they are near enough.
        """
        if not good:
            least = 1.0 if self.by == "users" else self.from_ / _LOWEST_SHARE
            middle = float(int(bad / 2)) if self.by == "users" else bad / 2
            return middle if middle >= least else None
        enough = self.precision * bad
        if bad - good <= (max(enough, 1.0) if self.by == "users" else enough):
            return None
        return self.rounded((good + bad) / 2)

    def most_s(self, ramp_s: float) -> float:
        """The longest that it takes while nothing disturbs it; `ramp_s` is the way to `to`."""
        climbs = ceil(log(self.to / self.from_) / log(self.factor) - 1e-9) + 1
        # A break at the first level is halved down to nothing instead of climbed from.
        descent = log2(self.from_ if self.by == "users" else _LOWEST_SHARE)
        halvings = max(ceil(log2(max((self.factor - 1) / self.precision, 1.0))), 0) + 1
        steps = max(climbs, ceil(descent)) + halvings
        each_s = self.settle_s + MAX_WINDOWS * self.window_s + LAG_S
        rests_s = REST_S * steps if self.by == "rate" else 0.0
        hold_s = self.settle_s + self.confirm_s + LAG_S if self.confirm_s else 0.0
        # Up, half of it back and forth while halving, and down to the hold.
        return steps * each_s + rests_s + hold_s + 3 * ramp_s


class BoardMeans(msgspec.Struct, frozen=True):
    """The board over the seconds of one level; None: no reading."""

    gpu_percent: float | None = None
    cpu_percent: float | None = None
    tj_c: float | None = None
    """Of the hottest zone where there is no junction temperature."""
    ram_mb: float | None = None
    ram_percent: float | None = None
    power_mw: float | None = None
    """Of the whole board."""
    in_flight: float | None = None
    """Requests without an answer: with users, or in a queue of the target."""


class SearchStep(msgspec.Struct, frozen=True):
    """One level of the search, live or over."""

    step: int
    """Counted from 0."""
    purpose: Purpose
    level: float
    from_s: float
    """Since the load began: when the level was reached, or asked for until then."""
    until_s: float | None
    """None while it goes on."""
    seconds: int = 0
    """That count: neither settling nor disturbed."""
    disturbed_s: int = 0
    windows: int = 0
    """That were judged."""
    requests: int = 0
    rps: float | None = None
    p95_ms: float | None = None
    error_rate: float | None = None
    passed: bool | None = None
    """None until it is judged."""
    which: str = ""
    """The metric that broke worst; empty when none did."""
    text: str = ""
    """The same beside its limit, in words."""
    board: BoardMeans = BoardMeans()


class Wish(msgspec.Struct, frozen=True):
    """Where the search wants the load to be."""

    number: int
    """Counted from 0; another number is another wish, be it for the same level."""
    level: float
    """0 by rate: nothing new until what has piled up is drained."""


class BreakingPoint(msgspec.Struct, frozen=True):
    """What a search has found so far or at its end."""

    by: By
    state: SearchState
    steps: tuple[SearchStep, ...] = ()
    last_good: SearchStep | None = None
    """The highest level that held, below the first bad one."""
    first_bad: SearchStep | None = None
    """The lowest level that broke."""
    knee: float | None = None
    """From this level on, twice the load brought no more answers per second."""
    confirmed: bool | None = None
    """Whether the target held a level below the found one for longer; None: not tried."""
    ended_by: EndedBy = ""
    """What kept it from going higher; empty while it goes on."""
    why_ended: str = ""
    """The same in one line."""
