"""An object store that speaks S3, with the client of the extra `s3`."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.core.storage.faults import fault_text
from tui.core.storage.measures import Cleaned, Opened, PlaceName
from tui.stress.objects.cell import Item
from tui.stress.objects.rounds import Rounds
from tui.stress.objects.spec import ANSWER_S, CONNECT_S, ObjectsSpec
from tui.stress.objects.store_faults import fault_of

if TYPE_CHECKING:
    from minio import Minio

PREFIX = "jetproof"
LEAST_PART = 5 * 1024 * 1024
"""The client takes no smaller part; a part as large as the object makes it one request."""
MOST_NAMED = 5
_MACHINE = Path("/etc/machine-id")


class StoreObject:
    """Implements `Item`: one request to write, one to read."""

    def __init__(self, store: ObjectStore, key: str, size_bytes: int) -> None:
        self.key = key
        self._store = store
        self._size_bytes = size_bytes
        self._content = os.urandom(size_bytes)
        self._hash = sha256(self._content).digest()

    def write(self) -> None:
        self._store.put(self.key, self._content)

    def ready(self) -> None:
        """The client takes its own memory."""

    def read(self) -> None:
        self._content = self._store.get(self.key)

    def is_right(self) -> bool:
        found = sha256(self._content).digest()
        self.let_go()
        return found == self._hash

    def remove(self) -> None:
        self.let_go()
        self._store.remove(self.key)

    def let_go(self) -> None:
        """Forget the content."""
        self._content = b""


class ObjectStore:
    """Implements `cell.Place`. Everything raises what the client raises, see `store_faults`."""

    name: PlaceName = "store"

    def __init__(self, spec: ObjectsSpec) -> None:
        """Raises ImportError where the extra is not installed."""
        self._settings = spec.settings
        self._secrets = spec.secrets
        self._where = spec.store
        self._bucket = spec.settings.bucket
        self._client = _client(spec)
        self._mine = f"{PREFIX}/{_board()}"
        self._run = f"{self._mine}/{spec.run_id}"
        self._mark = f"{self._mine}/made-this-bucket"
        self._numbers = count()
        self._there: set[str] = set()
        """Keys that were put, or may have been, and are not known to be removed."""
        self._objects: list[StoreObject] = []
        self._is_broken = self.is_ours = False
        self.is_making = False
        """Whether the bucket is being made, and is not whole yet."""
        self._removed = 0

    def open(self) -> Opened:
        """Make the bucket unless it is there, and remove what earlier runs of this board left."""
        swept: list[str] = []
        made = False
        # A listing answers with a reason; whether a bucket exists is asked without one.
        if not self._is_there():
            self.is_making = True
            self._client.make_bucket(self._bucket, self._settings.region)
            self.is_ours = made = True
            self._put(self._mark, b"jetproof removes this bucket when it is empty")
            self.is_making = False
        for key in [*self._keys(f"{self._mine}/")]:
            if key == self._mark:
                self.is_ours = True
            else:
                self._client.remove_object(self._bucket, key)
                swept.append(key)
        return Opened(
            place="store",
            where=self._where,
            made_bucket=made,
            swept=tuple(swept[:MOST_NAMED]),
            swept_more=max(len(swept) - MOST_NAMED, 0),
        )

    def make(self, number: int, size_bytes: int) -> Sequence[Item]:
        for each in self._objects:
            each.let_go()
        self._objects = [
            StoreObject(self, f"{self._run}/{next(self._numbers):05}", size_bytes)
            for _ in range(number)
        ]
        return self._objects

    def warm(self, parallel: int) -> None:
        """Open as many connections as will be used: no transfer counts a handshake."""
        for each in self._objects:
            each.let_go()
        Rounds().do([self._touch] * parallel, 0, CONNECT_S + ANSWER_S)

    def is_cached(self, items: Sequence[Item]) -> bool:
        """Of this machine's memory nothing is in the way; the store's own is its own affair."""
        return False

    def put(self, key: str, content: bytes) -> None:
        """In one request."""
        self._there.add(key)
        self._put(key, content)

    def get(self, key: str) -> bytes:
        """All of it."""
        response = self._client.get_object(self._bucket, key)
        try:
            return bytes(response.read())
        finally:
            response.close()
            response.release_conn()

    def remove(self, key: str) -> None:
        """Try to; what can't be removed now is told by `clean`."""
        if self._is_broken or key not in self._there:
            return
        try:
            self._client.remove_object(self._bucket, key)
        except Exception:
            self._is_broken = True  # each further one would wait for an answer, too
        else:
            self._there.discard(key)
            self._removed += 1

    def clean(self) -> Cleaned:
        """Remove what is left of this run, and the bucket where it was made for one."""
        self._is_broken = False
        for key in sorted(self._there):
            self.remove(key)
        left, is_gone, why = len(self._there), False, ""
        try:
            keys = list(self._keys(f"{self._run}/"))
            left = len(keys)
            if self.is_ours and not left:
                is_gone = self._remove_bucket()
        except Exception as error:
            why = fault_text(fault_of(error, self._secrets), self._settings.endpoint)
        if left and not why:
            why = "the store refused to remove them"
        return Cleaned(self._removed, left, is_gone, why)

    def _remove_bucket(self) -> bool:
        others = (key for key in self._keys("") if key != self._mark)
        if next(others, None) is not None:
            return False
        self._client.remove_object(self._bucket, self._mark)
        self._client.remove_bucket(self._bucket)
        return True

    def _is_there(self) -> bool:
        from minio.error import S3Error

        try:
            next(self._keys(f"{self._mine}/"), None)
        except S3Error as error:
            if error.code != "NoSuchBucket":
                raise
            return False
        return True

    def _keys(self, prefix: str) -> Iterator[str]:
        found = self._client.list_objects(self._bucket, prefix=prefix, recursive=True)
        return (str(each.object_name) for each in found)

    def _put(self, key: str, content: bytes) -> None:
        size = len(content)
        part_size = max(size, LEAST_PART)
        self._client.put_object(self._bucket, key, BytesIO(content), size, part_size=part_size)

    def _touch(self) -> None:
        from minio.error import S3Error

        try:
            self._client.stat_object(self._bucket, self._mark)
        except S3Error as error:
            if error.code not in ("NoSuchKey", "NoSuchObject"):
                raise


def _client(spec: ObjectsSpec) -> Minio:
    import urllib3
    from minio import Minio

    parts = urlsplit(spec.settings.endpoint)
    if not spec.settings.verify_tls:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    most = max(spec.plan.parallel)
    trusted = os.environ.get("SSL_CERT_FILE")
    # A retry would hide what it took, and that anything was wrong.
    pool = urllib3.PoolManager(
        maxsize=most,
        block=False,
        timeout=urllib3.Timeout(connect=CONNECT_S, read=ANSWER_S),
        retries=False,
        cert_reqs="CERT_REQUIRED" if spec.settings.verify_tls else "CERT_NONE",
        ca_certs=trusted or None,
    )
    return Minio(
        parts.netloc,
        access_key=spec.access_key,
        secret_key=spec.secret_key,
        secure=parts.scheme == "https",
        region=spec.settings.region or None,
        http_client=pool,
    )


def _board() -> str:
    """A name of this board that means nothing to others: they may share the bucket."""
    try:
        machine = _MACHINE.read_text().strip()
    except OSError:
        machine = ""
    return sha256(f"{machine} {socket.gethostname()}".encode()).hexdigest()[:12]
