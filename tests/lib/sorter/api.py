"""Its paths, answers and refusals."""

from __future__ import annotations

import base64
import io
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, Response, jsonify, request
from PIL import Image, ImageDraw
from werkzeug.exceptions import HTTPException

from tests.lib.sorter import openapi
from tests.lib.sorter.accounts import LONGEST_S, Accounts
from tests.lib.sorter.detection import NoPicture, boxes_in, seen_wrong
from tests.lib.sorter.faults import SLOW_S, Faults, Kind
from tests.lib.sorter.listing import shown
from tests.lib.sorter.media import Shelf

MOST_BYTES = 8 * 1024 * 1024
MOST_TAKEN = 200
PICTURES = ("image/jpeg", "image/png")
OPEN = ("status", "openapi", "session")
WRITES = ("keep", "drop", "note")


class Refused(Exception):
    """With a status, a code for programs, and a text for people."""

    def __init__(self, status: int, code: str, why: str) -> None:
        super().__init__(why)
        self.status, self.code = status, code


class Heard(NamedTuple):
    """One request, and how it was answered."""

    operation: str
    path: str
    status: int
    correlation: str


class Api:
    """What each operation does. One for all threads."""

    def __init__(self, shelf: Shelf, accounts: Accounts, faults: Faults) -> None:
        self.shelf = shelf
        self.heard: list[Heard] = []
        self._accounts = accounts
        self._faults = faults

    def app(self) -> Flask:
        """All of it."""
        app = Flask("sorter")
        app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES
        app.register_error_handler(HTTPException, _unknown)
        for method, path, name, work in (
            ("GET", "/v2/status", "status", self._status),
            ("GET", "/v2/openapi.json", "openapi", lambda fault: (200, openapi.DOCUMENT)),
            ("POST", "/v2/session", "session", self._session),
            ("POST", "/v2/detect", "detect", self._detect),
            ("GET", "/v2/media", "list", self._list),
            ("POST", "/v2/media", "keep", self._keep),
            ("GET", "/v2/media/<path:key>", "give", self._give),
            ("DELETE", "/v2/media/<path:key>", "drop", self._drop),
            ("POST", "/v2/notes", "note", self._note),
        ):
            app.add_url_rule(path, name, self._serve(name, work), methods=[method])
        return app

    def _serve(self, name: str, work: Callable[..., Any]) -> Callable[..., Response]:
        """The view of one operation: who may ask, what goes wrong, and what it says."""

        def view(**places: str) -> Response:
            fault = self._faults.of(name)
            if fault == "slow":
                time.sleep(SLOW_S)
            try:
                status, content = self._work(name, fault, work, places)
            except (Refused, HTTPException) as refused:
                status, content = _refusal(refused)
            correlation = request.headers.get("X-Correlation-Id", "")
            self.heard.append(Heard(name, request.full_path, status, correlation))
            if fault == "lost":
                _cut()
            return _answer(status, content, fault)

        return view

    def _work(
        self, name: str, fault: Kind | None, work: Callable[..., Any], places: dict[str, str]
    ) -> tuple[int, Any]:
        if name not in OPEN and fault != "open":
            role = self._accounts.role(request.headers.get("Authorization", ""))
            if role is None:
                raise Refused(401, "who-are-you", "a bearer token is needed")
            if name in WRITES and role != "operator":
                raise Refused(403, "look-only", "a viewer changes nothing")
        if fault == "status":
            raise Refused(500, "planted", "it is broken")
        status, content = work(fault, **places)
        return status, {"other": 1} if fault == "missing" else content

    def _status(self, fault: Kind | None) -> tuple[int, Any]:
        model = {"name": "outlines-7", "loaded": True}
        return 200, {"ready": True, "model": model, "stored": len(self.shelf)}

    def _session(self, fault: Kind | None) -> tuple[int, Any]:
        asked = _document("login", "passphrase")
        ttl_s = asked.get("ttl", LONGEST_S)
        if not isinstance(ttl_s, (int, float)) or not 0 < ttl_s <= LONGEST_S:
            raise Refused(422, "ttl", f"ttl is a number of seconds, up to {LONGEST_S:.0f}")
        ttl_s = LONGEST_S if fault == "everlasting" else ttl_s
        login, password = asked["login"], asked["passphrase"]
        if fault == "accepts":
            login, password = "otto", "0perat0r-pw"
        session = self._accounts.begin(login, password, ttl_s)
        if session is None:
            raise Refused(401, "wrong-login", "the name or the password is wrong")
        made = {"token": session.token, "role": session.role, "ttl": ttl_s, "renews": None}
        return 200, {"session": made}

    def _detect(self, fault: Kind | None) -> tuple[int, Any]:
        if fault == "accepts":
            return 200, {"result": {"boxes": []}}
        image = request.files.get("image")
        if image is None:
            raise Refused(422, "image", "a form with a file called image is needed")
        data = image.read()
        try:
            boxes, (width, height) = boxes_in(data)
        except NoPicture:
            raise Refused(415, "no-picture", "the file is no JPEG or PNG") from None
        boxes = seen_wrong(boxes, fault)
        render = request.args.get("render") == "true"
        drawn = _drawn(data, boxes, width, height) if render else None
        size = {"w": width, "h": height}
        return 200, {"result": {"boxes": boxes, "size": size, "rendered": drawn}}

    def _list(self, fault: Kind | None) -> tuple[int, Any]:
        take = request.args.get("take", "50")
        if not take.isdigit() or not 1 <= int(take) <= MOST_TAKEN:
            raise Refused(400, "take", f"take is 1 to {MOST_TAKEN}")
        media, following = self.shelf.page(request.args.get("after", ""), int(take))
        return 200, {"entries": shown(media, fault), "next": following}

    def _keep(self, fault: Kind | None) -> tuple[int, Any]:
        data, label = request.get_data(), request.args.get("label", "")
        kind = request.content_type or ""
        if kind not in PICTURES and fault != "accepts":
            raise Refused(415, "kind", f"{' or '.join(PICTURES)} is stored, nothing else")
        if not data:
            raise Refused(400, "empty", "there is nothing to store")
        medium = self.shelf.put(data, label, kind)._asdict()
        if fault == "wrong-hash":
            medium["digest"] = "0" * 64
        if fault == "stale":
            medium["at"] = "2020-01-01T00:00:00+02:00"
        return 201, {"media": medium}

    def _give(self, fault: Kind | None, key: str) -> tuple[int, Any]:
        medium = self.shelf.find(key)
        if fault == "accepts":
            return 200, b"whatever"
        if medium is None:
            raise Refused(404, "unknown", "there is no such medium")
        if fault == "others":
            medium = next(each for each in self.shelf.page("", MOST_TAKEN)[0] if each != medium)
        data = self.shelf.data(medium)
        return 200, data if fault != "flipped" else data[:-1] + bytes([data[-1] ^ 1])

    def _drop(self, fault: Kind | None, key: str) -> tuple[int, Any]:
        if fault in ("does-nothing", "accepts"):
            return 200, {"gone": True}
        if not self.shelf.drop(key):
            raise Refused(410, "gone", "there is no such medium, or no longer")
        return 200, {"gone": True}

    def _note(self, fault: Kind | None) -> tuple[int, Any]:
        asked = _document("of", "text")
        return 201, {"of": asked["of"], "text": asked["text"], "author": None}


