"""Stand-ins for the ports. Contract tests hold them to what the real ones promise."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.lib.fake_cameras import FakeCameras, FakePredictor
from tests.lib.fake_storage import FakeStorageBench
from tests.lib.fake_stress import FakeBurners, FakeFaults, FakeHealth, FakeWear
from tests.lib.fake_workflows import FakeWorkflows
from tui.core import events as ev
from tui.core.camera.camera import Camera
from tui.core.config import Target, parse_config
from tui.core.histogram import bucket_of
from tui.core.model import Past, Snapshot
from tui.core.problem import InputError
from tui.core.tally import UNMEASURED, WARM_UP, Row
from tui.engine.parts import Parts
from tui.engine.supervisor import Supervisor
from tui.ports import Created, Emit, Fetched, LoadFailed, LoadPlan, Probe

EPOCH = 1_750_000_000.0


class FakeClock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic_s(self) -> float:
        return self.now_s

    def utc(self) -> float:
        return EPOCH + self.now_s

    def pass_s(self, seconds: float) -> None:
        """Time goes by."""
        self.now_s += seconds


class FakeBoard:
    """A board whose gauges are set by hand."""

    def __init__(self) -> None:
        self.readings = {
            "cpu_percent": ev.Reading(40.0, "replay"),
            "hottest_c": ev.Reading(None, "replay", "no sensor here"),
        }
        self.lost: dict[str, str] = {}
        self.reads = 0
        self.watched = ""
        self.is_closed = False

    def read(self) -> ev.Sample:
        self.reads += 1
        return ev.Sample(dict(self.readings), dict(self.lost))

    def watch(self, process: str) -> None:
        self.watched = process

    def close(self) -> None:
        self.is_closed = True


class FakeDriver:
    """Ten requests a second from each user, a second at a time, when told to."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.plan: LoadPlan | None = None
        self.fail_on: dict[str, Exception] = {}
        """What a call raises, by its name."""
        self.created_paths: tuple[str, ...] = ()
        self.deleted_by_users = 0
        """How much more they created, and removed themselves."""
        self.ms = 100.0
        self.failing = False
        self.drains = True
        """Whether a drain ends at once."""
        self.keeps_levels = True
        """Whether a level is reached at once."""
        self.is_interrupted = False
        self._emit: Emit = lambda _: None
        self._users = 0
        self._phase = WARM_UP
        self._second = 0

    def start(self, plan: LoadPlan, emit: Emit) -> None:
        self._called("start")
        if plan.locustfile.endswith("broken.py"):
            raise LoadFailed("broken.py: line 1: ValueError", is_input=True)
        self.plan, self._emit = plan, emit
        self._users, self._phase, self._second = 0, WARM_UP, 0

    def begin(self) -> None:
        self._called("begin")
        assert self.plan is not None
        self._level(self.plan.users)

    def rescale(self, users: int, spawn_rate: float) -> None:
        self._called("rescale", users)
        self._level(users)

    def rerate(self, rate_rps: float) -> None:
        self._called("rerate", rate_rps)

    def hold(self, is_held: bool) -> None:
        self._called("hold", is_held)

    def set_phase(self, phase: int) -> None:
        self._called("set_phase", phase)
        self._phase = phase

    def drain(self, grace_s: float) -> None:
        self._called("drain", grace_s)
        self._users, self._phase = 0, UNMEASURED
        if self.drains:
            self.end_drain()

    def end_drain(self) -> None:
        """The last request has its answer."""
        self._emit(ev.ReportsCounted(received=self._second * 2, lost=0))
        self._emit(ev.DrainEnded(unfinished=0))

    def interrupt(self) -> None:
        self.is_interrupted = True

    def extend(self, deadline_s: float) -> None:
        self._called("extend", deadline_s)

    def created(self) -> Created:
        return Created(len(self.created_paths) + self.deleted_by_users, self.created_paths)

    def close(self) -> None:
        self._called("close")
        self._emit = lambda _: None
        self.plan = None

    def run_s(self, seconds: int) -> None:
        """So many windows close."""
        for _ in range(seconds):
            self._emit(ev.LoadReported(users=self._users, in_flight=0, oldest_s=0.0, silent_s=0.0))
            self._emit(self._window())
            self._second += 1

    def say(self, event: ev.Event) -> None:
        """Anything else."""
        self._emit(event)

    def names(self) -> list[str]:
        """What was called, in order."""
        return [call[0] for call in self.calls]

    def _called(self, *call: Any) -> None:
        self.calls.append(call)
        if call[0] in self.fail_on:
            raise self.fail_on[call[0]]

    def _level(self, users: int) -> None:
        self._users = users
        if self.keeps_levels:
            self._emit(ev.LevelReached(users=users))

    def _window(self) -> ev.WindowClosed:
        assert self.plan is not None
        requests = 10 * self._users
        failures = requests if self.failing else 0
        over = [0 if limit.holds_for(self.ms) else requests for limit in self.plan.counted]
        buckets = {bucket_of(self.ms): requests}
        row = Row(
            method="GET",
            name="/look",
            phase=self._phase,
            requests=requests,
            failures=failures,
            sum_ms=requests * self.ms,
            min_ms=self.ms,
            max_ms=self.ms,
            buckets=buckets,
            failed_buckets=buckets if self.failing else {},
            over=over,
        )
        failure = ev.FailureCount("GET", "/look", "5xx", "HTTP 503", self._phase, failures)
        return ev.WindowClosed(
            second=self._second,
            rows=[row] if requests else [],
            failures=[failure] if failures else [],
            slow=[],
            users=self._users,
            in_flight=0,
            oldest_s=0.0,
            lag_p99_ms=1.0,
            generator_cpu_percent=10.0,
        )


