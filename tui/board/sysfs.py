"""What the kernel tells in /sys and /proc: on a Jetson the first source, elsewhere a help."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from tui.board.beside import Beside
from tui.board.clocks import Clocks
from tui.board.cooling import Cooling
from tui.board.cores import Cores
from tui.board.debug_clocks import DebugClocks
from tui.board.disk import Disk, ScratchSpace, Space
from tui.board.fan import Fan
from tui.board.gpu import Gpu
from tui.board.memory import Memory, Swapping, Zram
from tui.board.network import Link, Network
from tui.board.nodes import Group, Nodes
from tui.board.nvme import Nvme
from tui.board.over_current import OverCurrent
from tui.board.power_mode import PowerMode
from tui.board.pressure import Pressure
from tui.board.rails import Rails
from tui.board.recording import RECORDING_FAILED
from tui.board.source import Readings
from tui.board.thermal import Thermal
from tui.board.tree import Tree, Unreadable
from tui.board.uptime import Uptime

SOURCE = "sysfs"
REPLAY = "replay"
FIND_EVERY_S = 10.0
BESIDE_EVERY_S = 5.0


_EXPECTED: dict[type, set[str]] = {
    Cores: {"cpu_percent"},
    Memory: {"ram_used_mb", "ram_total_mb", "swap_used_mb"},
}
"""What every board has: when it can't be read from the start, it says so too."""


class _Known:
    """A group with what it told before."""

    def __init__(self, group: Group, find_at_s: float) -> None:
        self.group = group
        self.find_at_s = find_at_s
        self.names: set[str] = set()
        """What it told before."""
        self.expected = _EXPECTED.get(type(group), set())
        self.was_one_gone = False
        self.is_told = False
        """Whether the log has its nonsense already."""


class SysfsSource:
    """A source. Nodes are looked for at the start, every ten seconds, and when one vanishes.

    What may hang (the drive, a network mount) is read on threads of its own.
    """

    def __init__(
        self,
        tree: Tree,
        data_path: Path | None,
        name: str = SOURCE,
        *,
        scratch: Path | None = None,
    ) -> None:
        """`data_path` is on the disk to watch; None: none, as in another tree. `scratch` is where
        burners write."""
        self.name = name
        self._tree = tree
        self._recording_problem = ""
        self._nodes = nodes = Nodes(tree, name)
        gpu, cores = Gpu(nodes), Cores(nodes)
        groups: list[Group] = [
            gpu,
            cores,
            Clocks(nodes, cores, gpu),
            Memory(nodes),
            Swapping(nodes),
            Zram(nodes),
            Pressure(nodes),
            DebugClocks(nodes),
            Thermal(nodes),
            Rails(nodes),
            OverCurrent(nodes),
            Cooling(nodes),
            Fan(nodes),
            PowerMode(nodes),
            Network(nodes),
            Uptime(nodes),
        ]
        # Nodes of their own: what is gone there is no news for a group that is read here.
        aside = Nodes(tree, name)
        self._beside = [
            Beside("drive", Nvme(aside).read, BESIDE_EVERY_S),
            Beside("link", Link(aside).read, BESIDE_EVERY_S),
        ]
        if data_path is not None:
            space = Space(aside, data_path)
            self._beside.append(Beside("disk", space.read, BESIDE_EVERY_S))
            groups.append(Disk(nodes, space))
            if scratch is not None:
                other = ScratchSpace(aside, scratch, data_path)
                self._beside.append(Beside("scratch", other.read, BESIDE_EVERY_S))
        now_s = time.monotonic()
        step_s = FIND_EVERY_S / len(groups)
        # One after the other, so that no sample pays for all of them.
        self._groups = [
            _Known(group, now_s + FIND_EVERY_S + place * step_s)
            for place, group in enumerate(groups)
        ]
        for known in self._groups:
            self._find(known)

    def read(self) -> Readings:
        """Every gauge that this board has. One that was there and is gone says so."""
        now_s = time.monotonic()
        self._nodes.clock.look()
        readings: Readings = {}
        for known in self._groups:
            if now_s >= known.find_at_s:
                self._find(known)
                known.find_at_s = now_s + FIND_EVERY_S
            readings |= self._read(known)
        for beside in self._beside:
            readings |= beside.read()
        self._keep(self._tree.flush)
        return readings

    def trouble(self) -> str:
        """What hangs beside the samples, and a recording that can't be written; a gauge that can't
        be read tells so itself."""
        said = ((beside.name, beside.trouble()) for beside in self._beside)
        slow = [f"{name} {trouble}" for name, trouble in said if trouble]
        return "; ".join([self._recording_problem, *slow] if self._recording_problem else slow)

    def close(self) -> None:
        """End the threads, and write the rest of a recording."""
        for beside in self._beside:
            beside.close()
        self._keep(self._tree.close)

    def _keep(self, write: Callable[[], None]) -> None:
        try:
            write()
            self._recording_problem = ""
        except OSError as error:  # a full disk must not cost the readings
            self._recording_problem = f"{RECORDING_FAILED}: {error.strerror}"

    def _read(self, known: _Known) -> Readings:
        self._nodes.is_one_gone = False
        readings = self._of(known)
        if self._nodes.is_one_gone and not known.was_one_gone:
            # It may only have another number now.
            self._find(known)
            self._nodes.is_one_gone = False
            readings = self._of(known)
        known.was_one_gone = self._nodes.is_one_gone
        if known.names - readings.keys():
            gone = self._nodes.none("it is gone from this board")
            readings |= {name: gone for name in known.names if name not in readings}
        known.names |= readings.keys()
        return readings

    def _of(self, known: _Known) -> Readings:
        try:
            return known.group.read()
        except Unreadable as error:
            why = str(error)
        except Exception as error:  # a kernel may write what nobody foresaw
            self._tell(known)
            why = f"its nodes say nonsense ({type(error).__name__})"
        return {name: self._nodes.none(why) for name in known.names | known.expected}

    def _find(self, known: _Known) -> None:
        try:
            known.group.find()
        except Exception:  # what was found before stays
            self._tell(known)

    def _tell(self, known: _Known) -> None:
        if not known.is_told:
            known.is_told = True
            name = type(known.group).__name__
            logging.getLogger(__name__).warning("%s: nodes say nonsense", name, exc_info=True)
