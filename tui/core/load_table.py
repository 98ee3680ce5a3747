"""The [load] table of a scenario file, read and checked."""

from __future__ import annotations

from collections.abc import Collection
from math import ceil, inf

import msgspec

from tui.core.duration import MAX_DURATION_S
from tui.core.levels import MAX_SPAWN_RATE, MAX_USERS, check_spawn_rate, check_users
from tui.core.load import Arrival, Judge, Load, Stage
from tui.core.mistakes import Mistakes
from tui.core.search import By, Search
from tui.core.search_table import SearchTable, read_search
from tui.core.stage_table import Scale, StageTable, read_pattern, read_stages

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
MOST_LEVELS: dict[By, int] = {"users": MAX_USERS, "rate": MAX_ARRIVAL_RATE}
EXCLUSIVE = ("stages", "pattern", "arrival_rate", "shape", "search")


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


def read_load(mistakes: Mistakes, table: LoadTable) -> Load | None:
    """The load that a table asks for; None where `mistakes`, which are those of [load], has any."""
    load = _Reading(mistakes, table).load()
    return load if mistakes.is_clean else None


def without(mistakes: Mistakes, table: LoadTable, keys: Collection[str], what: str) -> LoadTable:
    """The table as if it had none of those keys; `mistakes` is told `what` of each that it has."""
    for key in (each for each in keys if getattr(table, each)):
        mistakes.add(key, what)
    plain = LoadTable()
    return msgspec.structs.replace(table, **{key: getattr(plain, key) for key in keys})


