"""Things that can be taken until there are no more, and given back."""

from __future__ import annotations

import _thread
import contextlib
import errno
import os
import resource
import threading
import time
from typing import Protocol

from tui.core.floors import memory_floor_mb
from tui.stress.margins import Margin, files_margin, threads_margin, user_threads_margin
from tui.stress.memory import PROC, headroom

GIVE_BACK_S = 10.0
STACK_BYTES = 256 * 1024


class Refused(Exception):
    """There are no more, or no more are taken; the text says by what."""

    def __init__(self, by: str, *, is_own_cap: bool = False) -> None:
        super().__init__(by)
        self.by = by
        self.is_own_cap = is_own_cap


class Hoard(Protocol):
    """One thing that is taken."""

    name: str
    turn_s: float
    """Between two batches: so fast it grows, and so soon the owner's word is heard."""
    cap: int
    """Our own."""

    @property
    def count(self) -> int:
        """How many are held."""

    def grow(self) -> None:
        """Take a few more. Raises Refused."""

    def look(self) -> None:
        """Raises Refused when what is held is no longer good."""

    def give_back(self) -> int:
        """Let all go; how many were not got rid of."""


class Descriptors:
    """Open files of this process."""

    name = "descriptors"
    batch = 1000
    turn_s = 0.02

    def __init__(self, cap: int) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.cap = cap if hard == resource.RLIM_INFINITY else min(cap, hard)
        self._before = own_descriptors()
        self._held: list[int] = []

    @property
    def count(self) -> int:
        return len(self._held)

    def grow(self) -> None:
        try:
            for _ in range(min(self.batch, allowed(files_margin()), left(self))):
                self._held.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
        except OSError as error:
            raise Refused(_why_no_file(error)) from None

    def look(self) -> None:
        """Nobody takes them away."""

    def give_back(self) -> int:
        for each in self._held:
            os.close(each)
        self._held.clear()
        return max(own_descriptors() - self._before, 0)


class Threads:
    """Threads of this process that do nothing."""

    name = "threads"
    batch = 64
    turn_s = 0.02

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self._before = own_threads()
        self._count = 0
        self._gate = threading.Lock()
        self._gate.acquire()
        self._of_user = user_threads_margin()

    @property
    def count(self) -> int:
        return self._count

    def grow(self) -> None:
        margins = [threads_margin()]
        if self._of_user is not None:
            margins.append(Margin(self._of_user.left - self._count, self._of_user.by))
        room = min(self.batch, allowed(min(margins)), left(self))
        usual_bytes = threading.stack_size(STACK_BYTES)
        try:
            for _ in range(room):
                _thread.start_new_thread(self._stand, ())
                self._count += 1
        except RuntimeError:
            raise Refused("the kernel refused one more thread") from None
        finally:
            threading.stack_size(usual_bytes)

    def look(self) -> None:
        """Nobody takes them away."""

    def give_back(self) -> int:
        self._gate.release()
        ends_s = time.monotonic() + GIVE_BACK_S
        while own_threads() > self._before and time.monotonic() < ends_s:
            time.sleep(0.01)
        self._gate.acquire()
        self._count = 0
        return max(own_threads() - self._before, 0)

    def _stand(self) -> None:
        with self._gate:
            pass


def raise_own_limit() -> None:
    """This process may have as many descriptors as it can allow itself."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def own_descriptors() -> int:
    """Open in this process, the one that lists them left out."""
    return len(os.listdir("/proc/self/fd")) - 1


def own_threads() -> int:
    """Of this process."""
    return len(os.listdir("/proc/self/task"))


def left(hoard: Hoard) -> int:
    """How many more its cap allows. Raises Refused when it is none."""
    more = hoard.cap - hoard.count
    if more <= 0:
        raise Refused(f"our own cap of {hoard.cap}", is_own_cap=True)
    return more


def allowed(margin: Margin) -> int:
    """How many more the machine can spare. Raises Refused when it is none."""
    if margin.left <= 0:
        raise Refused(f"our own margin: {margin.by}", is_own_cap=True)
    now = headroom(PROC)
    floor = memory_floor_mb(now.total_mb)
    if now.available_mb < floor:
        why = f"our own margin: {floor:.0f} MiB of memory stay available"
        raise Refused(why, is_own_cap=True)
    return margin.left


def _why_no_file(error: OSError) -> str:
    if error.errno == errno.EMFILE:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return f"the kernel's limit of {soft} open files for one process"
    return (error.strerror or str(error)).lower()
