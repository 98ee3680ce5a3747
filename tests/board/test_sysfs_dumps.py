"""Lines that tegrastats wrote on real boards, laid out as nodes, and read again.

The lines are transcribed from public dumps, not made by the reader: an Orin Nano Super with JetPack
6.2 (L4T 36.4.3) as root, idle and busy, and an Orin Nano 8GB without root, whose version its author
does not state. Which node holds which figure is this file's own knowledge.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lib.orin import OrinTree
from tests.lib.reader import reader
from tui.board.source import Readings

IDLE = (
    "10-08-2026 04:38:21 RAM 1343/7620MB (lfb 157x4MB) SWAP 165/3810MB (cached 3MB) "
    "CPU [0%@1497,0%@729,0%@729,0%@729,0%@729,0%@729] EMC_FREQ 15%@204 GR3D_FREQ 0%@[305] "
    "NVDEC off NVJPG off VIC off OFA off APE 200 cpu@48.562C soc2@46.593C soc0@48.625C "
    "gpu@49.625C tj@49.312C soc1@47.937C VDD_IN 5251mW/8535mW VDD_CPU_GPU_CV 512mW/1944mW "
    "VDD_SOC 2720mW/3659mW"
)
BUSY = (
    "10-08-2026 04:35:02 RAM 6712/7620MB (lfb 12x4MB) SWAP 369/3810MB (cached 8MB) "
    "CPU [38%@1497,2%@729,1%@729,0%@729,1%@729,0%@729] EMC_FREQ 61%@2133 GR3D_FREQ 99%@[612] "
    "NVDEC off NVJPG off VIC off OFA off APE 200 cpu@57.125C soc2@55.093C soc0@56.625C "
    "gpu@58.625C tj@58.312C soc1@55.937C VDD_IN 16321mW/11204mW VDD_CPU_GPU_CV 7104mW/4944mW "
    "VDD_SOC 3120mW/3659mW"
)
WITHOUT_ROOT = (
    "08-10-2026 21:39:51 RAM 2513/7620MB (lfb 1x4MB) SWAP 25/3810MB (cached 0MB) "
    "CPU [11%@729,7%@729,8%@729,4%@729,3%@729,14%@729] GR3D_FREQ 0% cpu@51.218C soc2@51.093C "
    "soc0@50.125C gpu@51.593C tj@51.718C soc1@50.343C VDD_IN 4744mW/6179mW "
    "VDD_CPU_GPU_CV 1273mW/2369mW VDD_SOC 1234mW/1392mW"
)


class Line:
    """What one line of tegrastats says."""

    def __init__(self, text: str) -> None:
        def numbers(pattern: str) -> list[float]:
            match = re.search(pattern, text)
            return [float(group) for group in match.groups()] if match else []

        self.ram_mb = numbers(r"RAM (\d+)/(\d+)MB")
        self.swap_mb = numbers(r"SWAP (\d+)/(\d+)MB")
        self.emc = numbers(r"EMC_FREQ (\d+)%@(\d+)")
        self.gpu_percent = numbers(r"GR3D_FREQ (\d+)%")[0]
        self.gpu_mhz = numbers(r"GR3D_FREQ \d+%@\[(\d+)\]")
        listed = re.search(r"CPU \[(.*?)\]", text)
        assert listed
        cores = [core.split("%@") for core in listed.group(1).split(",")]
        self.core_percents = [float(percent) for percent, _ in cores]
        self.core_mhz = [float(mhz) for _, mhz in cores]
        self.temps_c = {name: float(c) for name, c in re.findall(r"(\w+)@([\d.]+)C", text)}
        self.rails_mw = {name: float(mw) for name, mw in re.findall(r"(\w+) (\d+)mW/", text)}


def read(line: Line, path: Path) -> Readings:
    """The figures of a line as nodes, and what the reader makes of them."""
    board = OrinTree(path)
    board.set_memory(line.ram_mb[0], line.swap_mb[0])
    board.set_gpu(line.gpu_percent, *line.gpu_mhz)
    for zone, celsius in line.temps_c.items():
        board.set_temp(zone, celsius)
    for label, mw in line.rails_mw.items():
        board.set_rail(label, mw)
    # tegrastats measures each core's clock; the nodes have what each cluster was asked for.
    board.set_clock(0, line.core_mhz[0])
    board.set_clock(4, line.core_mhz[4])
    if line.emc:
        board.set_emc(line.emc[0], round(line.emc[1]))
    else:
        board.remove("/sys/kernel/debug")
    with reader(board.root) as source:
        source.read()
        board.work(line.core_percents)
        return source.read()


@pytest.mark.parametrize("text", [IDLE, BUSY, WITHOUT_ROOT], ids=["idle", "busy", "without-root"])
def test_the_reader_says_what_the_real_board_said(text: str, tmp_path: Path) -> None:
    line = Line(text)
    readings = read(line, tmp_path / "orin")

    def value(name: str) -> float:
        found = readings[name].value
        assert found is not None, readings[name].why
        return found

    assert value("ram_used_mb") == pytest.approx(line.ram_mb[0])
    assert value("ram_total_mb") == pytest.approx(line.ram_mb[1])
    assert value("swap_used_mb") == pytest.approx(line.swap_mb[0])
    assert readings["swap_used_mb"].limit == line.swap_mb[1]
    for core, percent in enumerate(line.core_percents):
        assert value(f"cpu{core}_percent") == pytest.approx(percent, abs=0.1)
    assert value("cpu_percent") == pytest.approx(sum(line.core_percents) / 6, abs=0.1)
    assert value("cpu0_mhz") == line.core_mhz[0]
    assert value("cpu5_mhz") == line.core_mhz[5]
    assert value("gpu_percent") == pytest.approx(line.gpu_percent)
    for mhz in line.gpu_mhz:
        assert value("gpu_mhz") == pytest.approx(mhz)
    for zone, celsius in line.temps_c.items():
        assert value(f"{zone}_c") == celsius
    assert value("hottest_c") == max(line.temps_c.values())
    for label, mw in line.rails_mw.items():
        assert value(f"{label.lower()}_mw") == pytest.approx(mw, abs=3)  # the sensor's last mA
    assert len(line.temps_c) == 6
    assert len(line.rails_mw) == 3


@pytest.mark.parametrize("text", [IDLE, BUSY], ids=["idle", "busy"])
def test_root_reads_the_memorys_bandwidth_as_the_real_board_did(text: str, tmp_path: Path) -> None:
    line = Line(text)
    readings = read(line, tmp_path / "orin")
    assert readings["emc_percent"].value == pytest.approx(line.emc[0])
    assert readings["emc_mhz"].value == pytest.approx(line.emc[1])
    for engine in ("nvdec", "nvjpg", "vic", "ofa"):
        assert readings[f"{engine}_mhz"].text == "off"


def test_without_root_there_is_a_reason_where_the_line_had_nothing(tmp_path: Path) -> None:
    readings = read(Line(WITHOUT_ROOT), tmp_path / "orin")
    assert readings["emc_percent"].value is None
    assert "jtop" in readings["emc_percent"].why


def test_zones_that_the_line_leaves_out_are_off(tmp_path: Path) -> None:
    readings = read(Line(IDLE), tmp_path / "orin")
    for zone in ("cv0", "cv1", "cv2"):
        assert zone not in Line(IDLE).temps_c
        assert readings[f"{zone}_c"].why == "switched off"
