"""config.toml: targets, the request mix, and how workers join."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tui.core.problem import InputError, Problem, did_you_mean
from tui.core.toml import typed, unknown_keys

DEMO_URL = "demo:"


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


class _LoadTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    workers: int = 1
    bind: str = "127.0.0.1"
    port: int = 0


class _File(msgspec.Struct, forbid_unknown_fields=True):
    targets: dict[str, _TargetTable] = {}
    mix: Mix = Mix()
    load: _LoadTable = _LoadTable()


class Target(msgspec.Struct, frozen=True):
    """A service under test."""

    name: str
    url: str
    """`demo:` is the embedded one; otherwise http(s) without a trailing slash."""
    token: str = ""
    """`env:NAME` or `file:PATH`: where the secret is, never the secret itself."""
    protected: bool = False
    verify_tls: bool = True

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

    def target(self, name_or_url: str) -> Target:
        """The target of that name, or one made of a URL. InputError when it is neither."""
        for target in self.targets:
            if target.name == name_or_url:
                return target
        if "://" in name_or_url or name_or_url == DEMO_URL:
            return _checked_target("command line", "--target", "", _TargetTable(name_or_url))
        names = [target.name for target in self.targets]
        word = _without_secrets(name_or_url)
        what = f'unknown target "{word}"{did_you_mean(word, names)}; known: '
        raise InputError.of("command line", "--target", what + ", ".join(names) + ", or a URL")


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
    shares = msgspec.structs.asdict(file.mix)
    problems += [
        Problem(where, f"mix.{key}", "a share can't be negative")
        for key, share in shares.items()
        if share < 0
    ]
    if sum(shares.values()) <= 0:
        problems.append(Problem(where, "mix", "at least one share must be above 0"))
    if file.load.workers < 1:
        problems.append(Problem(where, "load.workers", "at least 1"))
    if not 0 <= file.load.port <= 65535:
        problems.append(Problem(where, "load.port", "a port is 0 (any free one) to 65535"))
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
    )


def _checked_target(where: str, key: str, name: str, table: _TargetTable) -> Target:
    if table.url == DEMO_URL:
        return Target(name or "demo", DEMO_URL)
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
        protected=table.protected or not _is_near(parts.hostname),
        verify_tls=table.verify_tls,
    )


def _is_near(host: str) -> bool:
    """Whether a host is loopback or private; other people's machines are protected."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".localhost"))
    return address.is_loopback or address.is_private or address.is_link_local


def _without_secrets(url: str) -> str:
    return url.rpartition("@")[2]
