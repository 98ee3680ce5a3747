"""The power mode by name, without root and without a process."""

from __future__ import annotations

import re

from tui.board.nodes import Nodes
from tui.board.source import Readings
from tui.board.tree import Tree, Unreadable
from tui.core.events import Reading

_STATUS = "/var/lib/nvpmodel/status"
_MODES = "/etc/nvpmodel.conf"
_MODE = re.compile(r"<\s*POWER_MODEL\s+ID=(\d+)\s+NAME=([^\s>]+)")
_NOT_SET = "no mode was set since the system was installed: sudo nvpmodel -m ID sets one"


class PowerMode:
    """nvpmodel's mode; absent where there is no nvpmodel."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._names: dict[int, str] = {}

    def find(self) -> None:
        """Read which modes the board has."""
        self._names = _names(self._nodes.text_or_empty(_MODES))

    def read(self) -> Readings:
        """The mode's number; the text is its name, where it has one."""
        if not self._names:
            return {}
        return {"power_mode": self._read()}

    def _read(self) -> Reading:
        try:
            text = self._nodes.tree.text(_STATUS)
        except Unreadable as error:
            is_missing = not error.code or error.code == 2
            return self._nodes.none(_NOT_SET if is_missing else str(error))
        number = _number(text)
        if number is None:
            return self._nodes.none(f'nvpmodel keeps "{text[:20]}", which is no mode')
        return self._nodes.value(number, self._names.get(number, f"mode {number}"))


def power_mode_name(tree: Tree) -> str | None:
    """The mode's name; None where there is no nvpmodel, or nothing that can be read."""
    nodes = Nodes(tree, "")
    number = _number(nodes.text_or_empty(_STATUS))
    return None if number is None else _names(nodes.text_or_empty(_MODES)).get(number)


def _names(text: str) -> dict[int, str]:
    return {int(number): name for number, name in _MODE.findall(text)}


def _number(status: str) -> int | None:
    match = re.fullmatch(r"pmode:(\d+).*", status, re.DOTALL)
    return int(match.group(1)) if match else None
