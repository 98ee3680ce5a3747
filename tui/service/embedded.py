"""The demo service as a target: its own process, gone with its owner."""

from __future__ import annotations

import queue
from pathlib import Path

from tui.child.spawn import Child, Lifelines, Line

START_S = 30.0


class DemoTarget:
    """Implements `ports.EmbeddedTarget`. Call it from a thread that lives as long as the demo."""

    def __init__(self, lifelines: Lifelines, log_dir: Path) -> None:
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._child: Child | None = None
        self._url = ""

    def start(self) -> str:
        """Its URL, once it accepts connections. OSError in one line when it does not start."""
        if self._child is not None and self._child.returncode is None:
            return self._url
        words: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        child = Child("demo", "tui.demo", log=self._log_dir / "demo.log", on_line=words.put)
        self._child = self._lifelines.adopt(child)
        try:
            line = words.get(timeout=START_S)
        except queue.Empty:
            line = {"error": f"it said nothing for {START_S:.0f} s"}
        if line is None or line.get("type") != "ready":
            self.close()
            what = line.get("error", "") if line else "it ended at its start"
            raise OSError(f"the embedded demo did not start: {what}")
        self._url = str(line["url"])
        return self._url

    def close(self) -> None:
        """End it; it removes the pictures that it kept."""
        child, self._child = self._child, None
        if child is not None:
            self._lifelines.leave(child)
