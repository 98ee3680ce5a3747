"""Lasting rises of p95 and what came before each: the run's own doing, the load, the board."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from tui.core.causes import BoardTrail, Level, cause_of
from tui.core.deeds import Deed
from tui.core.histogram import merged, percentile_ms
from tui.core.incidents import Incident, Rise

RECENT_S = 10
"""What `now` means: one second has too few requests for a percentile."""
BEFORE_S = 30
LEAST_BEFORE_S = 15
LEAST_REQUESTS = 20
"""Fewer have no 95th percentile worth the name."""
LEAST_SHARE = 1.25
LEAST_MS = 2.0
"""Below a millisecond or two a ratio says nothing."""
NOISE_SHARES = 3.0
"""A rise stands this many times above the spread of the seconds before it."""
LASTS = 5
"""Seconds for which it must hold to be called one, and to be over."""
FOOT_SHARE = 0.3
"""A rise began where this little of it was there."""
MOST_SLIPS = 2
"""Seconds in a row that may fall back to the level before, and belong to the rise all the same."""
BACK_SHARE = 0.4
"""It is over when this little of it is left."""
NEAR_PEAK = 0.97
"""From this share of the highest p95 on it is at its peak."""
MAX_RISES = 50


class _Second(msgspec.Struct, frozen=True):
    second: int
    buckets: Mapping[int, int]
    requests: int
    level: Level
    p95_ms: float | None


class RisesFold:
    """Fed with the measured seconds of a load, in order; bounded however long it is."""

    def __init__(self) -> None:
        self._seconds: deque[_Second] = deque(maxlen=BEFORE_S + RECENT_S + LASTS)
        self._over: deque[Rise] = deque(maxlen=MAX_RISES)
        self._open: Rise | None = None
        self._level_before = 0.0
        self._streak = 0
        self._deeds: Sequence[Deed] = ()
        self.trail = BoardTrail()

    @property
    def rises(self) -> tuple[Rise, ...]:
        """All of them, in order of time."""
        return (*self._over, *([self._open] if self._open else []))

    @property
    def open(self) -> Rise | None:
        """The one that goes on."""
        return self._open

    def add(
        self,
        second: int,
        buckets: Mapping[int, int],
        level: Level,
        incidents: Sequence[Incident],
        deeds: Sequence[Deed] = (),
    ) -> None:
        """One measured second; `incidents` are the board's so far, on the load's clock.

        `deeds` are what the run itself did on purpose so far.
        """
        self._deeds = deeds
        requests = sum(buckets.values())
        p95_ms = percentile_ms(buckets, 0.95)
        self._seconds.append(_Second(second, buckets, requests, level, p95_ms))
        now_ms = self._p95(self._last(RECENT_S))
        if now_ms is None:
            return
        if self._open is not None:
            self._follow(self._open, second, now_ms, incidents)
        else:
            self._look(second, now_ms, incidents)

    def _look(self, second: int, now_ms: float, incidents: Sequence[Incident]) -> None:
        before = self._before(second)
        before_ms = self._p95(before)
        if before_ms is None or len(before) < LEAST_BEFORE_S:
            return
        noise = _noise(before, before_ms)
        usual_ms, usual_now_ms = _usual_ms(before), _usual_ms(self._last(RECENT_S))
        # Both: one second of time-outs lifts the p95 of ten, but not what a second usually has.
        if not (_is_up(now_ms, before_ms, noise) and _is_up(usual_now_ms, usual_ms, noise)):
            self._streak = 0
            return
        self._streak += 1
        if self._streak < LASTS:
            return
        self._streak = 0
        began = self._onset(before_ms)
        self._level_before = sum(one.level.amount for one in before) / len(before)
        rise = Rise(
            began_s=float(began), ended_s=None, before_ms=before_ms, peak_ms=now_ms, now_ms=now_ms
        )
        self._open = self._at_peak(self._explained(rise, incidents), second)

    def _follow(
        self, rise: Rise, second: int, now_ms: float, incidents: Sequence[Incident]
    ) -> None:
        rise = self._at_peak(msgspec.structs.replace(rise, now_ms=now_ms), second)
        if not rise.cause:
            # A cause may be named only after the rise: the board's own sensors lag, too.
            rise = self._explained(rise, incidents)
        is_back = now_ms <= rise.before_ms + (rise.peak_ms - rise.before_ms) * BACK_SHARE
        self._streak = self._streak + 1 if is_back else 0
        self._open = rise
        if self._streak >= LASTS:
            # Ten seconds hold the rise for half of that after it is over.
            ended_s = max(float(second - LASTS - RECENT_S // 2 + 1), rise.began_s)
            self._over.append(msgspec.structs.replace(rise, ended_s=ended_s))
            self._open, self._streak = None, 0
            for _ in range(max(len(self._seconds) - RECENT_S, 0)):
                self._seconds.popleft()

    def _explained(self, rise: Rise, incidents: Sequence[Incident]) -> Rise:
        since = [one.level for one in self._seconds if 0 <= one.second - rise.began_s < LASTS]
        amount = median([level.amount for level in since] or [0.0])
        now = Level(amount, since[0].unit if since else "")
        return cause_of(rise, incidents, self.trail, self._level_before, now, self._deeds)

    def _at_peak(self, rise: Rise, second: int) -> Rise:
        """The rise with its peak, and with what of ours held in all of the seconds that made it."""
        peak_ms = max(rise.peak_ms, rise.now_ms)
        if peak_ms == rise.peak_ms and (rise.peak_under or rise.now_ms < peak_ms * NEAR_PEAK):
            return rise
        from_s, until_s = second - RECENT_S + 1.0, second + 1.0
        held = [deed for deed in self._deeds if deed.held(from_s, until_s)]
        newest = max(held, key=lambda deed: deed.began_s, default=None)
        return msgspec.structs.replace(
            rise,
            peak_ms=peak_ms,
            peak_under="" if newest is None else newest.text,
            own_ms=0.0 if newest is None else newest.own_ms,
        )

    def _onset(self, before_ms: float) -> int:
        """The second in which it left the level before: from now back, over three at a time.

        One second alone has too few requests, and a mix of quick and slow ones wavers.
        """
        smooth = self._smooth()
        before = {one.second for one in self._before(self._seconds[-1].second)}
        usual_ms = median([ms for second, ms in smooth if second in before] or [before_ms])
        high_ms = median([ms for _, ms in smooth[-RECENT_S // 2 :]])
        foot_ms = usual_ms + (high_ms - usual_ms) * FOOT_SHARE
        began, slips = smooth[-1][0], 0
        for second, ms in reversed(smooth):
            if ms > foot_ms:
                began, slips = second, 0
            else:
                slips += 1
                if slips > MOST_SLIPS:
                    break
        return began

    def _smooth(self) -> list[tuple[int, float]]:
        """The p95 of each second with the two before it: one that is up lifts all three."""
        seconds = list(self._seconds)
        found = []
        for place, one in enumerate(seconds):
            near = seconds[max(place - 2, 0) : place + 1]
            p95_ms = percentile_ms(merged(each.buckets for each in near), 0.95)
            if p95_ms is not None:
                found.append((one.second, p95_ms))
        return found

    def _last(self, seconds: int) -> list[_Second]:
        return list(self._seconds)[-seconds:]

    def _before(self, second: int) -> list[_Second]:
        newest = second - RECENT_S - self._streak
        return [one for one in self._seconds if newest - BEFORE_S < one.second <= newest]

    def _p95(self, seconds: Sequence[_Second]) -> float | None:
        if sum(one.requests for one in seconds) < LEAST_REQUESTS:
            return None
        return percentile_ms(merged(one.buckets for one in seconds), 0.95)


def _is_up(now_ms: float, before_ms: float, noise: float) -> bool:
    share = max(LEAST_SHARE, 1 + NOISE_SHARES * noise)
    return now_ms > before_ms * share and now_ms > before_ms + LEAST_MS


def _usual_ms(seconds: Sequence[_Second]) -> float:
    return median([one.p95_ms for one in seconds if one.p95_ms is not None] or [0.0])


def _noise(seconds: Sequence[_Second], p95_ms: float) -> float:
    """How far groups of five seconds lie from the whole as a rule, as a share of it."""
    groups = [seconds[first : first + 5] for first in range(0, len(seconds) - 4, 5)]
    found = [percentile_ms(merged(one.buckets for one in group), 0.95) for group in groups]
    apart = [abs(one - p95_ms) / p95_ms for one in found if one is not None]
    return median(apart) if apart and p95_ms else 0.0
