"""How many bytes the product may write to a device: for one run, and over all of a day.

Flash wears by being written. What is kept over sessions is a `Wear` for each device; this file
only counts, whoever keeps it reads and writes it.

Where the figures come from: consumer flash endures some hundreds of erase cycles. 10 GiB a day
on a 32 GB card (about 16 TB written in its life) is four years of daily tests; 100 GiB a day on a
256 GB NVMe disk (makers promise about 150 TB) is four years too.
"""

from __future__ import annotations

from typing import Literal

import msgspec

DeviceKind = Literal["sd", "emmc", "nvme", "ssd", "spinning", "ram", "unknown"]

GIB = 1024**3
DAY_S = 86_400.0


class Budget(msgspec.Struct, frozen=True):
    """What may be written to one device."""

    run_bytes: int
    day_bytes: int


_SMALL = Budget(run_bytes=2 * GIB, day_bytes=10 * GIB)
_LARGE = Budget(run_bytes=20 * GIB, day_bytes=100 * GIB)

BUDGETS: dict[DeviceKind, Budget] = {
    "sd": _SMALL,
    "emmc": _SMALL,
    "nvme": _LARGE,
    "ssd": _LARGE,
    "spinning": _LARGE,
    "unknown": _SMALL,
}
"""Memory has no entry: it does not wear. What can't be told is treated as the weakest."""


def kind_of(
    device: str, *, mmc_type: str = "", rotational: str = "", removable: str = ""
) -> DeviceKind:
    """What a block device is, by its kernel name (a partition's does too) and some of its nodes.

    `mmc_type`: /sys/block/NAME/device/type ("SD" or "MMC"), `rotational`:
    /sys/block/NAME/queue/rotational, `removable`: /sys/block/NAME/removable; each empty where it
    can't be read. vdX, dm-X and loopX stand for another device, so they are unknown.
    """
    if device.startswith("nvme"):
        return "nvme"
    if device.startswith("mmcblk"):
        return "emmc" if mmc_type == "MMC" else "sd"
    if device.startswith("sd"):
        # A card in a USB reader is named like a disk.
        if removable == "1":
            return "sd"
        kinds: dict[str, DeviceKind] = {"0": "ssd", "1": "spinning"}
        return kinds.get(rotational, "unknown")
    if device.startswith(("zram", "ram")):
        return "ram"
    return "unknown"


class Written(msgspec.Struct, frozen=True):
    """Bytes of one run."""

    at_s: float
    """UTC."""
    amount_bytes: int


class Wear(msgspec.Struct, frozen=True):
    """What the product has written to one device in all its sessions."""

    device: str
    """Something that stays with the device: its serial number, not its kernel name."""
    kind: DeviceKind
    total_bytes: int = 0
    recent: tuple[Written, ...] = ()
    """Of the last day, oldest first."""

    def seen(self, now_s: float) -> Wear:
        """The same at another time (UTC): what is older than a day is only in the total.

        What bears a later time was written under a clock that was wrong, as on a board without a
        battery for it: nobody knows when, so it counts as written now and ages from here.
        """
        recent = tuple(
            msgspec.structs.replace(one, at_s=min(one.at_s, now_s))
            for one in self.recent
            if one.at_s > now_s - DAY_S
        )
        return msgspec.structs.replace(self, recent=recent)

    def add(self, amount_bytes: int, now_s: float) -> Wear:
        """The same after so many more bytes. ValueError for less than none."""
        if amount_bytes < 0:
            raise ValueError(f"{amount_bytes} bytes can't have been written")
        if not amount_bytes:
            return self.seen(now_s)
        now = self.seen(now_s)
        return msgspec.structs.replace(
            now,
            total_bytes=now.total_bytes + amount_bytes,
            recent=(*now.recent, Written(now_s, amount_bytes)),
        )

    def day_bytes(self, now_s: float) -> int:
        """Written within the last day."""
        return sum(one.amount_bytes for one in self.seen(now_s).recent)

    def allowed_bytes(self, now_s: float) -> int | None:
        """What a run that begins now may write, 0 at least; None: as much as it likes."""
        budget = BUDGETS.get(self.kind)
        if budget is None:
            return None
        return max(0, min(budget.run_bytes, budget.day_bytes - self.day_bytes(now_s)))
