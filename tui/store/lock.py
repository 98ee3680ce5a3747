"""One run drives a board at a time, whoever started it."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from tui.core.failure import printable

VARIABLE = "JETPROOF_LOCK"
_LONGEST = 4096
# A pipe in the lock's place must not hang us, a link must not lead us elsewhere.
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def lock_path() -> Path:
    """The host-wide lock file; the environment may name another, for tests."""
    return Path(os.environ.get(VARIABLE) or Path(tempfile.gettempdir()) / "jetproof.lock")


class BoardLock:
    """Held during a run; the kernel lets it go when the process dies. Not thread-safe."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or lock_path()
        self._descriptor: int | None = None

    def acquire(self, scenario: str, at_utc: float) -> str:
        """Take it. Empty when it is ours now; otherwise who holds it, or why it can't be had."""
        if self._descriptor is not None:
            return ""
        try:
            descriptor = self._locked()
        except BlockingIOError:
            return self.holder()
        except OSError as error:
            return f"the lock {self.path} can't be used: {error.strerror or error}"
        self._descriptor = descriptor
        _write_holder(descriptor, scenario, at_utc)
        return ""

    def holder(self) -> str:
        """Who holds it, by their own account, in one line."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | _FLAGS)
            try:
                said = json.loads(os.read(descriptor, _LONGEST))
            finally:
                os.close(descriptor)
            since = datetime.fromtimestamp(float(said["since"]), timezone.utc)
            scenario = printable(str(said["scenario"]))[:80]
            who = f"{scenario} by process {int(said['pid'])} since {since:%H:%M:%S} UTC"
        except (OSError, ValueError, TypeError, KeyError, OverflowError):
            who = "holder unknown"
        return f"another run drives this board: {who}"

    def release(self) -> None:
        """Let it go; the file stays, for a deleted one could be locked twice."""
        if self._descriptor is None:
            return
        try:
            os.ftruncate(self._descriptor, 0)
        except OSError:
            pass  # it was opened for reading only: another user's file
        os.close(self._descriptor)
        self._descriptor = None

    def _locked(self) -> int:
        while True:
            descriptor = _open(self.path)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_still(descriptor, self.path):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # a cleaner of the temporary directory was faster


def _open(path: Path) -> int:
    # Opening with O_CREAT what another user made is refused in a sticky directory
    # (fs.protected_regular), so an existing file is opened without.
    for _ in range(10):
        try:
            return _checked(_open_existing(path))
        except FileNotFoundError:
            pass
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, 0o666)
        except FileExistsError:
            continue
        os.fchmod(descriptor, 0o666)  # whatever the umask: the next user must be able to lock it
        return descriptor
    raise OSError("it comes and goes")


def _open_existing(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | _FLAGS)
    except PermissionError:
        return os.open(path, os.O_RDONLY | _FLAGS)


def _checked(descriptor: int) -> int:
    found = os.fstat(descriptor)
    # A second name for somebody's file would have us truncate that.
    if stat.S_ISREG(found.st_mode) and found.st_nlink <= 1:
        return descriptor
    os.close(descriptor)
    raise OSError("it is not a plain file of its own")


def _is_still(descriptor: int, path: Path) -> bool:
    try:
        there = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(descriptor), there)


def _write_holder(descriptor: int, scenario: str, at_utc: float) -> None:
    text = json.dumps({"pid": os.getpid(), "scenario": scenario, "since": at_utc})
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError:
        pass  # another user's file, opened for reading only: the lock holds without a name
