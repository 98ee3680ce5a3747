"""Words in braces, as in `/images/{id}`: which a text has, and the text once they are filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

ROUND_WORDS = ("round.number", "round.id", "run.id")
"""Known in every step: the round's number, its correlation id, the run's id."""
PICTURE_WORDS = ("sha256", "size", "camera")
"""Known of a picture behind the name of its step: `{capture.sha256}`."""
MADE_WORDS = ("sha256", "size")
"""Known of bytes that a step made up."""
ITEM = "item"
"""The name of the bytes that an item sends, or sent."""
ITEM_WORDS = ("item.number", "item.sha256", "item.size")
"""Known in a step that does something item by item; the last two where its items have bytes."""
COUNTED_WORDS = ("page.offset", "page.number")
"""Which page is meant, where pages are counted."""
PAGE_WORDS = ("page.size", *COUNTED_WORDS, "page.cursor")
"""Known in a step that reads a list."""
TARGET, SECRET = "target", "secret"
"""Behind them a name of the target's own: `{target.site}`, `{secret.viewer}`."""
RESERVED = ("round", "run", "item", "page", TARGET, SECRET)
"""What no step may save something as."""
# The braces of a JSON document have quotes, blanks or nothing in them, and are no word's.
_WORD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)?)\}", re.ASCII)


def words_in(template: str) -> tuple[str, ...]:
    """The words of a text in their order, each once; all other braces stand for themselves."""
    return tuple(dict.fromkeys(_WORD.findall(template)))


def filled(template: str, values: Mapping[str, str]) -> str:
    """The text with its words filled in. KeyError names a word that has no value."""
    return _filled(template, values, str)


def filled_path(template: str, values: Mapping[str, str]) -> str:
    """The same for the path of a URL: a value is one segment of it, whatever it holds."""
    return _filled(template, values, _segment)


def filled_json(template: str, values: Mapping[str, str]) -> str:
    """The same for a JSON document: a value can't end the text in quotes that it stands in."""
    return _filled(template, values, lambda value: json.dumps(value)[1:-1])


def _filled(template: str, values: Mapping[str, str], made: Callable[[str], str]) -> str:
    return _WORD.sub(lambda match: made(values[match[1]]), template)


def _segment(value: str) -> str:
    # A segment of dots alone would lead out of its place.
    return quote(value, safe="") if value.strip(".") else value.replace(".", "%2E")