def _document(*fields: str) -> dict[str, Any]:
    """The JSON that was sent; with these texts in it."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise Refused(400, "json", "a JSON object is needed")
    for field in fields:
        if not isinstance(asked.get(field), str):
            raise Refused(422, field, f"{field} is missing, or no text")
    return asked


def _drawn(data: bytes, boxes: list[dict[str, Any]], width: int, height: int) -> str:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    pen = ImageDraw.Draw(image)
    for box in boxes:
        left, top, wide, high = box["bbox"]
        corner = ((left + wide) * width, (top + high) * height)
        pen.rectangle(((left * width, top * height), corner), outline="red")
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def _answer(status: int, content: Any, fault: Kind | None) -> Response:
    if isinstance(content, bytes):
        response = Response(content, status, mimetype="image/jpeg")
    else:
        if fault == "leaks":
            content = {**content, "debug": request.headers.get("Authorization", "no token")}
        response = jsonify(content)
        response.status_code = status
    if fault != "bare":
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _cut() -> None:
    """The connection is over, in the middle."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)


def _unknown(error: HTTPException) -> Response:
    """A path or a method that there is not."""
    return _answer(*_refusal(error), None)


def _refusal(error: Refused | HTTPException) -> tuple[int, Any]:
    """Its own, or one of the framework's."""
    if isinstance(error, Refused):
        return error.status, {"error": {"code": error.code, "why": str(error)}}
    code = error.name.lower().replace(" ", "-")
    return error.code or 500, {"error": {"code": code, "why": error.description}}
