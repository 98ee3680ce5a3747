"""Whether one part of an answer is what a step expects there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timezone

import msgspec

from tui.core.e2e.answer import Answer, Missing, part_of
from tui.core.e2e.detection import DetectionShape
from tui.core.e2e.found import Unreadable, detections
from tui.core.e2e.matching import objects_text, unlike
from tui.core.e2e.operation import Operation
from tui.core.e2e.words import filled, words_in
from tui.core.e2e.workflow import Check
from tui.core.format import count, duration

MOST_CHARACTERS = 4000
"""Of a text that is told. More than anybody shows: what hides secrets needs them whole."""
MOST_NAMED = 60
"""Of a text that is told within a clause."""
_OWN_SHAPE = DetectionShape()


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with an answer."""

    why: str
    """In a clause: `sha256 is another`."""
    wanted: str = ""
    got: str = ""


def wrong_in(
    check: Check,
    answer: Answer,
    operation: Operation,
    values: Mapping[str, str],
    now_utc_s: float,
    shape: DetectionShape = _OWN_SHAPE,
) -> Wrong | None:
    """What is wrong with the part of an answer that a check is of, None for nothing; see
    `wrong_with`."""
    try:
        part = part_of(answer, check.place, operation)
    except Missing as missing:
        return None if check.absent else Wrong(str(missing))
    if check.absent:
        # So JSON says that nothing is there.
        return None if part is None else Wrong(f"{check.place} is there", "nothing", _shown(part))
    return wrong_with(check, part, values, now_utc_s, shape)


def wrong_with(
    check: Check,
    part: object,
    values: Mapping[str, str],
    now_utc_s: float,
    shape: DetectionShape = _OWN_SHAPE,
) -> Wrong | None:
    """What is wrong with a part, None for nothing.

    `values` are those that words in braces stand for; the hash of one that has bytes is under
    `NAME.sha256`. `now_utc_s`: since the epoch. `shape`: how the service writes objects.
    """
    try:
        return (
            _wrong_type(check, part)
            or _wrong_value(check, part, values)
            or _wrong_text(check, part, values)
            or _wrong_size(check, part)
            or _wrong_moment(check, part, now_utc_s)
            or _wrong_hash(check, part, values)
            or _wrong_objects(check, part, shape)
        )
    except KeyError as unknown:
        return Wrong(f"{check.place} can't be compared: {{{unknown.args[0]}}} is not known")


def compares_hash(check: Check) -> bool:
    """Whether it proves that bytes are the same: `hash_of`, or equal to a `{capture.sha256}`."""
    return bool(check.hash_of) or _is_hash_text(check)


def text_of(part: object) -> str:
    """A part as the text that a value in braces stands for; JSON for what is no plain value."""
    if isinstance(part, str):
        return part
    if isinstance(part, bytes):
        return part.decode("utf-8", "replace")
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


def bytes_of(part: object) -> bytes:
    """A part as bytes: those of a body as they are, else those of its text."""
    return part if isinstance(part, bytes) else text_of(part).encode("utf-8", "replace")


def _wrong_type(check: Check, part: object) -> Wrong | None:
    got = _type_of(part)
    if check.type in (None, got) or (check.type == "number" and got == "integer"):
        return None
    return _another_type(check.place, str(check.type), part)


def _wrong_value(check: Check, part: object, values: Mapping[str, str]) -> Wrong | None:
    wanted = check.equals
    if wanted is None:
        return None
    if isinstance(wanted, str):
        # What stands for a word is always a text: `{capture.size}` is equal to the number, too.
        got = text_of(part) if words_in(wanted) or isinstance(part, bytes) else part
        wanted = filled(wanted, values)
        is_right = got == wanted
        if _is_hash_text(check):
            is_right = text_of(part).lower() == wanted.lower()
    else:
        is_right = isinstance(part, bool) == isinstance(wanted, bool) and part == wanted
    if is_right:
        return None
    if text_of(part) == text_of(wanted):
        return _another_type(check.place, _type_of(wanted), part)
    return Wrong(f"{check.place} is another", _shown(wanted), _shown(part))


