"""An owner for tests: starts a child, says its pid, beats for it. `… owner_program SPEC`"""

import json
import queue
import sys
import time

from tui.child.spawn import Child, Lifelines, Line

if __name__ == "__main__":
    lifelines = Lifelines()
    words: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
    spec = json.loads(sys.argv[1])
    child = lifelines.adopt(Child("child", "tests.lib.child_program", spec=spec, on_line=words.put))
    words.get()
    print(child.pid, flush=True)
    time.sleep(600)
