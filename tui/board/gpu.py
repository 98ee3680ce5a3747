"""The Jetson's own GPU."""

from __future__ import annotations

from tui.board.nodes import Nodes
from tui.board.source import Readings

DEVFREQ = "/sys/class/devfreq"
_NAMES = frozenset({"gpu", "gv11b", "gp10b", "ga10b", "gm20b"})
"""What the device tree calls it."""
_LOADS = (
    "/sys/devices/platform/gpu.0/load",
    "/sys/devices/gpu.0/load",
    "/sys/devices/platform/bus@0/17000000.gpu/load",
    "/sys/devices/platform/17000000.gpu/load",
)
"""Where kernels before and since JetPack 6 have it, beside the folder of its clock."""


class Gpu:
    """Load and clock. A Thor's driver tells no load: that gauge is absent there."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._load = self._clock = ""
        self.floor_and_ceiling: tuple[float, float] | None = None
        """Of the last read, in MHz."""

    @property
    def is_there(self) -> bool:
        """Whether this is a Jetson with a GPU of its own."""
        return bool(self._load or self._clock)

    def find(self) -> None:
        """Look for the folder of its clock, and for its load."""
        self._clock = self._find_clock()
        places = (f"{self._clock}/device/load", *_LOADS) if self._clock else _LOADS
        self._load = next((node for node in places if self._nodes.text_or_empty(node)), "")

    def read(self) -> Readings:
        """Percent, MHz of the highest, and the lowest MHz."""
        readings: Readings = {}
        self.floor_and_ceiling = None
        if self._load:
            readings["gpu_percent"] = self._nodes.reading(self._load, 0.1)
        if self._clock:
            ceiling = self._nodes.reading(self._clock + "/max_freq", 1e-6).value
            floor = self._nodes.reading(self._clock + "/min_freq", 1e-6)
            readings["gpu_mhz"] = self._nodes.reading(self._clock + "/cur_freq", 1e-6, ceiling)
            readings["gpu_floor_mhz"] = floor
            if ceiling is not None and floor.value is not None:
                self.floor_and_ceiling = floor.value, ceiling
        return readings

    def _find_clock(self) -> str:
        for name in self._nodes.tree.names(DEVFREQ):
            folder = f"{DEVFREQ}/{name}"
            # A Thor has two; `gpu-nvd-0` is the clock of its video engines.
            if name.endswith(".gpu") or name.startswith("gpu-gpc") or name in _NAMES:
                return folder
            if self._nodes.text_or_empty(folder + "/device/of_node/name") in _NAMES:
                return folder
        return ""
