"""config.toml: targets, the request mix, and how workers join."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tui.core.addresses import is_dotted, is_near, numeric_address
from tui.core.alerts import DEFAULT_RULES, AlertRule, parse_alerts
from tui.core.load_table import MAX_USERS
from tui.core.problem import COMMAND_LINE, InputError, Problem, did_you_mean, quoted
from tui.core.process import parse_process
from tui.core.toml import typed, unknown_keys

DEMO_URL = "demo:"
MAX_WORKERS = 64
MAX_SHARE = 10_000
_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}(?:/.*)?", re.ASCII)


class Mix(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of the shipped users' requests; any positive scale."""

    health: int = 10
    predict: int = 60
    predict_with_image: int = 20
    predict_large: int = 10


class _TargetTable(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    token: str = ""
    protected: bool = False
    verify_tls: bool = True
    max_users: int | None = None
    normal_users: int | None = None
    process: str = ""


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


class _File(msgspec.Struct, forbid_unknown_fields=True):
    targets: dict[str, _TargetTable] = {}
    alerts: dict[str, object] = {}
    board: BoardSettings = BoardSettings()
    mix: Mix = Mix()
    load: _LoadTable = _LoadTable()
    stress: StressSettings = StressSettings()
    site: Site = Site()


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

    def with_max_users(self, users: int) -> Config:
        """The same with a limit for every target, also for one given as a URL; no limit rises."""
        targets = [
            msgspec.structs.replace(each, max_users=min(users, each.max_users or users))
            for each in self.targets
        ]
        return msgspec.structs.replace(self, targets=tuple(targets), max_users=users)

    def target(self, name_or_url: str) -> Target:
        """The target of that name, or one made of a URL. InputError when it is neither."""
        for target in self.targets:
            if target.name == name_or_url:
                return target
        if "://" in name_or_url or name_or_url == DEMO_URL:
            table = _TargetTable(name_or_url, max_users=self.max_users)
            made = _checked_target(COMMAND_LINE, "--target", "", table)
            # What the configuration says of a service holds however it is called.
            return next((target for target in self.targets if target.url == made.url), made)
        names = [target.name for target in self.targets]
        word = _without_secrets(name_or_url)
        is_address = _HOST_AND_PORT.fullmatch(word) or is_dotted(word)
        meant = f' (did you mean "http://{word}"?)' if is_address else did_you_mean(word, names)
        known = ", ".join(names)
        what = f"unknown target {quoted(word)}{meant}; known: {known}, or a URL"
        raise InputError.of(COMMAND_LINE, "--target", what)


def process_of(target: Target, url: str) -> str:
    """Which process a target is on this board, as `Board.watch` takes it; empty: none is.

    `url` is its real address. A service on another machine has no process here.
    """
    if target.process:
        return target.process
    parts = urlsplit(url)
    address = numeric_address(parts.hostname or "")
    is_here = parts.hostname == "localhost" or (address is not None and address.is_loopback)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"port:{port}" if is_here else ""


def is_config(data: Mapping[str, Any]) -> bool:
    """Whether a decoded TOML file means to be a configuration, whatever it is called."""
    if "kind" in data:
        return False
    if not {"targets", "mix", "site", "alerts", "board"}.isdisjoint(data):
        return True
    load = data.get("load")
    return (
        isinstance(load, Mapping) and bool(load) and set(load) <= set(_LoadTable.__struct_fields__)
    )


def parse_config(where: str, data: Mapping[str, Any]) -> Config:
    """The configuration in a decoded TOML file. InputError lists what is wrong."""
    problems = unknown_keys(where, data, _File)
    if problems:
        raise InputError(problems)
    file = typed(where, data, _File)
    targets = []
    for name, table in file.targets.items():
        try:
            targets.append(_checked_target(where, f"targets.{name}", name, table))
        except InputError as error:
            problems += error.problems
    problems += _mix_problems(where, file.mix)
    alerts, wrong = parse_alerts(where, file.alerts)
    problems += wrong
    if file.load.workers < 1:
        problems.append(Problem(where, "load.workers", "at least 1"))
    elif file.load.workers > MAX_WORKERS:
        problems.append(Problem(where, "load.workers", f"at most {MAX_WORKERS}"))
    if not 0 <= file.load.port <= 65535:
        problems.append(Problem(where, "load.port", "a port is 0 (any free one) to 65535"))
    scratch = file.stress.scratch
    if scratch and not scratch.startswith("/"):
        problems.append(Problem(where, "stress.scratch", "the whole path of a directory"))
    if problems:
        raise InputError(problems)
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
    )


def _mix_problems(where: str, mix: Mix) -> list[Problem]:
    problems = []
    shares = msgspec.structs.asdict(mix)
    for key, share in shares.items():
        if share < 0:
            problems.append(Problem(where, f"mix.{key}", "a share can't be negative"))
        elif share > MAX_SHARE:
            problems.append(Problem(where, f"mix.{key}", f"a share is at most {MAX_SHARE}"))
    if sum(shares.values()) <= 0:
        problems.append(Problem(where, "mix", "at least one share must be above 0"))
    return problems


def _checked_target(where: str, key: str, name: str, table: _TargetTable) -> Target:
    for each in ("max_users", "normal_users"):
        users = getattr(table, each)
        if users is not None and not 1 <= users <= MAX_USERS:
            raise InputError.of(where, f"{key}.{each}", f"from 1 to {MAX_USERS}")
    try:
        if table.process:
            parse_process(table.process)
    except ValueError as error:
        raise InputError.of(where, f"{key}.process", str(error)) from None
    if table.url == DEMO_URL:
        return Target(
            name or "demo",
            DEMO_URL,
            max_users=table.max_users,
            normal_users=table.normal_users,
            process=table.process,
        )
    url_key = f"{key}.url" if name else key
    try:
        parts = urlsplit(table.url)
        port = parts.port
    except ValueError as error:
        # The error quotes what it could not read, which may be half of a password.
        why = "" if "@" in table.url else f": {error}"
        what = f'"{_without_secrets(table.url)}" is not a URL{why}'
        raise InputError.of(where, url_key, what) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        what = f'"{_without_secrets(table.url)}" is not an http:// or https:// URL'
        raise InputError.of(where, url_key, what)
    if port == 0:
        raise InputError.of(where, url_key, "a service's port is 1 to 65535")
    if parts.username or parts.password:
        what = 'a password in a URL ends up in logs; use token = "env:NAME"'
        raise InputError.of(where, url_key, what)
    if parts.query or parts.fragment:
        raise InputError.of(where, url_key, "a target is a base URL, without ? or #")
    if table.token and not table.token.startswith(("env:", "file:")):
        what = 'a secret does not belong here; use "env:NAME" or "file:PATH"'
        raise InputError.of(where, f"{key}.token", what)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port is None else f"{host}:{port}"
    return Target(
        name=name or netloc,
        url=f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}",
        token=table.token,
        protected=table.protected or not is_near(parts.hostname),
        verify_tls=table.verify_tls,
        max_users=table.max_users,
        normal_users=table.normal_users,
        process=table.process,
    )


def _without_secrets(url: str) -> str:
    return url.rpartition("@")[2]
