"""config.toml: targets, the request mix, and how workers join."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tui.core.addresses import is_dotted, is_near
from tui.core.alerts import DEFAULT_RULES, AlertRule, parse_alerts
from tui.core.base_url import parse_base_url, without_secrets
from tui.core.camera.camera import Camera
from tui.core.camera.table import CameraTable, chosen, pattern, read_cameras
from tui.core.duration import parse_duration_s
from tui.core.e2e.detection import DetectionShape
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.e2e.operation_table import read_operations
from tui.core.e2e.values_table import read_values
from tui.core.mistakes import Mistakes
from tui.core.problem import COMMAND_LINE, InputError, did_you_mean, quoted
from tui.core.storage.settings import StorageSettings, check_storage
from tui.core.target_table import TargetTable, check_place_of_secret, check_target
from tui.core.toml import read_table

DEMO_URL = "demo:"
MAX_WORKERS = 64
MAX_SHARE = 10_000
MAX_KEEP_S = 3650 * 86400.0
_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}(?:/.*)?", re.ASCII)


class Mix(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of the shipped users' requests; any positive scale."""

    health: int = 10
    predict: int = 60
    predict_with_image: int = 20
    predict_large: int = 10


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the board stands and whom to ask; printed in reports, never judged."""

    name: str = ""
    ambient: str = ""
    """What of the surroundings matters, such as `24 °C, cabinet closed`."""
    contacts: dict[str, str] = {}
    """Role to name, telephone or address."""


class _LoadTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    workers: int = 1
    bind: str = "127.0.0.1"
    port: int = 0


class BoardSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the board is read."""

    root: str = ""
    """Another tree in place of `/`, a recording for example: its readings are called `replay`."""
    jtop: bool = True
    """Whether jetson-stats is asked too, where its service runs."""
    jtop_python: str = ""
    """The interpreter for that; empty: this one, then the service's own."""


class StressSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where stress may leave its marks."""

    scratch: str = ""
    """The directory on whose device storage is burnt; empty: where jetproof keeps its runs."""


class SnapshotSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of the stills that somebody took."""

    keep: str = "30d"
    """Older ones are told as overdue; `jetproof camera purge` removes them."""

    @property
    def keep_s(self) -> float:
        """In seconds; ValueError when it is no duration, or beyond ten years."""
        return parse_duration_s(self.keep, MAX_KEEP_S)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    targets: dict[str, TargetTable] = {}
    alerts: dict[str, object] = {}
    board: BoardSettings = BoardSettings()
    mix: Mix = Mix()
    load: _LoadTable = _LoadTable()
    stress: StressSettings = StressSettings()
    site: Site = Site()
    cameras: dict[str, CameraTable] = {}
    snapshots: SnapshotSettings = SnapshotSettings()
    storage: StorageSettings = StorageSettings()


class Target(msgspec.Struct, frozen=True):
    """A service under test."""

    name: str
    url: str
    """`demo:` is the embedded one; otherwise http(s) without a trailing slash."""
    token: str = ""
    """`env:NAME` or `file:PATH`: where the secret is, never the secret itself."""
    protected: bool = False
    verify_tls: bool = True
    max_users: int | None = None
    """More are refused; None: as many as a scenario wants."""
    normal_users: int | None = None
    """How many it serves on a normal day; None: nobody said."""
    process: str = ""
    """Which process it is on this board, such as `unit:infer.service`; empty: whichever listens
    on its port, if the URL is this machine's."""
    operations: tuple[Operation, ...] = OPERATIONS
    """What it offers to workflows."""
    not_offered: tuple[str, ...] = ()
    """Operations that it has not: workflows leave out the steps that ask for one."""
    values: tuple[tuple[str, str], ...] = ()
    """What `{target.NAME}` stands for in workflows."""
    secrets: tuple[tuple[str, str], ...] = ()
    """What `{secret.NAME}` stands for: `env:NAME` or `file:PATH`, never the secret itself."""
    openapi: str = ""
    """The path of its OpenAPI document; empty: the usual one, or the one that a workflow names."""
    restart: tuple[str, ...] = ()
    """The command that restarts it, as an argument list; empty: nobody said how."""
    detection: DetectionShape = DetectionShape()
    """How it writes the objects that it finds."""

    @property
    def is_demo(self) -> bool:
        """Whether it is the embedded one."""
        return self.url == DEMO_URL


