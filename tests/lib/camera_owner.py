"""Looks at a camera until it is killed. `… camera_owner SOURCE WORDS…` says when it is open."""

import sys
import time

from tests.lib.watching import watching
from tui.core.events.camera import CameraOpened

if __name__ == "__main__":
    with watching(sys.argv[1], sensor=tuple(sys.argv[2:])) as one:
        one.next(CameraOpened)
        print("open", flush=True)
        time.sleep(600)
