"""Answers beside schemas, in both dialects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui.core.e2e.answer import Answer
from tui.core.e2e.checking import Wrong
from tui.service.workflow.schemas import Schemas
from tui.service.workflow.telling import Telling

Json = dict[str, Any]
IT = "/paths/~1it/get"


def document(schema: object, version: str = "3.1.0", **more: Any) -> Json:
    content = {"application/json": {"schema": schema}}
    responses = {"200": {"description": "", "content": content}, "4XX": {"description": ""}}
    return {"openapi": version, "paths": {"/it": {"get": {"responses": responses}}}, **more}


def answer(body: object, status: int = 200, kind: str = "application/json") -> Answer:
    return Answer(status, {"content-type": kind}, json.dumps(body).encode(), 1.0)


def wrong(schema: object, body: object, version: str = "3.1.0", **more: Any) -> Wrong | None:
    return Schemas(document(schema, version, **more)).wrong_with(IT, answer(body))


@pytest.mark.parametrize(
    ("schema", "version", "right", "other"),
    [
        ({"type": "string", "nullable": True}, "3.0.3", None, 3),
        ({"type": "string"}, "3.0.3", "x", None),
        ({"enum": ["a"], "nullable": True}, "3.0.3", None, "b"),
        ({"allOf": [{"type": "object"}], "nullable": True}, "3.0.3", None, 1),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, "3.0.3", 1.5, 1),
        ({"type": "number", "exclusiveMinimum": 1}, "3.1.0", 1.5, 1),
        ({"type": ["string", "null"]}, "3.1.0", None, 3),
        ({"prefixItems": [{"const": "a"}], "items": False}, "3.1.0", ["a"], ["a", "b"]),
        ({"format": "date-time"}, "3.1.0", "2026-01-31T09:30:00", "yesterday"),
        ({"format": "date"}, "3.0.3", "2026-01-31", "31.1.2026"),
        ({"format": "uuid"}, "3.1.0", "6f1c2b1e-6d0b-4b7e-9b3e-0a6d2c7a4f10", "6f1c"),
        ({"required": ["a"]}, "3.1.0", {"a": 1}, {}),
        ({"pattern": r"^\d+$"}, "3.1.0", "12", "x"),
    ],
)
def test_what_fits_is_right_and_what_does_not_is_told(
    schema: Json, version: str, right: object, other: object
) -> None:
    assert wrong(schema, right, version) is None
    assert wrong(schema, other, version) is not None


def test_what_is_only_ever_sent_is_not_missed_in_an_answer() -> None:
    secret = {"required": ["a"], "properties": {"a": {"type": "string", "writeOnly": True}}}
    assert wrong(secret, {}) is None


def test_the_place_of_what_is_wrong_is_told() -> None:
    schema = {"properties": {"a": {"items": {"properties": {"b": {"type": "integer"}}}}}}
    found = wrong(schema, {"a": [{"b": 1}, {"b": "x"}]})
    assert found == Wrong("/a/1/b is not of type integer", "integer", "x")


def test_what_is_told_is_short_however_long_the_answer_is() -> None:
    found = wrong({"type": "object", "properties": {}, "additionalProperties": False},
                  {"x" * 5000: "y" * 5000, "z": ["w"] * 5000})  # fmt: skip
    assert found is not None
    texts = (found.why, found.wanted, found.got)
    # Longer than what is told, which has to hide secrets before it is cut.
    assert max(map(len, texts)) < 5000
    assert max(len(Telling("").text(text)) for text in texts) <= 200


@pytest.mark.parametrize("pattern", [r"^\p{L}+$", "^(x+)+$", "^(x|x)*$", "^x{9999999999999}"])
def test_a_pattern_that_can_not_be_judged_by_judges_nothing(pattern: str) -> None:
    assert wrong({"pattern": pattern}, "x" * 60 + "!") is None
    named: dict[str, Any] = {"patternProperties": {pattern: False}}
    for schema in (named, {**named, "additionalProperties": False}):
        assert wrong(schema, {"x" * 60 + "!": 1}) is None
    assert wrong({"allOf": [named], "unevaluatedProperties": False}, {"x" * 60 + "!": 1}) is None


@pytest.mark.parametrize(("method", "status"), [("head", 200), ("get", 204)])
def test_what_never_has_a_body_may_be_without_one(method: str, status: int) -> None:
    content = {"content": {"application/json": {"schema": {"type": "object"}}}}
    about = {method: {"responses": {f"{status}": {"description": "", **content}}}}
    schemas = Schemas({"openapi": "3.1.0", "paths": {"/it": about}})
    assert schemas.wrong_with(f"/paths/~1it/{method}", Answer(status, {}, b"", 1.0)) is None


def test_a_body_that_is_documented_is_missed() -> None:
    found = Schemas(document({})).wrong_with(IT, Answer(200, {}, b"", 1.0))
    assert found == Wrong("the body is missing", "application/json")


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"$ref": "https://example.com/x.json"}, "can't be read"),
        ({"$ref": "#/components/schemas/Nobody"}, "can't be read"),
        ({"$ref": "#/paths/~1it/get/responses/200/content/application~1json/schema"},
         "can't be read"),
        ({"type": "nothing"}, "can't be read"),
    ],
)  # fmt: skip
def test_a_schema_that_can_not_be_read_is_told_and_nothing_is_fetched(
    schema: Json, said: str
) -> None:
    found = wrong(schema, {"a": 1})
    assert found is not None
    assert said in found.why


def test_a_status_is_known_by_its_number_or_its_hundred() -> None:
    schemas = Schemas(document({}))
    assert schemas.knows(IT, 200)
    assert schemas.knows(IT, 404)
    assert not schemas.knows(IT, 500)
    assert schemas.wrong_with(IT, answer({}, 201)) == Wrong("status 201 is not in its OpenAPI")


@pytest.mark.parametrize(
    ("documented", "kind", "is_right"),
    [
        ("application/json", "application/json; charset=utf-8", True),
        ("application/json; charset=utf-8", "application/json", True),
        ("image/*", "image/jpeg", True),
        ("*/*", "text/plain", True),
        ("image/*", "text/html", False),
        ("application/json", "", False),
    ],
)
def test_content_types_are_those_of_the_document(
    documented: str, kind: str, is_right: bool
) -> None:
    about = document({})
    responses = about["paths"]["/it"]["get"]["responses"]
    responses["200"]["content"] = {documented: {}}
    found = Schemas(about).wrong_with(IT, answer({}, kind=kind))
    assert (found is None) == is_right


def test_headers_are_read_as_their_schemas_mean_them() -> None:
    about = document({})
    headers = {
        "X-Count": {"required": True, "schema": {"type": "integer"}},
        "X-List": {"schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
    }
    about["paths"]["/it"]["get"]["responses"]["200"]["headers"] = headers
    schemas, plain = Schemas(about), answer({})

    def said(**more: str) -> str:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        found = schemas.wrong_with(IT, Answer(200, {**plain.headers, **named}, plain.body, 1.0))
        return "" if found is None else found.why

    assert said(x_count="3", x_list="a, b") == ""
    assert said() == "the header X-Count is missing"
    assert said(x_count="many") == "the header X-Count is not of type integer"
    assert said(x_count="3", x_list="c") != ""
