"""The OpenAPI description of the demo, as it is served."""

from __future__ import annotations

from typing import Any

from tui import __version__
from tui.demo.auth import OPEN_PATHS
from tui.demo.detector import CLASSES

Json = dict[str, Any]

_STRING: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}


def document(*, with_token: bool) -> Json:
    """The whole description; with a token it says which operations need it."""
    whole: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "jetproof demo",
            "version": __version__,
            "description": "A small inference service to be tested. It knows shapes, not things.",
        },
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }
    if with_token:
        bearer = {"type": "http", "scheme": "bearer"}
        whole["components"]["securitySchemes"] = {"token": bearer}
        whole["security"] = [{"token": []}]
        for path, operations in whole["paths"].items():
            for operation in operations.values():
                if path in OPEN_PATHS:
                    operation["security"] = []
                else:
                    operation["responses"]["401"] = _refusal("The token is missing or wrong.")
    return whole


def _paths() -> Json:
    return {
        "/health": {"get": _operation("health", {"200": _json("It is alive.", "Health")})},
        "/openapi.json": {"get": _operation("openapi", {"200": _any_json("This document.")})},
        "/predict": {"post": _predict()},
        "/images": {"get": _list_images(), "post": _add_image()},
        "/images/{id}": {"get": _get_image(), "delete": _delete_image()},
    }


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
    return {
        "Health": _object(health),
        "Detection": _object(detection),
        "Prediction": _object(prediction, {"image": annotated}),
        "Image": _object(image),
        "ImagePage": _object(page),
        "Refusal": _object({"detail": _STRING}),
    }
