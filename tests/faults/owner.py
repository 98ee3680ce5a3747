"""An owner of faults for tests: does one kind again and again. `… owner STATE WHAT PID DIRECTORY`

It says its guardian's pid, then `acted` each time the fault is there.
"""

import shutil
import sys
import time
from pathlib import Path

from tui.child.spawn import Lifelines
from tui.faults.detour import Detour
from tui.faults.disk import filled
from tui.faults.guardian import Guardian
from tui.faults.process import frozen
from tui.faults.proxy_lines import ProxySpec
from tui.faults.target import Target

ROOM_BYTES = 48 * 1024**2
SILENCE_S = 2.5


def main(state: Path, what: str, pid: int, directory: Path) -> None:
    """Never returns."""
    lifelines = Lifelines()
    if what == "proxy":
        detour = Detour(ProxySpec("127.0.0.1", 9), lifelines)
        print(detour.pid, flush=True)
        time.sleep(600)
    guardian = Guardian(state, lifelines, silence_s=SILENCE_S)
    print(guardian.pid, flush=True)
    target = Target.of(pid)
    while True:
        if what == "fill":
            floor = shutil.disk_usage(directory).free - ROOM_BYTES
            with filled(guardian, directory, 60.0, floor_bytes=floor):
                print("acted", flush=True)
        else:
            with frozen(guardian, target, 60.0):
                print("acted", flush=True)
                time.sleep(600 if what == "hold" else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
