"""The least document that a schema of OpenAPI allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

import msgspec

from tui.core.e2e.openapi_document import Document, Unreadable, followed
from tui.core.e2e.openapi_value import BY_FORMAT, count_of, least_number, plain_text
from tui.core.e2e.words import words_in

MOST_DEPTH = 12
MOST_PARTS = 10_000
"""Of a schema that are looked at for one value: some are written to be endless."""
MOST_ITEMS = 100


class Sampler:
    """Of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = MOST_PARTS

    def example(self, about: Mapping[str, Any]) -> object:
        """What a parameter or a content type has as its example. KeyError where there is none."""
        if "example" in about:
            return usable(about["example"])
        examples = about.get("examples")
        for each in examples.values() if isinstance(examples, Mapping) else ():
            entry = followed(self._document, "", each).value
            if "value" in entry:
                return usable(entry["value"])
        raise KeyError("example")

    def hint(self, schema: object, *, is_id: bool) -> object:
        """What a schema itself says of a value: an example, its default, its only or first ones,
        and where it is no id, which has to be somebody's, its least, or whatever has its format.
        KeyError where it says nothing."""
        whole = self.whole(schema)
        for key in ("example", "default", "const"):
            if whole.get(key) is not None:
                return usable(whole[key])
        for key in ("examples", "enum"):
            listed = whole.get(key)
            for value in listed if _is_list(listed) else ():
                if value is not None:
                    return usable(value)
        kind = _type_of(whole)
        is_plain = kind == "boolean" or (kind == "string" and f"{whole.get('format')}" in BY_FORMAT)
        if not is_id and (is_plain or "minimum" in whole or "exclusiveMinimum" in whole):
            return self.sample(schema)
        raise KeyError("hint")

    def sample(self, schema: object, name: str = "") -> Any:
        """The least value, as JSON has it. Raises Unreadable where none is found; `name` is the
        property that it is for."""
        self._left = MOST_PARTS
        return self._sample(schema, name, 0)

    def properties(self, schema: object) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Those of an object, and which of them it must have."""
        return _properties(self.whole(schema))

    def whole(self, schema: object) -> Mapping[str, Any]:
        """The schema without references and choices: of these the first."""
        self._left = MOST_PARTS
        return self._whole(schema, 0)

    def _sample(self, schema: object, name: str, depth: int) -> Any:
        if depth > MOST_DEPTH:
            raise Unreadable(f"its schema nests deeper than {MOST_DEPTH}")
        whole = self._whole(schema, depth)
        if depth > MOST_DEPTH // 2 and (_may_be_null(schema) or _may_be_null(whole)):
            return None
        try:
            return self._plain(whole)
        except KeyError:
            pass
        kind = _type_of(whole)
        if kind == "object":
            return self._object(whole, depth)
        if kind == "array":
            least = min(count_of(whole, "minItems"), MOST_ITEMS)
            return [self._sample(whole.get("items", {}), name, depth + 1) for _ in range(least)]
        if kind in ("integer", "number"):
            return least_number(whole, is_whole=kind == "integer")
        if kind == "string":
            return plain_text(whole, name)
        return {"boolean": False, "null": None}.get(kind, {})

    def _plain(self, schema: Mapping[str, Any]) -> object:
        """KeyError where the schema gives no value."""
        for key in ("const", "example", "default"):
            if schema.get(key) is not None:
                return usable(schema[key])
        enum = schema.get("enum")
        if isinstance(enum, list) and enum:
            return usable(next((each for each in enum if each is not None), None))
        raise KeyError("plain")

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties, required = _properties(schema)
        names = dict.fromkeys(required)
        short = count_of(schema, "minProperties") - len(names)
        names.update(dict.fromkeys([each for each in properties if each not in names][:short]))
        found: dict[str, Any] = {}
        for name in names:
            about = properties.get(name, schema.get("additionalProperties", {}))
            if self._whole(about, depth + 1).get("readOnly") is not True:
                found[name] = self._sample(about, name, depth + 1)
        return found

    def _whole(self, schema: object, depth: int) -> Mapping[str, Any]:
        """One schema in place of references, allOf, oneOf and anyOf."""
        if not isinstance(schema, Mapping):
            return {}
        self._left -= 1
        if depth > 2 * MOST_DEPTH or self._left < 0:
            raise Unreadable("its schema goes round in a circle")
        if "$ref" in schema:
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            led = self._whole(followed(self._document, "", schema).value, depth + 1)
            return {**led, **beside} if beside else led
        merged: dict[str, Any] = {
            key: value for key, value in schema.items() if key not in ("allOf", "oneOf", "anyOf")
        }
        for part in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
            merged = _merged(merged, self._whole(part, depth + 1))
        for key in ("oneOf", "anyOf"):
            choices = schema.get(key)
            if isinstance(choices, list) and choices:
                chosen = self._chosen(schema, choices, depth)
                merged = _merged(merged, chosen)
        return merged

    def _chosen(
        self, schema: Mapping[str, Any], choices: list[Any], depth: int
    ) -> Mapping[str, Any]:
        for choice in choices:
            whole = self._whole(choice, depth + 1)
            if _type_of(whole) != "null":
                return _merged(whole, _discriminated(schema, choice))
        return {}


def usable(value: object) -> object:
    """The value. KeyError where it has words in braces, which would be taken for our own."""
    if words_in(msgspec.json.encode(value, enc_hook=str).decode()):
        raise KeyError("words")
    return value


def _discriminated(schema: Mapping[str, Any], choice: Any) -> Mapping[str, Any]:
    """What says which of the choices it is."""
    about = schema.get("discriminator")
    name = about.get("propertyName") if isinstance(about, Mapping) else None
    reference = choice.get("$ref") if isinstance(choice, Mapping) else None
    if not isinstance(about, Mapping) or not isinstance(name, str) or reference is None:
        return {}
    mapping = about.get("mapping")
    keys = mapping.items() if isinstance(mapping, Mapping) else ()
    short = f"{reference}".rpartition("/")[2]
    value = next((key for key, led in keys if led in (reference, short)), short)
    return {"properties": {name: {"const": value}}, "required": [name]}


def _properties(schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    properties, required = schema.get("properties"), schema.get("required")
    names = [name for name in required if isinstance(name, str)] if _is_list(required) else []
    return (properties if isinstance(properties, Mapping) else {}), tuple(names)


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _may_be_null(schema: object) -> bool:
    if not isinstance(schema, Mapping):
        return False
    choices = [*(schema.get("oneOf") or ()), *(schema.get("anyOf") or ())]
    kind = schema.get("type")
    return (
        schema.get("nullable") is True
        or (_is_list(kind) and "null" in kind)
        or any(isinstance(each, Mapping) and each.get("type") == "null" for each in choices)
    )


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    properties, required = _properties(one)
    more, needed = _properties(other)
    merged = {**one, **other}
    if properties or more:
        merged["properties"] = {**properties, **more}
    if required or needed:
        merged["required"] = list(dict.fromkeys([*required, *needed]))
    return merged


def _type_of(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "null")
    if isinstance(kind, str):
        return kind
    return next((name for key, name in _TELLING if key in schema), "")


_TELLING = (
    ("properties", "object"), ("required", "object"), ("additionalProperties", "object"),
    ("items", "array"), ("minItems", "array"), ("pattern", "string"), ("minLength", "string"),
    ("maxLength", "string"), ("format", "string"), ("minimum", "number"), ("maximum", "number"),
)  # fmt: skip
