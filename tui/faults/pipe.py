"""One direction of a proxied connection: bytes in order, late if they must be, never lost."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable

from tui.core.stress.toxics import Toxics

CHUNK_BYTES = 256 * 1024
HELD_BYTES = 4 * 1024**2
"""What may wait in one direction of a slow line; more stays with the sender, in its kernel."""
_PIECE_S = 0.02
_LEAST_PIECE_BYTES = 64


class Weather:
    """The faults that hold now, and a way to wait until they change."""

    def __init__(self) -> None:
        self.toxics = Toxics()
        self.changed = asyncio.Event()
        """Of the faults that hold now: take it in the same step in which you look at them."""

    def change(self, toxics: Toxics) -> None:
        """These hold from now on; whoever waits is woken."""
        self.toxics = toxics
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()

    async def wait(self, limit_s: float | None = None) -> None:
        """Until they change, or so long."""
        try:
            await asyncio.wait_for(self.changed.wait(), limit_s)
        except asyncio.TimeoutError:  # on Python 3.10 not yet the built-in one
            pass


class Piece:
    """Bytes on their way; none at all are the end of the stream."""

    def __init__(self, data: bytes, draw: float) -> None:
        self.data = data
        self.draw = draw
        """Its own part of the jitter, -1 to 1."""
        self.came_s = time.monotonic()


class Pipe:
    """Carries bytes from one socket to another. `draw` gives random numbers from -1 to 1."""

    def __init__(
        self,
        source: socket.socket,
        sink: socket.socket,
        weather: Weather,
        is_toxic: Callable[[], bool],
        draw: Callable[[], float],
    ) -> None:
        self._source = source
        self._sink = sink
        self._weather = weather
        self._is_toxic = is_toxic
        self._draw = draw
        self._pieces: deque[Piece] = deque()
        self._has_pieces = asyncio.Event()
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_listening = False
        self._free_at_s = 0.0
        self.carried_bytes = 0
        self.delayed_bytes = 0
        self.held_bytes = 0

    async def run(self) -> None:
        """Carry until the end of the stream has got through. Raises OSError of either socket."""
        sender = asyncio.ensure_future(self._send())
        self._listen()
        try:
            await asyncio.wait({sender, self._broken}, return_when=asyncio.FIRST_COMPLETED)
            if self._broken.done():
                self._broken.result()
            sender.result()
        finally:
            self._deafen()
            self._broken.cancel()
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    def _listen(self) -> None:
        # Registered once, not for each piece: on a healthy line that is most of its cost.
        asyncio.get_running_loop().add_reader(self._source.fileno(), self._readable)
        self._is_listening = True

    def _deafen(self) -> None:
        asyncio.get_running_loop().remove_reader(self._source.fileno())
        self._is_listening = False

    def _readable(self) -> None:
        try:
            data = self._source.recv(CHUNK_BYTES)
            if data and not self._pieces and not self._is_toxic():
                data = data[self._sent_at_once(data) :]
                if not data:
                    return
        except BlockingIOError:
            return
        except OSError as error:
            self._deafen()
            self._broken.set_exception(error)
            return
        self._pieces.append(Piece(data, self._draw()))
        self.held_bytes += len(data)
        self._has_pieces.set()
        if not data or self.held_bytes > self._room_bytes():
            self._deafen()

    def _room_bytes(self) -> int:
        # Only what is under way must wait here; the rest would be memory taken from the board.
        toxics = self._weather.toxics
        if toxics.cut == "black_hole":
            return CHUNK_BYTES
        if toxics.bytes_per_s:
            under_way = toxics.bytes_per_s * (toxics.latency_ms + toxics.jitter_ms) / 1000
            return min(HELD_BYTES, max(CHUNK_BYTES, int(under_way)))
        return HELD_BYTES

    def _sent_at_once(self, data: bytes) -> int:
        try:
            size = self._sink.send(data)
        except BlockingIOError:
            return 0
        self.carried_bytes += size
        return size

    async def _send(self) -> None:
        while True:
            while not self._pieces:
                self._has_pieces.clear()
                await self._has_pieces.wait()
            piece = self._pieces[0]
            await self._until_due(piece)
            if not piece.data:
                self._sink.shutdown(socket.SHUT_WR)
                return
            await self._pass_on(piece.data)
            # Only now: while one is on its way, the reader must not overtake it.
            self._pieces.popleft()
            has_ended = self._pieces and not self._pieces[-1].data
            if not self._is_listening and not has_ended and self.held_bytes <= self._room_bytes():
                self._listen()

    async def _until_due(self, piece: Piece) -> None:
        while self._is_toxic():
            toxics = self._weather.toxics
            if toxics.cut == "black_hole":
                await self._weather.wait()
                continue
            late_ms = max(0.0, toxics.latency_ms + toxics.jitter_ms * piece.draw)
            left_s = piece.came_s + late_ms / 1000 - time.monotonic()
            if left_s <= 0.0:
                return
            await self._weather.wait(left_s)

    async def _pass_on(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        rest = memoryview(data)
        while rest:
            size = await self._allowed(len(rest))
            await loop.sock_sendall(self._sink, rest[:size])
            self.carried_bytes += size
            self.delayed_bytes += size
            self.held_bytes -= size
            rest = rest[size:]

    async def _allowed(self, wanted: int) -> int:
        """How much may go now; waits until something may."""
        while self._is_toxic():
            toxics = self._weather.toxics
            if toxics.cut == "black_hole":
                await self._weather.wait()
                continue
            if not toxics.bytes_per_s:
                break
            wait_s = self._free_at_s - time.monotonic()
            if wait_s > 0.0:
                await self._weather.wait(wait_s)
                continue
            piece = max(_LEAST_PIECE_BYTES, int(toxics.bytes_per_s * _PIECE_S))
            size = min(wanted, piece)
            # A wait that ran late is made up for, but idle time is not saved up.
            now_s = time.monotonic()
            starts_s = max(self._free_at_s, now_s - _PIECE_S)
            self._free_at_s = starts_s + size / toxics.bytes_per_s
            return size
        return wanted
