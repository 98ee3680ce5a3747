"""What the kernel tells root alone: use of the memory's bandwidth, clocks of the video engines."""

from __future__ import annotations

from tui.board.jetson import is_jetson
from tui.board.nodes import Nodes
from tui.board.source import Readings
from tui.board.tree import DENIED, Unreadable
from tui.core.events import Reading

_DEBUG = "/sys/kernel/debug"
_EMC = _DEBUG + "/bpmp/debug/clk/emc"
_ACTIVITY = _DEBUG + "/cactmon/mc_all"
_ENGINES = ("nvdec", "nvenc", "nvjpg", "nvjpg1", "vic", "ofa", "dla0_core", "dla1_core")
_NEEDS_ROOT = "needs root or jtop"
_NOT_THERE = "this kernel does not tell it; jtop may"
_FULL_PERCENT = 100.0


class DebugClocks:
    """EMC and engines of a Jetson. Without root no engine is known, and EMC says why."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._is_jetson = False
        self._why = ""
        self._highest_mhz: float | None = None
        self._engines: dict[str, str] = {}

    def find(self) -> None:
        """Look what of it can be read."""
        self._is_jetson = is_jetson(self._nodes.tree)
        self._why = self._why_not()
        highest = self._nodes.number_or_none(_EMC + "/max_rate")
        self._highest_mhz = None if highest is None else highest / 1e6
        self._engines = {}
        if self._why != _NEEDS_ROOT:
            for engine in _ENGINES:
                folder = f"{_DEBUG}/clk/{engine}"
                if self._nodes.text_or_empty(folder + "/clk_rate"):
                    self._engines[engine.removesuffix("_core")] = folder

    def read(self) -> Readings:
        """Percent and MHz of the memory, MHz of each engine."""
        if not self._is_jetson:
            return {}
        if self._why:
            why = self._nodes.none(self._why)
            return {"emc_percent": why, "emc_mhz": why}
        readings = {f"{name}_mhz": self._engine(folder) for name, folder in self._engines.items()}
        clock = self._nodes.reading(_EMC + "/rate", 1e-6, self._highest_mhz)
        readings["emc_mhz"] = clock
        readings["emc_percent"] = self._share(clock)
        return readings

    def _share(self, clock: Reading) -> Reading:
        if not clock.value:
            return self._nodes.none(clock.why or "the memory's clock reads 0")
        # Activity is counted in the clock's own kHz, times percent.
        busy = self._nodes.reading(_ACTIVITY, 1 / (clock.value * 1000), _FULL_PERCENT)
        if busy.value is not None and busy.value > _FULL_PERCENT:
            return self._nodes.value(_FULL_PERCENT)
        return Reading(busy.value, busy.source, busy.why)

    def _engine(self, folder: str) -> Reading:
        try:
            if not self._nodes.number(folder + "/clk_enable_count"):
                return self._nodes.value(0, "off")
        except Unreadable as error:
            return self._nodes.none(str(error))
        return self._nodes.reading(folder + "/clk_rate", 1e-6)

    def _why_not(self) -> str:
        try:
            self._nodes.tree.text(_EMC + "/rate")
        except Unreadable as error:
            return _NEEDS_ROOT if error.code in DENIED else _NOT_THERE
        return ""
