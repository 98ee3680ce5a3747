"""A user's machine for one test: own state directory, lock, configuration and scenarios."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomli_w

from tests.lib.eventually import eventually
from tests.lib.processes import children_of, command_line

ROOT = Path(__file__).parents[2]
LIMIT_S = 90.0

CALM = """
from locust import FastHttpUser, constant, task

class Calm(FastHttpUser):
    wait_time = constant(0.1)

    @task
    def look(self):
        self.client.get("/slow")
"""


class Finished:
    """A command that has ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    def __repr__(self) -> str:
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class Machine:
    """Runs `jetproof` as a user does: a process of its own, no terminal."""

    def __init__(self, root: Path) -> None:
        self.state = root / "state"
        self.work = root / "work"
        self.scenarios = root / "scenarios"
        self.lock = root / "board.lock"
        self.work.mkdir()
        self.scenarios.mkdir()
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "JETPROOF_OWNER"},
            "PYTHONPATH": str(ROOT),
            "XDG_STATE_HOME": str(root / "xdg-state"),
            "XDG_CONFIG_HOME": str(root / "xdg-config"),
            "JETPROOF_LOCK": str(self.lock),
        }

    def write_scenario(
        self,
        name: str,
        *,
        locustfile: str = CALM,
        limits: Mapping[str, Any] | None = None,
        **load: Any,
    ) -> Path:
        """A short scenario and its locustfile; `load` replaces keys of [load]."""
        usual = {
            "users": 4,
            "spawn_rate": 50.0,
            "duration": "2s",
            "warm_up": "0s",
            "timeout": "2s",
            "locustfile": f"{name}_users.py",
        }
        (self.scenarios / f"{name}_users.py").write_text(locustfile)
        path = self.scenarios / f"{name}.toml"
        table = {
            "kind": "load",
            "title": name,
            "load": {**usual, **load},
            "thresholds": {"p95_ms": "< 30000"} if limits is None else dict(limits),
        }
        path.write_text(tomli_w.dumps(table))
        return path

    def write_config(self, **sections: Any) -> Path:
        """./config.toml of the working directory."""
        path = self.work / "config.toml"
        path.write_text(tomli_w.dumps(sections))
        return path

    def command(self, *arguments: str) -> list[str]:
        """The words of a command, with this machine's places before its own."""
        places = ["--state", str(self.state), "--scenarios", str(self.scenarios)]
        return [sys.executable, "-m", "tui", *places, *arguments]

    def run(self, *arguments: str, **env: str) -> Finished:
        """Run a command to its end."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.work,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def running(self, *arguments: str, **env: str) -> Iterator[Running]:
        """A command under way; killed at the end of the block if it still is."""
        with subprocess.Popen(
            self.command(*arguments),
            cwd=self.work,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Running(process)
            finally:
                process.kill()

    def files(self) -> Iterator[Path]:
        """Every file that the machine holds."""
        for path in sorted(self.state.parent.rglob("*")):
            if path.is_file():
                yield path


class Running:
    """A jetproof command under way."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @property
    def pid(self) -> int:
        """Of the engine."""
        return self.process.pid

    def worker(self) -> int:
        """The pid of its first load worker, once there is one."""
        return eventually(self._workers, "no worker was started")[0]

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def end(self) -> Finished:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=LIMIT_S)
        return Finished(self.process.returncode, out, err)

    def _workers(self) -> list[int]:
        found = []
        for pid in children_of(self.pid):
            try:
                if "tui.load.worker" in command_line(pid):
                    found.append(pid)
            except OSError:
                continue
        return found


def read_json(path: Path) -> Any:
    """What a report holds."""
    return json.loads(path.read_text())
