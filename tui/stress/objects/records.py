"""A metadata store as a service keeps one: rows in batches, each on the device before the next."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable

from tui.core.storage.measures import Records
from tui.core.storage.plan import RECORDS_S
from tui.stress.burner import Unusable
from tui.stress.nameless import open_nameless, sweep
from tui.stress.objects.local import LocalPlace
from tui.stress.objects.rounds import ranked
from tui.stress.place import MIB
from tui.stress.results import BY_CAMERA, CAMERAS, INSERT, SCHEMA, Block, wrong
from tui.stress.results_client import reserve_bytes

BATCH = 100
QUERIES = 200
BUSY_S = 2.0
WORN = "the wear budget of this device is used up"
_ROW_BYTES = 1024
"""What a row may take of the device: in the table, in two indices, in the log."""
_SEED = 1


def measure_records(
    directory: str,
    place: LocalPlace,
    asked: int,
    may_write: Callable[[int], bool],
    is_stopped: Callable[[], bool],
) -> Records:
    """Insert, then ask. `may_write` says whether so many bytes more are within the budget."""
    nothing = Records(0, asked, BATCH)
    need_bytes = 64 * MIB + asked * _ROW_BYTES
    if place.free_bytes() < need_bytes:
        return _not(nothing, f"{directory} has no room for {need_bytes // MIB} MiB more")
    sweep(directory)
    try:
        writer, reader = open_nameless(directory, SCHEMA, 2, BUSY_S)
    except (OSError, sqlite3.Error) as error:
        return _not(nothing, f"{directory} takes no database: {error}")
    try:
        # WAL alone loses what was acknowledged last when the power goes.
        writer.execute("PRAGMA synchronous = FULL")
        inserts_s = _insert(writer, asked, may_write, is_stopped)
        rows = min(len(inserts_s) * BATCH, asked)
        if not rows:
            return _not(nothing, WORN)
        return _told(asked, rows, inserts_s, *_ask(reader, rows))
    except (sqlite3.Error, Unusable) as error:
        return _not(nothing, f"the database failed: {error}")
    finally:
        writer.close()
        reader.close()


def _insert(
    connection: sqlite3.Connection,
    asked: int,
    may_write: Callable[[int], bool],
    is_stopped: Callable[[], bool],
) -> list[float]:
    """How long each transaction took; what it holds was made before it began."""
    took_s: list[float] = []
    ends_s = time.monotonic() + RECORDS_S
    for first in range(0, asked, BATCH):
        if time.monotonic() > ends_s or is_stopped() or not may_write(reserve_bytes(BATCH)):
            break
        rows = Block(first, min(BATCH, asked - first)).rows()
        began_s = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, rows)
        connection.execute("COMMIT")
        took_s.append(time.perf_counter() - began_s)
    return took_s


def _ask(connection: sqlite3.Connection, rows: int) -> tuple[list[float], int]:
    """How long each query took over an index of all rows, and how many rows were wrong."""
    chance = random.Random(_SEED)
    took_s, bad = [], 0
    for _ in range(QUERIES):
        first = chance.randrange(rows)
        asked, expected = Block(first, rows - first).of_camera(chance.randrange(CAMERAS))
        began_s = time.perf_counter()
        answered = connection.execute(BY_CAMERA, asked).fetchall()
        took_s.append(time.perf_counter() - began_s)
        bad += wrong(expected, answered)
    return took_s, bad


def _told(
    asked: int, rows: int, inserts_s: list[float], queries_s: list[float], bad: int
) -> Records:
    inserts, queries = sorted(inserts_s), sorted(queries_s)
    return Records(
        rows=rows,
        asked=asked,
        batch=BATCH,
        seconds=sum(inserts),
        insert_p50_ms=1000 * ranked(inserts, 0.50),
        insert_p95_ms=1000 * ranked(inserts, 0.95),
        queries=len(queries),
        query_p50_ms=1000 * ranked(queries, 0.50),
        query_p95_ms=1000 * ranked(queries, 0.95),
        query_longest_ms=1000 * queries[-1],
        bad=bad,
    )


def _not(nothing: Records, why: str) -> Records:
    return Records(nothing.rows, nothing.asked, nothing.batch, why_not=why)
