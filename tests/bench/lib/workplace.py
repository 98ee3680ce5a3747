"""A place for a bench's runs: scenarios, configuration and state, all gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
TARGET = "bench"
_SCENARIO = """kind = "load"
title = "{id}"
summary = "a bench of our own"

[load]
users = {users}
spawn_rate = {spawn_rate}
duration = "{duration_s}s"
{warm_up}locustfile = "{locustfile}"
"""


class Workplace:
    """Use it as a context."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> Workplace:
        self.root = Path(tempfile.mkdtemp(prefix="jetproof-bench-"))
        self.state = self.root / "state"
        self.scenarios = self.root / "scenarios"
        self.scenarios.mkdir()
        self.state.mkdir(mode=0o700)
        self.config = self.root / "config.toml"
        self.config.write_text(f'[targets.{TARGET}]\nurl = "{self._url}"\n', encoding="utf-8")
        # Another run on this machine must neither hinder us nor be hindered.
        self.env = {"JETPROOF_LOCK": str(self.root / "lock"), "HOME": str(self.root)}
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def options(self) -> list[str]:
        """The common options of the command line."""
        return [
            "--config", str(self.config),
            "--scenarios", str(self.scenarios),
            "--state", str(self.state),
        ]  # fmt: skip

    def locustfile(self, name: str, text: str) -> Path:
        """A locustfile beside the scenarios."""
        path = self.scenarios / name
        path.write_text(text, encoding="utf-8")
        return path

    def scenario(
        self,
        scenario_id: str,
        locustfile: str,
        *,
        users: int,
        spawn_rate: float,
        duration_s: float,
        warm_up_s: float | None = None,
    ) -> str:
        """A scenario without thresholds; returns its id."""
        warm_up = "" if warm_up_s is None else f'warm_up = "{warm_up_s:g}s"\n'
        text = _SCENARIO.format(
            id=scenario_id,
            users=users,
            spawn_rate=float(spawn_rate),
            duration_s=f"{duration_s:g}",
            warm_up=warm_up,
            locustfile=locustfile,
        )
        (self.scenarios / f"{scenario_id}.toml").write_text(text, encoding="utf-8")
        return scenario_id

    def report(self) -> Any:
        """The last stored run, as the command line prints it."""
        done = subprocess.run(
            [
                sys.executable, "-m", "tui", "report", "last",
                "--format", "json", "--state", str(self.state),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root,
            env={**os.environ, **self.env},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"jetproof report: {done.stderr.strip()}")
        return json.loads(done.stdout)
