"""The memory burner with another /proc for the machine. `python -m …small_board_program ROOT`"""

from tui.stress.guarded import begin

GIVEN = begin()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from tui.stress import memory  # noqa: E402

if __name__ == "__main__":
    memory.PROC = Path(sys.argv[1])
    sys.exit(memory.main(GIVEN))
