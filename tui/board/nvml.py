"""What NVIDIA's management library tells of a GPU with the desktop driver, and of Thor's.

Orin's driver answers `NVML_ERROR_NOT_SUPPORTED` to nearly everything and 0 to some of the rest, so
a 0 counts only from a GPU that tells its clock. Constants are those of `nvml.h`.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from tui.board.beside import Beside
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading

SOURCE = "nvml"
EVERY_S = 0.5
ANSWER_S = 3.0
"""A driver that takes longer to say how many GPUs there are does not answer."""
MIB = 1024 * 1024

_GRAPHICS_CLOCK = 0
_GPU_SENSOR = 0
_SHUTDOWN_C, _SLOWDOWN_C = 0, 1
_NOT_SUPPORTED, _NO_PERMISSION, _FUNCTION_NOT_FOUND = 3, 4, 13
_ABSENT = {_NOT_SUPPORTED, _FUNCTION_NOT_FOUND}
_LOST = {
    1: "the NVIDIA driver's library is no longer initialised",
    9: "the NVIDIA driver is not loaded: look at `nvidia-smi`",
    12: "no NVIDIA driver here: its library libnvidia-ml.so.1 is missing",
    15: "the GPU has fallen off the bus: restart the machine",
    16: "the GPU needs a reset: `sudo nvidia-smi --gpu-reset`, or restart the machine",
    18: "the NVIDIA driver was changed while its library was in use: restart the machine",
    999: "the NVIDIA driver failed without a reason: look at `sudo dmesg`",
}
"""Errors after which no handle is good any more."""
_REASONS = {
    0x004: "power limit",
    0x008: "hardware slowdown",
    0x020: "heat (driver)",
    0x040: "heat (hardware)",
    0x080: "power brake",
    0x200: "board limit",
    0x400: "reliability limit",
}
"""Idleness, clocks that somebody set, sync boost and the display's clocks are no throttling."""

_Module = Callable[[], Any]


def _pynvml() -> Any:
    return importlib.import_module("pynvml")


def nvml_problem(module: _Module = _pynvml) -> str:
    """Why NVML has nothing to tell here; empty when a GPU answers. Waits for at most seconds."""
    problem = ["the NVIDIA driver does not answer: look at `nvidia-smi`"]

    def ask() -> None:
        problem[0] = _problem(module)

    asking = threading.Thread(target=ask, name="nvml-problem", daemon=True)
    asking.start()
    asking.join(ANSWER_S)
    return problem[0]


def _problem(module: _Module) -> str:
    try:
        gpus = _Gpus(module())
    except ImportError:
        return "the package nvidia-ml-py is not installed: `pip install nvidia-ml-py`"
    except Unreadable as error:
        return str(error)
    try:
        return "" if gpus.read() else "this GPU's driver answers nothing over NVML (as on Orin)"
    except Unreadable as error:
        return str(error)
    finally:
        gpus.close()


class NvmlSource:
    """The first GPU's gauges, read beside; `gpu_processes` counts all GPUs."""

    name = SOURCE

    def __init__(self, module: _Module = _pynvml, every_s: float = EVERY_S) -> None:
        self._module = module
        self._gpus: _Gpus | None = None
        self.gpu_processes: dict[int, float] = {}
        """Memory in MiB that each process holds on GPUs; empty where the driver does not say."""
        self._beside = Beside(SOURCE, self._read, every_s, at_end=self._release)

    def read(self) -> Readings:
        """What the driver said last."""
        return self._beside.read()

    def trouble(self) -> str:
        """Why the driver does not answer; it is asked again and again."""
        return self._beside.trouble()

    def close(self) -> None:
        """Give the library back."""
        self._beside.close()

    def _read(self) -> Readings:
        try:
            if self._gpus is None:
                self._gpus = _Gpus(self._module())
            self.gpu_processes = self._gpus.processes()
            return self._gpus.read()
        except Unreadable:
            # Handles do not survive a reload of the driver.
            self.gpu_processes = {}
            self._release()
            raise

    def _release(self) -> None:
        gpus, self._gpus = self._gpus, None
        if gpus is not None:
            gpus.close()


