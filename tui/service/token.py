"""The secret that a target asks for: where it is kept, never in a file of ours."""

from __future__ import annotations

import os
from pathlib import Path

from tui.core.config import Target
from tui.core.problem import InputError


def read_token(target: Target) -> str:
    """The target's secret from where its configuration points. InputError when it is not there."""
    kind, _, where = target.token.partition(":")
    key = f"targets.{target.name}.token"
    if kind == "env":
        secret = os.environ.get(where, "")
        if not secret.strip():
            raise InputError.of("config", key, f"environment variable {where} is not set")
        return _checked(secret, key, f"environment variable {where}")
    if kind == "file":
        path = Path(where).expanduser()
        try:
            if path.stat().st_mode & 0o077:
                what = f"{path} is readable by others (chmod 600 {path})"
                raise InputError.of("config", key, what)
            return _checked(path.read_bytes().decode("latin-1"), key, str(path))
        except OSError as error:
            raise InputError.of("config", key, f"{path}: {error.strerror}") from None
    return ""


def _checked(text: str, key: str, where: str) -> str:
    secret = text.strip()
    # An HTTP library would refuse it later, and quote it.
    if not secret or not secret.isascii() or not secret.isprintable():
        what = "is empty" if not secret else "holds what no header can carry"
        raise InputError.of("config", key, f"{where} {what}")
    return secret
