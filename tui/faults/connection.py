"""One client's connection through the proxy, and what a cut does to it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Sequence
from typing import Any

from tui.faults.pipe import Pipe, Weather

Address = tuple[socket.AddressFamily, tuple[str, int]]
CONNECT_S = 10.0
_LINGER_0 = struct.pack("ii", 1, 0)


class Counts:
    """What connections did since the proxy started."""

    def __init__(self) -> None:
        self.opened = 0
        self.over_limit = 0
        self.unreachable = 0
        self.to_service_bytes = 0
        self.to_client_bytes = 0
        self.delayed_bytes = 0
        self.resets = 0
        self.half_opened = 0


class Connection:
    """From an accepted socket to its end. `addresses` are the service's, tried in order."""

    def __init__(
        self, client: socket.socket, addresses: Sequence[Address], weather: Weather, counts: Counts
    ) -> None:
        self._client = client
        self._addresses = addresses
        self._weather = weather
        self._counts = counts
        self._service: socket.socket | None = None
        self._pipes: tuple[Pipe, ...] = ()
        self._share = random.random()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def is_toxic(self) -> bool:
        """Whether the faults of the moment are its own."""
        toxics = self._weather.toxics
        return not toxics.is_clean and self._share < toxics.toxicity

    @property
    def held_bytes(self) -> int:
        """What waits here, both ways."""
        return sum(pipe.held_bytes for pipe in self._pipes)

    async def run(self) -> None:
        """Carry it to its end; nothing of it is left."""
        carrying = asyncio.ensure_future(self._carry())
        try:
            while not carrying.done():
                cut = self._weather.toxics.cut if self.is_toxic else "none"
                if cut == "reset":
                    self._counts.resets += 1
                    await _ended(carrying)
                    self._break()
                    return
                if cut == "half_open":
                    await self._half_open(carrying)
                    return
                changed = asyncio.ensure_future(self._weather.changed.wait())
                await asyncio.wait({carrying, changed}, return_when=asyncio.FIRST_COMPLETED)
                await _ended(changed)
            carrying.result()
        finally:
            await _ended(carrying)
            self._add_up()
            for one in (self._client, self._service):
                if one is not None:
                    one.close()

    async def _carry(self) -> None:
        while self.is_toxic and self._weather.toxics.cut == "black_hole":
            await self._weather.wait()
        self._service = await self._connected()
        if self._service is None:
            self._counts.unreachable += 1
            self._break()
            return
        there = self._pipe(self._client, self._service)
        back = self._pipe(self._service, self._client)
        self._pipes = (there, back)
        ways = [asyncio.ensure_future(pipe.run()) for pipe in self._pipes]
        try:
            await asyncio.gather(*ways)
        except OSError:
            is_broken = True
        else:
            is_broken = False
        finally:
            for way in ways:
                await _ended(way)
        if is_broken:
            # One side broke off: the other is told in the same words.
            self._break()

    def _break(self) -> None:
        # Only when nothing carries any more: the loop must not watch a closed descriptor.
        for one in (self._client, self._service):
            if one is not None:
                reset(one)

    async def _half_open(self, carrying: asyncio.Future[None]) -> None:
        """The service is gone for this client, who hears nothing of it until it is over."""
        self._counts.half_opened += 1
        await _ended(carrying)
        if self._service is not None:
            reset(self._service)
        while self.is_toxic and self._weather.toxics.cut == "half_open":
            await self._weather.wait()
        reset(self._client)

    async def _connected(self) -> socket.socket | None:
        loop = asyncio.get_running_loop()
        for family, address in self._addresses:
            service = socket.socket(family, socket.SOCK_STREAM)
            service.setblocking(False)
            try:
                await asyncio.wait_for(loop.sock_connect(service, address), CONNECT_S)
            except (OSError, asyncio.TimeoutError):
                service.close()
                continue
            except asyncio.CancelledError:
                service.close()
                raise
            service.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return service
        return None

    def _pipe(self, source: socket.socket, sink: socket.socket) -> Pipe:
        return Pipe(
            source, sink, self._weather, lambda: self.is_toxic, lambda: random.uniform(-1.0, 1.0)
        )

    def _add_up(self) -> None:
        counts, pipes = self._counts, self._pipes
        self._pipes = ()
        if pipes:
            there, back = pipes
            counts.to_service_bytes += there.carried_bytes
            counts.to_client_bytes += back.carried_bytes
            counts.delayed_bytes += there.delayed_bytes + back.delayed_bytes

    def so_far(self) -> tuple[int, int, int]:
        """Bytes to the service, to the client, and delayed ones, while it is open."""
        if not self._pipes:
            return 0, 0, 0
        there, back = self._pipes
        return there.carried_bytes, back.carried_bytes, there.delayed_bytes + back.delayed_bytes


def reset(one: socket.socket) -> None:
    """End a connection so that its peer gets a reset, not an end of stream."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_0)
    one.close()


async def _ended(task: asyncio.Future[Any]) -> None:
    """Cancel it if it still runs, and wait for its end, whatever that is."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
