"""Secrets from where the configuration points: never in a file of ours."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from tui.core.camera.camera import Camera
from tui.core.config import Target
from tui.core.problem import InputError
from tui.core.storage.settings import StorageSettings

MOST_BYTES = 16_384


def read_token(target: Target) -> str:
    """The target's secret; empty where it has none. InputError when it is not there."""
    key = f"targets.{target.name}.token"
    token = _read(target.token, key)
    # An HTTP library would refuse it later, and quote it.
    if not token.isascii():
        raise InputError.of("config", key, f"{_place(target.token)} holds what no header can carry")
    return token


def read_secret(target: Target, name: str) -> str:
    """One of the target's `secrets`. InputError when it is not there."""
    return _read(dict(target.secrets)[name], f"targets.{target.name}.secrets.{name}")


def read_credentials(camera: Camera) -> str:
    """The camera's `user:password`; empty where it has none. InputError when it is not there."""
    key = f"cameras.{camera.name}.credentials"
    secret = _read(camera.credentials, key)
    if secret and ":" not in secret:
        raise InputError.of("config", key, f"{_place(camera.credentials)} holds no user:password")
    return secret


def read_storage_keys(settings: StorageSettings) -> tuple[str, str]:
    """The object store's access key and secret key. InputError when one is not there."""
    return (
        _read(settings.access_key, "storage.access_key"),
        _read(settings.secret_key, "storage.secret_key"),
    )


def _read(reference: str, key: str) -> str:
    """What stands at `env:NAME` or `file:PATH`, on one line; empty for no reference."""
    kind, _, where = reference.partition(":")
    if kind == "env":
        secret = os.environ.get(where, "")
        if not secret.strip():
            raise InputError.of("config", key, f"environment variable {where} is not set")
        return _checked(secret, key, reference)
    if kind == "file":
        try:
            return _checked(_content(where, key).decode("utf-8"), key, reference)
        except UnicodeDecodeError:
            what = f"{_place(reference)} holds what no header can carry"
            raise InputError.of("config", key, what) from None
        except OSError as error:
            raise InputError.of("config", key, f"{_place(reference)}: {error.strerror}") from None
    return ""


def _content(where: str, key: str) -> bytes:
    """Of an ordinary file that is its owner's alone. OSError when it can't be read."""
    path = _path(where)
    # A pipe would be waited for, without an end.
    with open(path, "rb", buffering=0, opener=_open_at_once) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise InputError.of("config", key, f"{path} is no ordinary file")
        if found.st_mode & 0o077:
            what = f"{path} is readable by others (chmod 600 {path})"
            raise InputError.of("config", key, what)
        if found.st_size > MOST_BYTES:
            raise InputError.of("config", key, f"{path} is too long for a secret")
        return file.read(MOST_BYTES)


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _path(where: str) -> Path:
    """OSError for what can be no path."""
    try:
        path = Path(where).expanduser()
    except RuntimeError:
        raise FileNotFoundError(errno.ENOENT, "nobody has that home directory") from None
    if "\0" in where:
        raise FileNotFoundError(errno.ENOENT, "no path has a NUL in it")
    return path


def _checked(text: str, key: str, reference: str) -> str:
    secret = text.strip()
    if not secret or not secret.isprintable():
        what = "is empty" if not secret else "holds what no header can carry"
        raise InputError.of("config", key, f"{_place(reference)} {what}")
    return secret


def _place(reference: str) -> str:
    kind, _, where = reference.partition(":")
    if kind == "env":
        return f"environment variable {where}"
    try:
        return str(_path(where))
    except OSError:
        return where.replace("\0", "\ufffd")
