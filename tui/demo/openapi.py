"""The OpenAPI description of the demo, as it is served."""

from __future__ import annotations

from typing import Any

from tui import __version__
from tui.demo.accounts import LONGEST_S, ROLES, USUAL_S
from tui.demo.auth import LOGIN_PATH, OPEN_PATHS
from tui.demo.detector import CLASSES

Json = dict[str, Any]

_STRING: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}


_SAFE: Json = {"X-Content-Type-Options": {"schema": {"const": "nosniff"}}}
_UNKEPT: Json = {**_SAFE, "Cache-Control": {"schema": {"const": "no-store"}}}
_ABOUT = (
    "A small inference service to be tested. It knows shapes, not things. The account `operator` "
    "may do everything, `viewer` may read: neither exists unless it was started with its "
    "password. Sessions end with the service. A token that is unknown or has expired is refused "
    "everywhere but at the log-in, also where none is needed."
)


def document(*, with_token: bool) -> Json:
    """The whole description; `with_token`: nobody gets in without one."""
    whole: Json = {
        "openapi": "3.1.0",
        "info": {"title": "jetproof demo", "version": __version__, "description": _ABOUT},
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}] if with_token else [{}, {"token": []}],
    }
    for path, operations in whole["paths"].items():
        for method, operation in operations.items():
            _guard(path, method, operation)
    return whole


def _guard(path: str, method: str, operation: Json) -> None:
    """Say what comes before the route of an operation, and around its answers."""
    if path in (LOGIN_PATH, *OPEN_PATHS):
        operation["security"] = []
    responses = operation["responses"]
    if path != LOGIN_PATH:
        what = "is unknown or has expired" if path in OPEN_PATHS else "is missing, unknown or over"
        responses["401"] = _unauthorized(f"The token {what}.")
        if method != "get":
            responses["403"] = _refusal("A viewer may only read.")
    for response in responses.values():
        is_json = "application/json" in response.get("content", {})
        response["headers"] = {**response.get("headers", {}), **(_UNKEPT if is_json else _SAFE)}


def _paths() -> Json:
    return {
        "/health": {"get": _operation("health", {"200": _json("It is alive.", "Health")})},
        "/openapi.json": {"get": _operation("openapi", {"200": _any_json("This document.")})},
        LOGIN_PATH: {"post": _login()},
        "/predict": {"post": _predict()},
        "/images": {"get": _list_images(), "post": _add_image()},
        "/images/{id}": {"get": _get_image(), "delete": _delete_image()},
    }


def _login() -> Json:
    responses = {
        "200": _json("A session.", "Session"),
        "401": _unauthorized("The user or the password is wrong, or there are no accounts."),
        "408": _refusal("The body did not arrive in time."),
        "413": _refusal("The body is too large."),
        "422": _refusal("The body is no such document."),
    }
    schema = {"$ref": "#/components/schemas/Credentials"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return _operation("login", responses, requestBody=body)


def _predict() -> Json:
    responses = {"200": _json("What was found.", "Prediction"), **_upload_refusals()}
    flag = _query("return_image", {"type": "boolean", "default": False})
    return _operation("predict", responses, parameters=[flag], requestBody=_form({}))


def _add_image() -> Json:
    responses = {
        "201": _json("It is stored.", "Image"),
        **_upload_refusals(),
        "507": _refusal("The store is full."),
    }
    name = {"type": "string", "maxLength": 200}
    body = _form({"name": name})
    return _operation("addImage", responses, parameters=[_query("name", name)], requestBody=body)


def _list_images() -> Json:
    parameters = [
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}),
        _query("offset", {"type": "integer", "minimum": 0, "default": 0}),
    ]
    responses = {
        "200": _json("One page, newest first.", "ImagePage"),
        "422": _refusal("A parameter is out of its range."),
    }
    return _operation("listImages", responses, parameters=parameters)


