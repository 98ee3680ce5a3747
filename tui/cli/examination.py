"""What `jetproof doctor` looks at: each part of the surroundings, what is wrong and what to do."""

from __future__ import annotations

import platform
import resource
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.camera_findings import doctor_findings
from tui.cli.options import Places, target_of
from tui.cli.running_findings import running_findings
from tui.cli.stress_findings import stress_findings
from tui.core.config import BoardSettings
from tui.core.finding import Finding, State
from tui.core.format import count, counted, ms
from tui.core.problem import COMMAND_LINE, InputError
from tui.core.target_process import process_of
from tui.core.validity import FLOOR_P50_MS, FLOOR_P99_MS

if TYPE_CHECKING:
    from tui.catalogue import Catalogue, Loaded
    from tui.core.alerts import AlertRule
    from tui.core.events import Sample
    from tui.core.scenario import Scenario
    from tui.core.validity import Floor
    from tui.ports import Board

MIB = 1024 * 1024
LITTLE_DISK_MB, NO_DISK_MB = 1024, 100
LITTLE_MEMORY_MB, NO_MEMORY_MB = 512, 128
SPARE_DESCRIPTORS = 256
"""What a worker has open beside its users' connections."""
NO_DESCRIPTORS = 512
BAD_CLIENT = "2.4.0"
SERVICE_S, SERVICE_EVERY_S = 2.0, 0.1
"""How long the service is looked for: systemd or a container engine may be asked."""


class Examination:
    """Looks at one part after the other; what a part finds the next ones may use."""

    def __init__(self, places: Places, target: str | None) -> None:
        self._places = places
        self._target = target
        self.loaded: Loaded | None = None
        self.catalogue: Catalogue | None = None
        self.scenarios: tuple[Scenario, ...] = ()
        self.state_dir: Path | None = None

    def findings(self) -> Iterator[Finding]:
        """In order. InputError when the command line itself is wrong."""
        yield versions()
        for look in (self._configuration, self._scenarios, self._state_directory):
            try:
                yield look()
            except InputError as error:
                if any(problem.where == COMMAND_LINE for problem in error.problems):
                    raise
                name = look.__name__.strip("_").replace("_", " ")
                for problem in error.problems:
                    yield Finding(name, "fail", str(problem))
        yield from self._operations()
        yield descriptors(max((each.users for each in self.scenarios), default=0))
        yield memory()
        yield from running_findings()
        yield self._target_service()
        if self.state_dir is not None:
            yield floor(self.state_dir)
            config = self.loaded.config if self.loaded else None
            settings = config.board if config else BoardSettings()
            alerts = config.alerts if config else ()
            yield from board(settings, self.state_dir, alerts, self._process())
            scratch = config.stress.scratch if config else ""
            yield from stress_findings(self.state_dir, scratch, is_replay=bool(settings.root))
            if self.loaded is not None:
                yield from doctor_findings(self.loaded, self.state_dir)

    def _process(self) -> str:
        """Which process the target is on this machine; empty: none, or it is the demo."""
        if self.loaded is None:
            return ""
        target = target_of(self.loaded, self._target)
        return "" if target.is_demo else process_of(target, target.url)

    def _configuration(self) -> Finding:
        self.loaded = self._places.loaded()
        targets = counted(len(self.loaded.config.targets), "target")
        return Finding("configuration", "ok", f"{self.loaded.path}: {targets}")

    def _scenarios(self) -> Finding:
        from tui.cli.locustfile import locustfile_problems

        catalogue = self._places.catalogue()
        contents = catalogue.contents()
        problems = list(contents.problems)
        for scenario in contents.scenarios:
            problems += locustfile_problems(scenario)
        if problems:
            raise InputError(problems)
        self.catalogue, self.scenarios = catalogue, contents.scenarios
        many = counted(len(contents.scenarios), "scenario")
        return Finding("scenarios", "ok", f"{many}, {counted(len(contents.campaigns), 'campaign')}")

    def _operations(self) -> Iterator[Finding]:
        """What of the target's own operations fits no workflow."""
        from tui.core.e2e.fitting import operation_warnings

        if self.loaded is None:
            return
        workflows = {each.id: each.workflow for each in self.scenarios if each.workflow is not None}
        target = target_of(self.loaded, self._target)
        for line in operation_warnings(target, workflows) if workflows else ():
            yield Finding("operations", "warn", line, f"correct it in {self.loaded.path}")

    def _state_directory(self) -> Finding:
        path = self.state_dir = self._places.state_dir()
        free_mb = shutil.disk_usage(path).free / MIB
        return Finding(
            "state directory",
            _enough(free_mb, LITTLE_DISK_MB, NO_DISK_MB),
            f"{path}: {count(free_mb)} MB free",
            "" if free_mb >= LITTLE_DISK_MB else "free some space, or choose another with --state",
        )

    def _target_service(self) -> Finding:
        if self.loaded is None or self.state_dir is None:
            return Finding("target", "warn", "not asked: something above must be put right first")
        from tui.child.spawn import Lifelines
        from tui.service.client import HttpService
        from tui.service.embedded import DemoTarget
        from tui.service.token import read_token

        target = target_of(self.loaded, self._target)
        lifelines = Lifelines()
        demo = DemoTarget(lifelines, _log_dir(self.state_dir))
        try:
            url = demo.start() if target.is_demo else target.url
            token = demo.token if target.is_demo else read_token(target)
            probe = HttpService().probe(url, target, token)
        except (InputError, OSError) as error:
            return Finding("target", "fail", f"{target.name}: {error}")
        finally:
            demo.close()
            lifelines.close()
        where = "the embedded demo" if target.is_demo else target.url
        if not probe.answered:
            advice = f"start the service, or correct targets.{target.name} in config.toml"
            return Finding("target", "fail", f"{target.name}: {probe.detail}", advice)
        said = f"{target.name}: {where} answers in {ms(probe.ms)} ms"
        if probe.paths:
            return Finding("target", "ok", f"{said}, {counted(len(probe.paths), 'path')}")
        advice = "without /openapi.json in its answers no pictures are stored on it"
        return Finding("target", "ok", said, advice)


