"""A stand-in for the module pynvml: one GPU whose answers a test sets. Its errors are real ones."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

pynvml: Any = importlib.import_module("pynvml")

NOT_SUPPORTED = 3
MIB = 1024 * 1024


class FakeNvml:
    """Any answer may be replaced by an error's number; `lost` is what every call then raises."""

    NVMLError = pynvml.NVMLError

    def __init__(self, **answers: Any) -> None:
        self.inits = self.shutdowns = 0
        self.lost = 0
        self.answers: dict[str, Any] = {
            "Name": "NVIDIA Bench",
            "ClockInfo": 1410,
            "MaxClockInfo": 1980,
            "UtilizationRates": SimpleNamespace(gpu=87, memory=12),
            "MemoryInfo": SimpleNamespace(used=512 * MIB, total=8192 * MIB),
            "PowerUsage": 212_500,
            "EnforcedPowerLimit": 700_000,
            "Temperature": 61,
            "TemperatureThreshold": lambda _, which: {0: 92, 1: 87}[which],
            "FanSpeed": 40,
            "CurrentClocksEventReasons": 0,
            "CurrentClocksThrottleReasons": 0,
            "DecoderUtilization": NOT_SUPPORTED,
            "EncoderUtilization": NOT_SUPPORTED,
            "JpgUtilization": NOT_SUPPORTED,
            "ComputeRunningProcesses": [],
            "GraphicsRunningProcesses": [],
            **answers,
        }
        self.refused = {name for name, answer in self.answers.items() if answer == NOT_SUPPORTED}
        self.errors: dict[str, int] = {}
        self.count = 1

    def nvmlInit(self) -> None:
        self._check("Init")
        self.inits += 1

    def nvmlShutdown(self) -> None:
        self.shutdowns += 1

    def nvmlDeviceGetCount(self) -> int:
        return self.count

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def __getattr__(self, name: str) -> Callable[..., Any]:
        gauge = name.removeprefix("nvmlDeviceGet")
        if gauge == name:
            raise AttributeError(name)
        return lambda *args: self._answer(gauge, *args)

    def _answer(self, gauge: str, *args: Any) -> Any:
        self._check(gauge)
        if gauge in self.refused:
            raise pynvml.NVMLError(NOT_SUPPORTED)
        answer = self.answers[gauge]
        return answer(*args) if callable(answer) else answer

    def _check(self, name: str) -> None:
        code = self.lost or self.errors.get(name, 0)
        if code:
            raise pynvml.NVMLError(code)


def orin() -> FakeNvml:
    """As a driver on Orin answers: nearly nothing, and a 0 that means nothing."""
    fake = FakeNvml(UtilizationRates=SimpleNamespace(gpu=0, memory=0))
    fake.refused = set(fake.answers) - {"Name", "UtilizationRates", "CurrentClocksThrottleReasons"}
    return fake
