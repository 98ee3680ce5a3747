"""Runs the demo service in the foreground until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tui.demo.accounts import Role
from tui.demo.datadir import DataDirError, data_dir
from tui.demo.listener import CannotListen, claim, url_of

EXIT_USAGE = 2
EXIT_UNAVAILABLE = 3

_NICENESS = 5


def _to_stderr(error: str) -> None:
    print(f"jetproof demo: {error}", file=sys.stderr)


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """What the demo is asked for."""

    host: str = "127.0.0.1"
    port: int = 0
    """Zero takes a free one."""
    data_dir: Path | None = None
    """None is a temporary one that is removed at the end."""
    token_env: str | None = None
    """The environment variable that holds the bearer token; None lets everybody in."""
    operator_env: str | None = None
    """The one that holds the password of the account `operator`; None: there is no such account."""
    viewer_env: str | None = None
    """The same for the account `viewer`."""
    concurrency: int = 2
    queue: int = 64
    """How many requests may wait for the `concurrency` that are worked on."""
    on_ready: Callable[[str], None]
    """Called once with the URL, when connections are accepted."""
    on_error: Callable[[str], None] = _to_stderr
    """Called once with one line, when the demo can't start."""


@dataclass(frozen=True)
class _Secrets:
    token: str | None
    passwords: dict[Role, str]

    @classmethod
    def of(cls, options: DemoOptions) -> _Secrets:
        """From the environment. LookupError names a variable that holds none."""
        passwords: dict[Role, str] = {}
        if options.operator_env is not None:
            passwords["operator"] = _secret(options.operator_env, "password")
        if options.viewer_env is not None:
            passwords["viewer"] = _secret(options.viewer_env, "password")
        token = None if options.token_env is None else _secret(options.token_env, "token")
        return cls(token, passwords)


def _secret(variable: str, what: str) -> str:
    secret = os.environ.get(variable)
    if not secret:
        raise LookupError(f"environment variable {variable} holds no {what}")
    return secret


def serve(options: DemoOptions) -> int:
    """Serve until SIGTERM, SIGINT or SIGHUP; the exit code. Call on the main thread.

    It lowers the priority of the whole process: this is meant to be all that the process does.
    """
    try:
        secrets = _Secrets.of(options)
    except LookupError as error:
        options.on_error(str(error))
        return EXIT_USAGE
    _yield_to_the_instrument()
    stopping = threading.Event()
    try:
        with (
            _stop_signals(stopping),
            claim(options.host, options.port) as listener,
            data_dir(options.data_dir) as root,
        ):
            _run(options, secrets, listener, root, stopping)
    except (CannotListen, DataDirError) as error:
        options.on_error(str(error))
        return EXIT_UNAVAILABLE
    return 0


def _run(
    options: DemoOptions,
    secrets: _Secrets,
    listener: socket.socket,
    root: Path,
    stopping: threading.Event,
) -> None:
    # numpy's BLAS would start a thread for every core, to multiply matrices of three columns.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Pillow gives every picture's memory back at once; mapping it anew cost 20 of 78 ms at 1080p.
    os.environ.setdefault("PILLOW_BLOCKS_MAX", "4")
    # Only now: they take most of the start, and a busy port need not wait for them.
    from tui.demo.app import create_app
    from tui.demo.gate import Gate
    from tui.demo.http_server import HttpServer
    from tui.demo.images import ImageStore
    from tui.demo.inference import warm_up

    warm_up()
    inference = Gate("demo-inference", options.concurrency, options.queue)
    disk = Gate("demo-disk", options.concurrency, options.queue)
    app = create_app(
        ImageStore(root), inference, disk, token=secrets.token, passwords=secrets.passwords
    )
    server = HttpServer(app, stopping, lambda: options.on_ready(url_of(listener)))
    try:
        asyncio.run(server.serve(sockets=[listener]))
    finally:
        inference.close()
        disk.close()


def _yield_to_the_instrument() -> None:
    # On the same board the load generator and the sampler compete with this process for the
    # same cores. Under overload the target has to be what slows down, not what measures it.
    os.nice(max(0, _NICENESS - os.nice(0)))


@contextmanager
def _stop_signals(stopping: threading.Event) -> Iterator[None]:
    """The signals set the flag; one that was ignored before (nohup, our owner) stays so."""
    earlier = {}
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            earlier[number] = signal.signal(number, lambda *_: stopping.set())
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
