"""The fixed table of undo verbs. Each may be done twice, and looks whether it worked."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tui.faults.undo import Continue, StartUnit, Undo, Unlink

FILL_NAME = re.compile(r"jetproof-fill-[0-9a-f]{16}")
UNIT_NAME = re.compile(r"[A-Za-z0-9_][\w@.:\\-]{0,246}\.service", re.ASCII)
CONTINUE_S = 1.0
START_S = 3.0
_POLL_S = 0.005
_CALL_S = 2.0


def undo(what: Undo) -> str:
    """Undo one fault and verify. Empty when it is undone, else why it is not; never raises."""
    try:
        if isinstance(what, Continue):
            return _continue(what)
        if isinstance(what, Unlink):
            return _unlink(what)
        return _start_unit(what)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)


def _continue(what: Continue) -> str:
    target = what.target
    if not target.send(signal.SIGCONT) or _comes_true(lambda: not target.is_frozen(), CONTINUE_S):
        return ""
    return f"process {target.pid} is still frozen"


def _unlink(what: Unlink) -> str:
    path = Path(what.path)
    if not path.is_absolute() or not FILL_NAME.fullmatch(path.name):
        return f"{what.path} is no file of jetproof"
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        return f"{what.path} is no file of jetproof"
    path.unlink(missing_ok=True)
    return f"{what.path} is still there" if path.exists() else ""


def _start_unit(what: StartUnit) -> str:
    if not UNIT_NAME.fullmatch(what.unit):
        return f"{what.unit} is no name of a service"
    if _is_active(what):
        return ""
    # After several deaths in a row systemd refuses any start until the count is reset.
    _systemctl(what, "reset-failed")
    started = _systemctl(what, "start", "--no-block", "--no-ask-password")
    if started.returncode == 0 and _comes_true(lambda: _is_active(what), START_S):
        return ""
    said = started.stderr.strip().splitlines()
    return said[0] if said else f"{what.unit} does not start: systemctl status {what.unit}"


def _is_active(what: StartUnit) -> bool:
    # One that restarts itself is `activating`.
    return _systemctl(what, "is-active").stdout.strip() in ("active", "activating", "reloading")


def _systemctl(what: StartUnit, *verb: str) -> subprocess.CompletedProcess[str]:
    manager = ["--user"] if what.is_user else []
    return subprocess.run(
        ["systemctl", *manager, *verb, "--", what.unit],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_CALL_S,
        check=False,
    )


def _comes_true(condition: Callable[[], bool], limit_s: float) -> bool:
    ends_s = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > ends_s:
            return False
        time.sleep(_POLL_S)
    return True
