"""What one round of a workflow knows by name: texts for words in braces, and bytes to send."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from tui.core.e2e.checking import bytes_of, text_of
from tui.ports import Still

MOST_TEXT_BYTES = 64 * 1024
"""Of what stands for a word; a body that is longer can be sent and hashed alone."""
PICTURE_TYPE = "image/jpeg"


class Blob(msgspec.Struct, frozen=True):
    """Bytes as they came."""

    data: bytes
    content_type: str


class Values:
    """Grows step by step. One thread uses it."""

    def __init__(self, run_id: str, number: int, correlation: str) -> None:
        self._texts = {
            "run.id": run_id,
            "round.number": f"{number}",
            "round.id": correlation,
        }
        self._blobs: dict[str, Blob] = {}

    @property
    def texts(self) -> Mapping[str, str]:
        """What words in braces stand for; of all that has bytes `NAME.sha256` and `NAME.size`."""
        return self._texts

    def blob(self, name: str) -> Blob | None:
        """The bytes under a name; None where there are none."""
        return self._blobs.get(name)

    def keep_picture(self, name: str, still: Still) -> None:
        """A camera's picture, under the name of its step."""
        self._keep(name, Blob(still.jpeg, PICTURE_TYPE))
        self._texts[f"{name}.camera"] = still.camera

    def keep(self, name: str, part: object, content_type: str) -> None:
        """A part of an answer."""
        blob = Blob(bytes_of(part), content_type)
        self._keep(name, blob)
        if len(blob.data) <= MOST_TEXT_BYTES:
            self._texts[name] = text_of(part)

    def _keep(self, name: str, blob: Blob) -> None:
        self._blobs[name] = blob
        self._texts[f"{name}.sha256"] = hashlib.sha256(blob.data).hexdigest()
        self._texts[f"{name}.size"] = f"{len(blob.data)}"
