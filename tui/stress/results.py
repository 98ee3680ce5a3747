"""Rows as a service stores its results: what each must hold follows from its number. Pure."""

from __future__ import annotations

from hashlib import sha256

import msgspec

CAMERAS = 8
LABELS = ("person", "car", "bicycle", "dog", "truck", "nothing")
STEP_MS = 40
"""Between two pictures."""

Row = tuple[int, int, int, str, float, bytes]
"""Number, time, camera, label, score, and the hash of the picture."""

SCHEMA = """
CREATE TABLE results (
  number INTEGER PRIMARY KEY, taken_ms INTEGER NOT NULL, camera INTEGER NOT NULL,
  label TEXT NOT NULL, score REAL NOT NULL, picture BLOB NOT NULL);
CREATE INDEX by_camera ON results (camera, taken_ms);
CREATE INDEX by_picture ON results (picture);
"""
INSERT = "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?)"
BY_CAMERA = (
    "SELECT * FROM results WHERE camera = ? AND taken_ms BETWEEN ? AND ? ORDER BY taken_ms LIMIT ?"
)
BY_PICTURE = "SELECT * FROM results WHERE picture = ?"
DELETE = "DELETE FROM results WHERE number < ?"
MOST_ANSWERED = 50
"""Rows that a query for a camera asks for."""


class Block(msgspec.Struct, frozen=True):
    """Rows that were written in one transaction."""

    first: int
    count: int

    def rows(self) -> list[Row]:
        """All of them."""
        return [row(number) for number in range(self.first, self.first + self.count)]

    def of_camera(self, camera: int) -> tuple[tuple[int, int, int, int], list[Row]]:
        """What BY_CAMERA is asked, and what it must answer."""
        beyond = self.first + self.count
        begin = self.first + (camera - self.first) % CAMERAS
        numbers = range(begin, beyond, CAMERAS)[:MOST_ANSWERED]
        asked = (camera, self.first * STEP_MS, (beyond - 1) * STEP_MS, MOST_ANSWERED)
        return asked, [row(number) for number in numbers]


def row(number: int) -> Row:
    """What the row of that number holds."""
    picture = sha256(b"picture %d" % number).digest()
    score = int.from_bytes(picture[:2], "big") / 65_536
    label = LABELS[picture[2] % len(LABELS)]
    return number, number * STEP_MS, number % CAMERAS, label, score, picture


def wrong(expected: list[Row], answered: list[Row]) -> int:
    """Rows that are missing, changed, or too many."""
    same = len(set(expected) & set(answered))
    return max(len(expected), len(answered)) - same
