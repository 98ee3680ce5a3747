from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from tests.lib.eventually import eventually
from tests.lib.nvidia import MIB, FakeNvml, orin
from tests.lib.processes import python_threads
from tui.board.nvml import NvmlSource, nvml_problem
from tui.board.source import Readings
from tui.core.gauges import unit_of

Make = Callable[[FakeNvml], NvmlSource]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[NvmlSource] = []

    def source(fake: FakeNvml) -> NvmlSource:
        made.append(NvmlSource(lambda: fake, every_s=0.01))
        return made[-1]

    yield source
    for each in made:
        each.close()


@pytest.fixture
def read(make: Make) -> Callable[[FakeNvml], Readings]:
    return lambda fake: eventually(make(fake).read)


Read = Callable[[FakeNvml], Readings]


def test_a_gpu_tells_its_figures_with_their_limits(read: Read) -> None:
    readings = read(FakeNvml())
    told = {name: (r.value, r.limit, r.critical) for name, r in readings.items()}
    assert told == {
        "gpu_percent": (87.0, None, None),
        "gpu_mhz": (1410.0, 1980.0, None),
        "gpu_memory_mb": (512.0, 8192.0, None),
        "gpu_power_mw": (212_500.0, 700_000.0, None),
        "gpu_c": (61.0, 87.0, 92.0),
        "fan_percent": (40.0, None, None),
        "gpu_throttle": (0.0, None, None),
    }
    assert readings["gpu_percent"].text == "NVIDIA Bench"
    assert {reading.source for reading in readings.values()} == {"nvml"}


@pytest.mark.parametrize(
    ("mask", "counted", "words"),
    [
        (0x1, 0x0, ""),
        (0x2 | 0x10 | 0x100, 0x0, ""),
        (0x4, 0x4, "power limit"),
        (0x1 | 0x20, 0x20, "heat (driver)"),
        (0x8 | 0x40, 0x48, "hardware slowdown, heat (hardware)"),
    ],
)
def test_throttling_is_what_holds_clocks_back_not_idleness_or_a_setting(
    read: Read, mask: int, counted: int, words: str
) -> None:
    reading = read(FakeNvml(CurrentClocksEventReasons=mask))["gpu_throttle"]
    assert (reading.value, reading.text) == (float(counted), words)


def test_an_older_driver_is_asked_for_its_reasons_by_their_older_name(read: Read) -> None:
    fake = FakeNvml(CurrentClocksThrottleReasons=0x4)
    fake.errors["CurrentClocksEventReasons"] = 13
    assert read(fake)["gpu_throttle"].text == "power limit"


def test_what_a_gpu_does_not_have_is_absent(read: Read) -> None:
    fake = FakeNvml()
    fake.refused |= {"FanSpeed", "MemoryInfo"}
    assert {"fan_percent", "gpu_memory_mb"}.isdisjoint(read(fake))


def test_a_limit_that_is_not_told_takes_no_value_away(read: Read) -> None:
    fake = FakeNvml()
    fake.refused |= {"TemperatureThreshold"}
    reading = read(fake)["gpu_c"]
    assert (reading.value, reading.limit, reading.critical) == (61.0, None, None)


def test_codecs_are_told_where_the_gpu_counts_them(read: Read) -> None:
    readings = read(FakeNvml(DecoderUtilization=[31, 1000], EncoderUtilization=[0, 1000]))
    assert readings["nvdec_percent"].value == 31.0
    assert readings["nvenc_percent"].value == 0.0
    assert unit_of("nvdec_percent") == "%"


def test_what_the_driver_refuses_says_why(read: Read) -> None:
    fake = FakeNvml()
    fake.errors["PowerUsage"] = 4
    readings = read(fake)
    assert readings["gpu_power_mw"].value is None
    assert "root" in readings["gpu_power_mw"].why
    assert readings["gpu_c"].value == 61.0


def test_an_idle_gpu_is_at_0_percent(read: Read) -> None:
    idle = FakeNvml(UtilizationRates=SimpleNamespace(gpu=0, memory=0), FanSpeed=0)
    readings = read(idle)
    assert readings["gpu_percent"].value == readings["fan_percent"].value == 0.0