class Config(msgspec.Struct, frozen=True):
    """A configuration, understood."""

    targets: tuple[Target, ...]
    mix: Mix
    workers: int
    bind: str
    port: int
    """0: any free port."""
    path: str = ""
    site: Site = Site()
    alerts: tuple[AlertRule, ...] = DEFAULT_RULES
    board: BoardSettings = BoardSettings()
    stress: StressSettings = StressSettings()
    max_users: int | None = None
    """For every target beside its own limit; None: each has its own alone."""
    cameras: tuple[Camera, ...] = (pattern(),)
    """Those of the site; the embedded test pattern where it has none."""
    snapshots: SnapshotSettings = SnapshotSettings()
    storage: StorageSettings = StorageSettings()

    def with_max_users(self, users: int) -> Config:
        """The same with a limit for every target, also for one given as a URL; no limit rises."""
        targets = [
            msgspec.structs.replace(each, max_users=min(users, each.max_users or users))
            for each in self.targets
        ]
        return msgspec.structs.replace(self, targets=tuple(targets), max_users=users)

    def camera(self, name_or_source: str) -> Camera:
        """The camera of that name, or one made of a source. InputError when it is neither."""
        return chosen(self.cameras, name_or_source)

    def target(self, name_or_url: str) -> Target:
        """The target of that name, or one made of a URL. InputError when it is neither."""
        for target in self.targets:
            if target.name == name_or_url:
                return target
        if "://" in name_or_url or name_or_url == DEMO_URL:
            table = TargetTable(name_or_url, max_users=self.max_users)
            mistakes = Mistakes(COMMAND_LINE)
            made = _read_target(mistakes, "", table, url_key="--target")
            mistakes.end()
            # What the configuration says of a service holds however it is called.
            return next((target for target in self.targets if target.url == made.url), made)
        names = [target.name for target in self.targets]
        word = without_secrets(name_or_url)
        is_address = _HOST_AND_PORT.fullmatch(word) or is_dotted(word)
        meant = f' (did you mean "http://{word}"?)' if is_address else did_you_mean(word, names)
        what = f"unknown target {quoted(word)}{meant}; known: {', '.join(names)}, or a URL"
        raise InputError.of(COMMAND_LINE, "--target", what)


def is_config(data: Mapping[str, Any]) -> bool:
    """Whether a decoded TOML file means to be a configuration, whatever it is called."""
    if "kind" in data:
        return False
    if not {"targets", "mix", "site", "alerts", "board", "cameras", "snapshots"}.isdisjoint(data):
        return True
    # Scenarios have tables of these names, too.
    own = (("load", _LoadTable), ("stress", StressSettings), ("storage", StorageSettings))
    return any(
        isinstance(table := data.get(key), Mapping)
        and bool(table)
        and set(table) <= set(struct.__struct_fields__)
        for key, struct in own
    )


def parse_config(where: str, data: Mapping[str, Any]) -> Config:
    """The configuration in a decoded TOML file. InputError lists what is wrong."""
    mistakes = Mistakes(where)
    file = read_table(mistakes, data, _File)
    targets = []
    for name, table in file.targets.items():
        targets.append(_read_target(mistakes.within(f"targets.{name}"), name, table))
    _check_mix(mistakes.within("mix"), file.mix)
    alerts, wrong = parse_alerts(where, file.alerts)
    mistakes.take(wrong)
    if file.load.workers < 1:
        mistakes.add("load.workers", "at least 1")
    elif file.load.workers > MAX_WORKERS:
        mistakes.add("load.workers", f"at most {MAX_WORKERS}")
    if not 0 <= file.load.port <= 65535:
        mistakes.add("load.port", "a port is 0 (any free one) to 65535")
    scratch = file.stress.scratch
    if scratch and not scratch.startswith("/"):
        mistakes.add("stress.scratch", "the whole path of a directory")
    cameras = read_cameras(mistakes.within("cameras"), file.cameras)
    storage = check_storage(mistakes.within("storage"), file.storage)
    try:
        _ = file.snapshots.keep_s
    except ValueError as error:
        mistakes.add("snapshots.keep", str(error))
    mistakes.end()
    if not any(target.is_demo for target in targets):
        targets.insert(0, Target("demo", DEMO_URL))
    return Config(
        targets=tuple(targets),
        mix=file.mix,
        workers=file.load.workers,
        bind=file.load.bind,
        port=file.load.port,
        path=where,
        site=file.site,
        alerts=tuple(alerts),
        board=file.board,
        stress=file.stress,
        cameras=cameras,
        snapshots=file.snapshots,
        storage=storage,
    )


def _check_mix(mistakes: Mistakes, mix: Mix) -> None:
    shares = msgspec.structs.asdict(mix)
    for key, share in shares.items():
        if share < 0:
            mistakes.add(key, "a share can't be negative")
        elif share > MAX_SHARE:
            mistakes.add(key, f"a share is at most {MAX_SHARE}")
    if sum(shares.values()) <= 0:
        mistakes.add("", "at least one share must be above 0", unless=shares)


def _read_target(mistakes: Mistakes, name: str, table: TargetTable, url_key: str = "url") -> Target:
    """The target of a table, as far as it is in order; `mistakes` are those of that table."""
    check_target(mistakes, table)
    operations, not_offered = read_operations(mistakes.within("operations"), table.operations)
    target = Target(
        name=name or "demo",
        url=DEMO_URL,
        max_users=table.max_users,
        normal_users=table.normal_users,
        process=table.process,
        operations=operations,
        not_offered=not_offered,
        values=read_values(mistakes.within("values"), table.values),
        secrets=tuple(table.secrets.items()),
        openapi=table.openapi,
        # A lone text is a mistake, and told.
        restart=() if isinstance(table.restart, str) else tuple(table.restart),
        detection=table.detection,
    )
    if table.url == DEMO_URL:
        return target
    if table.token:
        check_place_of_secret(mistakes, "token", table.token)
    try:
        url = parse_base_url(table.url)
    except ValueError as error:
        mistakes.add(url_key, str(error))
        return target
    return msgspec.structs.replace(
        target,
        name=name or url.netloc,
        url=url.text,
        token=table.token,
        protected=table.protected or not is_near(url.host),
        verify_tls=table.verify_tls,
    )
