"""What the jtop service knows, one JSON line a second: a program of its own.

`python -m tui.board.jtop_feed`, or by its path with the interpreter that runs the service. It alone
imports jetson-stats, which is under AGPL-3.0; the rest of jetproof only reads what it prints.
jetson-stats changes how its whole process forks, breaks under gevent's patch, and can't connect
twice in one process: after a loss this program ends, and its owner starts a fresh one.

Lines: `{"state", "why", …}` with `connected`, `refused`, `no-service`, `no-client`, `mismatch`,
`lost`, `silent` or `slow`; and `{"at_s", "gauges": {name: {value, why, text, limit, critical}},
"gpu_processes": {pid: MiB}}`. `at_s` is the monotonic time at which the service began to read.
Python 3.8 and, but for that library, the standard one alone: boards' own interpreters are old.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    _here = os.path.dirname(os.path.abspath(__file__))
    # Beside this file lies a jtop.py, which is not the library.
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _here]
    sys.path.append(os.path.dirname(os.path.dirname(_here)))

from tui.child.lifeline import hold

if __name__ == "__main__":
    hold()

from tui.board.jtop_shape import gauges_of, gpu_processes_of

if __name__ == "__main__":
    # An interpreter without the library must not find ours behind its own.
    sys.path.pop()

import json
import queue
import re
import threading
import time
from typing import Any

INTERVAL_S = 1.0
SHORTEST_S = 0.4
"""Another client may have asked the service for a faster pace; more lines serve nobody."""
LONGEST_S = 1.9
"""The first client's pace holds for all until there is none: values would come too old to show,
and as long as this program stayed, they always would."""
SILENT_INTERVALS = 3.0
"""As many as the library waits itself. It then hands the old values out again, or stops."""
CONNECT_S = 6.0
"""Beside a half-dead service the library asks itself its own question, in a loop, for ever."""

REFUSED = "this user is not in group jtop: sudo usermod -aG jtop $USER, then log in again"
NO_SERVICE = "its service does not answer: sudo systemctl restart jtop"
NO_CLIENT = "{python} has no jetson-stats: {python} -m pip install 'jetson-stats>=7.2'"
MISMATCH = "service {service} and client {client} differ: sudo jtop --install-service"
LOST = "its service ended the connection: sudo systemctl restart jtop"
BROKE = "jetson-stats met {error}: sudo systemctl restart jtop"
SILENT = "its service gives no new values: sudo systemctl restart jtop"
SLOW = "another program has its service read every {:g} s only"
_VERSIONS = re.compile(r"service: \[(.*?)\] and client: \[(.*?)\]")


def explain(error: BaseException) -> dict[str, str]:
    """The state that an error of the library stands for, and why, with the command that mends it.

    Its own exceptions tell causes apart in their texts alone.
    """
    text = str(error)
    versions = _VERSIONS.search(text)
    if versions:
        service, client = versions.groups()
        why = MISMATCH.format(service=service, client=client, python=sys.executable)
        return {"state": "mismatch", "why": why, "version": service, "client": client}
    if isinstance(error, PermissionError) or "can't access" in text:
        return {"state": "refused", "why": REFUSED}
    if isinstance(error, FileNotFoundError) or "not active" in text:
        return {"state": "no-service", "why": NO_SERVICE}
    if isinstance(error, ImportError):
        return {"state": "no-client", "why": NO_CLIENT.format(python=sys.executable)}
    if isinstance(error, (OSError, EOFError)) or "onnection" in text:
        return {"state": "lost", "why": LOST}
    # Such as a TypeError where half of the service is gone.
    return {"state": "lost", "why": BROKE.format(error=f"{type(error).__name__}: {text[:200]}")}


def main() -> int:
    """Connect, speak until the connection is lost; the exit code."""
    try:
        from jtop import jtop

        _follow(jtop)
    except Exception as error:  # the library lets through whatever it meets
        _say(**explain(error))
    return 1


def _follow(jtop: Any) -> None:
    # A thread of its own that asks dpkg, nvcc and others for versions, on a board under test.
    jtop._load_jetson_libraries = lambda self: None
    ticks: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    client = jtop(interval=INTERVAL_S)
    # Its attributes fit together only within this call: the next tick replaces them one by one.
    client.attach(lambda client: ticks.put(_read(client)))
    giving_up = threading.Timer(CONNECT_S, _give_up)
    giving_up.daemon = True
    giving_up.start()
    client.start()
    giving_up.cancel()
    if client.interval > LONGEST_S:
        _say(state="slow", why=SLOW.format(client.interval))
        return
    _say(state="connected", client=_version())
    model = str((client.board.get("hardware") or {}).get("Module", ""))
    speaker = _Speaker(model)
    silent_s = SILENT_INTERVALS * max(INTERVAL_S, client.interval)
    heard_s = time.monotonic()
    while time.monotonic() - heard_s < silent_s:
        try:
            is_new = speaker.hear(ticks.get(timeout=0.25))
        except queue.Empty:
            client.ok(spin=True)  # raises what ended the library's thread
            continue
        if is_new:
            heard_s = time.monotonic()
    _say(state="silent", why=SILENT)


class _Speaker:
    """Prints ticks that are new, and knows what each may claim."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._uptime_s: float | None = None
        self._online: tuple[bool, ...] = ()
        self._said: tuple[float, float] | None = None

    def hear(self, tick: dict[str, Any]) -> bool:
        """Whether the service has read anew: when it is stuck, its last values come again."""
        if tick["uptime_s"] == self._uptime_s:
            return False
        self._uptime_s = tick["uptime_s"]
        online = tuple(bool(core.get("online")) for core in tick["cpu"].get("cpu", ()))
        # Its first shares, and those after cores came or went, are since the board started.
        shares_hold, self._online = online == self._online, online
        now_s, cpu_s = time.monotonic(), time.process_time()
        if self._said and now_s - self._said[0] < SHORTEST_S:
            return True
        gauges = gauges_of(tick, model=self._model, shares_hold=shares_hold)
        if self._said:
            share = (cpu_s - self._said[1]) / (now_s - self._said[0])
            gauges["feed_cpu_percent"] = {"value": 100 * share}
        self._said = (now_s, cpu_s)
        age_s = max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - tick["uptime_s"])
        _say(
            at_s=now_s - age_s,
            gauges=gauges,
            gpu_processes=gpu_processes_of(tick["processes"]),
        )
        return True


def _read(client: Any) -> dict[str, Any]:
    model = client.nvpmodel
    return {
        "uptime_s": client.uptime.total_seconds(),
        "gpu": dict(client.gpu.items()),
        "cpu": client.cpu,
        "memory": dict(client.memory.items()),
        "engine": dict(client.engine.items()),
        "temperature": client.temperature,
        "power": client.power,
        "fan": dict(client.fan.items()),
        "nvpmodel": {"id": model.id, "name": model.name} if model is not None else {},
        "processes": client.processes,
    }


def _version() -> str:
    import jtop

    return str(jtop.__version__)


def _give_up() -> None:
    _say(state="silent", why=SILENT)
    os._exit(1)


def _say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
