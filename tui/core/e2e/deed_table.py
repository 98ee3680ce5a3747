"""What a step does without the service's operations, read and checked."""

from __future__ import annotations

import re

import msgspec

from tui.core.e2e.deed import Certificate, Decide, Make
from tui.core.e2e.known_words import StepWords
from tui.core.e2e.making import MOST_BYTES
from tui.core.mistakes import Mistakes

MOST_FLIPPED = 1_000_000
MOST_DAYS = 3650.0
_CONTENT_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:; ?[\w-]+=[\w\"/.-]+)*", re.ASCII)


class MakeTable(msgspec.Struct, forbid_unknown_fields=True):
    text: str | None = None
    size: int | None = None
    of: str = ""
    keep: float = 1.0
    flip: int = 0
    content_type: str = "application/octet-stream"


class DecideTable(msgspec.Struct, forbid_unknown_fields=True):
    of: str
    category: str = msgspec.field(name="class", default="")
    least_confidence: float = 0.5
    then: str = "yes"
    otherwise: str = "no"


class CertificateTable(msgspec.Struct, forbid_unknown_fields=True):
    least_days: float = 14.0


def read_make(mistakes: Mistakes, table: MakeTable, words: StepWords) -> Make:
    """Bytes that are made up; `mistakes` are those of the step's `make`."""
    ways = [key for key in ("text", "size", "of") if getattr(table, key) not in (None, "")]
    if table.text == "":
        ways.insert(0, "text")
    if len(ways) != 1:
        what = "needs one of text, size and of" if not ways else f"{' and '.join(ways)}: one alone"
        mistakes.add("", what, unless=["text", "size", "of"])
    if table.text is not None:
        words.check_text(mistakes, "text", table.text)
    if table.size is not None:
        mistakes.check("size", table.size, 0, MOST_BYTES)
    words.check_bytes(mistakes, "of", table.of)
    mistakes.check("keep", table.keep, 0, 1)
    mistakes.check("flip", table.flip, 0, MOST_FLIPPED)
    for key, is_set in (("keep", table.keep != 1), ("flip", table.flip != 0)):
        if is_set and not table.of:
            mistakes.add(key, "damages a copy: of = the value that it is a copy of", "of")
    if not _CONTENT_TYPE.fullmatch(table.content_type):
        mistakes.add("content_type", 'no type of content (as in "image/jpeg")')
    return Make(
        text=table.text,
        size_bytes=table.size,
        of=table.of,
        keep=table.keep,
        flip=table.flip,
        content_type=table.content_type,
    )


def read_decide(mistakes: Mistakes, table: DecideTable, words: StepWords) -> Decide:
    """A rule; `mistakes` are those of the step's `decide`."""
    words.check_saved(mistakes, "of", table.of)
    for key, text in (
        ("class", table.category), ("then", table.then), ("otherwise", table.otherwise)
    ):  # fmt: skip
        words.check_text(mistakes, key, text)
    mistakes.check("least_confidence", table.least_confidence, 0, 1)
    if table.then == table.otherwise:
        mistakes.add("otherwise", "is what it comes to anyway: then is the same", "then")
    return Decide(table.of, table.category, table.least_confidence, table.then, table.otherwise)


def read_certificate(mistakes: Mistakes, table: CertificateTable) -> Certificate:
    """How long a certificate must be valid; `mistakes` are those of the step's `certificate`."""
    mistakes.check("least_days", table.least_days, 0, MOST_DAYS)
    return Certificate(table.least_days)
