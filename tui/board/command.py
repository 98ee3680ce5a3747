"""Programs of the system that answer a question. Never through a shell, never for long."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence

import msgspec

LONGEST_WHY = 160


class Answer(msgspec.Struct, frozen=True):
    """What a program printed."""

    code: int
    text: str
    why: str = ""
    """Why it failed: the first line of what it said on standard error."""
    is_missing: bool = False


def answer_of(command: Sequence[str], limit_s: float) -> Answer:
    """Run it to its end; one that takes longer than `limit_s` is ended with all that it started,
    and has failed. When this process is killed meanwhile, it ends within a second of its limit."""
    if shutil.which(command[0]) is None:
        return Answer(127, "", f"{command[0]} is not installed", is_missing=True)
    try:
        with subprocess.Popen(
            [*_deadline(limit_s), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"},
            start_new_session=True,
        ) as running:
            try:
                text, errors = running.communicate(timeout=limit_s)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
                return Answer(124, "", f"{command[0]} did not answer within {limit_s:g} s")
    except OSError as error:
        return Answer(126, "", f"{command[0]}: {error.strerror}")
    said = errors.decode(errors="replace").strip()
    first = said.splitlines()[0][:LONGEST_WHY] if said else ""
    if running.returncode and not first:
        first = f"{command[0]} failed ({running.returncode})"
    return Answer(running.returncode, text.decode(errors="replace"), first)


def _deadline(limit_s: float) -> list[str]:
    """What makes a program end though nobody is left to end it: timeout(1), where there is one.
    The kernel's own way, prctl, would need Python code between fork and exec."""
    program = shutil.which("timeout")
    return [program, "-s", "KILL", str(int(limit_s) + 1)] if program else []
