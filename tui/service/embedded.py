"""The demo service as a target: its own process, gone with its owner, and closed to strangers."""

from __future__ import annotations

import os
import queue
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from tui.child import temporary
from tui.child.spawn import Child, Lifelines, Line

START_S = 30.0
_NAME = "demo"
_ROLES = ("operator", "viewer")
_TOKEN_VARIABLE = "JETPROOF_DEMO_TOKEN"


class DemoTarget:
    """Implements `ports.EmbeddedTarget`. Call `start`, `restart` and `close` from a thread that
    lives as long as the demo."""

    def __init__(self, lifelines: Lifelines, log_dir: Path) -> None:
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._child: Child | None = None
        self._place: _Place | None = None
        self._url = ""
        self.token = secrets.token_urlsafe(24)
        self.secrets: Mapping[str, str] = {
            f"{role}_password": secrets.token_urlsafe(18) for role in _ROLES
        }

    def start(self) -> str:
        """Its URL, once it accepts connections. OSError in one line when it does not start."""
        if self._child is None or self._child.returncode is not None:
            self._launch()
        return self._url

    def restart(self) -> None:
        """End it and start it anew, with its pictures and at its URL; its sessions are over.

        OSError in one line when it does not start again: then nothing of it is left.
        """
        self._leave()
        self._launch()

    def close(self) -> None:
        """End it, and remove the pictures that it kept."""
        self._leave()
        place, self._place = self._place, None
        if place is not None:
            shutil.rmtree(place.root, ignore_errors=True)
            os.close(place.held)

    def _leave(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            self._lifelines.leave(child)

    def _launch(self) -> None:
        if self._place is None:
            temporary.sweep(_NAME)
            self._place = _Place(*temporary.make(_NAME))
        words: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        env, options = self._secret_options()
        child = Child(
            _NAME,
            "tui.demo",
            # Zero at first, which takes a free one: then it keeps that.
            *("--port", str(urlsplit(self._url).port or 0)),
            *("--data", str(self._place.root / "images")),
            *options,
            env=env,
            log=self._log_dir / "demo.log",
            on_line=words.put,
        )
        self._child = self._lifelines.adopt(child)
        try:
            line = words.get(timeout=START_S)
        except queue.Empty:
            line = {"error": f"it said nothing for {START_S:.0f} s"}
        if line is None or line.get("type") != "ready":
            self.close()
            # Where somebody has taken its port by now, the next start takes another one.
            self._url = ""
            what = line.get("error", "") if line else "it ended at its start"
            raise OSError(f"the embedded demo did not start: {what}")
        self._url = str(line["url"])

    def _secret_options(self) -> tuple[dict[str, str], list[str]]:
        """The child's environment, where nobody else sees the secrets, and what names them."""
        env = {_TOKEN_VARIABLE: self.token}
        options = ["--token-env", _TOKEN_VARIABLE]
        for role in _ROLES:
            variable = f"JETPROOF_DEMO_{role.upper()}"
            env[variable] = self.secrets[f"{role}_password"]
            options += [f"--{role}-env", variable]
        return env, options


class _Place(msgspec.Struct, frozen=True):
    """Where its pictures are."""

    root: Path
    held: int
    """The descriptor that says that somebody lives here."""
