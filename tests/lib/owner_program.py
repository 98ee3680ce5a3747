"""An owner for tests: starts a child, says its pid, beats for it. `… owner_program SPEC`"""

import json
import sys
import time

from tui.child.spawn import Child, Lifelines

if __name__ == "__main__":
    lifelines = Lifelines()
    child = Child(
        "child",
        "tests.lib.child_program",
        spec=json.loads(sys.argv[1]),
        on_line=lambda line: print(child_pid) if line and line["type"] == "hello" else None,
    )
    child_pid = child.pid
    lifelines.adopt(child)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    time.sleep(600)