def _get_image() -> Json:
    headers = {
        "X-Sha256": {"schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
        "ETag": {"schema": _STRING},
    }
    responses = {
        "200": {
            "description": "The exact bytes that were stored.",
            "headers": headers,
            "content": {"image/*": {}},
        },
        "304": {"description": "If-None-Match named this image's ETag.", "headers": headers},
        "404": _refusal("There is no such image."),
        "503": _busy(),
    }
    return _operation("getImage", responses, parameters=[_ID])


def _delete_image() -> Json:
    responses = {
        "204": {"description": "It is gone."},
        "404": _refusal("There was no such image."),
        "503": _busy(),
    }
    return _operation("deleteImage", responses, parameters=[_ID])


_ID: Json = {"name": "id", "in": "path", "required": True, "schema": _STRING}


def _operation(operation_id: str, responses: Json, **more: Any) -> Json:
    return {"operationId": operation_id, **more, "responses": responses}


def _query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema}


def _form(fields: Json) -> Json:
    file = {"type": "string", "format": "binary"}
    schema = {
        "type": "object",
        "properties": {"file": file, "image": file, **fields},
        "oneOf": [{"required": ["file"]}, {"required": ["image"]}],
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _json(description: str, schema: str) -> Json:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _any_json(description: str) -> Json:
    return {"description": description, "content": {"application/json": {}}}


def _refusal(description: str) -> Json:
    return _json(description, "Refusal")


def _unauthorized(description: str) -> Json:
    return {**_refusal(description), "headers": {"WWW-Authenticate": {"schema": _STRING}}}


def _busy() -> Json:
    retry_after = {"Retry-After": {"schema": {"type": "integer"}}}
    return {**_refusal("Too many requests wait."), "headers": retry_after}


def _upload_refusals() -> Json:
    return {
        "400": _refusal("The form is malformed."),
        "408": _refusal("The body did not arrive in time."),
        "413": _refusal("The body, or the picture in it, is too large."),
        "415": _refusal("The file is not a picture that can be read."),
        "422": _refusal("The file or a parameter is missing or wrong."),
        "503": _busy(),
    }


def _object(properties: Json, optional: Json | None = None) -> Json:
    """Closed, so that an answer with a field too many fails its test."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": {**properties, **(optional or {})},
        "additionalProperties": False,
    }


def _schemas() -> Json:
    box = {"type": "array", "items": _COUNT, "minItems": 4, "maxItems": 4}
    detection = {
        "class": {"type": "string", "enum": list(CLASSES)},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "box": {**box, "description": "x1, y1, x2, y2 in original pixels; x2, y2 exclusive."},
    }
    prediction = {
        "predictions": {"type": "array", "items": {"$ref": "#/components/schemas/Detection"}},
        "width": _COUNT,
        "height": _COUNT,
        "inference_ms": {"type": "number", "minimum": 0},
    }
    annotated = {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/jpeg"}
    image = {
        "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "size": _COUNT,
        "name": _STRING,
        "content_type": _STRING,
        "created_at": {"type": "string", "format": "date-time"},
    }
    images = {"type": "array", "items": {"$ref": "#/components/schemas/Image"}}
    page = {"images": images, "total": _COUNT, "limit": _COUNT, "offset": _COUNT}
    health = {"status": {"const": "ok"}, "version": _STRING, "images": _COUNT, "in_flight": _COUNT}
    expires_in = {"type": "integer", "minimum": 1, "maximum": LONGEST_S, "description": "Seconds."}
    asked_expiry = {"expires_in": {**expires_in, "default": USUAL_S}}
    role = {"type": "string", "enum": list(ROLES)}
    return {
        "Credentials": _object({"user": _STRING, "password": _STRING}, asked_expiry),
        "Session": _object({"token": _STRING, "role": role, "expires_in": expires_in}),
        "Health": _object(health),
        "Detection": _object(detection),
        "Prediction": _object(prediction, {"image": annotated}),
        "Image": _object(image),
        "ImagePage": _object(page),
        "Refusal": _object({"detail": _STRING}),
    }
