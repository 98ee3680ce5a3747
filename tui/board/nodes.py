"""Readings out of nodes: numbers with a reason where there is none."""

from __future__ import annotations

import re
import time
from collections import deque
from typing import Protocol

import msgspec

from tui.board.source import Readings
from tui.board.tree import GONE, Tree, Unreadable
from tui.board.tree_clock import NO_RATES, TreeClock
from tui.core.events import Reading

# Python's own readers also take `1_000`, `nan` and numbers without end.
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_BETWEEN = re.compile(r"[^a-z0-9]+")


class Nodes:
    """A tree, and the name under which its readings go."""

    def __init__(self, tree: Tree, source: str) -> None:
        self.tree = tree
        self.source = source
        self.is_one_gone = False
        """Whether a node that was read is not there any more; whoever asks sets it back."""
        self.clock = TreeClock(tree)

    def text(self, node: str) -> str:
        """A node's content. Raises Unreadable."""
        try:
            return self.tree.text(node)
        except Unreadable as error:
            if error.code in GONE:
                self.is_one_gone = True
            raise

    def number(self, node: str) -> float:
        """A node's number. Raises Unreadable, also for what is none."""
        return float(whole_number(self.text(node)))

    def number_or_none(self, node: str) -> float | None:
        """A number that may be missing: a limit, a trip. Its absence is no news."""
        try:
            return float(whole_number(self.tree.text(node)))
        except Unreadable:
            return None

    def text_or_empty(self, node: str) -> str:
        """A text that may be missing: a name, a label. Its absence is no news."""
        try:
            return self.tree.text(node)
        except Unreadable:
            return ""

    def is_there(self, node: str) -> bool:
        """Whether there is a node or a folder of that name, readable or not."""
        try:
            self.tree.text(node)
        except Unreadable as error:
            return error.code not in GONE
        return True

    def reading(
        self,
        node: str,
        factor: float = 1.0,
        limit: float | None = None,
        critical: float | None = None,
    ) -> Reading:
        """A node's number times a factor, or why there is none."""
        try:
            value = self.number(node) * factor
        except Unreadable as error:
            return Reading(None, self.source, str(error))
        return Reading(value, self.source, limit=limit, critical=critical)

    def value(self, value: float, text: str = "", limit: float | None = None) -> Reading:
        """A value that was worked out."""
        return Reading(float(value), self.source, text=text, limit=limit)

    def none(self, why: str) -> Reading:
        """What should have a value and has none."""
        return Reading(None, self.source, why)


class Group(Protocol):
    """Gauges that are found and read together."""

    def find(self) -> None:
        """Look where the nodes are, and read what seldom changes: names, limits."""

    def read(self) -> Readings:
        """Its gauges now. Raises Unreadable where all of them hang on one node that fails."""


class Rate:
    """What a counter grows by in a second."""

    def __init__(self, over_s: float = 0.0) -> None:
        """`over_s`: the time that it looks back upon; 0: to the read before."""
        self._over_s = over_s
        self._counts: deque[tuple[float, float]] = deque()
        self._told: Reading | None = None

    def add_to(
        self, readings: Readings, gauge: str, nodes: Nodes, count: float, factor: float = 1.0
    ) -> None:
        """The growth in a second times a factor; nothing the first time."""
        now_s = time.monotonic()
        counts = self._counts
        if counts and nodes.clock.is_still:
            readings[gauge] = nodes.none(NO_RATES)
        elif counts and nodes.clock.is_same_moment:
            if self._told is not None:
                age_s = now_s - counts[-1][0]
                readings[gauge] = msgspec.structs.replace(self._told, age_s=age_s)
        elif counts and (count < counts[-1][1] or now_s <= counts[-1][0]):
            counts.clear()
            counts.append((now_s, count))
            self._told = readings[gauge] = nodes.none("its counter began anew")
        else:
            counts.append((now_s, count))
            while len(counts) > 2 and counts[1][0] <= now_s - self._over_s:
                counts.popleft()
            if len(counts) > 1:
                since_s, before = counts[0]
                per_s = (count - before) / (now_s - since_s)
                self._told = readings[gauge] = nodes.value(per_s * factor)


def whole_number(text: str) -> int:
    """A number as the kernel writes it. Raises Unreadable for anything else."""
    if not _WHOLE.fullmatch(text):
        raise Unreadable(_not_a_number(text))
    return int(text)


def decimal(text: str) -> float:
    """A number with a point, such as a load average. Raises Unreadable for anything else."""
    if not _DECIMAL.fullmatch(text):
        raise Unreadable(_not_a_number(text))
    return float(text)


def slug(name: str) -> str:
    """A name as a part of a gauge's name: `VDD_IN` is `vdd_in`, `cpu-throttle-alert` alike."""
    return _BETWEEN.sub("_", name.lower()).strip("_")


def hwmons(nodes: Nodes) -> list[tuple[str, str]]:
    """Every sensor's name and folder. Numbers of hwmon folders move with each start."""
    folders = [f"/sys/class/hwmon/{name}" for name in nodes.tree.names("/sys/class/hwmon")]
    return [(nodes.text_or_empty(folder + "/name"), folder) for folder in folders]


def _not_a_number(text: str) -> str:
    return f'it says "{text[:20]}", which is no number' if text else "it says nothing"
