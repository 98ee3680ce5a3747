"""What judges the schemas of OpenAPI: those of `jsonschema`, bent to how documents are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from tui.core.e2e.openapi_document import is_version_30
from tui.core.e2e.openapi_pattern import UNREADABLE, may_search

# jsonschema is imported when it is first used: most runs have nothing to do with it.
if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_HOME = "urn:openapi"
Keyword = Callable[[Any, Any, Any, Any], "Iterator[ValidationError] | None"]


def validators(document: Mapping[str, Any]) -> Callable[[str], Any]:
    """What makes a validator of the schema that a pointer into the document leads to."""
    from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
    from jsonschema.validators import extend
    from referencing import Registry
    from referencing.jsonschema import DRAFT4, DRAFT202012

    is_30 = is_version_30(document)
    base = Draft4Validator if is_30 else Draft202012Validator
    keywords: dict[str, Any] = {**base.VALIDATORS, "required": _required}
    keywords["pattern"] = _tolerant(keywords["pattern"], None)
    named = _name_patterns(document)
    for name in ("patternProperties", "additionalProperties", "unevaluatedProperties"):
        if name in keywords:
            keywords[name] = _tolerant(keywords[name], named)
    if is_30:
        keywords = {name: _nullable(keyword) for name, keyword in keywords.items()}
    formats = FormatChecker(formats=())
    for name, read in _FORMATS.items():
        formats.checks(name, raises=(ValueError, msgspec.ValidationError))(_of_text(read))
    specification = DRAFT4 if is_30 else DRAFT202012
    # A registry of one: without a way to retrieve anything else.
    registry: Any = Registry().with_resource(_HOME, specification.create_resource(document))
    made = extend(base, validators=keywords)
    root = made({"$ref": f"{_HOME}#"}, registry=registry, format_checker=formats)
    return lambda pointer: root.evolve(schema={"$ref": f"{_HOME}#{pointer}"})


def _nullable(keyword: Keyword) -> Keyword:
    """OpenAPI 3.0: `nullable` beside any keyword lets null pass it."""

    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        if instance is not None or schema.get("nullable") is not True:
            yield from keyword(validator, value, instance, schema) or ()

    return check


def _required(validator: Any, required: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """What is `writeOnly` is never answered, even where it is required."""
    from jsonschema.exceptions import ValidationError

    if not isinstance(instance, dict):
        return
    properties = schema.get("properties", {})
    for name in required:
        about = properties.get(name)
        is_secret = isinstance(about, dict) and about.get("writeOnly") is True
        if name not in instance and not is_secret:
            yield ValidationError(f"has no {name}")


def _tolerant(keyword: Keyword, named: Sequence[str] | None) -> Keyword:
    """Patterns are JavaScript's. Those that Python can't read, and those that it might never be
    done with, judge nothing. `named` are those that names of properties are held against; None: it
    holds a text against its own."""

    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        texts = [instance] if named is None else [*instance] if isinstance(instance, dict) else []
        length = max((len(text) for text in texts if isinstance(text, str)), default=0)
        if not all(may_search(each, length) for each in ([value] if named is None else named)):
            return
        try:
            yield from keyword(validator, value, instance, schema) or ()
        except UNREADABLE:
            return

    return check


def _name_patterns(document: object) -> list[str]:
    """All that names of properties are held against, wherever in the document."""
    found: list[str] = []
    left: list[Any] = [document]
    while left:
        part = left.pop()
        if isinstance(part, Mapping):
            patterns = part.get("patternProperties")
            found += patterns if isinstance(patterns, Mapping) else ()
        inside: Iterable[Any] = part.values() if isinstance(part, Mapping) else part
        left += [each for each in inside if isinstance(each, (Mapping, list))]
    return found


def _of_text(read: Callable[[str], object]) -> Callable[[object], bool]:
    def check(instance: object) -> bool:
        if isinstance(instance, str):
            read(instance)
        return True

    return check


def _moment(text: str) -> datetime:
    # Without a zone, too: that is how services write it that forget theirs.
    return msgspec.convert(text, datetime)


_FORMATS: dict[str, Callable[[str], object]] = {
    "date-time": _moment,
    "date": date.fromisoformat,
    "uuid": UUID,
}
"""Those that are judged; of the others documents mean all kinds of things."""
