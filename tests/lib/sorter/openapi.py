"""What it says of itself, in OpenAPI 3.0."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_MAYBE: Json = {"type": "string", "nullable": True}
_COUNT: Json = {"type": "integer", "minimum": 0}
_KEY: Json = {"name": "key", "in": "path", "required": True, "schema": _TEXT}


def _object(**fields: Json) -> Json:
    return {"type": "object", "required": list(fields), "properties": fields}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _says(what: str, schema: Json) -> Json:
    return {"description": what, "content": {"application/json": {"schema": schema}}}


def _refusals(*statuses: int) -> Json:
    return {f"{status}": _says("Refused.", _ref("Refusal")) for status in statuses}


def _asks(schema: Json, kind: str = "application/json") -> Json:
    return {"required": True, "content": {kind: {"schema": schema}}}


_BYTES: Json = {"type": "string", "format": "binary"}
_SCHEMAS: Json = {
    "Refusal": _object(error=_object(code=_TEXT, why=_TEXT)),
    "Status": _object(
        ready={"type": "boolean"},
        model=_object(name=_TEXT, loaded={"type": "boolean"}),
        stored=_COUNT,
    ),
    "Box": _object(
        label={"type": "string", "enum": ["carton", "sphere", "flask", "part"]},
        score={"type": "number", "minimum": 0, "maximum": 1},
        bbox={"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
    ),
    "Detected": _object(
        result=_object(
            boxes={"type": "array", "items": _ref("Box")},
            size=_object(w=_COUNT, h=_COUNT),
            rendered=_MAYBE,
        )
    ),
    "Medium": _object(
        key=_TEXT,
        label=_TEXT,
        kind=_TEXT,
        digest={"type": "string", "pattern": "^[0-9A-F]{64}$"},
        length=_COUNT,
        at={"type": "string", "format": "date-time"},
    ),
    "Entry": _object(
        key=_TEXT,
        label=_TEXT,
        length=_COUNT,
        at={"type": "string", "format": "date-time"},
        note=_MAYBE,
    ),
    "Page": _object(entries={"type": "array", "items": _ref("Entry")}, next=_MAYBE),
    "Session": _object(
        session=_object(
            token=_TEXT,
            role={"type": "string", "enum": ["operator", "viewer"]},
            ttl={"type": "number", "minimum": 0, "exclusiveMinimum": True},
            renews=_MAYBE,
        )
    ),
    "Note": _object(of=_TEXT, text=_TEXT, author=_MAYBE),
}
_LOGIN: Json = {
    "type": "object",
    "required": ["login", "passphrase"],
    "properties": {
        "login": _TEXT,
        "passphrase": {"type": "string", "format": "password"},
        "ttl": {"type": "number", "minimum": 1, "maximum": 3600},
    },
}
_TAKE: Json = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}

DOCUMENT: Json = {
    "openapi": "3.0.3",
    "info": {"title": "Sorter", "version": "2.4.1"},
    "security": [{"bearer": []}],
    "paths": {
        "/v2/status": {
            "get": {
                "operationId": "readStatus",
                "tags": ["status"],
                "security": [],
                "responses": {"200": _says("How it is.", _ref("Status"))},
            }
        },
        "/v2/session": {
            "post": {
                "operationId": "beginSession",
                "tags": ["accounts"],
                "security": [],
                "requestBody": _asks(_LOGIN),
                "responses": {
                    "200": _says("Somebody's session.", _ref("Session")),
                    **_refusals(400, 401, 422),
                },
            }
        },
        "/v2/detect": {
            "post": {
                "operationId": "detectParts",
                "tags": ["detection"],
                "parameters": [
                    {
                        "name": "render",
                        "in": "query",
                        "schema": {"type": "boolean", "default": False},
                    }
                ],
                "requestBody": _asks(
                    {"type": "object", "required": ["image"], "properties": {"image": _BYTES}},
                    "multipart/form-data",
                ),
                "responses": {
                    "200": _says("Its parts.", _ref("Detected")),
                    **_refusals(401, 413, 415, 422),
                },
            }
        },
        "/v2/media": {
            "get": {
                "operationId": "listMedia",
                "tags": ["media"],
                "parameters": [
                    {"name": "take", "in": "query", "schema": _TAKE},
                    {"name": "after", "in": "query", "schema": _TEXT},
                ],
                "responses": {"200": _says("A page.", _ref("Page")), **_refusals(400, 401)},
            },
            "post": {
                "operationId": "keepMedium",
                "tags": ["media"],
                "parameters": [{"name": "label", "in": "query", "schema": _TEXT}],
                "requestBody": _asks(_BYTES, "image/jpeg"),
                "responses": {
                    "201": _says("It is kept.", _object(media=_ref("Medium"))),
                    **_refusals(400, 401, 403, 413, 415),
                },
            },
        },
        "/v2/media/{key}": {
            "parameters": [_KEY],
            "get": {
                "operationId": "giveMedium",
                "tags": ["media"],
                "responses": {
                    "200": {"description": "Its bytes.", "content": {"image/*": {}}},
                    **_refusals(401, 404),
                },
            },
            "delete": {
                "operationId": "dropMedium",
                "tags": ["media"],
                "responses": {
                    "200": _says("It is gone.", _object(gone={"type": "boolean"})),
                    **_refusals(401, 403, 410),
                },
            },
        },
        "/v2/notes": {
            "post": {
                "operationId": "takeNote",
                "tags": ["media"],
                "requestBody": _asks(_object(of=_TEXT, text=_TEXT)),
                "responses": {
                    "201": _says("It is noted.", _ref("Note")),
                    **_refusals(400, 401, 403, 422),
                },
            }
        },
    },
    "components": {
        "schemas": _SCHEMAS,
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    },
}
