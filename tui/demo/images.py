"""Stored images: exact bytes on disk, facts beside them, within limits."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import secrets
import threading
from datetime import datetime, timezone
from pathlib import Path

import msgspec

MOST_IMAGES = 10_000
MOST_BYTES = 1024**3

_FILE = re.compile(r"[0-9a-f]{32}\.(bin|json|part)")


class StoreFull(Exception):
    """A limit of the store, or the disk itself, is reached."""


class NoSuchImage(Exception):
    """No stored image has this id."""


class ImageRecord(msgspec.Struct, frozen=True):
    """What is known of a stored image."""

    id: str
    sha256: str
    """Of the bytes as they were received."""
    size: int
    name: str
    content_type: str
    created_at: str
    """UTC, ISO 8601 with microseconds, so that text order is time order."""


class ImageStore:
    """Images in one directory, each as `ID.bin` and `ID.json`; safe to use from any thread.

    A path is only ever made from an id that the index holds, so an id can't point elsewhere.
    Nothing is synced: this is a target for tests, and its images may be lost with the power.
    """

    def __init__(
        self, root: Path, most_images: int = MOST_IMAGES, most_bytes: int = MOST_BYTES
    ) -> None:
        self._root = root
        self._most_images = most_images
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._records = {record.id: record for record in _load(root)}
        # What is being written counts as well, or uploads at the same time would pass the limits.
        self._count = len(self._records)
        self._bytes = sum(record.size for record in self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def add(self, data: bytes, name: str, content_type: str) -> ImageRecord:
        """Store an image; StoreFull when it doesn't fit."""
        self._reserve(len(data))
        image_id = secrets.token_hex(16)
        try:
            return self._write(image_id, data, name, content_type)
        except BaseException as error:
            self._unlink(image_id)
            self._release(len(data))
            if isinstance(error, OSError):
                raise StoreFull(f"the image can't be written: {error.strerror}") from error
            raise

    def find(self, image_id: str) -> ImageRecord:
        """NoSuchImage when there is none."""
        try:
            return self._records[image_id]
        except KeyError:
            raise NoSuchImage("no such image") from None

    def read(self, record: ImageRecord) -> bytes:
        """The bytes as they lie on disk; NoSuchImage when deleted meanwhile."""
        try:
            return self._path(record.id, "bin").read_bytes()
        except FileNotFoundError:
            raise NoSuchImage("no such image") from None

    def delete(self, image_id: str) -> None:
        """NoSuchImage when there is none, also for the later of two deletes at once."""
        with self._lock:
            record = self.find(image_id)
            del self._records[image_id]
        self._unlink(image_id)
        self._release(record.size)

    def page(self, limit: int, offset: int) -> tuple[list[ImageRecord], int]:
        """Newest first, and how many there are in all."""
        with self._lock:
            newest = itertools.islice(reversed(self._records.values()), offset, offset + limit)
            return list(newest), len(self._records)

    def _reserve(self, size: int) -> None:
        with self._lock:
            if self._count + 1 > self._most_images:
                raise StoreFull(f"the store holds its {self._most_images} images")
            if self._bytes + size > self._most_bytes:
                raise StoreFull(f"the store would hold more than {self._most_bytes} bytes")
            self._count += 1
            self._bytes += size

    def _release(self, size: int) -> None:
        with self._lock:
            self._count -= 1
            self._bytes -= size

    def _write(self, image_id: str, data: bytes, name: str, content_type: str) -> ImageRecord:
        digest = hashlib.sha256(data).hexdigest()
        self._path(image_id, "bin").write_bytes(data)
        with self._lock:
            # Stamped under the lock, so that the order of the index is the order in time.
            created_at = datetime.now(timezone.utc).isoformat(timespec="microseconds")
            record = ImageRecord(image_id, digest, len(data), name, content_type, created_at)
            part = self._path(image_id, "part")
            part.write_bytes(msgspec.json.encode(record))
            os.replace(part, self._path(image_id, "json"))
            self._records[image_id] = record
        return record

    def _path(self, image_id: str, kind: str) -> Path:
        return self._root / f"{image_id}.{kind}"

    def _unlink(self, image_id: str) -> None:
        # The facts go first: bytes without facts are swept at the next start, not served.
        for kind in ("json", "part", "bin"):
            self._path(image_id, kind).unlink(missing_ok=True)


def _load(root: Path) -> list[ImageRecord]:
    """What an earlier process left whole, oldest first; its torn writes are removed."""
    ours = [path for path in root.iterdir() if _FILE.fullmatch(path.name)]
    records = {}
    for path in ours:
        if path.suffix == ".json" and (record := _read_record(path)) is not None:
            records[path.stem] = record
    for path in ours:
        if path.stem not in records or path.suffix == ".part":
            path.unlink(missing_ok=True)
    return sorted(records.values(), key=lambda record: record.created_at)


def _read_record(path: Path) -> ImageRecord | None:
    try:
        record = msgspec.json.decode(path.read_bytes(), type=ImageRecord)
        size = path.with_suffix(".bin").stat().st_size
    except (OSError, msgspec.DecodeError):
        return None
    return record if record.id == path.stem and record.size == size else None
