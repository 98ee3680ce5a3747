"""Keeps a foreign program, so that neither it nor what it starts outlives the burner.

`python -I …/gpu_program.py WORDS…`, by the file's path. It ends all of it when its standard
input ends, or when the program does; then with the program's exit status. Standard library only:
two more interpreters are started for each program.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from select import select

LOOK_S = 0.05
NOT_RUN = 127
"""The exit status when the program can't be run; the last line that is printed says why."""

_BECOME = "--become"
_PR_SET_PDEATHSIG = 1


def keep(words: list[str]) -> int:
    """Run a program in a session of its own until its end or ours; its exit status."""
    program = subprocess.Popen(
        [sys.executable, "-I", __file__, _BECOME, str(os.getpid()), *words],
        stdin=subprocess.DEVNULL,
        # What it forks dies with it: its death signal reaches only itself.
        start_new_session=True,
    )
    while not select([0], [], [], LOOK_S)[0] and not _has_ended(program.pid):
        pass
    # It is not reaped before, so its number is still its own.
    os.killpg(program.pid, signal.SIGKILL)
    return program.wait()


def become(keeper_pid: int, words: list[str]) -> int:
    """Turn into the program, which dies with its keeper. Returns only when it can't be run."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != keeper_pid:
        return 0
    try:
        os.execv(words[0], words)
    except OSError as error:
        print(f"{words[0]} can't be run: {(error.strerror or str(error)).lower()}", flush=True)
        return NOT_RUN


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def main(words: list[str]) -> int:
    """Keep the program, or become it; the exit status."""
    if words[0] == _BECOME:
        return become(int(words[1]), words[2:])
    status = keep(words)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
