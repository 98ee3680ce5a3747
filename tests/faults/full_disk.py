"""Fills a small disk of its own, in a mount namespace. `… full_disk STATE DISK FLOOR`

Says what it saw, as one JSON object.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tui.child.spawn import Lifelines
from tui.faults.disk import filled
from tui.faults.guardian import Guardian


def main(state: Path, disk: Path, floor_bytes: int) -> None:
    """Mount, fill, look, undo."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", str(disk)], check=True)
    (disk / "theirs").write_text("precious")
    before = shutil.disk_usage(disk).free
    lifelines = Lifelines()
    guardian = Guardian(state, lifelines)
    said = {"before": before}
    with filled(guardian, disk, 60.0, floor_bytes=floor_bytes, scratch=disk) as full:
        said |= {"taken": full.taken_bytes, "free": full.free_bytes}
        try:
            (disk / "more").write_bytes(os.urandom(floor_bytes + 1024**2))
        except OSError as error:
            said["errno"] = error.errno or 0
        (disk / "more").unlink()
    said["after"] = shutil.disk_usage(disk).free
    guardian.close()
    lifelines.close()
    names = sorted(path.name for path in disk.iterdir())
    print(json.dumps({**said, "names": names}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
