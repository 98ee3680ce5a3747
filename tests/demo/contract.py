"""Holds real answers against the OpenAPI document that the service gives out."""

from __future__ import annotations

import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tui.demo.openapi import document

DOCUMENT = document(with_token=True)


def operation(request: httpx.Request) -> dict[str, Any] | None:
    """The documented operation that a request is for; None when there is none."""
    for template, methods in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), request.url.path):
            found: dict[str, Any] | None = methods.get(request.method.lower())
            return found
    return None


def check_answer(response: httpx.Response) -> None:
    """Raise when the status, a header or the body is not as documented."""
    response.read()
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "server" not in response.headers
    is_json = response.headers.get("content-type") == "application/json"
    assert (response.headers.get("cache-control") == "no-store") == is_json
    described = operation(response.request)
    if described is None:
        assert response.status_code in (401, 403, 404, 405)
        fit({"$ref": "#/components/schemas/Refusal"}, response.json())
        return
    assert str(response.status_code) in described["responses"], response.text
    answer = described["responses"][str(response.status_code)]
    for name, header in answer["headers"].items():
        fit_header(header["schema"], response.headers[name])
    content = answer.get("content", {})
    if "application/json" in content:
        assert response.headers["content-type"] == "application/json"
        fit(content["application/json"].get("schema", {}), response.json())
    elif "image/*" in content:
        assert response.headers["content-type"].startswith("image/")
    else:
        assert response.content == b""


def fit_header(schema: dict[str, Any], text: str) -> None:
    """The same for a header, whose numbers are texts."""
    fit(schema, int(text) if schema.get("type") == "integer" else text)


def fit(schema: dict[str, Any], value: Any) -> None:
    """Raise when a value is not what a schema of the document says."""
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)