class _Reading:
    """One table on its way to a Load."""

    def __init__(self, mistakes: Mistakes, table: LoadTable) -> None:
        self._mistakes = mistakes
        self._table = table

    def load(self) -> Load | None:
        table = self._table
        self._check_model()
        self._check_numbers()
        timeout_s = self._above_0("timeout", table.timeout)
        warm_up_s = None
        if table.warm_up is not None:
            warm_up_s = self._mistakes.seconds("warm_up", table.warm_up)
        barrier_s = None if table.barrier is None else self._above_0("barrier", table.barrier)
        duration_s = self._duration_s()
        search = self._search()
        arrival = self._arrival(search)
        stages = self._stages(duration_s)
        if not self._mistakes.is_clean:
            return None
        if table.operations_per_user is not None and warm_up_s is None:
            # Such users may be done before the last of them has started.
            warm_up_s = 0.0
        users = self._users(stages, arrival, search, timeout_s)
        spawn_rate = self._spawn_rate(users, arrival, search)
        if search is not None:
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

    def _check_model(self) -> None:
        """Whether the keys that say how much load there is go together."""
        table, wrong = self._table, self._mistakes.add
        # The default is there where a key is missing; an empty list asks for nothing either.
        used = [key for key in EXCLUSIVE if getattr(table, key) not in ([], None, "")]
        for key in used[1:]:
            wrong(key, f"both it and load.{used[0]} say how much load there is: choose one")
        levels = ("stages", "search")
        if table.users is None and not {*levels, "arrival_rate"}.intersection(used):
            wrong("users", "is missing", unless=(*levels, "arrival_rate"))
        if table.duration is None and not {*levels}.intersection(used):
            wrong("duration", "is missing", unless=levels)
        if table.operations_per_user is not None and used:
            wrong("operations_per_user", f"says when users stop, and so does load.{used[0]}")
        if table.barrier is not None and used and used[0] != "stages":
            wrong("barrier", f"says when users begin, and so does load.{used[0]}")
        if table.reserve and table.arrival_rate is not None:
            wrong("reserve", "is counted in users, and an arrival rate has none of its own")
        if table.search is not None:
            if table.search.by == "users" and table.users is not None:
                what = "the search says how many users there are (load.search.to)"
                wrong("users", what, unless=["search.by"])
            if table.reserve:
                wrong("reserve", "a search finds how much is carried, and claims nothing")
        if not (table.stages or table.pattern):
            needs = "(load.stages or load.pattern)"
            if table.judge == "stage":
                wrong("judge", f"there are no stages to judge {needs}", unless=EXCLUSIVE[:2])
            if table.repeat != 1:
                wrong("repeat", f"there is nothing to repeat {needs}", unless=EXCLUSIVE[:2])

    def _check_numbers(self) -> None:
        table, wrong = self._table, self._mistakes.add
        if table.users is not None:
            check_users(self._mistakes, "users", table.users, least=1)
        if table.spawn_rate is not None:
            check_spawn_rate(self._mistakes, "spawn_rate", table.spawn_rate)
        steps = max(len(table.stages), len(table.pattern))
        if not 1 <= table.repeat <= MAX_STAGES or steps * table.repeat > MAX_STAGES:
            wrong("repeat", f"1 or more, and at most {MAX_STAGES} stages in all")
        for name, weight in table.user_classes.items():
            if weight < 1:
                wrong(f"user_classes.{name}", f"a weight is at least 1, not {weight}")
            elif weight > MAX_WEIGHT:
                wrong(f"user_classes.{name}", f"a weight is at most {MAX_WEIGHT}")
        operations = table.operations_per_user
        if operations is not None and not 1 <= operations <= MAX_OPERATIONS:
            wrong("operations_per_user", f"from 1 to {MAX_OPERATIONS}")
        if not 0 < table.slow_ms < inf:
            wrong("slow_ms", "must be above 0")
        elif table.slow_ms > MAX_SLOW_MS:
            what = f"{table.slow_ms:g} ms are too long (at most {MAX_SLOW_MS:.0f})"
            wrong("slow_ms", what)
        if not 0 <= table.reserve <= 100:
            wrong("reserve", "a factor from 0 (claims nothing) to 100")

    def _above_0(self, key: str, text: str) -> float:
        seconds = self._mistakes.seconds(key, text)
        if seconds <= 0:
            self._mistakes.add(key, "must be above 0")
        return seconds

    def _duration_s(self) -> float | None:
        text = self._table.duration
        if text is None:
            return None
        duration_s = self._mistakes.seconds("duration", text)
        if duration_s < 1:
            what = f"{text} is too short to measure anything (at least 1s)"
            self._mistakes.add("duration", what)
        return duration_s

    def _search(self) -> Search | None:
        table = self._table.search
        if table is None:
            return None
        return read_search(self._mistakes.within("search"), table, MOST_LEVELS)

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
            self._mistakes.add("arrival_rate", what, unless=["arrival_rate"])
        return arrival

    def _stages(self, duration_s: float | None) -> tuple[Stage, ...]:
        table = self._table
        scale = Scale(table.users, duration_s, table.spawn_rate or 1.0, table.repeat)
        if table.pattern:
            return read_pattern(self._mistakes, table.pattern, scale)
        return read_stages(self._mistakes, table.stages, scale)

    def _users(
        self,
        stages: tuple[Stage, ...],
        arrival: Arrival | None,
        search: Search | None,
        timeout_s: float,
    ) -> int:
        """The highest level, where the file leaves it to something else as well."""
        given = self._table.users
        if arrival is not None and given is None:
            most_rps = search.to if search else max(arrival.from_rps, arrival.to_rps)
            return min(ceil(most_rps * timeout_s * OPEN_SPARE) + 1, MAX_OPEN_USERS)
        if search is not None and search.by == "users":
            return round(search.to)
        return max((stage.users for stage in stages), default=given or 0)

    def _spawn_rate(self, users: int, arrival: Arrival | None, search: Search | None) -> float:
        given = self._table.spawn_rate
        if given:
            return given
        if arrival is not None:
            return min(users, MAX_SPAWN_RATE)
        if search is not None:
            return min(max(users / SEARCH_RAMP_S, 1.0), MAX_SEARCH_SPAWN_RATE)
        return 1.0

    def _check_length(self, load: Load) -> None:
        """Whether anything is left to measure once all users run."""
        table = self._table
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
        self._mistakes.add("duration", what, *beside)
