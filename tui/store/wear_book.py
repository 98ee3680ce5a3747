"""How many bytes the product wrote to each device, over all sessions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from tui.core.problem import InputError
from tui.core.wear import DeviceKind, Wear, Written
from tui.store.paths import DATABASE
from tui.store.schema import connect, open_database, transaction
from tui.store.wear_device import Device, device_of

SLOT_S = 600.0
"""What is written within one is kept as one, with the latest time: a day's list stays short."""
_COLUMNS = "device, kind, total_bytes, recent"


class WearBook:
    """The wear kept in a state directory's database. Several processes may add to it at once.

    Every call raises InputError, one line, where it can't be read or written: without a count
    nobody may write.
    """

    def __init__(self, state_dir: Path, device_under: Callable[[Path], Device] = device_of) -> None:
        """Raises InputError when the database is damaged or can't be opened."""
        self._path = state_dir / DATABASE
        self._device_under = device_under
        # A damaged one is not set aside from here: a new one would forget what was written.
        open_database(self._path, only_to_read=True).connection.close()

    def allowed_bytes(self, directory: Path, now_s: float) -> int | None:
        """What a run that begins now (UTC) may write there; None: as much as it likes."""
        device = self._device_under(directory)
        with self._connected("read") as connection:
            return _of(connection, device).allowed_bytes(now_s)

    def add(self, directory: Path, amount_bytes: int, now_s: float) -> Wear:
        """Keep that so much was written there now (UTC); what its device bears by now.

        Memory's is not kept: it does not wear. ValueError for less than none.
        """
        device = self._device_under(directory)
        if device.kind == "ram":
            return Wear(device.id, device.kind).add(amount_bytes, now_s)
        with self._connected("written") as connection, transaction(connection):
            wear = _joined(_of(connection, device).add(amount_bytes, now_s))
            connection.execute(
                f"INSERT OR REPLACE INTO wear ({_COLUMNS}) VALUES (?, ?, ?, ?)",
                (
                    wear.device,
                    wear.kind,
                    wear.total_bytes,
                    msgspec.json.encode(wear.recent).decode(),
                ),
            )
        return wear

    def all(self) -> tuple[Wear, ...]:
        """Of every device that was ever written to, as it was when it was last."""
        with self._connected("read") as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM wear ORDER BY device").fetchall()
            return tuple(_wear(row, row["kind"]) for row in rows)

    @contextmanager
    def _connected(self, what: str) -> Iterator[sqlite3.Connection]:
        try:
            # A file that is not there is not begun anew: what it held is not known.
            if not self._path.exists():
                raise sqlite3.OperationalError("it is gone")
            with closing(connect(self._path)) as connection:
                yield connection
        except (sqlite3.Error, msgspec.MsgspecError, OverflowError) as error:
            raise InputError.of(str(self._path), "", f"can't be {what}: {error}") from None


def _of(connection: sqlite3.Connection, device: Device) -> Wear:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM wear WHERE device = ?", (device.id,)
    ).fetchone()
    # Its kind as it is told today: the nodes that tell it may not have been readable.
    return Wear(device.id, device.kind) if row is None else _wear(row, device.kind)


def _wear(row: sqlite3.Row, kind: DeviceKind) -> Wear:
    recent = msgspec.json.decode(row["recent"], type=tuple[Written, ...])
    # Checked as a whole: any program may have written in the file.
    known = {"device": row["device"], "kind": kind, "total_bytes": row["total_bytes"]}
    return msgspec.structs.replace(msgspec.convert(known, Wear), recent=recent)


def _joined(wear: Wear) -> Wear:
    slots: dict[int, Written] = {}
    for one in wear.recent:
        slot = int(one.at_s // SLOT_S)
        known = slots.get(slot)
        amount_bytes = one.amount_bytes + (known.amount_bytes if known else 0)
        at_s = max(one.at_s, known.at_s) if known else one.at_s
        slots[slot] = Written(at_s, amount_bytes)
    return msgspec.structs.replace(wear, recent=tuple(slots.values()))
