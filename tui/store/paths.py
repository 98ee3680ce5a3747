"""Where everything that lasts is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

from platformdirs import user_state_path

from tui.core.problem import InputError

WHERE = "state directory"
DATABASE = "jetproof.db"


def state_directory(chosen: Path | None = None) -> Path:
    """The state directory: `chosen` (`--state`) or the user's own, made with mode 0700.

    Raises InputError when nothing can be kept there.
    """
    root = (chosen or user_state_path("jetproof")).expanduser().absolute()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Only a real file tells: a permission bit says nothing of read-only mounts, nor to root.
        with tempfile.TemporaryFile(dir=root):
            pass
    except FileExistsError:
        raise InputError.of(WHERE, "", f"{root} is not a directory") from None
    except OSError as error:
        what = f"{root} can't be written: {error.strerror or error} (choose another with --state)"
        raise InputError.of(WHERE, "", what) from None
    return root
