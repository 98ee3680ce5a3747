"""One archive of all that the items of a step fetched: written, read back and compared."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Sequence
from typing import BinaryIO

from tui.core.e2e.checking import Wrong
from tui.core.format import count, counted
from tui.service.workflow.done import Done, Wait
from tui.service.workflow.spool import Kept, Spool
from tui.service.workflow.values import PICTURE_TYPE

MANIFEST = "manifest.sha256"
PIECE_BYTES = 1024**2


def archive(spool: Spool, wait: Wait) -> Done:
    """Written to disk under no name, and gone when this returns."""
    done = Done()
    kept = spool.kept
    if spool.trouble or not kept:
        done.fail(Wrong(spool.trouble or "there is nothing to archive"))
        return done
    try:
        with tempfile.TemporaryFile() as file:
            if not write(file, spool, kept, wait):
                done.stop()
                return done
            wrong = wrong_in(file, kept)
    except OSError as error:
        wrong = Wrong(f"the archive can't be written: {error.strerror or error}")
    if wrong is not None:
        done.fail(wrong)
        return done
    done.hashes = len(kept)
    files = counted(len(kept), "file")
    done.note = f"{files}, {_size_text(spool.size_bytes)}, all as they were"
    return done


def write(file: BinaryIO, spool: Spool, kept: Sequence[Kept], wait: Wait) -> bool:
    """All files and the manifest behind them, on the disk itself; False where it was stopped."""
    lines = []
    with tarfile.open(fileobj=file, mode="w") as tar:
        for each in kept:
            if not wait(0.0):
                return False
            _add(tar, name_of(each), spool.read(each))
            lines.append(f"{each.sha256}  {name_of(each)}\n")
        _add(tar, MANIFEST, "".join(lines).encode())
    file.flush()
    os.fsync(file.fileno())
    # What is read back comes from the disk.
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def wrong_in(file: BinaryIO, kept: Sequence[Kept]) -> Wrong | None:
    """What is not in it as it was fetched, nor as it was sent; None where all is. OSError."""
    file.seek(0)
    try:
        found, manifest = _read_back(file)
    except (tarfile.TarError, EOFError) as error:
        return Wrong(f"the archive can't be read back: {error}")
    listed = dict(line.split("  ", 1)[::-1] for line in manifest.splitlines() if "  " in line)
    wrong = [
        (each, got)
        for each in kept
        if not (each.sha256 == (got := found.get(name_of(each), "")) == listed.get(name_of(each)))
    ]
    if wrong:
        each, got = wrong[0]
        text = f"{count(len(wrong))} of {counted(len(kept), 'file')} not as they were fetched"
        return Wrong(f"{text}, first item {each.number}", each.sha256, got)
    sent = [each for each in kept if each.sent_sha256 not in ("", each.sha256)]
    if sent:
        text = f"{count(len(sent))} of {counted(len(kept), 'file')} not as they were sent"
        return Wrong(f"{text}, first item {sent[0].number}", sent[0].sent_sha256, sent[0].sha256)
    if len(found) != len(kept):
        return Wrong("the archive has files that nobody put there")
    return None


def name_of(kept: Kept) -> str:
    """`000137.jpg`."""
    ending = ".jpg" if kept.content_type.partition(";")[0].strip() == PICTURE_TYPE else ".bin"
    return f"{kept.number:06}{ending}"


def _size_text(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{count(size)} bytes"


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(data)
    tar.addfile(about, io.BytesIO(data))


def _read_back(file: BinaryIO) -> tuple[dict[str, str], str]:
    """The SHA-256 of each file by its name, and the manifest."""
    found: dict[str, str] = {}
    manifest = ""
    with tarfile.open(fileobj=file, mode="r:") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                continue
            if member.name == MANIFEST:
                manifest = content.read().decode("utf-8", "replace")
                continue
            hashed = hashlib.sha256()
            while piece := content.read(PIECE_BYTES):
                hashed.update(piece)
            found[member.name] = hashed.hexdigest()
    return found, manifest
