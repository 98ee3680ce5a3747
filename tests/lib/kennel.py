"""A real service that says in an OpenAPI 3.0 document of its own what it offers, and keeps to it
but for the faults that a test plants."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.lib.quiet_http import QuietHandler, QuietServer

Json = dict[str, Any]
Fault = Literal[
    "status", "type", "missing", "extra", "content", "header", "not-json", "always-there"
]

NAME: Json = {"type": "string", "minLength": 1, "maxLength": 120}
NEW_DOG: Json = {
    "type": "object",
    "required": ["name", "age", "born", "size"],
    "properties": {
        "name": NAME,
        "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "maximum": 30},
        "born": {"type": "string", "format": "date"},
        "size": {"type": "string", "enum": ["small", "large"]},
        "nick": {"type": "string", "nullable": True},
    },
}
DOG: Json = {
    "allOf": [{"$ref": "#/components/schemas/NewDog"}],
    "type": "object",
    "required": ["id", "nick"],
    "properties": {"id": {"type": "integer", "format": "int64", "readOnly": True}},
}
PAGE: Json = {
    "type": "object",
    "required": ["dogs", "next"],
    "properties": {
        "dogs": {"type": "array", "items": {"$ref": "#/components/schemas/Dog"}},
        "next": {"type": "string", "nullable": True},
    },
    "additionalProperties": False,
}
PROBLEM: Json = {"type": "object", "required": ["title"], "properties": {"title": NAME}}


def _json(schema: str) -> Json:
    about = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"description": schema, "content": {"application/json": about}}


def _sent(schema: str) -> Json:
    return {"required": True, **_json(schema)}


ID: Json = {"name": "dogId", "in": "path", "required": True, "schema": {"type": "integer"}}
GROUP: Json = {
    "name": "group", "in": "query", "required": True,
    "schema": {"type": "string", "enum": ["hounds", "terriers"]},
}  # fmt: skip
NONE: Json = {"$ref": "#/components/responses/None"}
VERSION: Json = {"X-Version": {"required": True, "schema": {"type": "integer"}}}
PHOTO: Json = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
FILE: Json = {"type": "string", "format": "binary"}
NOTE: Json = {
    "schema": {
        "type": "object",
        "required": ["file", "caption"],
        "properties": {"file": FILE, "caption": {"type": "string", "example": 'Größe "A"'}},
    }
}
VISIT: Json = {
    "schema": {
        "type": "object",
        "required": ["of", "hours"],
        "properties": {"of": {"enum": ["Rex & Co"]}, "hours": {"type": "integer"}},
    }
}
DOCUMENT: Json = {
    "openapi": "3.0.3",
    "info": {"title": "Kennel", "version": "1"},
    "servers": [{"url": "/api/{stage}", "variables": {"stage": {"default": "v1"}}}],
    "paths": {
        "/dogs/{dogId}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {"operationId": "getDog", "responses": {"200": _json("Dog"), "404": NONE}},
            "put": {"operationId": "putDog", "requestBody": _sent("NewDog"),
                    "responses": {"200": _json("Dog")}},
            "delete": {"operationId": "deleteDog",
                       "responses": {"204": {"description": "gone"}, "404": NONE}},
        },
        "/dogs/{dogId}/photo": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {"operationId": "getPhoto", "responses": {"200": {"description": "", **PHOTO}}},
            "put": {"operationId": "putPhoto", "requestBody": PHOTO,
                    "responses": {"204": {"description": "kept"}}},
        },
        "/dogs": {
            "get": {"operationId": "listDogs", "responses": {"200": _json("Page")}},
            "post": {"operationId": "addDog", "requestBody": _sent("NewDog"),
                     "responses": {"201": _json("Dog"), "400": NONE}},
            "delete": {"operationId": "deleteAllDogs", "responses": {"204": {"description": ""}}},
        },
        "/breeds": {"get": {
            "operationId": "breeds", "parameters": [GROUP],
            "responses": {"200": _json("Breeds")},
        }},
        "/status": {"get": {
            "operationId": "status", "security": [],
            "responses": {"200": {**_json("Status"), "headers": VERSION}},
        }},
        "/notes": {"post": {
            "operationId": "addNote", "requestBody": {"content": {"multipart/form-data": NOTE}},
            "responses": {"200": _json("Status")},
        }},
        "/visits": {"post": {
            "operationId": "addVisit",
            "requestBody": {"content": {"application/x-www-form-urlencoded": VISIT}},
            "responses": {"200": _json("Status")},
        }},
        "/visitors/{visitor}": {"get": {
            "operationId": "getVisitor",
            "parameters": [{"name": "visitor", "in": "path", "required": True, "schema": NAME}],
            "responses": {"200": _json("Status")},
        }},
    },
    "components": {
        "parameters": {"Id": ID},
        "responses": {"None": _json("Problem")},
        "schemas": {
            "NewDog": NEW_DOG, "Dog": DOG, "Page": PAGE, "Problem": PROBLEM,
            "Breeds": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "Status": {"type": "object", "required": ["ok"],
                       "properties": {"ok": {"type": "boolean"}}, "additionalProperties": False},
        },
    },
}  # fmt: skip


STARTS = b'name="file"; filename="picture.jpg"\r\n'


class Kennel:
    """Serves until the block ends."""

    def __init__(self, faults: dict[str, Fault]) -> None:
        self.faults = faults
        """By the id of the operation."""
        self.dogs: dict[int, Json] = {7: {"id": 7, "name": "Rex"}}
        """By their ids; Rex was there before."""
        self.photos: dict[int, bytes] = {}
        self.heard: list[str] = []
        """The operations that were asked for, in their order."""
        self.document: Json | bytes = DOCUMENT
        self._server = QuietServer(("127.0.0.1", 0), _Handler)
        self._server.kennel = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Kennel:
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), name="kennel", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def kennel(**faults: Fault) -> Iterator[Kennel]:
    """One with faults, by operation."""
    with Kennel(faults) as service:
        yield service


class _Handler(QuietHandler):
    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kennel: Kennel = self.server.kennel  # type: ignore[attr-defined]
        path = urlsplit(self.path).path
        if path in ("/health", "/openapi.json"):
            return self._send(200, kennel.document if path != "/health" else {"status": "ok"})
        name, number = self._operation(path.removeprefix("/api/v1"))
        kennel.heard.append(name)
        fault = kennel.faults.get(name)
        status, content = self._answer(kennel, name, number, body)
        if fault == "always-there" and status == 404:
            status, content = 200, {**kennel.dogs[7], "age": 3, "born": "2023-01-01", "nick": None}
        if fault == "status":
            status, content = 500, {"title": "broken"}
        elif fault and isinstance(content, dict) and status < 300:
            content = _spoilt(content, fault)
        return self._send(status, content, fault)

    do_POST = do_PUT = do_DELETE = do_GET

    def _operation(self, path: str) -> tuple[str, int]:
        parts = path.strip("/").split("/")
        number = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
        templates = {
            ("dogs",): "/dogs",
            ("dogs", "photo"): "/dogs/{dogId}/photo",
            ("visitors",): "/visitors/{visitor}",
        }
        template = templates.get((parts[0], *parts[2:]), path)
        template = "/dogs/{dogId}" if template == "/dogs" and len(parts) == 2 else template
        about = DOCUMENT["paths"].get(template, {}).get(self.command.lower(), {})
        return about.get("operationId", f"{self.command} {path}"), number

    def _answer(self, kennel: Kennel, name: str, number: int, body: bytes) -> tuple[int, Any]:
        dog = kennel.dogs.get(number)
        if name in ("addDog", "putDog"):
            sent = json.loads(body)
            if not sent.get("name") or not 0 < sent["age"] <= 30 or sent["size"] == "huge":
                return 400, {"title": "no such dog"}
            number = number or max(kennel.dogs) + 1
            kennel.dogs[number] = {"nick": None, **sent, "id": number}
            return 201 if name == "addDog" else 200, kennel.dogs[number]
        if name == "listDogs":
            dogs = [each for each in kennel.dogs.values() if "age" in each]
            return 200, {"dogs": dogs, "next": None}
        if name == "breeds":
            group = parse_qs(urlsplit(self.path).query).get("group", [""])[0]
            return (200, ["beagle"]) if group in ("hounds", "terriers") else (422, {"title": "?"})
        if name in ("status", "getVisitor"):
            return 200, {"ok": True}
        if name == "addNote":
            part = 'name="caption"\r\n\r\nGröße "A"\r\n'.encode()
            return (200, {"ok": True}) if part in body and STARTS in body else (400, {})
        if name == "addVisit":
            return (200, {"ok": True}) if body == b"of=Rex+%26+Co&hours=1" else (400, {})
        if dog is None:
            return 404, {"title": "no such dog"}
        if name == "deleteDog":
            del kennel.dogs[number]
            return 204, b""
        if name == "putPhoto":
            kennel.photos[number] = body
            return 204, b""
        if name == "getPhoto":
            return (200, kennel.photos[number]) if number in kennel.photos else (404, {})
        return 200, dog

    def _send(self, status: int, content: Any, fault: Fault | None = None) -> None:
        is_bytes = isinstance(content, bytes)
        body = content if is_bytes else json.dumps(content).encode()
        kind = "image/jpeg" if is_bytes else "application/json; charset=utf-8"
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "text/html" if fault == "content" else kind)
        self.send_header("X-Version", "one" if fault == "header" else "1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if fault != "not-json" else b"<" * len(body))
        self.wfile.flush()


def _spoilt(content: Json, fault: Fault) -> Json:
    first = next(iter(content))
    if fault == "type":
        return {**content, first: {"not": "that"}}
    if fault == "missing":
        return {key: value for key, value in content.items() if key != first}
    return {**content, "surprise": 1} if fault == "extra" else content
