"""`python -m tests.lib.sorter PORT FOLDER`: a process of its own, which SIGHUP restarts."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.lib.sorter.service import Sorter


def main(port: str, folder: str) -> None:
    """Serve until killed."""
    signal.signal(signal.SIGHUP, lambda *_: None)
    service = Sorter(Path(folder), int(port))
    print(service.url, flush=True)
    signal.pause()
    service.close()
    again = service.url.rpartition(":")[2]
    os.execv(sys.executable, [sys.executable, "-m", "tests.lib.sorter", again, folder])


if __name__ == "__main__":
    main(*sys.argv[1:])
