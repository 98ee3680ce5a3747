"""The exhausting burner, with few open files allowed. `python -m …narrow_program MOST`"""

from tui.stress.guarded import begin

GIVEN = begin()

import resource  # noqa: E402
import sys  # noqa: E402

from tui.stress import exhaust  # noqa: E402

if __name__ == "__main__":
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (most // 2, most))
    sys.exit(exhaust.main(GIVEN))
