"""What `jetproof doctor` says of cameras: whether they can be looked at, what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tui.core.finding import Finding
from tui.core.format import counted

if TYPE_CHECKING:
    from tui.catalogue import Loaded
    from tui.cli.camera_list import Listing

NAME = "cameras"


def doctor_findings(loaded: Loaded, state_dir: Path) -> Iterator[Finding]:
    """None of them is opened."""
    from tui.cli.camera_list import listing

    yield from findings_of(listing(loaded, state_dir))


def findings_of(found: Listing) -> Iterator[Finding]:
    """What is wrong with what was found, or that nothing is."""
    real = [each for each in found.cameras if each.source.is_real]
    there = f"{counted(len(real), 'camera')} configured, {counted(len(found.devices), 'device')}"
    for lack in found.lacks:
        # Who has no camera needs none of it.
        is_needed = bool(real or found.devices)
        yield Finding(NAME, "warn" if is_needed else "ok", f"{there}; {lack.what}", lack.next)
    for name, why in found.secrets.items():
        if why:
            yield Finding(NAME, "warn", f"{name}: {why}", f"see cameras.{name}.credentials")
    for each in found.devices:
        if each.device.why:
            yield Finding(NAME, "warn", f"{each.device.node}: {each.device.why}")
    if not found.lacks and not any(found.secrets.values()):
        yield Finding(NAME, "ok", there)
    if found.stored.overdue:
        late = counted(found.stored.overdue, "snapshot")
        said = f"{late} older than {found.keep} in {found.stored.folder}"
        yield Finding("snapshots", "warn", said, "jetproof camera purge")
