"""The HTTP face of the demo: routes, answers and refusals."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tui import __version__
from tui.demo.accounts import Accounts, Role
from tui.demo.auth import LOGIN_PATH, BearerAuth
from tui.demo.gate import Full, Gate
from tui.demo.images import ImageRecord, ImageStore, NoSuchImage, StoreFull
from tui.demo.inference import predict
from tui.demo.login import Login
from tui.demo.openapi import document
from tui.demo.picture import NotAPicture, TooManyPixels, sniff
from tui.demo.safe_headers import SafeHeaders
from tui.demo.upload import Upload, read_upload

Handler = Callable[[Request, Exception], Awaitable[Response]]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What one request may ask for."""

    body_bytes: int = 16 * 1024**2
    body_timeout_s: float = 15.0
    pixels: int = 25_000_000
    name_length: int = 200
    page: int = 500
    """Images in one answer of `GET /images`."""


_LIMITS = Limits()


class Api:
    """The endpoints, over a store and two gates: inference has its own, disks another."""

    def __init__(self, store: ImageStore, inference: Gate, disk: Gate, limits: Limits) -> None:
        self._store = store
        self._inference = inference
        self._disk = disk
        self._limits = limits

    async def health(self, request: Request) -> Response:
        """Whether it is alive, and how busy."""
        in_flight = self._inference.in_flight + self._disk.in_flight
        facts = {"version": __version__, "images": len(self._store), "in_flight": in_flight}
        return JSONResponse({"status": "ok", **facts})

    async def predict(self, request: Request) -> Response:
        """Detect the objects in an uploaded picture."""
        with_image = _flag(request, "return_image")
        with self._inference.place():
            upload = await self._upload(request)
            work = partial(
                predict, upload.data, with_image=with_image, most_pixels=self._limits.pixels
            )
            # Encoded on the worker too: an annotated picture is too long for the event loop.
            return await self._inference.run(lambda: JSONResponse(work()))

    async def images(self, request: Request) -> Response:
        """Store a picture, or list what is stored."""
        return await (self._add if request.method == "POST" else self._list)(request)

    async def image(self, request: Request) -> Response:
        """Give a picture's exact bytes, or forget it."""
        return await (self._delete if request.method == "DELETE" else self._get)(request)

    async def _add(self, request: Request) -> Response:
        with self._disk.place():
            upload = await self._upload(request)
            name = request.query_params.get("name", upload.name)
            if len(name) > self._limits.name_length:
                raise HTTPException(422, f"name is longer than {self._limits.name_length}")
            record = await self._disk.run(lambda: self._store_picture(upload.data, name))
        return JSONResponse(_plain(record), 201, {"Location": f"/images/{record.id}"})

    def _store_picture(self, data: bytes, name: str) -> ImageRecord:
        return self._store.add(data, name, sniff(data))

    async def _list(self, request: Request) -> Response:
        limit = _number(request, "limit", default=50, lowest=1, highest=self._limits.page)
        offset = _number(request, "offset", default=0, lowest=0, highest=2**31)
        records, total = self._store.page(limit, offset)
        images = [_plain(record) for record in records]
        return JSONResponse({"images": images, "total": total, "limit": limit, "offset": offset})

    async def _get(self, request: Request) -> Response:
        record = self._store.find(request.path_params["id"])
        etag = f'"{record.sha256}"'
        headers = {"X-Sha256": record.sha256, "ETag": etag}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        with self._disk.place():
            data = await self._disk.run(partial(self._store.read, record))
        return Response(data, headers=headers, media_type=record.content_type)

    async def _delete(self, request: Request) -> Response:
        with self._disk.place():
            await self._disk.run(partial(self._store.delete, request.path_params["id"]))
        return Response(status_code=204)

    async def _upload(self, request: Request) -> Upload:
        limits = self._limits
        return await read_upload(request, limits.body_bytes, limits.body_timeout_s)


class _App(Starlette):
    def build_middleware_stack(self) -> ASGIApp:
        # Outside of all that answers: an error of our own passes every other middleware by.
        return SafeHeaders(super().build_middleware_stack())


def create_app(
    store: ImageStore,
    inference: Gate,
    disk: Gate,
    *,
    token: str | None = None,
    passwords: Mapping[Role, str] = MappingProxyType({}),
    limits: Limits = _LIMITS,
) -> Starlette:
    """The service as an ASGI application; with a token, only who bears it or logged in gets in."""
    api = Api(store, inference, disk, limits)
    accounts = Accounts(passwords)
    description = document(with_token=token is not None)

    async def openapi(request: Request) -> Response:
        return JSONResponse(description)

    routes = [
        Route("/health", api.health),
        Route("/openapi.json", openapi),
        Route(LOGIN_PATH, Login(accounts, limits.body_timeout_s).login, methods=["POST"]),
        Route("/predict", api.predict, methods=["POST"]),
        # One route for all methods of a path: a 405 names them all.
        Route("/images", api.images, methods=["GET", "POST"]),
        Route("/images/{id}", api.image, methods=["GET", "DELETE"]),
    ]
    middleware = [Middleware(BearerAuth, token=token, accounts=accounts)]
    app = _App(routes=routes, middleware=middleware, exception_handlers=_HANDLERS)
    app.router.redirect_slashes = False
    return app


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def _refusal(status: int) -> Handler:
    """Answers one kind of our own errors; their text is written for the caller."""

    async def refuse(request: Request, error: Exception) -> Response:
        return JSONResponse({"detail": str(error)}, status)

    return refuse


async def _busy(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": "too many requests wait"}, 503, {"Retry-After": "1"})


async def _broken(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "internal error"}, 500)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)  # nobody is there to read it


_HANDLERS: dict[Any, Handler] = {
    HTTPException: _refuse,
    NoSuchImage: _refusal(404),
    TooManyPixels: _refusal(413),
    NotAPicture: _refusal(415),
    StoreFull: _refusal(507),
    Full: _busy,
    ClientDisconnect: _gone,
    Exception: _broken,
}


def _plain(record: ImageRecord) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain


def _flag(request: Request, name: str) -> bool:
    text = request.query_params.get(name, "false").lower()
    if text not in ("true", "false", "1", "0"):
        raise HTTPException(422, f"{name} is true or false, not {text!r}")
    return text in ("true", "1")


def _number(request: Request, name: str, *, default: int, lowest: int, highest: int) -> int:
    text = request.query_params.get(name, str(default))
    # The length first: int() refuses thousands of digits with an error of its own.
    is_number = len(text) <= 10 and text.isascii() and text.isdigit()
    if not is_number or not lowest <= int(text) <= highest:
        raise HTTPException(422, f"{name} is a number from {lowest} to {highest}")
    return int(text)
