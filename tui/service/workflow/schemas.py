"""Whether an answer is what the service's OpenAPI document says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from tui.core.e2e.answer import Answer, NoDocument
from tui.core.e2e.checking import MOST_CHARACTERS, Wrong, text_of
from tui.core.e2e.openapi_document import Part, Unreadable, child, is_json, part_at
from tui.core.failure import printable
from tui.service.workflow.validators import validators

# jsonschema is imported when it is first used: most runs have nothing to do with it.
if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

MOST_ERRORS = 50
"""Of one answer that are looked at, to tell the most telling of them."""
MOST_TOLD = MOST_CHARACTERS
"""Of what was wanted and of what came."""
_WITHOUT_BODY = (204, 205, 304)


class Schemas:
    """Of one document. Nothing is ever fetched: a reference that leads out of it can't be followed,
    and is told."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._validators: dict[str, Any] = {}
        # Now, not in the first step: what it takes would be told as overhead of that.
        self._validator_of = validators(document)

    def knows(self, pointer: str, status: int) -> bool:
        """Whether the operation that `pointer` leads to may answer with that status."""
        try:
            return self._response(pointer, status) is not None
        except Unreadable:
            return True  # the check itself will say what is wrong

    def wrong_with(self, pointer: str, answer: Answer) -> Wrong | None:
        """What is wrong with an answer of the operation that `pointer` leads to, None for nothing:
        its status, its content type, its body and its headers."""
        try:
            response = self._response(pointer, answer.status)
            if response is None:
                return Wrong(f"status {answer.status} is not in its OpenAPI")
            has_none = pointer.endswith("/head") or answer.status in _WITHOUT_BODY
            wrong = None if has_none else self._wrong_body(response, answer)
            return wrong or self._wrong_headers(response, answer)
        except Unreadable as error:
            return Wrong(str(error))
        except Exception as error:
            # Schemas are what their authors made of them: cycles, numbers where lists belong, …
            return Wrong(f"its OpenAPI can't be read there ({type(error).__name__})")

    def _response(self, pointer: str, status: int) -> Part | None:
        responses = child(self._document, part_at(self._document, pointer), "responses")
        if responses is None:
            return None
        for key in (f"{status}", f"{status // 100}XX", f"{status // 100}xx", "default"):
            found = child(self._document, responses, key)
            if found is not None:
                return found
        return None

    def _wrong_body(self, response: Part, answer: Answer) -> Wrong | None:
        content = child(self._document, response, "content")
        documented = list(content.value) if content is not None else []
        if content is None or not documented:
            return None
        if not answer.body:
            return Wrong("the body is missing", " or ".join(documented)[:MOST_TOLD])
        kind = answer.headers.get("content-type", "")
        key = _documented(kind, documented)
        if key is None:
            got = printable(kind.partition(";")[0])[:MOST_TOLD] or "no content type"
            return Wrong(f"{got} is not in its OpenAPI", " or ".join(documented)[:MOST_TOLD], got)
        media = child(self._document, content, key)
        if media is None or "schema" not in media.value or not is_json(kind):
            return None
        try:
            body = answer.document
        except NoDocument as why:
            return Wrong(f"the body {why}")
        return self._unfit(f"{media.pointer}/schema", (body,), "")

    def _wrong_headers(self, response: Part, answer: Answer) -> Wrong | None:
        headers = child(self._document, response, "headers")
        for name in headers.value if headers is not None else ():
            assert headers is not None
            header = child(self._document, headers, name)
            if header is None or name.lower() == "content-type":
                continue
            text = answer.headers.get(name.lower())
            if text is None:
                if header.value.get("required") is True:
                    return Wrong(f"the header {printable(name)} is missing")
            elif "schema" in header.value:
                pointer = f"{header.pointer}/schema"
                wrong = self._unfit(pointer, _readings(text), f"the header {printable(name)}")
                if wrong is not None:
                    return wrong
        return None

    def _unfit(self, pointer: str, readings: tuple[object, ...], where: str) -> Wrong | None:
        """None where one of the readings fits the schema; else what is wrong with the first."""
        from jsonschema.exceptions import best_match

        validator = self._validators.get(pointer)
        if validator is None:
            validator = self._validators[pointer] = self._validator_of(pointer)
        first: ValidationError | None = None
        for reading in readings:
            error = best_match(islice(validator.iter_errors(reading), MOST_ERRORS))
            if error is None:
                return None
            first = first or error
        return None if first is None else _told(first, where)


def _documented(kind: str, documented: list[str]) -> str | None:
    """Which of the documented content types it is; the plainest counts first."""
    got = kind.partition(";")[0].strip().lower()
    family = got.partition("/")[0]
    plain = {key.partition(";")[0].strip().lower(): key for key in documented}
    for wanted in (got, f"{family}/*", "*/*", "*"):
        if wanted in plain:
            return plain[wanted]
    return None


def _readings(text: str) -> tuple[object, ...]:
    """What a header's text may stand for."""
    found: list[object] = [text]
    try:
        found.append(json.loads(text))
    except (ValueError, RecursionError):
        pass
    return (*found, [each.strip() for each in text.split(",")])


def _told(error: ValidationError, where: str) -> Wrong:
    """In a clause: `/images/0/size is "x", not of type integer`."""
    pointer = "".join(f"/{key}" for key in error.absolute_path)
    place = printable(where or pointer or "the body")[:MOST_TOLD]
    wanted, got = _short(error.validator_value), _short(error.instance)
    keyword = str(error.validator)
    if keyword == "required":
        return Wrong(f"{place} {_short_text(error.message)}", wanted, got)
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        names = _extra(error)
        what = f"has {names}, which is not in its OpenAPI" if names else "has more than it may"
        return Wrong(f"{place} {what}", "", got)
    words = _WORDS.get(keyword)
    if words is not None:
        return Wrong(f"{place} {words.format(_short(error.validator_value, 40))}", wanted, got)
    return Wrong(f"{place} does not fit its OpenAPI ({printable(keyword)})", wanted, got)


def _extra(error: ValidationError) -> str:
    schema, instance = error.schema, error.instance
    if not isinstance(schema, Mapping) or not isinstance(instance, dict):
        return ""
    known = schema.get("properties", {})
    return ", ".join(_short_text(name) for name in instance if name not in known)[:MOST_TOLD]


def _short(value: object, most: int = MOST_TOLD) -> str:
    return _short_text(text_of(value), most)


def _short_text(text: str, most: int = MOST_TOLD) -> str:
    text = printable(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


_WORDS = {
    "type": "is not of type {}",
    "enum": "is none of {}",
    "const": "is not {}",
    "format": "is no {}",
    "pattern": "does not match {}",
    "minimum": "is less than {}",
    "maximum": "is more than {}",
    "exclusiveMinimum": "is not more than {}",
    "exclusiveMaximum": "is not less than {}",
    "minLength": "is shorter than {}",
    "maxLength": "is longer than {}",
    "minItems": "has fewer than {} items",
    "maxItems": "has more than {} items",
    "uniqueItems": "has an item twice",
    "multipleOf": "is no multiple of {}",
}
