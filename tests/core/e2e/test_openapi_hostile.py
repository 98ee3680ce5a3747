"""Documents of OpenAPI that are made to break their readers, or who looks at what they become."""

from __future__ import annotations

import pytest

from tests.core.e2e.test_openapi import OK, Json, Made, one, paths


@pytest.mark.parametrize("key", ["", "\u00b2", "2", "20", "2xy", "\u0662\u0660\u0660", "x-more"])
def test_what_is_no_status_of_an_answer_is_none(key: str) -> None:
    made = Made(one("get", "/it", responses={key: {"description": "?"}, "204": {}}))
    assert made.operations["it"].status == (204,)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "(" * 499 + ")" * 499},
        {"type": "string", "pattern": "a{9999999999999}"},
        {"type": "string", "pattern": "^(a|a)*$", "minLength": 60},
        {"type": "string", "minLength": 10**30},
        {"type": "integer", "minimum": 10**400},
        {"type": "number", "minimum": 1e308, "multipleOf": 1e-320},
    ],
)
def test_a_schema_that_is_made_to_break_its_reader_does_not(schema: Json) -> None:
    body = {"content": {"application/json": {"schema": schema}}}
    assert Made(one("post", "/it", requestBody=body)).names


@pytest.mark.parametrize("path", ["/it\x1b[2J", "/it\u202e", "/it\r\nX: 1", "/" + "x" * 10_000])
def test_a_path_that_nobody_can_see_or_ask_for_is_left_out(path: str) -> None:
    made = Made(paths({path: {"get": {"responses": OK}}, "/fine": {"get": {"responses": OK}}}))
    assert set(made.omitted.values()) == {"its path can't be asked for"}
    assert all(test.title.isprintable() and len(test.title) < 600 for test in made.workflow.tests)
    assert all(each.path.isprintable() for each in made.operations.values())


@pytest.mark.parametrize("name", ["X\r\nHost", "a b", "\u00fc", "", "x" * 100])
def test_a_header_that_no_request_can_have_is_not_sent(name: str) -> None:
    header = {"name": name, "in": "header", "required": True, "example": "1"}
    made = Made(one("get", "/it", parameters=[header]))
    assert [why.startswith("the header ") for why in made.omitted.values()] == [True]
    assert all(why.isprintable() for why in made.omitted.values())
