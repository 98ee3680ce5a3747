"""Stills that somebody took, each beside a file that says what it is; and how they go again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

import msgspec

from tui.core.camera.measures import Quality
from tui.core.failure import printable
from tui.core.problem import InputError
from tui.ports.camera import Still, StillForm
from tui.store.private_files import PART, make_private, write_private

FOLDER = "snapshots"
KIND = "jetproof snapshot 1"
LONGEST_REASON = 200
_PICTURE, _FACTS = ".jpg", ".json"
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}-[0-9]{8}T[0-9]{9}Z-[0-9a-f]{8}")
_MOST_FACTS_BYTES = 100_000


class StillFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a picture."""

    kind: str = KIND
    file: str
    """The picture's name, in the same directory."""
    camera: str
    source: str
    """As in the configuration, never with a secret."""
    label: str
    """`simulated` or `replay` where no camera took it."""
    form: StillForm
    reason: str
    """Why somebody took it, in their words."""
    sha256: str
    """Of exactly the bytes of the file."""
    bytes: int
    packet_sha256: str
    """Of the compressed picture as the camera sent it; empty where that is not known."""
    width: int
    height: int
    codec: str
    """In which it came."""
    at: str
    """When it came: UTC, `2026-11-21T20:43:32.123Z`."""
    at_utc_s: float
    at_monotonic_s: float
    is_clock_synced: bool | None
    """Whether the kernel held its clock for synchronised; null: it does not tell."""
    boot: str = ""
    """The kernel's own id of the time from one start to the next: the monotonic clock's."""
    pts_s: float | None
    is_keyframe: bool
    is_corrupt: bool
    tool: str
    quality: Quality | None
    """Of the whole picture, whatever the form."""


class Kept(msgspec.Struct, frozen=True):
    """A snapshot on the device."""

    path: Path
    """Of the picture."""
    facts: StillFacts
    taken_utc_s: float
    """When it was taken, as far as anything tells: its own time may be of a clock not yet set."""
    size: int | None
    """Of the picture, in bytes; None: it is gone, or was never finished."""


class Checked(msgspec.Struct, frozen=True):
    """A picture beside what its facts say of it."""

    kept: Kept
    sha256: str
    """Of what is there now."""

    @property
    def is_same(self) -> bool:
        """Whether not a bit has changed."""
        return self.sha256 == self.kept.facts.sha256


def snapshot_folder(state_dir: Path) -> Path:
    """Where stills are kept unless somebody says otherwise."""
    return state_dir / FOLDER


def keep(
    still: Still, form: StillForm, reason: str, directory: Path, *, is_own: bool = False
) -> Kept:
    """Write a still and its facts; `directory` is made if it is not there, what is above it not.

    `is_own`: it is for nothing but snapshots, and is closed to others.
    InputError when that can't be done, or without a reason.
    """
    facts = _facts(still, form, checked_reason(reason))
    path = directory / facts.file
    make_private(directory, is_own=is_own)
    beside = path.with_suffix(_FACTS)
    # The facts first: a picture without them would belong to nobody, and never be removed.
    write_private(beside, msgspec.json.format(msgspec.json.encode(facts)) + b"\n")
    try:
        write_private(path, still.jpeg)
    except InputError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    return Kept(path, facts, _taken_utc_s(facts, beside.stat().st_mtime), len(still.jpeg))


def kept_in(directory: Path) -> tuple[Kept, ...]:
    """All of a directory, the oldest first; what is not ours is left out."""
    found = [kept for name in _listed(directory) if (kept := _read(directory, name)) is not None]
    return tuple(sorted(found, key=lambda each: (each.taken_utc_s, each.path.name)))


def overdue(kept: Sequence[Kept], keep_s: float, now_utc_s: float) -> tuple[Kept, ...]:
    """Those that are older than they may get."""
    return tuple(each for each in kept if now_utc_s - each.taken_utc_s > keep_s)


