"""Programs of the system that a test puts before the real ones on PATH."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


class Programs:
    """A directory at the head of PATH; what was asked of each program is kept beside it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        folder.mkdir()
        patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def put(self, name: str, says: str = "", *, complains: str = "", code: int = 0) -> None:
        """A program that prints and ends; put again, it says something else."""
        (self._folder / f"{name}.out").write_text(says)
        (self._folder / f"{name}.err").write_text(complains)
        here = self._folder / name
        self.put_script(
            name,
            f'for word in "$@"; do echo "$word"; done > {here}.asked\n'
            f"cat {here}.err >&2\ncat {here}.out\nexit {code}\n",
        )

    def put_script(self, name: str, body: str) -> None:
        """A program of the test's own, in the words of sh."""
        fresh = self._folder / f"{name}.new"
        fresh.write_text(f"#!/bin/sh\n{body}")
        fresh.chmod(0o755)
        fresh.replace(self._folder / name)

    def asked(self, name: str) -> list[str]:
        """The arguments of the last call."""
        return (self._folder / f"{name}.asked").read_text().splitlines()
