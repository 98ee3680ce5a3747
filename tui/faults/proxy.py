"""A TCP proxy that does faults, without root: `python -m tui.faults.proxy`, a child program.

It listens on 127.0.0.1 alone and forwards to one service. It takes a ProxySpec, then ProxySet
orders; it says ProxyReady, ProxyApplied, and each second ProxySecond (tui.faults.proxy_lines). What
it can't show: packet loss, and a slow handshake, for the kernel answers that one itself.
"""

from __future__ import annotations

import queue

from tui.child.lifeline import hold, read_spec

if __name__ == "__main__":
    _SPEC_LINE = read_spec()
    _ORDERS: queue.SimpleQueue[str] = queue.SimpleQueue()
    hold(on_order=_ORDERS.put)

import asyncio
import os
import random
import resource
import socket
import sys
import threading

import msgspec

from tui.core.stress.toxics import Toxics
from tui.faults.connection import Address, Connection, Counts, reset
from tui.faults.pipe import Weather
from tui.faults.proxy_lines import (
    ProxyApplied,
    ProxyLine,
    ProxyReady,
    ProxySecond,
    ProxySet,
    ProxySpec,
)

HOST = "127.0.0.1"
BACKLOG = 1024
SPARE_DESCRIPTORS = 32
_NO_DESCRIPTOR_S = 0.05


class Proxy:
    """Accepts connections and carries them through the weather of the moment."""

    def __init__(self, spec: ProxySpec, addresses: list[Address]) -> None:
        self._addresses = addresses
        self._weather = Weather()
        self._counts = Counts()
        self._told = Counts()
        self._open: dict[Connection, asyncio.Task[None]] = {}
        self._most = (raise_descriptors() - SPARE_DESCRIPTORS) // 2
        # Bound and never listening, it keeps the port ours while nobody listens.
        self._place = _bound(spec.listen)
        self.port: int = self._place.getsockname()[1]
        self._accepting: asyncio.Task[None] | None = None

    async def apply(self, toxics: Toxics) -> None:
        """These faults hold when it returns. Raises OSError."""
        if toxics.cut == "refuse" and self._accepting is not None:
            self._accepting.cancel()
            await asyncio.gather(self._accepting, return_exceptions=True)
            self._accepting = None
        elif toxics.cut != "refuse" and self._accepting is None:
            listener = _bound(self.port)
            listener.listen(BACKLOG)
            self._accepting = asyncio.ensure_future(self._accept(listener))
        self._weather.change(toxics)

    def second(self) -> ProxySecond:
        """What happened since the last call."""
        now, told = Counts(), self._told
        vars(now).update(vars(self._counts))
        for connection in self._open:
            there, back, delayed = connection.so_far()
            now.to_service_bytes += there
            now.to_client_bytes += back
            now.delayed_bytes += delayed
        self._told = now
        return ProxySecond(
            toxics=self._weather.toxics,
            open=len(self._open),
            toxic=sum(connection.is_toxic for connection in self._open),
            held_bytes=sum(connection.held_bytes for connection in self._open),
            **{name: count - getattr(told, name) for name, count in vars(now).items()},
        )

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                try:
                    client, _ = await loop.sock_accept(listener)
                except OSError:
                    # The client is gone again, or there is no descriptor: neither ends a proxy.
                    await asyncio.sleep(_NO_DESCRIPTOR_S)
                    continue
                if len(self._open) >= self._most:
                    self._counts.over_limit += 1
                    reset(client)
                    continue
                self._carry(client)

    def _carry(self, client: socket.socket) -> None:
        self._counts.opened += 1
        connection = Connection(client, self._addresses, self._weather, self._counts)
        task = asyncio.ensure_future(connection.run())
        self._open[connection] = task
        task.add_done_callback(lambda _: self._open.pop(connection, None))


def raise_descriptors() -> int:
    """Have as many descriptors as are allowed; how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard > 0 else soft


async def serve(spec: ProxySpec, orders: queue.SimpleQueue[str]) -> None:
    """Listen until the owner is gone. Raises OSError when the port or the host can't be had."""
    random.seed(spec.seed)
    found = socket.getaddrinfo(spec.host, spec.port, type=socket.SOCK_STREAM)
    # Looked up once: a name that moves must not take the faults elsewhere.
    proxy = Proxy(spec, [(family, (str(to[0]), spec.port)) for family, _, _, _, to in found])
    await proxy.apply(Toxics())
    _say(ProxyReady(proxy.port))
    loop = asyncio.get_running_loop()
    threading.Thread(target=_forward, args=(loop, proxy, orders), daemon=True).start()
    due_s = loop.time()
    while True:
        due_s += 1.0
        await asyncio.sleep(due_s - loop.time())
        _say(proxy.second())


def _forward(loop: asyncio.AbstractEventLoop, proxy: Proxy, orders: queue.SimpleQueue[str]) -> None:
    while True:
        try:
            order = msgspec.json.decode(orders.get(), type=ProxySet)
        except msgspec.MsgspecError as error:
            _say(ProxyApplied(-1, str(error)))
            continue
        try:
            asyncio.run_coroutine_threadsafe(proxy.apply(order.toxics), loop).result()
        except OSError as error:
            _say(ProxyApplied(order.number, str(error)))
        else:
            _say(ProxyApplied(order.number))


def _say(line: ProxyLine) -> None:
    # One write, for two threads speak.
    os.write(1, msgspec.json.encode(line) + b"\n")


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((HOST, port))
    return made


def main(spec: ProxySpec, orders: queue.SimpleQueue[str]) -> int:
    """Serve; 1 with a line on standard error when it can't."""
    try:
        asyncio.run(serve(spec, orders))
    except OSError as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(msgspec.json.decode(_SPEC_LINE, type=ProxySpec), _ORDERS))