def _wrong_text(check: Check, part: object, values: Mapping[str, str]) -> Wrong | None:
    if not check.contains:
        return None
    wanted = filled(check.contains, values)
    is_there = wanted.encode() in part if isinstance(part, bytes) else wanted in text_of(part)
    if is_there:
        return None
    return Wrong(f'{check.place} has not the text "{wanted[:MOST_NAMED]}"', wanted, _shown(part))


def _another_type(place: str, wanted: str, part: object) -> Wrong:
    return Wrong(f"{place} is {_a(_type_of(part))}, not {_a(wanted)}", wanted, _shown(part))


def _wrong_size(check: Check, part: object) -> Wrong | None:
    if check.least is None and check.most is None:
        return None
    size: float
    if isinstance(part, (int, float)) and not isinstance(part, bool):
        # A whole number may be too large for floating point.
        got = f"{part:.15g}" if isinstance(part, float) else _shown(part)
        size, what = part, check.place
    elif isinstance(part, (str, bytes, list, dict)):
        size, what, got = len(part), f"the length of {check.place}", f"{len(part)}"
    else:
        return Wrong(f"{check.place} has no size", "a number, a list or a text", _shown(part))
    # So put that what is no number at all (NaN) is wrong.
    if check.least is not None and not size >= check.least:
        return Wrong(f"{what} is too small", f"at least {check.least:.15g}", got)
    if check.most is not None and not size <= check.most:
        return Wrong(f"{what} is too large", f"at most {check.most:.15g}", got)
    return None


def _wrong_moment(check: Check, part: object, now_utc_s: float) -> Wrong | None:
    if check.within_s is None:
        return None
    try:
        moment = msgspec.convert(part, datetime)
        # Without a zone it is meant as UTC: that is how services write it that forget theirs.
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        age_s = now_utc_s - zoned.timestamp()
    except (msgspec.ValidationError, OverflowError, ValueError):
        return Wrong(f"{check.place} is no moment", "as in 2026-01-31T09:30:00Z", _shown(part))
    if abs(age_s) <= check.within_s:
        return None
    way = "ago" if age_s > 0 else "ahead"
    off = duration(round(abs(age_s), 0 if abs(age_s) >= 10 else 1))
    why = f"{check.place} is {off} {way} by this machine's clock"
    return Wrong(why, f"within {duration(check.within_s)}", _shown(part))


def _wrong_hash(check: Check, part: object, values: Mapping[str, str]) -> Wrong | None:
    if not check.hash_of:
        return None
    wanted = values[f"{check.hash_of}.sha256"]
    got = hashlib.sha256(bytes_of(part)).hexdigest()
    if got == wanted:
        return None
    return Wrong(f"the SHA-256 of {check.place} is not the one of {check.hash_of}", wanted, got)


def _wrong_objects(check: Check, part: object, shape: DetectionShape) -> Wrong | None:
    like = check.like
    if like is None:
        return None
    wanted = objects_text(like.objects)
    try:
        found = detections(part, shape, like.width, like.height)
    except Unreadable as error:
        return Wrong(f"{check.place} can't be read: {error}", wanted, _shown(part))
    why = unlike(like, found)
    return Wrong(why, wanted, objects_text(found)[:MOST_CHARACTERS]) if why else None


def _is_hash_text(check: Check) -> bool:
    return isinstance(check.equals, str) and any(
        word.endswith(".sha256") for word in words_in(check.equals)
    )


def _type_of(part: object) -> str:
    if part is None:
        return "null"
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (bytes, "body"),
        (list, "array"),
    )
    return next((name for kind, name in kinds if isinstance(part, kind)), "object")


def _a(name: str) -> str:
    if name == "null":
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _shown(part: object) -> str:
    if not isinstance(part, bytes):
        return text_of(part)[:MOST_CHARACTERS]
    text = part[:MOST_CHARACTERS].decode("utf-8", "replace")
    return f"{count(len(part))} bytes" if "\ufffd" in text else text
