"""Plain `locust --headless`, one process: what our own figures are compared with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.lib.spread import nearest_rank_of_counts


@dataclass(frozen=True)
class LocustFigures:
    """As Locust counted them since all users ran."""

    requests: int
    failures: int
    rps: float
    p50_ms: float
    p99_ms: float


def run_locust(
    locustfile: Path, url: str, *, users: int, seconds: float, out: Path
) -> LocustFigures:
    """Users start within a second; the figures leave that second out."""
    done = subprocess.run(
        [
            sys.executable, "-m", "locust", "-f", str(locustfile), "--headless", "--only-summary",
            "-u", str(users), "-r", str(users), "-t", f"{seconds:g}s", "--host", url,
            "--reset-stats", "--json-file", str(out / "locust"),
            "--loglevel", "CRITICAL", "--exit-code-on-error", "0",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=out,
        env={**os.environ, "HOME": str(out)},
    )  # fmt: skip
    files = [path for path in (out / "locust.json", out / "locust") if path.is_file()]
    if done.returncode or not files:
        raise RuntimeError(f"locust: {done.stderr.strip()[-500:]}")
    (entry,) = json.loads(files[0].read_text(encoding="utf-8"))
    times = {float(ms): count for ms, count in entry["response_times"].items()}
    return LocustFigures(
        requests=entry["num_requests"],
        failures=entry["num_failures"],
        rps=entry["num_requests"] / (entry["last_request_timestamp"] - entry["start_time"]),
        p50_ms=nearest_rank_of_counts(times, 0.50),
        p99_ms=nearest_rank_of_counts(times, 0.99),
    )
