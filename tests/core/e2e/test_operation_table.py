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