def test_the_zeros_of_a_gpu_without_a_clock_are_not_believed(make: Make) -> None:
    source = make(orin())
    eventually(lambda: source._beside._taken)
    assert source.read() == {}
    assert "Orin" in nvml_problem(orin)


def test_thor_tells_what_it_has(read: Read) -> None:
    thor = FakeNvml(UtilizationRates=SimpleNamespace(gpu=0, memory=0))
    thor.refused |= {"MemoryInfo", "FanSpeed", "PowerUsage", "EnforcedPowerLimit"}
    assert set(read(thor)) == {"gpu_percent", "gpu_mhz", "gpu_c", "gpu_throttle"}


def test_a_process_is_counted_once_on_each_gpu(make: Make) -> None:
    both = [SimpleNamespace(pid=7, usedGpuMemory=300 * MIB)]
    hidden = [SimpleNamespace(pid=8, usedGpuMemory=None)]
    fake = FakeNvml(ComputeRunningProcesses=both + hidden, GraphicsRunningProcesses=both)
    fake.count = 2
    source = make(fake)
    assert eventually(lambda: source.gpu_processes) == {7: 600.0}


def test_a_driver_that_goes_says_so_and_is_taken_up_again(make: Make) -> None:
    fake = FakeNvml()
    source = make(fake)
    eventually(source.read)
    fake.lost = 15
    eventually(source.trouble)
    assert "fallen off the bus" in source.trouble()
    assert source.read()["gpu_c"].why == source.trouble()
    assert source.gpu_processes == {}
    fake.lost = 0
    eventually(lambda: not source.trouble())
    assert source.read()["gpu_c"].value == 61.0
    source.close()
    assert fake.inits == fake.shutdowns > 1


def test_a_driver_that_hangs_delays_no_read(make: Make) -> None:
    freed = threading.Event()

    def hang(*_: object) -> int:
        freed.wait()
        return 62

    fake = FakeNvml()
    source = make(fake)
    eventually(source.read)
    fake.answers["Temperature"] = hang
    eventually(lambda: source.read()["gpu_c"].age_s > 0.2)
    freed.set()
    eventually(lambda: source.read()["gpu_c"].value == 62.0)


@pytest.mark.parametrize(
    ("code", "words"),
    [(9, "not loaded"), (12, "libnvidia-ml"), (18, "restart"), (4, "root"), (20, "Memory")],
)
def test_why_there_is_no_driver_is_said_in_words(code: int, words: str) -> None:
    fake = FakeNvml()
    fake.errors["Init"] = code
    assert words in nvml_problem(lambda: fake)


def test_a_driver_without_a_gpu_is_a_problem() -> None:
    fake = FakeNvml()
    fake.count = 0
    assert "no GPU" in nvml_problem(lambda: fake)
    assert fake.inits == fake.shutdowns


def test_a_driver_that_does_not_answer_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.board.nvml.ANSWER_S", 0.05)
    freed = threading.Event()
    fake = FakeNvml(Name=lambda _: freed.wait())
    assert "does not answer" in nvml_problem(lambda: fake)
    freed.set()
    eventually(lambda: "nvml-problem" not in python_threads())


def test_a_missing_package_names_the_command_that_brings_it() -> None:
    def missing() -> object:
        raise ImportError

    assert "pip install nvidia-ml-py" in nvml_problem(missing)


def test_a_driver_that_answers_is_no_problem() -> None:
    fake = FakeNvml()
    assert nvml_problem(lambda: fake) == ""
    assert fake.inits == fake.shutdowns == 1


def test_the_real_gpu_tells_what_every_gpu_has() -> None:
    problem = nvml_problem()
    if problem:
        pytest.skip(f"no NVIDIA GPU at hand: {problem}")
    source = NvmlSource(every_s=0.01)
    readings = eventually(source.read)
    source.close()
    assert {"gpu_percent", "gpu_mhz", "gpu_c"} <= set(readings)
    assert all(reading.value is not None for reading in readings.values()), readings
