"""The guards that every child of ours holds, so that none outlives its owner.

Standard library only, and called before anything else is imported: the watching thread must be a
real one, and after locust's monkey patch no new thread is.
"""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from select import select

OWNER_VARIABLE = "JETPROOF_OWNER"
"""Set by spawn to the owner's pid; also the mark by which a left-over is found in /proc."""

LEFT_STATUS = 0
"""The exit status of a process that heard no more of its owner."""
FAREWELL_S = 0.5
"""How long `on_gone` may take: whatever became of the owner, its children are gone in a second."""
_PR_SET_PDEATHSIG = 1


def hold(
    *,
    heartbeat_s: float = 5.0,
    oom_score_adj: int = 500,
    on_order: Callable[[str], None] | None = None,
    on_gone: Callable[[], None] | None = None,
) -> None:
    """Tie this process to its owner. Call on the main thread, before any other import.

    Four guards: the kernel's death signal (with a check for the race at birth), a lifeline on
    standard input that must carry a byte at least every `heartbeat_s` seconds, a deadline that
    the owner sets and renews through it (`deadline SECONDS`), and a raised OOM score.
    A child started by hand, without an owner, is left alone.

    `on_order` gets each line of the lifeline that is neither a beat nor a deadline. It is called
    on the watching thread, so it must return at once; what it raises goes to standard error.

    `on_gone` is called there once the lifeline has ended, for `FAREWELL_S` at most, to remove what
    should not stay. Where the owner died, the kernel's signal may be quicker, and ends this process
    in whatever it is: the next start must remove the rest.
    """
    owner = os.environ.get(OWNER_VARIABLE)
    if owner is None:
        return
    with contextlib.suppress(OSError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(owner):
        os._exit(0)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write(str(oom_score_adj))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _thread.start_new_thread(_watch, (heartbeat_s, on_order, on_gone))


def read_spec() -> str:
    """The first line of standard input: what the owner wants done. Call before `hold`.

    Read byte by byte, so that nothing of the lifeline behind it is swallowed by a buffer.
    """
    line = bytearray()
    while byte := os.read(0, 1):
        if byte == b"\n":
            return line.decode()
        line += byte
    sys.exit("the owner closed the lifeline before it said what to do")


def _watch(
    heartbeat_s: float,
    on_order: Callable[[str], None] | None,
    on_gone: Callable[[], None] | None,
) -> None:
    # A frozen owner keeps the pipe open, so silence counts as death too.
    pending = b""
    while select([0], [], [], heartbeat_s)[0]:
        chunk = os.read(0, 4096)
        if not chunk:
            break
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"deadline "):
                # A deadline beyond what the kernel can count must not end this thread.
                with contextlib.suppress(OverflowError, ValueError, OSError):
                    signal.setitimer(signal.ITIMER_REAL, float(line[9:]))
            elif line and on_order is not None:
                _pass_on(line, on_order)
    if on_gone is not None:
        # SIGALRM ends this process where the farewell does not.
        signal.setitimer(signal.ITIMER_REAL, FAREWELL_S)
        _call(on_gone)
    os._exit(LEFT_STATUS)


def _pass_on(line: bytes, on_order: Callable[[str], None]) -> None:
    # Whatever the order does, this thread lives on: without it nobody watches the owner.
    _call(lambda: on_order(line.decode(errors="replace")))


def _call(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception:
        sys.excepthook(*sys.exc_info())
