"""Other programs that burn: stress-ng, fio and iperf3, as like to ours as their options allow."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from tests.bench.lib.port import free_port
from tests.bench.lib.process import cpu_s

FIO_PATTERNS = {
    "write": ("--rw=write", "--bs=1M"),
    "read": ("--rw=read", "--bs=1M"),
    "random": ("--rw=randread", "--bs=4k", "--norandommap"),
    "mixed": ("--rw=randrw", "--rwmixread=70", "--bs=4k", "--norandommap"),
}
SMALL = ("random", "mixed")
"""Patterns of small operations: counted, not weighed."""
_SETTLE_S = 0.7


def missing(program: str) -> str:
    """Why it can't be measured; empty when it is here."""
    return "" if shutil.which(program) else f"{program} is not installed (apt install {program})"


def stress_ng_share(cores: Sequence[int], level_percent: float, seconds: float) -> float:
    """The share of a core that each of its CPU workers had, by the kernel's account."""
    pinned = ",".join(map(str, cores))
    command = [
        "stress-ng", "--cpu", str(len(cores)), "--cpu-load", f"{level_percent:g}",
        "--taskset", pinned, "--timeout", f"{seconds + 10:.0f}", "--quiet",
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            time.sleep(_SETTLE_S)
            workers = [each.pid for each in psutil.Process(process.pid).children(recursive=True)]
            return share_of(workers, seconds) / len(cores)
        finally:
            process.terminate()


def share_of(pids: Sequence[int], seconds: float) -> float:
    """CPU seconds that these processes use in a second, looked at from outside for so long."""
    began_s, before_s = time.monotonic(), sum(map(cpu_s, pids))
    time.sleep(seconds)
    return (sum(map(cpu_s, pids)) - before_s) / (time.monotonic() - began_s)


def fio_rate(pattern: str, directory: Path, file_mb: int, seconds: float) -> float:
    """MiB/s of big operations, operations a second of small ones. It verifies nothing."""
    command = [
        "fio", "--name=rival", f"--directory={directory}", "--unlink=1", "--direct=1",
        "--ioengine=psync", "--numjobs=1", f"--size={file_mb}m", "--fsync=256",
        "--time_based", f"--runtime={seconds:g}", "--output-format=json", *FIO_PATTERNS[pattern],
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    job = json.loads(done.stdout)["jobs"][0]
    both = [job["read"], job["write"]]
    if pattern in SMALL:
        return float(sum(each["iops"] for each in both))
    return float(sum(each["bw_bytes"] for each in both)) / 2**20


def memrate_mb_per_s(size_mb: int) -> dict[str, float]:
    """What stress-ng's memrate read and wrote a second in words of 64 bits, one worker.

    One pass over all its methods, however long that takes.
    """
    command = [
        "stress-ng", "--memrate", "1", "--memrate-bytes", f"{size_mb}M",
        "--memrate-ops", "1", "--timeout", "60", "--metrics",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = done.stdout + done.stderr
    found = {}
    for name in ("read64", "write64"):
        rate = re.search(rf"([\d.]+) {name} MB per sec", said)
        if rate:
            found[name] = float(rate[1])
    return found


def iperf3_mbit_per_s(seconds: float) -> float:
    """One TCP stream over loopback."""
    with _iperf3_server() as port:
        command = ["iperf3", "-c", "127.0.0.1", "-p", str(port), "-t", f"{seconds:.0f}", "-J"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["end"]["sum_received"]["bits_per_second"]) / 1e6


@contextlib.contextmanager
def _iperf3_server() -> Iterator[int]:
    port = free_port()
    command = ["iperf3", "-s", "-1", "-B", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            time.sleep(_SETTLE_S)
            yield port
        finally:
            process.terminate()
