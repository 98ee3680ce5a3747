"""The [load] table of a scenario file, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf

import msgspec

from tui.core.duration import MAX_DURATION_S, parse_duration_s
from tui.core.load import Arrival, Judge, Load, Stage
from tui.core.problem import Problem
from tui.core.search import By, Search
from tui.core.search_table import SearchTable, read_search

MAX_USERS = 100_000
MAX_SPAWN_RATE = 10_000
MAX_ARRIVAL_RATE = 10_000
MAX_WEIGHT = 1_000_000
MAX_STAGES = 1_000
MAX_OPERATIONS = 1_000_000
MAX_OPEN_USERS = 2_000
"""What an arrival rate gives itself; more must be asked for."""
MAX_SLOW_MS = MAX_DURATION_S * 1000
OPEN_SPARE = 1.1
"""Users beyond what a target that lets every request time out would keep busy."""
SEARCH_RAMP_S = 20.0
"""From no user to the highest level of a search, where the file says nothing."""
MAX_SEARCH_SPAWN_RATE = 100.0
EXCLUSIVE = ("stages", "pattern", "arrival_rate", "shape", "search")


class StageTable(msgspec.Struct, forbid_unknown_fields=True):
    users: int
    duration: str
    spawn_rate: float | None = None


class ArrivalTable(msgspec.Struct, forbid_unknown_fields=True):
    to: float
    from_: float = msgspec.field(name="from", default=0.0)


class LoadTable(msgspec.Struct, forbid_unknown_fields=True):
    users: int | None = None
    duration: str | None = None
    spawn_rate: float | None = None
    locustfile: str = "users.py"
    user_classes: dict[str, int] = {}
    stages: list[StageTable] = []
    pattern: list[float] = []
    repeat: int = 1
    arrival_rate: float | ArrivalTable | None = None
    operations_per_user: int | None = None
    barrier: str | None = None
    shape: str = ""
    tags: list[str] = []
    exclude_tags: list[str] = []
    warm_up: str | None = None
    timeout: str = "10s"
    slow_ms: float = 1000.0
    reserve: float = 0.0
    judge: Judge = "run"
    search: SearchTable | None = None


def read_load(where: str, table: LoadTable, problems: list[Problem]) -> Load | None:
    """The load that a table asks for; None when `problems` has grown."""
    reading = _Reading(where, table)
    load = reading.load()
    problems += reading.problems
    return None if reading.problems else load


class _Reading:
    """One table on its way to a Load, and what is wrong with it."""

    def __init__(self, where: str, table: LoadTable) -> None:
        self.problems: list[Problem] = []
        self._where = where
        self._table = table

    def load(self) -> Load | None:
        table = self._table
        self._check_model()
        self._check_numbers()
        timeout_s = self._seconds("timeout", table.timeout)
        warm_up_s = None if table.warm_up is None else self._seconds("warm_up", table.warm_up)
        barrier_s = None if table.barrier is None else self._seconds("barrier", table.barrier)
        duration_s = None
        if table.duration is not None:
            duration_s = self._seconds("duration", table.duration)
        if self.problems:
            return None
        if timeout_s <= 0:
            self._wrong("timeout", "must be above 0")
        if barrier_s is not None and barrier_s <= 0:
            self._wrong("barrier", "must be above 0")
        search = self._search()
        arrival = self._arrival(search)
        if table.operations_per_user is not None and warm_up_s is None:
            # Such users may be done before the last of them has started.
            warm_up_s = 0.0
        stages = self._stages(duration_s)
        if self.problems:
            return None
        users = max((stage.users for stage in stages), default=table.users or 0)
        if arrival is not None and table.users is None:
            most_rps = max(arrival.from_rps, arrival.to_rps)
            if search is not None:
                most_rps = search.to
            users = min(ceil(most_rps * timeout_s * OPEN_SPARE) + 1, MAX_OPEN_USERS)
        elif search is not None and search.by == "users":
            users = round(search.to)
        spawn_rate = table.spawn_rate or (min(users, MAX_SPAWN_RATE) if arrival else 1.0)
        if search is not None:
            if arrival is None and table.spawn_rate is None:
                spawn_rate = min(max(users / SEARCH_RAMP_S, 1.0), MAX_SEARCH_SPAWN_RATE)
            most_s = search.most_s(0.0 if arrival else users / spawn_rate)
            duration_s = min(duration_s or most_s, most_s)
        load = Load(
            users=users,
            spawn_rate=float(spawn_rate),
            duration_s=duration_s or sum(stage.duration_s for stage in stages),
            locustfile=table.locustfile,
            user_classes=table.user_classes,
            warm_up_s=warm_up_s,
            timeout_s=timeout_s,
            slow_ms=table.slow_ms,
            stages=stages,
            arrival=arrival,
            derives_users=table.users is None and arrival is not None,
            operations_per_user=table.operations_per_user,
            barrier_s=barrier_s,
            shape=table.shape,
            tags=tuple(table.tags),
            exclude_tags=tuple(table.exclude_tags),
            reserve=table.reserve,
            judge=table.judge,
            search=search,
        )
        self._check_length(load)
        return load

    def _wrong(self, key: str, what: str, *beside: str) -> None:
        whole = tuple(f"load.{each}" for each in beside)
        self.problems.append(Problem(self._where, f"load.{key}", what, whole))

    def _seconds(self, key: str, text: str) -> float:
        try:
            return parse_duration_s(text)
        except ValueError as error:
            self._wrong(key, str(error))
            return 0.0

    def _check_model(self) -> None:
        """Whether the keys that say how much load there is go together."""
        table = self._table
        # msgspec gives the default where a key is missing; an empty list asks for nothing either.
        used = [key for key in EXCLUSIVE if getattr(table, key) not in ([], None, "")]
        if len(used) > 1:
            self._wrong(
                used[1], f"both it and load.{used[0]} say how much load there is: choose one"
            )
        needs_users = not table.stages and table.arrival_rate is None and table.search is None
        needs_duration = not table.stages and table.search is None
        for key, needed in (("users", needs_users), ("duration", needs_duration)):
            if needed and getattr(table, key) is None:
                self._wrong(key, "is missing")
        if table.operations_per_user is not None and used:
            self._wrong("operations_per_user", f"says when users stop, and so does load.{used[0]}")
        if table.barrier is not None and used and used[0] != "stages":
            self._wrong("barrier", f"says when users begin, and so does load.{used[0]}")
        if table.reserve and table.arrival_rate is not None:
            self._wrong("reserve", "is counted in users, and an arrival rate has none of its own")
        if table.search is not None:
            if table.search.by == "users" and table.users is not None:
                self._wrong("users", "the search says how many users there are (load.search.to)")
            if table.reserve:
                self._wrong("reserve", "a search finds how much is carried, and claims nothing")
        if table.judge == "stage" and not (table.stages or table.pattern):
            self._wrong("judge", "there are no stages to judge (load.stages or load.pattern)")
        if table.repeat != 1 and not (table.stages or table.pattern):
            self._wrong("repeat", "there is nothing to repeat (load.stages or load.pattern)")

    def _check_numbers(self) -> None:
        table = self._table
        if table.users is not None:
            self._check_users("users", table.users, least=1)
        if table.spawn_rate is not None:
            self._check_rate("spawn_rate", table.spawn_rate)
        for number, stage in enumerate(table.stages):
            self._check_users(f"stages.{number + 1}.users", stage.users, least=0)
            if stage.spawn_rate is not None:
                self._check_rate(f"stages.{number + 1}.spawn_rate", stage.spawn_rate)
        for share in table.pattern:
            if not 0 <= share <= 100:
                self._wrong("pattern", "its numbers are percents of load.users, from 0 to 100")
                break
        steps = max(len(table.stages), len(table.pattern))
        if not 1 <= table.repeat <= MAX_STAGES or steps * table.repeat > MAX_STAGES:
            self._wrong("repeat", f"1 or more, and at most {MAX_STAGES} stages in all")
        for name, weight in table.user_classes.items():
            if weight < 1:
                self._wrong(f"user_classes.{name}", f"a weight is at least 1, not {weight}")
            elif weight > MAX_WEIGHT:
                self._wrong(f"user_classes.{name}", f"a weight is at most {MAX_WEIGHT}")
        operations = table.operations_per_user
        if operations is not None and not 1 <= operations <= MAX_OPERATIONS:
            self._wrong("operations_per_user", f"from 1 to {MAX_OPERATIONS}")
        if not 0 < table.slow_ms < inf:
            self._wrong("slow_ms", "must be above 0")
        elif table.slow_ms > MAX_SLOW_MS:
            what = f"{table.slow_ms:g} ms are too long (at most {MAX_SLOW_MS:.0f})"
            self._wrong("slow_ms", what)
        if not 0 <= table.reserve <= 100:
            self._wrong("reserve", "a factor from 0 (claims nothing) to 100")

    def _check_users(self, key: str, users: int, *, least: int) -> None:
        # Numbers that are too large are not repeated: Python refuses to write some of them.
        if users < least:
            load = "load anything" if least else "be fewer than none"
            self._wrong(key, f"{users} users can't {load} (at least {least})")
        elif users > MAX_USERS:
            self._wrong(key, f"more users than a generator can be (at most {MAX_USERS})")

    def _check_rate(self, key: str, rate: float) -> None:
        # TOML writes nan and inf as numbers, and no comparison holds for nan.
        if not 0 < rate < inf:
            self._wrong(key, f"{rate:g} users per second never start (above 0)")
        elif rate > MAX_SPAWN_RATE:
            self._wrong(key, f"{rate:g} users per second are too many (at most {MAX_SPAWN_RATE})")

    def _search(self) -> Search | None:
        if self._table.search is None:
            return None
        most: dict[By, int] = {"users": MAX_USERS, "rate": MAX_ARRIVAL_RATE}
        return read_search(self._where, self._table.search, self.problems, most)

    def _arrival(self, search: Search | None) -> Arrival | None:
        if search is not None and search.by == "rate":
            return Arrival(search.from_, search.from_)
        asked = self._table.arrival_rate
        if asked is None:
            return None
        if isinstance(asked, ArrivalTable):
            arrival = Arrival(asked.from_, asked.to)
        else:
            arrival = Arrival(float(asked), float(asked))
        rates = (arrival.from_rps, arrival.to_rps)
        if not all(0 <= rate <= MAX_ARRIVAL_RATE for rate in rates) or not max(rates) > 0:
            what = f"operations per second, above 0 and at most {MAX_ARRIVAL_RATE}"
            self._wrong("arrival_rate", what)
        return arrival

    def _stages(self, duration_s: float | None) -> tuple[Stage, ...]:
        """Levels and lengths as the file has them, then scaled to `users` and `duration`."""
        table = self._table
        base = table.spawn_rate or 1.0
        if table.pattern:
            assert table.users is not None
            assert duration_s is not None
            steps = table.pattern * table.repeat
            length_s = duration_s / len(steps)
            levels = [ceil(table.users * share / 100) for share in steps]
            return self._checked([Stage(users, base, length_s) for users in levels])
        stages = [
            Stage(
                stage.users,
                stage.spawn_rate or base,
                self._seconds(f"stages.{number + 1}.duration", stage.duration),
            )
            for number, stage in enumerate(table.stages)
        ] * table.repeat
        if not stages or self.problems:
            return ()
        peak = max(stage.users for stage in stages)
        whole_s = sum(stage.duration_s for stage in stages)
        by_users = table.users / peak if table.users and peak else 1.0
        by_time = duration_s / whole_s if duration_s and whole_s else 1.0
        # Ramps belong to the shape: a load of half the length climbs twice as fast.
        scaled = [
            Stage(
                # In whole numbers: 0.275 times 200 is a little above 55.
                -(-stage.users * (table.users or peak) // peak) if peak else 0,
                min(stage.spawn_rate * by_users / by_time, MAX_SPAWN_RATE),
                stage.duration_s * by_time,
            )
            for stage in stages
        ]
        return self._checked(scaled)

    def _checked(self, stages: Sequence[Stage]) -> tuple[Stage, ...]:
        key = "pattern" if self._table.pattern else "stages"
        if stages[0].users < 1:
            self._wrong(key, "the first level needs a user: the load begins with it")
        before = 0
        for number, stage in enumerate(stages):
            ramp_s = abs(stage.users - before) / stage.spawn_rate
            if stage.duration_s < 1:
                self._wrong(key, f"stage {number + 1} is shorter than 1 s", "duration")
                break
            if ramp_s >= stage.duration_s * (1 + 1e-9):
                what = (
                    f"stage {number + 1} ends before it gets from {before} to {stage.users} users: "
                    f"at {stage.spawn_rate:g}/s that takes {ramp_s:g} s"
                )
                self._wrong(key, what, "spawn_rate", "users", "duration")
                break
            before = stage.users
        return tuple(stages)

    def _check_length(self, load: Load) -> None:
        """Whether anything is left to measure once all users run."""
        table = self._table
        if load.duration_s < 1:
            text = table.duration
            self._wrong("duration", f"{text} is too short to measure anything (at least 1s)")
            return
        spawn_s = load.spawn_s if load.warm_up_s is None else load.warm_up_s
        if spawn_s < load.duration_s:
            return
        ends = table.duration or f"{load.duration_s:g} s"
        if load.warm_up_s is None:
            start = f"{load.first_users} users at {load.first_spawn_rate:g}/s need {spawn_s:g} s"
            beside = ["users", "spawn_rate"]
        else:
            start, beside = f"warm_up takes {table.warm_up}", ["warm_up"]
        what = f"nothing would be measured: {start}, the run ends after {ends}"
        self._wrong("duration", what, *beside)
