"""A child for tests: says what it was told, then does one thing. `python -m …child_program`"""

from tui.child.lifeline import hold, read_spec

SPEC_LINE = read_spec()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402


def main(spec: dict[str, Any]) -> int:
    """Speak, then sleep or end."""
    hold(heartbeat_s=spec.get("heartbeat_s", 60.0))
    print("this is no JSON, and neither is the next line")
    sys.stdout.buffer.write(b"\xff\xfe\n[1, 2]\n")
    oom = int(Path("/proc/self/oom_score_adj").read_text())
    print(json.dumps({"type": "hello", "spec": spec, "oom": oom, "session": os.getsid(0)}))
    sys.stdout.flush()
    print("what goes wrong", file=sys.stderr)
    if "exit" in spec:
        return int(spec["exit"])
    while True:
        time.sleep(0.25)
        print('{"type": "tick"}', flush=True)


if __name__ == "__main__":
    sys.exit(main(json.loads(SPEC_LINE)))
