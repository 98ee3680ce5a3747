"""The demo as a process of its own, for tests that talk to it over a socket."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.demo.contract import check_answer

ROOT = Path(__file__).parents[2]
PATIENCE_S = 10.0
"""How long a test waits for what should take a second: the machine may be busy."""

OWNER = """
import json, sys, threading
from tui.child.spawn import Child, Lifelines
say = lambda line: print(json.dumps(line), flush=True)
Lifelines().adopt(Child("demo", sys.argv[1], on_line=say))
threading.Event().wait()
"""


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.ready["url"])

    def client(self, **options: Any) -> httpx.Client:
        """Every answer that it gets is held against the OpenAPI document."""
        return httpx.Client(
            base_url=self.url,
            timeout=PATIENCE_S,
            event_hooks={"response": [check_answer]},
            **options,
        )

    def end(self, signal_number: int) -> int:
        self.process.send_signal(signal_number)
        return self.process.wait(PATIENCE_S)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tui.demo", *arguments]


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **extra}


@contextlib.contextmanager
def running(*arguments: str, **env: str) -> Iterator[Running]:
    with subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, text=True, env=environment(env)
    ) as process:
        try:
            assert process.stdout is not None
            yield Running(process, json.loads(process.stdout.readline()))
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            finally:
                process.kill()


def refused(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A demo that is expected to end by itself."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        env=environment(env),
        timeout=PATIENCE_S,
        check=False,
    )


@contextlib.contextmanager
def owned(
    tempdir: Path, module: str = "tui.demo"
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any], int]]:
    """An owner, what its demo says when it is ready, and a descriptor of that process."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, module],
        stdout=subprocess.PIPE,
        text=True,
        env=environment({"TMPDIR": str(tempdir)}),
    ) as owner:
        assert owner.stdout is not None
        ready = json.loads(owner.stdout.readline())
        demo = os.pidfd_open(ready["pid"])
        try:
            yield owner, ready, demo
        finally:
            owner.kill()
            # Where the test fails, the demo has outlived its owner.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(demo, signal.SIGKILL)
            os.close(demo)


def has_ended(process: int) -> bool:
    """Whether the process behind a descriptor ends in time."""
    return bool(select.select([process], [], [], PATIENCE_S)[0])
