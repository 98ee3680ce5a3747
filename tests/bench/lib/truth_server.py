"""A service that knows exactly how long it took: `python -m tests.bench.lib.truth_server SEED`

`--drops`: some connections close without an answer. `--steady MS`: every answer takes that long.

Speaks JSON lines. In: `{"do": "stall", "seconds": 4}`, `{"do": "dump"}`, end of file ends it.
Out: `{"port": …}` first, then an answer to each order. Times are CLOCK_MONOTONIC, the same in every
process of a machine.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import time
from typing import Any, Literal

Kind = Literal["ok", "error", "cut", "drop"]
SLOWEST_S = 0.4
_BODY = b"x" * 64
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n" + _BODY
_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 64\r\n\r\n" + _BODY
_CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n" + _BODY[:10]
_NONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_HEALTHY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Truth:
    """Draws what becomes of each request, and keeps what did."""

    def __init__(self, seed: int, drops: bool, steady_s: float | None) -> None:
        self._random = random.Random(seed)
        self._drops = drops
        self._steady_s = steady_s
        self.taken_ms: list[float] = []
        self.kinds: dict[str, int] = {"ok": 0, "error": 0, "cut": 0, "drop": 0}
        self.stalled_until_s = 0.0

    def draw(self) -> tuple[Kind, float]:
        """A continuous mix, so that no percentile falls between two lumps."""
        if self._steady_s is not None:
            return "ok", self._steady_s
        dice = self._random.random()
        if dice < 0.70:
            seconds = self._random.uniform(0.020, 0.080)
        elif dice < 0.95:
            seconds = self._random.uniform(0.080, 0.200)
        else:
            seconds = self._random.uniform(0.200, SLOWEST_S)
        dice = self._random.random()
        if dice < 0.02:
            return "error", seconds
        if dice < 0.03:
            return "cut", seconds
        if dice < 0.04 and self._drops:
            return "drop", seconds
        return "ok", seconds


class Connection(asyncio.Protocol):
    """One keep-alive connection; a request is complete with its headers."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._transport: asyncio.Transport | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        came_s = time.monotonic()
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            assert self._transport is not None
            if path == b"/health":
                self._transport.write(_HEALTHY)
            elif path != b"/":
                self._transport.write(_NONE)
            else:
                kind, seconds = self._truth.draw()
                loop = asyncio.get_running_loop()
                loop.call_later(seconds, self._answer, kind, came_s)

    def _answer(self, kind: Kind, came_s: float) -> None:
        truth, transport = self._truth, self._transport
        left_s = truth.stalled_until_s - time.monotonic()
        if left_s > 0:
            asyncio.get_running_loop().call_later(left_s + 0.001, self._answer, kind, came_s)
            return
        if transport is None or transport.is_closing():
            return  # the client was gone first
        if kind == "drop":
            transport.close()
        else:
            transport.write({"ok": _OK, "error": _ERROR, "cut": _CUT}[kind])
            if kind == "cut":
                transport.close()
        truth.taken_ms.append((time.monotonic() - came_s) * 1000)
        truth.kinds[kind] += 1


async def serve(seed: int, drops: bool, steady_s: float | None) -> None:
    """Until standard input ends."""
    truth = Truth(seed, drops, steady_s)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(truth), "127.0.0.1", 0, backlog=4096)
    _say(port=server.sockets[0].getsockname()[1])
    orders = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        order = json.loads(line)
        if order["do"] == "stall":
            now_s = time.monotonic()
            truth.stalled_until_s = now_s + order["seconds"]
            _say(at_s=now_s)
        else:
            _say(taken_ms=truth.taken_ms, kinds=truth.kinds)
    server.close()


def _say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    # A collection in the middle of an answer would be the server's own lie.
    gc.disable()
    steady_s = float(sys.argv[-1]) / 1000 if "--steady" in sys.argv else None
    asyncio.run(serve(int(sys.argv[1]), "--drops" in sys.argv, steady_s))
