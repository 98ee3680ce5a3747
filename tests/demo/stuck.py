"""A demo that is stuck in native code, with the interpreter's lock in its hands."""

from __future__ import annotations

import tui.demo.__main__  # noqa: F401 - it ties this process to its owner

if __name__ == "__main__":
    import ctypes
    import json
    import os
    import signal

    # As in a demo that serves: a signal that asks it to go is heard by the interpreter alone.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    # Unlike a CDLL, it does not let go of the interpreter while it is called, and unlike a sleep
    # no signal interrupts the second call.
    lock, mutex = ctypes.PyDLL(None).pthread_mutex_lock, ctypes.create_string_buffer(64)
    print(json.dumps({"type": "ready", "pid": os.getpid()}), flush=True)
    lock(mutex)
    lock(mutex)