def versions() -> Finding:
    """Python, and the libraries whose faults would be measured."""
    client = metadata.version("geventhttpclient")
    said = f"{platform.python_version()}, locust {metadata.version('locust')}"
    if client == BAD_CLIENT:
        said += f", geventhttpclient {client}: it adds 42 ms to requests without a body"
        return Finding("Python", "fail", said, "pip install 'geventhttpclient!=2.4.0'")
    return Finding("Python", "ok", said)


def descriptors(most_users: int) -> Finding:
    """Whether every user of the largest scenario can have a connection."""
    # Workers raise the soft limit by themselves, as far as the hard one lets them.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return Finding("descriptors", "ok", "no limit")
    state = _enough(hard, most_users + SPARE_DESCRIPTORS, NO_DESCRIPTORS)
    said = f"at most {count(hard)} for each process"
    if state == "ok":
        return Finding("descriptors", "ok", said)
    advice = "raise it: `ulimit -Hn 65536`, or LimitNOFILE= of the service that starts jetproof"
    said += f": enough for {counted(max(hard - SPARE_DESCRIPTORS, 0), 'user')}"
    return Finding("descriptors", state, said, advice)


def memory() -> Finding:
    """Whether the generator fits beside what runs already."""
    import psutil

    found = psutil.virtual_memory()
    free_mb = found.available / MIB
    return Finding(
        "memory",
        _enough(free_mb, LITTLE_MEMORY_MB, NO_MEMORY_MB),
        f"{count(free_mb)} of {count(found.total / MIB)} MB available",
        "" if free_mb >= LITTLE_MEMORY_MB else "end what is not needed: a swapping board is slow",
    )


def floor(state_dir: Path) -> Finding:
    """What the instrument itself adds to a latency on this machine, now."""
    from tui.child.spawn import Lifelines
    from tui.load.driver import LocustDriver

    lifelines = Lifelines()
    driver = LocustDriver(lifelines, _log_dir(state_dir))
    try:
        found = driver.calibrate()
    finally:
        driver.shut_down()
        lifelines.close()
    return floor_finding(found)


def floor_finding(found: Floor | str) -> Finding:
    """A floor, or why there is none."""
    if isinstance(found, str):
        return Finding("instrument", "fail", f"its floor can't be measured: {found}")
    said = f"adds {ms(found.p50_ms)} ms at p50, {ms(found.p99_ms)} ms at p99"
    if found.p50_ms <= FLOOR_P50_MS and found.p99_ms <= FLOOR_P99_MS:
        return Finding("instrument", "ok", said)
    most = f"at most {ms(FLOOR_P50_MS)} and {ms(FLOOR_P99_MS)}"
    advice = "end what else runs on this machine, or give it more cores: runs are INVALID now"
    return Finding("instrument", "fail", f"{said} ({most})", advice)


def board(
    settings: BoardSettings,
    state_dir: Path,
    alerts: Sequence[AlertRule] = (),
    process: str = "",
) -> Iterable[Finding]:
    """What can be read of the board, what can't, and what it says of itself now; whether the
    service is seen as that `process` of it."""
    from tui.board.detect import detect_board
    from tui.board.jtop import SOCKET
    from tui.cli.board_findings import board_findings, jtop_access, process_findings
    from tui.cli.look import Look

    detected = detect_board(settings, state_dir, list)
    try:
        look = Look(detected, settings.root, alerts)
        scene = look.steady()
        yield from board_findings(scene)
        for line in look.unheard_alerts(scene):
            yield Finding("alerts", "warn", line, "`jetproof board` shows the figures that it has")
        if process and not settings.root:
            yield from process_findings(process, _service_of(detected.board, process))
    finally:
        detected.board.close()
    if not settings.root:
        yield from jtop_access(SOCKET)


def _service_of(sources: Board, process: str) -> Sample:
    """What the board tells once it has looked for the service, or after two seconds."""
    sources.watch(process)
    until_s = time.monotonic() + SERVICE_S
    while True:
        sample = sources.read()
        if "service_processes" in sample.readings or time.monotonic() >= until_s:
            return sample
        time.sleep(SERVICE_EVERY_S)


def _log_dir(state_dir: Path) -> Path:
    path = state_dir / "log"
    path.mkdir(exist_ok=True)
    return path


def _enough(value: float, little: float, none: float) -> State:
    return "ok" if value >= little else "warn" if value >= none else "fail"
