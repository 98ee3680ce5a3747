"""A real service that keeps things and lists them page by page, with faults that a test plants."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.lib.quiet_http import QuietHandler, QuietServer
from tests.service.workflow.walking import CAPTURE
from tui.core.e2e.operation import Operation
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Check, Step

GIVES = (("id", "json:/id"), ("sha256", "json:/sha256"), ("size", "json:/size"))
LIST = (("items", "json:/items"), ("next", "json:/next"))
DEPOT_OPERATIONS = (
    Operation(
        "store", "PUT", "/things/{name}", sends="bytes", status=(201,), gives=GIVES
    ),
    Operation("retrieve", path="/things/{id}"),
    Operation("delete", "DELETE", "/things/{id}"),
    Operation("by_offset", path="/list", gives=LIST,
              query=(("size", "{page.size}"), ("offset", "{page.offset}"))),
    Operation("by_number", path="/list", gives=LIST,
              query=(("size", "{page.size}"), ("page", "{page.number}"))),
    Operation("by_cursor", path="/list", gives=LIST,
              query=(("size", "{page.size}"), ("cursor", "{page.cursor}"))),
)  # fmt: skip

Fault = Literal["refused", "lost", "twice", "flipped", "unnamed", "unanswered"]
"""`lost`: it says that it is kept, and keeps nothing; `unanswered`: it is kept, and nobody told."""


def stores(items: int, **keys: Any) -> Step:
    """Each a picture with bytes of its own."""
    return Step(
        "store", "store", send="capture", unique=True, repeat=items,
        values=(("name", "{round.id}-{item.number}"),),
        checks=(Check("sha256", equals="{item.sha256}"), Check("size", equals="{item.size}")),
        save=(("id", "id"),), **keys,
    )  # fmt: skip


def reads(way: str = "by_offset", size: int = 7, **keys: Any) -> Step:
    """All that was stored is in the list."""
    given = {
        "of": "store", "name": "/name", "fields": ("/sha256", "/at"), "order": "/at",
        "cursor": "next" if way == "by_cursor" else "", **keys,
    }  # fmt: skip
    return Step("read", way, pages=Pages(items="items", id="/id", size=size, **given))


FETCH = Step(
    "fetch", "retrieve", each="store", checks=(Check("body", hash_of="item"),),
    save=(("content", "body"),),
)  # fmt: skip
REMOVE = Step("remove", "delete", each="store")
CLEAN = Step("clean", "delete", each="store")
STOCK = (CAPTURE, stores(40, at_once=8))


class Depot:
    """Serves until the block ends. What it keeps is in `things`, in the order of their ids."""

    def __init__(self, most_of_a_page: int = 1000) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.faults: dict[str, Fault] = {}
        """By the end of a thing's name: `-17`."""
        self.most_of_a_page = most_of_a_page
        self.repeats = False
        """Each page is the first one."""
        self.has_end = True
        """False: there is no page behind the last, which is refused."""
        self.is_shuffled = False
        self.dies_at = 0
        """It is gone once it keeps so many."""
        self.delay_s = 0.0
        """Before each answer."""
        self.slow: dict[str, float] = {}
        """The same in seconds, by the end of a thing's name."""
        self.connections = 0
        self.at_once = 0
        """The most requests that it had at the same time."""
        self.changed: Callable[[], None] = lambda: None
        """Called at each page."""
        self._now = 0
        self._made = 0
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.depot = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Depot:
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), name="depot", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def is_gone(self) -> bool:
        return 0 < self.dies_at <= self._made

    def enter(self, by: int) -> None:
        with self.lock:
            self._now += by
            self.at_once = max(self.at_once, self._now)

    def fault_of(self, name: str) -> Fault | None:
        return next((fault for end, fault in self.faults.items() if name.endswith(end)), None)

    def keep(self, name: str, data: bytes) -> dict[str, Any]:
        """What it says of it."""
        with self.lock:
            self._made += 1
            thing: dict[str, Any] = {
                "id": f"t{self._made:05}", "name": name, "at": self._made, "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(), "data": data,
            }  # fmt: skip
            fault = self.fault_of(name)
            if fault == "unnamed":
                thing["sha256"], sha256 = None, thing["sha256"]
                self.things[thing["id"]] = thing
                return {**thing, "sha256": sha256}
            if fault != "lost":
                self.things[thing["id"]] = thing
            if fault == "twice":
                self.things[f"{thing['id']}b"] = {**thing, "id": f"{thing['id']}b"}
        return thing

    def page(self, query: dict[str, str]) -> dict[str, Any] | None:
        """None: there is no such page."""
        self.changed()
        size = min(int(query["size"]), self.most_of_a_page)
        start = int(query.get("offset") or query.get("cursor") or 0)
        if "page" in query:
            start = (int(query["page"]) - 1) * size
        if self.repeats:
            start = 0
        with self.lock:
            listed = list(self.things.values())
        if self.is_shuffled and len(listed) > 12:
            listed[11], listed[12] = listed[12], listed[11]
        if start and start >= len(listed) and not self.has_end:
            return None
        page = [{k: v for k, v in each.items() if k != "data"} for each in listed]
        following = start + size
        is_last = following >= len(listed) and not self.repeats
        return {"items": page[start:following], "next": None if is_last else f"{following}"}


class _Server(QuietServer):
    depot: Depot


class _Handler(QuietHandler):
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/list":
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            page = self.server.depot.page(query)
            self._answer(200 if page is not None else 404, page or {})
            return
        thing = self.server.depot.things.get(self._key)
        if thing is None:
            self._answer(404, {})
            return
        data = thing["data"]
        if self.server.depot.fault_of(thing["name"]) == "flipped":
            data = data[:-1] + bytes([data[-1] ^ 1])
        self._answer(200, data)

    def do_PUT(self) -> None:
        depot = self.server.depot
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if depot.fault_of(self._key) == "refused":
            self._answer(507, {})
            return
        thing = depot.keep(self._key, data)
        if depot.fault_of(self._key) == "unanswered":
            self.close_connection = True
            return
        self._answer(201, {key: value for key, value in thing.items() if key != "data"})

    def do_DELETE(self) -> None:
        with self.server.depot.lock:
            gone = self.server.depot.things.pop(self._key, None)
        self._answer(200 if gone else 404, {})

    def setup(self) -> None:
        super().setup()
        self.server.depot.connections += 1

    def parse_request(self) -> bool:
        is_right = super().parse_request()
        depot = self.server.depot
        if is_right and depot.is_gone:
            self.close_connection = True
            return False
        depot.enter(1)
        time.sleep(next((s for end, s in depot.slow.items() if self.path.endswith(end)), 0.0))
        time.sleep(depot.delay_s)
        depot.enter(-1)
        return is_right

    @property
    def _key(self) -> str:
        return urlsplit(self.path).path.rpartition("/")[2]

    def _answer(self, status: int, content: Any) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        kind = "image/jpeg" if isinstance(content, bytes) else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