class _Gpus:
    """The library, initialised. Raises Unreadable when the driver, or its GPU, is lost."""

    def __init__(self, nvml: Any) -> None:
        self._nvml = nvml
        self._tells_clock = False
        try:
            nvml.nvmlInit()
        except nvml.NVMLError as error:
            raise Unreadable(_words(error)) from None
        try:
            count = nvml.nvmlDeviceGetCount()
            self._handles = [nvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
            if not self._handles:
                raise Unreadable("the NVIDIA driver is loaded but sees no GPU")
            self._name = _text(nvml.nvmlDeviceGetName(self._handles[0]))
        except nvml.NVMLError as error:
            self.close()
            raise Unreadable(_words(error)) from None
        except Unreadable:
            self.close()
            raise

    def close(self) -> None:
        try:
            self._nvml.nvmlShutdown()
        except self._nvml.NVMLError:
            pass  # the driver went first

    def read(self) -> Readings:
        nvml, gpu = self._nvml, self._handles[0]
        clock = self._gauge(
            lambda: nvml.nvmlDeviceGetClockInfo(gpu, _GRAPHICS_CLOCK),
            limit=lambda: nvml.nvmlDeviceGetMaxClockInfo(gpu, _GRAPHICS_CLOCK),
        )
        self._tells_clock = self._tells_clock or bool(clock and clock.value)
        gauges = {
            "gpu_mhz": _nonzero(clock),
            "gpu_percent": self._load(),
            "gpu_memory_mb": _nonzero(self._memory()),
            "gpu_power_mw": _nonzero(
                self._gauge(
                    lambda: nvml.nvmlDeviceGetPowerUsage(gpu),
                    limit=lambda: nvml.nvmlDeviceGetEnforcedPowerLimit(gpu),
                )
            ),
            "gpu_c": _nonzero(
                self._gauge(
                    lambda: nvml.nvmlDeviceGetTemperature(gpu, _GPU_SENSOR),
                    limit=lambda: nvml.nvmlDeviceGetTemperatureThreshold(gpu, _SLOWDOWN_C),
                    critical=lambda: nvml.nvmlDeviceGetTemperatureThreshold(gpu, _SHUTDOWN_C),
                )
            ),
            "fan_percent": self._trusted(self._gauge(lambda: nvml.nvmlDeviceGetFanSpeed(gpu))),
            "gpu_throttle": self._trusted(self._throttle()),
        }
        for engine, ask in (("nvdec", "Decoder"), ("nvenc", "Encoder"), ("nvjpg", "Jpg")):
            gauges[f"{engine}_percent"] = self._trusted(self._engine(ask))
        return {name: reading for name, reading in gauges.items() if reading is not None}

    def processes(self) -> dict[int, float]:
        held: dict[int, float] = {}
        for handle in self._handles:
            on_this: dict[int, float] = {}
            for kind in ("Compute", "Graphics"):
                ask = getattr(self._nvml, f"nvmlDeviceGet{kind}RunningProcesses")
                try:
                    listed = self._ask(partial(ask, handle)) or []
                except _Refused:
                    continue
                for process in listed:
                    if process.usedGpuMemory is not None:
                        # A process that computes and draws is listed twice, with the same figure.
                        mb = max(on_this.get(process.pid, 0.0), process.usedGpuMemory / MIB)
                        on_this[process.pid] = mb
            for pid, mb in on_this.items():
                held[pid] = held.get(pid, 0.0) + mb
        return held

    def _load(self) -> Reading | None:
        reading = self._trusted(
            self._gauge(lambda: self._nvml.nvmlDeviceGetUtilizationRates(self._handles[0]).gpu)
        )
        if reading is None or reading.value is None:
            return reading
        more = len(self._handles) - 1
        name = f"{self._name} (first of {more + 1})" if more else self._name
        return Reading(reading.value, SOURCE, text=name)

    def _memory(self) -> Reading | None:
        sizes: list[float] = []

        def used() -> float:
            memory = self._nvml.nvmlDeviceGetMemoryInfo(self._handles[0])
            sizes.append(memory.total / MIB)
            return float(memory.used / MIB)

        reading = self._gauge(used, limit=lambda: sizes[0])
        return None if sizes == [0.0] else reading

    def _engine(self, name: str) -> Reading | None:
        ask = getattr(self._nvml, f"nvmlDeviceGet{name}Utilization", None)
        if ask is None:
            return None
        return self._gauge(lambda: ask(self._handles[0])[0])

    def _throttle(self) -> Reading | None:
        nvml, gpu = self._nvml, self._handles[0]
        # Its name before driver 535 was another.
        reading = self._gauge(lambda: nvml.nvmlDeviceGetCurrentClocksEventReasons(gpu))
        if reading is None:
            reading = self._gauge(lambda: nvml.nvmlDeviceGetCurrentClocksThrottleReasons(gpu))
        if reading is None or reading.value is None:
            return reading
        mask = int(reading.value)
        held = {bit: word for bit, word in _REASONS.items() if mask & bit}
        return Reading(float(sum(held)), SOURCE, text=", ".join(held.values()))

    def _trusted(self, reading: Reading | None) -> Reading | None:
        is_zero = reading is not None and reading.value == 0.0
        return None if is_zero and not self._tells_clock else reading

    def _gauge(
        self,
        value: Callable[[], float],
        limit: Callable[[], float] | None = None,
        critical: Callable[[], float] | None = None,
    ) -> Reading | None:
        """None where this GPU has no such gauge."""
        try:
            number = self._ask(value)
        except _Refused as refused:
            return Reading(None, SOURCE, str(refused))
        if number is None:
            return None
        return Reading(
            float(number), SOURCE, limit=self._line(limit), critical=self._line(critical)
        )

    def _line(self, ask: Callable[[], float] | None) -> float | None:
        try:
            return float(self._ask(ask) or 0.0) or None if ask else None
        except _Refused:
            return None

    def _ask(self, ask: Callable[[], Any]) -> Any:
        """An answer; None: not supported."""
        try:
            return ask()
        except self._nvml.NVMLError as error:
            if error.value in _ABSENT:
                return None
            if error.value in _LOST:
                raise Unreadable(_words(error)) from None
            raise _Refused(_words(error)) from None


class _Refused(Exception):
    """One question was not answered; the rest may be."""


def _nonzero(reading: Reading | None) -> Reading | None:
    return None if reading is not None and reading.value == 0.0 else reading


def _words(error: Any) -> str:
    if error.value == _NO_PERMISSION:
        return "the NVIDIA driver refuses this user: run as root, or join the group video"
    return _LOST.get(error.value) or f"the NVIDIA driver says: {error}"


def _text(name: str | bytes) -> str:
    return name.decode(errors="replace") if isinstance(name, bytes) else name