def check(path: Path) -> Checked:
    """Hash a picture, named by itself or by its facts. InputError when either can't be read."""
    kept = _read(path.parent, path.with_suffix(_FACTS).name)
    if kept is None and not path.exists():
        raise InputError.of(str(path), "", "there is no such file")
    if kept is None:
        what = f"no facts of a snapshot beside it ({path.with_suffix(_FACTS).name})"
        raise InputError.of(str(path), "", what)
    try:
        return Checked(kept, hashlib.sha256(kept.path.read_bytes()).hexdigest())
    except OSError as error:
        what = f"can't be read: {error.strerror or error}"
        raise InputError.of(str(kept.path), "", what) from None


def remove(kept: Kept) -> None:
    """The picture and its facts. InputError when it can't be."""
    part = kept.path.with_name(kept.path.name + PART)
    try:
        # The facts last: while a picture is there, they say whose it is.
        for path in (part, kept.path, kept.path.with_suffix(_FACTS)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
    except OSError as error:
        what = f"can't be removed: {error.strerror or error}"
        raise InputError.of(str(kept.path), "", what) from None


def checked_reason(reason: str) -> str:
    """As it is kept: one line. InputError when there is none, or too long a one."""
    said = printable(reason)
    if not said:
        raise InputError.of("snapshot", "reason", "say why it is taken: that is kept with it")
    if len(said) > LONGEST_REASON:
        raise InputError.of("snapshot", "reason", f"at most {LONGEST_REASON} characters")
    return said


def _facts(still: Still, form: StillForm, reason: str) -> StillFacts:
    moment = datetime.fromtimestamp(still.at_utc, timezone.utc)
    name = _STRANGE.sub("-", still.camera).strip("-")[:40] or "camera"
    stamp = f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}Z"
    return StillFacts(
        file=f"{name}-{stamp}-{still.sha256[:8]}{_PICTURE}",
        camera=still.camera,
        source=still.source,
        label=still.label,
        form=form,
        reason=reason,
        sha256=still.sha256,
        bytes=len(still.jpeg),
        packet_sha256=still.packet_sha256,
        width=still.width,
        height=still.height,
        codec=still.codec,
        at=f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
        at_utc_s=still.at_utc,
        at_monotonic_s=still.at_monotonic_s,
        is_clock_synced=still.is_clock_synced,
        boot=_boot(),
        pts_s=still.pts_s,
        is_keyframe=still.is_keyframe,
        is_corrupt=still.is_corrupt,
        tool=still.tool,
        quality=still.quality,
    )


def _taken_utc_s(facts: StillFacts, written_utc_s: float) -> float:
    """A clock that was not set yet would make a still too old: in the same boot the monotonic one
    knows its age, later only when its file was written."""
    if facts.is_clock_synced is not False:
        return facts.at_utc_s
    if facts.boot and facts.boot == _boot():
        return time.time() - (time.monotonic() - facts.at_monotonic_s)
    return max(facts.at_utc_s, written_utc_s)


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _listed(directory: Path) -> Iterator[str]:
    try:
        names = os.listdir(directory)
    except OSError:
        return
    yield from (name for name in names if name.endswith(_FACTS))


def _read(directory: Path, name: str) -> Kept | None:
    """None for a file that is none of ours, whatever it is."""
    stem = name.removesuffix(_FACTS)
    try:
        path = directory / name
        told = path.lstat()
        if not _NAME.fullmatch(stem) or not stat.S_ISREG(told.st_mode):
            return None
        with path.open("rb") as file:
            facts = msgspec.json.decode(file.read(_MOST_FACTS_BYTES), type=StillFacts)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if facts.kind != KIND or facts.file != f"{stem}{_PICTURE}":
        return None
    picture = directory / facts.file
    try:
        found = picture.lstat()
        size = found.st_size if stat.S_ISREG(found.st_mode) else None
    except OSError:
        size = None
    return Kept(picture, facts, _taken_utc_s(facts, told.st_mtime), size)
