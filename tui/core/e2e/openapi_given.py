"""What the configuration says for the requests of an OpenAPI document, and how it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import msgspec

from tui.core.e2e.openapi_sample import usable

_NO_WORD = re.compile(r"[^A-Za-z0-9_-]")


class NotAsked(Exception):
    """An operation is left out; the text says why, in a clause, and which key helps."""


class Given(msgspec.Struct, frozen=True):
    """What somebody said of the target."""

    target: str
    """Its name."""
    values: Mapping[str, str]
    """What stands for `{target.NAME}`."""
    secrets: frozenset[str]
    """The names of those that stand for `{secret.NAME}`."""

    def key(self, table: str, name: str, value: str = "…") -> str:
        """Which key of the configuration helps."""
        return f'[targets.{self.target}.{table}] {name} = "{value}" in config.toml'


def word(name: str) -> str:
    """A parameter's name as a word in braces has it."""
    clean = _NO_WORD.sub("_", name)
    return clean if clean[:1].isalpha() or clean[:1] == "_" else f"_{clean}"


def value_text(value: object) -> str:
    """A value as a URL, a header or a form has it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(each, (list, dict)) for each in value):
        return ",".join(value_text(each) for each in value)
    return json.dumps(usable(value), ensure_ascii=False)
