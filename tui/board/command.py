"""Programs of the system that answer a question. Never through a shell, never for long."""

from __future__ import annotations

import os
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
    """Run it to its end; one that takes longer than `limit_s` is ended and has failed."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            env={**os.environ, "LC_ALL": "C"},
            start_new_session=True,
        )
    except FileNotFoundError:
        return Answer(127, "", f"{command[0]} is not installed", is_missing=True)
    except subprocess.TimeoutExpired:
        return Answer(124, "", f"{command[0]} did not answer within {limit_s:g} s")
    except OSError as error:
        return Answer(126, "", f"{command[0]}: {error.strerror}")
    said = done.stderr.decode(errors="replace").strip()
    first = said.splitlines()[0][:LONGEST_WHY] if said else ""
    if done.returncode and not first:
        first = f"{command[0]} failed ({done.returncode})"
    return Answer(done.returncode, done.stdout.decode(errors="replace"), first)
