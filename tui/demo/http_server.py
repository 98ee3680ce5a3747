"""uvicorn, bent to the demo's habits: quiet, told to stop by a flag, and clean about it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp


class HttpServer(uvicorn.Server):
    """Serves until the flag is set; `on_ready` is called when connections are accepted."""

    def __init__(
        self, app: ASGIApp, stopping: threading.Event, on_ready: Callable[[], None]
    ) -> None:
        config = uvicorn.Config(
            app,
            loop="asyncio",
            # Faster parsers are taken when they happen to be installed; figures would not compare.
            http="h11",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="critical",
            server_header=False,
            # The usual 5 s race a client that thinks for 5 s, and the loser reads as a failure.
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._stopping = stopping
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        return self._stopping.is_set() or await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The flag is set by serve's handlers; uvicorn's own would also catch the SIGINT that our
        # lifeline has us ignore.
        yield