class FakeService:
    """A target that answers as it is told to."""

    def __init__(self) -> None:
        self.answer = Probe(True, "HTTP 200", 3.0)
        self.on_probe: Callable[[], None] = lambda: None
        self.probed: list[tuple[str, str]] = []
        self.document = Fetched(trouble="status 404")
        self.fetched: list[tuple[str, str]] = []
        self.deleted: list[str] = []
        self.keeps = 0
        """How many things it does not delete."""

    def probe(self, url: str, target: Target, token: str) -> Probe:
        self.probed.append((url, token))
        self.on_probe()
        return self.answer

    def fetch(self, url: str, target: Target, token: str, path: str) -> Fetched:
        self.fetched.append((url + path, token))
        return self.document

    def delete(self, url: str, target: Target, token: str, paths: Sequence[str]) -> int:
        self.deleted += paths
        return len(paths) - self.keeps


class FakeEmbedded:
    """The demo, as far as an engine sees it."""

    def __init__(self) -> None:
        self.is_running = False
        self.token = "demo-token"
        self.secrets = {"operator_password": "op-word", "viewer_password": "view-word"}
        self.restarts: list[str] = []
        """By the threads that it was done on."""
        self.why_not = ""
        """What speaks against a restart."""

    def start(self) -> str:
        self.is_running = True
        return "http://127.0.0.1:40001"

    def restart(self) -> None:
        self.restarts.append(threading.current_thread().name)
        if self.why_not:
            raise OSError(self.why_not)

    def close(self) -> None:
        self.is_running = False


class FakeStore:
    """Keeps events in a list."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, ev.Event]] = []
        self.trouble = ""
        self.is_closed = False

    def put(self, run_id: str, event: ev.Event, at_utc: float) -> None:
        self.kept.append((run_id, event))

    def past(self) -> dict[tuple[str, str], Past]:
        return {}

    def flush(self) -> str:
        return self.trouble

    def close(self) -> None:
        self.is_closed = True


class FakeLock:
    """A lock that somebody may hold."""

    def __init__(self) -> None:
        self.holder = ""
        self.is_held = False

    def acquire(self, scenario: str, at_utc: float) -> str:
        self.is_held = not self.holder
        return self.holder

    def release(self) -> None:
        self.is_held = False


class FakeParts:
    """Everything an engine is made of, and what became of it."""

    def __init__(self, **real: Any) -> None:
        self.clock = FakeClock()
        self.board = FakeBoard()
        self.driver = FakeDriver()
        self.service = FakeService()
        self.embedded = FakeEmbedded()
        self.store = FakeStore()
        self.lock = FakeLock()
        self.burners = FakeBurners()
        self.faults = FakeFaults()
        self.health = FakeHealth()
        self.wear = FakeWear()
        self.cameras = FakeCameras()
        self.predictor = FakePredictor()
        self.workflows = FakeWorkflows()
        self.storage = FakeStorageBench()
        self.token = ""
        self.secrets: dict[str, str | InputError] = {}
        """What cameras ask for, or why it is not to be had, by their names."""
        self.target_secrets: dict[str, str | InputError] = {}
        """Those of a target, or why one is not to be had, by their names."""
        self.snapshots: list[Snapshot] = []
        parts = Parts(
            clock=self.clock,
            board=lambda: self.board,
            driver=self.driver,
            service=self.service,
            embedded=self.embedded,
            store=self.store,
            lock=self.lock,
            config=parse_config("config.toml", {}),
            device=ev.Device("bench", 2, 2048, "3.11", "replay"),
            version="0.1.0",
            config_sha256="c0ffee",
            read_token=lambda target: self.token,
            read_secret=self._target_secret,
            burners=self.burners,
            faults=self.faults,
            health=self.health,
            wear=lambda: self.wear,
            scratch=Path("/scratch"),
            cameras=self.cameras,
            predictor=self.predictor,
            read_credentials=self._secret,
            references=lambda: (),
            workflows=self.workflows,
            storage=self.storage,
            read_storage_keys=lambda settings: ("key", "secret"),
        )
        self.made_of = msgspec.structs.replace(parts, **real)
        self.supervisor = Supervisor(self.made_of, "demo")
        self.supervisor.listen(self.snapshots.append)

    def phases(self) -> list[str]:
        """The phases of the snapshots, each once."""
        seen = (snapshot.run.phase for snapshot in self.snapshots if snapshot.run)
        return [phase for phase, _ in itertools.groupby(seen)]

    def _target_secret(self, target: Target, name: str) -> str:
        secret = self.target_secrets[name]
        if isinstance(secret, InputError):
            raise secret
        return secret

    def _secret(self, camera: Camera) -> str:
        secret = self.secrets.get(camera.name, "")
        if isinstance(secret, InputError):
            raise secret
        return secret
