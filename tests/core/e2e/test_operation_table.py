"""`[targets.NAME.operations]`, by way of the whole configuration."""

from __future__ import annotations

from typing import Any

import pytest

from tui.core.config import parse_config
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.problem import InputError

NEW = {"method": "POST", "path": "/new"}


def data(tables: dict[str, Any]) -> dict[str, Any]:
    return {"targets": {"x": {"url": "http://127.0.0.1:1", "operations": tables}}}


def operations(tables: dict[str, Any]) -> dict[str, Operation]:
    found = parse_config("config.toml", data(tables)).target("x").operations
    return {operation.name: operation for operation in found}


def test_without_any_they_are_the_usual_ones() -> None:
    config = parse_config("config.toml", data({}))
    assert config.target("x").operations == config.target("demo").operations == OPERATIONS


def test_what_is_set_is_laid_over_the_usual_one_and_the_rest_stays() -> None:
    found = operations({"store": {"path": "/v2/{name}", "query": {}, "status": [201]}})
    usual = next(operation for operation in OPERATIONS if operation.name == "store")
    assert found["store"] == Operation(
        "store", "POST", "/v2/{name}", sends="form", status=(201,), gives=usual.gives
    )
    assert list(found) == [operation.name for operation in OPERATIONS]


def test_another_path_is_asked_without_the_usual_query_unless_one_is_set() -> None:
    found = operations({"store": {"path": "/v1/{name}"}, "list": {"method": "POST"}})
    assert (found["store"].query, found["list"].query[0]) == ((), ("limit", "{limit}"))
    found = operations({"list": {"path": "/all", "query": {"n": "{limit}"}}})
    assert found["list"].query == (("n", "{limit}"),)


def test_what_the_service_has_not_is_no_operation_of_it() -> None:
    target = parse_config("config.toml", data({"predict_with_image": False})).target("x")
    assert target.not_offered == ("predict_with_image",)
    assert [each.name for each in target.operations] == [
        each.name for each in OPERATIONS if each.name != "predict_with_image"
    ]


def test_true_is_no_operation() -> None:
    with pytest.raises(InputError) as caught:
        parse_config("config.toml", data({"store": True}))
    (problem,) = caught.value.problems
    assert str(problem) == (
        "config.toml:targets.x.operations.store: is offered unless it is false: leave it out, or a "
        "table says how"
    )


def test_another_name_is_a_new_one() -> None:
    table = {
        **NEW,
        "sends": "json",
        "body": '{"state": "{state}", "n": {n}}',
        "headers": {"Accept": "application/json"},
        "query": {"deep": 1},
        "gives": {"id": "json:/a~1b/0", "etag": "header:ETag", "whole": "body"},
    }
    found = operations({"mark": table})
    assert list(found)[-1] == "mark"
    assert found["mark"] == Operation(
        "mark",
        "POST",
        "/new",
        query=(("deep", "1"),),
        headers=(("Accept", "application/json"),),
        sends="json",
        body='{"state": "{state}", "n": {n}}',
        gives=(("id", "json:/a~1b/0"), ("etag", "header:ETag"), ("whole", "body")),
    )


def test_fields_of_a_form_and_names_for_a_record_are_read() -> None:
    form = {**NEW, "sends": "form", "fields": {"line": "{target.line}", "n": 3}}
    found = operations({"mark": form, "list": {"record": {"id": "/key", "name": "/a~1b/0"}}})
    assert found["mark"].fields == (("line", "{target.line}"), ("n", "3"))
    assert found["list"].record == (("id", "/key"), ("name", "/a~1b/0"))


def test_the_demo_may_have_some_too() -> None:
    config = parse_config(
        "config.toml", {"targets": {"demo": {"url": "demo:", "operations": {"new": NEW}}}}
    )
    assert config.target("demo").operations[-1] == Operation("new", "POST", "/new")


@pytest.mark.parametrize(
    ("name", "table", "said"),
    [
        ("mark", {"method": "POST"}, 'mark.path: is missing: "mark" is none of the usual ones (he'),
        ("a b", NEW, "a b: an operation's name has up to 32 letters"),
        ("mark", {**NEW, "methd": "PUT"}, 'mark.methd: unknown key (did you mean "method"?)'),
        ("mark", {**NEW, "method": "FETCH"}, "mark.method: "),
        (
            "mark",
            {"path": "new"},
            'mark.path: begins with / behind the target\'s url (meant "/new"',
        ),
        ("mark", {"path": "http://a/b"}, "mark.path: begins with / behind the target's url"),
        ("mark", {"path": "/a?b=c"}, 'mark.path: what stands behind "?" belongs into query'),
        ("mark", {"path": "/a b"}, 'mark.path: "/a b" is no path of a URL'),
        ("mark", {**NEW, "headers": {"X": "a\nb"}}, "mark.headers.X: is no header that can be"),
        ("mark", {**NEW, "headers": {"Host": "b"}}, "mark.headers.Host: is set by the request"),
        ("mark", {**NEW, "status": []}, "mark.status: an answer that is right has at least one"),
        ("mark", {**NEW, "status": [700]}, "mark.status: 700 is no status that ends a request"),
        ("mark", {**NEW, "gives": {"id": "id"}}, 'mark.gives.id: "id" is no place (meant "json:/i'),
        ("mark", {**NEW, "gives": {"id": "/id"}}, 'mark.gives.id: "/id" is no place in an answer'),
        ("mark", {**NEW, "gives": {"body": "body"}}, "mark.gives.body: a name has letters"),
        ("mark", {**NEW, "sends": "fields"}, 'mark.fields: are missing: sends is "fields"'),
        ("mark", {**NEW, "fields": {"a": 1}}, 'mark.fields: are not sent: sends is "nothing" (me'),
        ("mark", {**NEW, "record": {"id": "key"}}, 'mark.record.id: "key" is no JSON pointer (me'),
        ("mark", {**NEW, "record": {"body": "/a"}}, "mark.record.body: a name has letters, digits"),
        ("mark", {**NEW, "body": "{}"}, 'mark.body: is not sent: sends is "nothing" (meant sends'),
        ("mark", {**NEW, "sends": "json"}, 'mark.body: is missing: sends is "json"'),
        ("mark", {**NEW, "sends": "json", "body": "{a}}"}, "mark.body: no JSON: extra data"),
        ("store", {"method": "GET"}, "store.sends: GET sends nothing (meant method"),
    ],
)
def test_a_mistake_is_one_line(name: str, table: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        operations({name: table})
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"config.toml:targets.x.operations.{said}")


@pytest.mark.parametrize("header", ["Authorization", "COOKIE", "x-api-key"])
def test_a_secret_is_refused_and_not_repeated(header: str) -> None:
    with pytest.raises(InputError) as caught:
        operations({"mark": {**NEW, "headers": {header: "hush-hush"}}})
    assert "a secret does not belong here" in str(caught.value)
    assert "hush" not in str(caught.value)
