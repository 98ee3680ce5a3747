"""What was stored: bytes and facts in one directory, which outlive the process."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

HERE = timezone(timedelta(hours=2))
"""Its clock is right, and says so in its own time zone."""


class Medium(NamedTuple):
    """One."""

    key: str
    label: str
    kind: str
    """Its media type."""
    digest: str
    """SHA-256, in capitals."""
    length: int
    at: str
    """ISO 8601, with microseconds."""


class Shelf:
    """Safe from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        facts = (json.loads(path.read_text()) for path in sorted(folder.glob("*.json")))
        self._media = {medium.key: medium for medium in (Medium(**each) for each in facts)}
        self._made = max((int(key.rpartition("/")[2]) for key in self._media), default=0)

    def __len__(self) -> int:
        return len(self._media)

    def put(self, data: bytes, label: str, kind: str) -> Medium:
        """Keep it."""
        digest = hashlib.sha256(data).hexdigest().upper()
        with self._lock:
            self._made += 1
            at = datetime.now(HERE).isoformat(timespec="microseconds")
            medium = Medium(f"m/{self._made:06}", label, kind, digest, len(data), at)
            self._path(medium.key, "bin").write_bytes(data)
            self._path(medium.key, "json").write_text(json.dumps(medium._asdict()))
            self._media[medium.key] = medium
        return medium

    def find(self, key: str) -> Medium | None:
        """None: there is none such."""
        with self._lock:
            return self._media.get(key)

    def data(self, medium: Medium) -> bytes:
        """The very bytes."""
        return self._path(medium.key, "bin").read_bytes()

    def drop(self, key: str) -> bool:
        """Whether there was one."""
        with self._lock:
            if self._media.pop(key, None) is None:
                return False
            for kind in ("json", "bin"):
                self._path(key, kind).unlink()
            return True

    def page(self, after: str, take: int) -> tuple[list[Medium], str | None]:
        """The newest first, those behind the one called `after`; and where the next page begins."""
        with self._lock:
            newest = sorted(self._media.values(), reverse=True)
        rest = [medium for medium in newest if not after or medium.key < after]
        return rest[:take], rest[take - 1].key if len(rest) > take else None

    def _path(self, key: str, kind: str) -> Path:
        return self._folder / f"{key.rpartition('/')[2]}.{kind}"
