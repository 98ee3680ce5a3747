from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.demo.contract import check_answer, fit
from tests.demo.pictures import encoded, plain, with_rectangles
from tests.demo.running import running
from tui.demo.app import create_app
from tui.demo.gate import Gate
from tui.demo.images import ImageStore
from tui.demo.openapi import document

PICTURE = encoded(with_rectangles((100, 80, 300, 200)))

OK: dict[str, tuple[dict[str, Any], int]] = {
    "health": ({}, 200),
    "openapi": ({}, 200),
    "login": ({"json": {"user": "viewer", "password": "v1ew"}}, 200),
    "predict": ({"files": {"file": PICTURE}, "params": {"return_image": "true"}}, 200),
    "listImages": ({"params": {"limit": 3}}, 200),
    "addImage": ({"files": {"file": PICTURE}, "data": {"name": "n"}}, 201),
    "getImage": ({}, 200),
    "deleteImage": ({}, 204),
}
"""A request that succeeds, for every documented operation."""


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document(with_token=False)["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_served_is_the_one_checked(client: httpx.Client) -> None:
    assert client.get("/openapi.json").json() == document(with_token=False)


def test_the_routes_are_exactly_those_documented(tmp_path: Any) -> None:
    gate = Gate("test-gate", 1, 0)
    app = create_app(ImageStore(tmp_path), gate, gate)
    gate.close()
    routed = {
        (method.lower(), route.path)  # type: ignore[attr-defined]
        for route in app.routes
        for method in route.methods  # type: ignore[attr-defined]
        if method != "HEAD"
    }
    assert routed == {(method, path) for method, path, _ in operations()}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with running("--viewer-env", "WORD", WORD="v1ew") as demo, demo.client() as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "operation"), operations(), ids=lambda value: str(value)[:20]
)
def test_every_documented_operation_answers_as_documented(
    client: httpx.Client, method: str, path: str, operation: dict[str, Any]
) -> None:
    if "{id}" in path:
        stored = client.post("/images", files={"file": PICTURE})
        path = path.replace("{id}", stored.json()["id"])
    parts, status = OK[operation["operationId"]]
    assert str(status) in operation["responses"]
    # The client holds the answer itself against the document.
    assert client.request(method.upper(), path, **parts).status_code == status


def test_every_reference_leads_somewhere() -> None:
    whole = document(with_token=True)

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [ref for part in value.values() for ref in references(part)]
        if isinstance(value, list):
            return [ref for part in value for ref in references(part)]
        return []

    names = {ref.removeprefix("#/components/schemas/") for ref in references(whole)}
    assert names == set(whole["components"]["schemas"])


def test_the_check_itself_finds_a_field_too_many(client: httpx.Client) -> None:
    answer = client.post("/predict", files={"file": encoded(plain())})
    check_answer(answer)
    schema = {"$ref": "#/components/schemas/Prediction"}
    with pytest.raises(Exception, match="surprise"):
        fit(schema, {**answer.json(), "surprise": 1})
