"""What the shipped locustfiles use beside Locust itself.

Under a plain `locust -f users.py` everything here has a sensible default, so such a file stays an
ordinary locustfile.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.core.config import Mix

_PATH = re.compile(r"(?!.*/\.\.?(/|$))/[A-Za-z0-9._~/-]{1,250}")


class Kit:
    """What a worker knows of its run."""

    def __init__(self) -> None:
        self.mix = Mix()
        self.paths: tuple[str, ...] = ()
        self._created: list[str] = []
        self._deleted: list[str] = []

    def configure(self, mix: Mix, paths: Sequence[str]) -> None:
        """Called by the worker before it imports a locustfile."""
        self.mix = mix
        self.paths = tuple(paths)

    def has(self, path: str) -> bool:
        """Whether the target advertises this path in its OpenAPI document."""
        return path in self.paths

    def created(self, path: str) -> None:
        """Something now exists on the target under `path`; the run deletes it at its end.

        ValueError for a path that no target of good will would name.
        """
        if not _PATH.fullmatch(path):
            raise ValueError("not a path that could be deleted again")
        self._created.append(path)

    def deleted(self, path: str) -> None:
        """It is gone again."""
        # What can't have been created may be what a report can't carry.
        if _PATH.fullmatch(path):
            self._deleted.append(path)

    def take(self) -> tuple[list[str], list[str]]:
        """Created and deleted since the last call."""
        created, self._created = self._created, []
        deleted, self._deleted = self._deleted, []
        return created, deleted


kit = Kit()
