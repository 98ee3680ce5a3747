"""Reads one camera for its owner. `python -m tui.camera.reader_program`"""

# ruff: noqa: E402

from __future__ import annotations

from queue import SimpleQueue

from tui.child.lifeline import hold, read_spec

ORDERS: SimpleQueue[str] = SimpleQueue()
SPEC_LINE = ""
if __name__ == "__main__":
    SPEC_LINE = read_spec()
    hold(on_order=ORDERS.put)

import contextlib
import os
import sys
import threading
from collections.abc import Callable

import msgspec

from tui.camera.spec import ReaderSpec, Told
from tui.core.camera.faults import CameraFault

PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
"""FFmpeg would ask them for a camera in the next room, its password included."""


class Voice:
    """Lines for the owner, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def say(self, told: Told) -> None:
        line = msgspec.json.encode(told)
        with self._lock:
            try:
                sys.stdout.buffer.write(line + b"\n")
                sys.stdout.buffer.flush()
            except OSError:
                os._exit(0)  # nobody hears it any more


def main(spec: ReaderSpec) -> None:
    """Read until it has ended, or the owner wants no more."""
    voice = Voice()
    for name in PROXIES:
        os.environ.pop(name, None)
    try:
        from tui.camera.reader import Reader
    except ImportError as error:
        # Its text is that of a package's loader; no source has been named to it yet.
        voice.say(Told(failed=CameraFault("no-package", str(error))))
        return
    reader = Reader(spec, voice.say)
    threading.Thread(target=_obey, args=(reader.obey,), name="orders", daemon=True).start()
    reader.read()


def _obey(obey: Callable[[str], None]) -> None:
    while True:
        with contextlib.suppress(ValueError):
            obey(ORDERS.get())


if __name__ == "__main__":
    main(msgspec.json.decode(SPEC_LINE, type=ReaderSpec))
    # Threads that wait in a library or a driver can't be joined.
    os._exit(0)
