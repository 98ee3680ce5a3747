"""How each camera was when somebody was content with it: a file for each."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from pathlib import Path

import msgspec

from tui.core.camera.reference import THUMB_HEIGHT, THUMB_WIDTH, Reference
from tui.core.problem import InputError
from tui.store.private_files import make_private, write_private

FOLDER = "references"
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")
_END = ".json"
_LOG = logging.getLogger(__name__)


class References:
    """Those of a state directory. Every process reads what another has stored."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / FOLDER

    def all(self) -> tuple[Reference, ...]:
        """By name of their cameras; one that can't be read is logged and left out."""
        try:
            names = sorted(name for name in os.listdir(self._folder) if name.endswith(_END))
        except OSError:
            return ()
        found = [one for name in names if (one := _read(self._folder / name)) is not None]
        return tuple(sorted(found, key=lambda one: one.camera))

    def of(self, camera: str) -> Reference | None:
        """That of one camera; None without."""
        return next((one for one in self.all() if one.camera == camera), None)

    def keep(self, reference: Reference) -> Path:
        """In place of the camera's earlier one. InputError when it can't be written."""
        path = self._folder / _name(reference.camera)
        make_private(self._folder)
        write_private(path, msgspec.json.encode(reference) + b"\n", replaces=True)
        return path

    def forget(self, camera: str) -> bool:
        """Whether there was one. InputError when it can't be removed."""
        path = self._folder / _name(camera)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            what = f"can't be removed: {error.strerror or error}"
            raise InputError.of(str(path), "", what) from None
        return True


def _name(camera: str) -> str:
    """Of its file: a camera that was given as a URL has no name that a file could have."""
    digest = hashlib.sha256(camera.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{_STRANGE.sub('-', camera).strip('-')[:40]}-{digest}{_END}"


def _read(path: Path) -> Reference | None:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Reference)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        _LOG.warning("the reference %s can't be read: %s", path, error)
        return None
    if len(found.thumb) not in (0, THUMB_WIDTH * THUMB_HEIGHT) or path.name != _name(found.camera):
        _LOG.warning("the reference %s is another camera's, or damaged", path)
        return None
    return found
