"""Stand-ins for programs that burn a GPU: they print what those print, and burn nothing."""

from __future__ import annotations

import sys
from pathlib import Path

GPU_BURN = """
import json, os, pathlib, signal, subprocess, sys, time
here = pathlib.Path(__file__).resolve().parent
how = (here / "how").read_text()
(here / "seen.json").write_text(json.dumps({"words": sys.argv[1:], "cwd": os.getcwd()}))
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if how == "fails":
    print("Couldn't init CUDA: no CUDA-capable device is detected", file=sys.stderr)
    print("No CUDA devices", file=sys.stderr)
    sys.exit(19)
ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
worker = subprocess.Popen([sys.executable, "-c", ignore])
print("Initialized device 0 with 7850 MB of memory", flush=True)
for done in range(3, 600_000, 3):
    time.sleep(0.05)
    errors = "0 " if how != "errs" or done < 9 else "2  (WARNING!)"
    work, temps = f"proc'd: {done} (1250 Gflop/s) ", "  temps: 61 C "
    if how == "dies" and done > 30:
        work, errors = "proc'd: -1 (0 Gflop/s) ", "2  (DIED!)"
    print(f"\\r{done / 600:.1f}%  {work}  errors: {errors}{temps}", end="", flush=True)
    if "-1" in work:
        worker.kill()
        print("\\n\\nNo clients are alive!  Aborting", file=sys.stderr)
        sys.exit(123)
"""

TRTEXEC = """
import json, pathlib, sys, time
here = pathlib.Path(__file__).resolve().parent
how = (here / "how").read_text()
(here / "seen.json").write_text(json.dumps({"words": sys.argv[1:]}))
given = dict(word.split("=", 1) for word in sys.argv[1:])
stamp = "[11/21/2026-10:00:00] [I] "
if how == "fails":
    print(stamp.replace("[I]", "[E]") + "Engine deserialization failed", flush=True)
    print("&&&& FAILED TensorRT.trtexec", flush=True)
    sys.exit(1)
print(stamp + "Engine loaded in 0.01 sec.", flush=True)
print(stamp + "Starting inference", flush=True)
time.sleep(min(float(given["--duration"]), 0.3))
for line in (
    "Timing trace has 500 queries over 1.0 s",
    "=== Performance summary ===",
    "Throughput: 498.5 qps",
    "Latency: min = 1.9 ms, max = 4.1 ms, mean = 2.0 ms, median = 2.01 ms, "
    "percentile(90%) = 2.2 ms, percentile(95%) = 2.3 ms, percentile(99%) = 2.75 ms",
    "H2D Latency: min = 0.1 ms, max = 0.2 ms, mean = 0.1 ms, median = 0.11 ms, "
    "percentile(99%) = 0.15 ms",
):
    print(stamp + line, flush=True)
"""

PROGRAMS = {"gpu_burn": GPU_BURN, "trtexec": TRTEXEC}


def install(root: Path, *names: str, how: str = "burns") -> Path:
    """Put stand-ins into a directory of their own; the directory of links for the PATH.

    `how`: `burns`, `fails` at once, `errs` in its results, or `dies` after a while.
    """
    links = root / "bin"
    links.mkdir()
    for name in names:
        home = root / "opt" / name
        home.mkdir(parents=True)
        (home / "how").write_text(how)
        program = home / name
        program.write_text(f"#!{sys.executable}\n{PROGRAMS[name]}")
        program.chmod(0o755)
        (links / name).symlink_to(program)
    return links
