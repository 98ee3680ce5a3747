"""What burners tell at their end: all of it arrives, told in words or left out on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.stress.burning import burning
from tests.stress.gpu_stand_ins import install
from tests.stress.test_network import peer
from tests.stress.test_storage_parts import place
from tui.core.stress.burner_words import figures_of
from tui.core.stress.view import BurnerView
from tui.stress.merged import COMMON, figures
from tui.stress.place import MIB

LEFT_OUT = {
    "cpu": {"cpu_s"},
    "memory": {"traffic_mb", "passes"},
    "storage": {"pattern", "filesystem", "device", "way", "fsyncs"},
    "network": {"mode", "peer", "sent", "sent_bytes", "received_bytes", "connect_us"},
    "gpu": {"burnt_s", "starts", "queries", "latency_p50_ms"},
    "exhaust": set[str](),
    "metadata": {
        *("filesystem", "device", "connections", "batch", "rows", "queries"),
        *("insert_p50_ms", "query_p50_ms"),
    },
}
"""What its plan says, what a rate says better, and what only a file is to be read for."""
USUAL = ("p50_us", "longest_us")
"""Of durations the 99th percentile is told, and of connects the median too."""
WRITES = {"budget_bytes": 200 * MIB, "file_mb": 4, "sizes_mb": [1, 2]}


@contextmanager
def ready(name: str, spec: dict[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    """What it burns is here."""
    if name == "storage":
        place(path).close()
        yield {"directory": str(path), **WRITES, **spec}
    elif name == "metadata":
        place(path).close()
        yield {"directory": str(path), "budget_bytes": 200 * MIB, **spec}
    elif name == "network":
        with peer() as (_, port):
            yield {"port": port, **spec}
    else:
        yield spec


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("cpu", {"method": "hash"}),
        ("memory", {"level": 0.001, "mode": "traffic"}),
        ("storage", {"pattern": "mixed"}),
        ("storage", {"pattern": "files", "level": 0.05}),
        ("network", {"mode": "tcp", "rate_mbit_per_s": 8}),
        ("network", {"mode": "udp", "rate_mbit_per_s": 4}),
        ("network", {"mode": "connect", "connects_per_s": 40}),
        ("gpu", {"by": "gpu-burn"}),
        ("gpu", {"by": "trtexec"}),
        ("exhaust", {"what": ["descriptors"], "descriptors": 9, "hold_s": 0.0}),
        ("metadata", {"level": 0.2}),
    ],
)
def test_all_that_a_burner_tells_at_its_end_is_shown_or_left_out_on_purpose(
    name: str, spec: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "gpu":
        monkeypatch.setenv("PATH", str(install(tmp_path, "gpu_burn", "trtexec", how="burns")))
        spec = {**spec, "engine": str(tmp_path / "model.engine")}
        Path(spec["engine"]).touch()
    with ready(name, spec, tmp_path) as whole, burning(f"tui.stress.{name}", **whole) as burner:
        if name != "exhaust":
            burner.line()
            burner.order("stop")
        last = burner.rest()[-1]
    arrived = figures([last])
    lost = {
        key
        for key, value in last.items()
        if key not in (*COMMON, *arrived) and value is not None and not isinstance(value, bool)
    }
    assert not lost, "they are no numbers or texts, and reach nobody"
    untold = {key for key in arrived if not is_told(key, arrived)}
    assert {each for each in untold if not each.endswith(USUAL)} <= LEFT_OUT[name]


def is_told(key: str, totals: dict[str, float | str]) -> bool:
    """Whether any word depends on a figure, had it anything to say."""
    said = {each: value or (1.0 if value == 0 else "something") for each, value in totals.items()}
    said |= {"medium": "RAM, not storage"} if "medium" in said else {}
    rest = {each: value for each, value in said.items() if each != key}
    return words(said) != words(rest)


def words(totals: dict[str, float | str]) -> list[str]:
    return figures_of(BurnerView("any", "", totals=totals))
