"""A burner's own figures in words."""

from __future__ import annotations

import pytest

from tui.core.stress.burner_words import figures_of
from tui.core.stress.view import BurnerView


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"what": "threads", "count": 512, "state": "grows"}, ["threads 512, grows"]),
        ({"rows_per_s": 812.0, "busy_errors": 0}, ["812 rows/s"]),
        ({"by": "trtexec", "state": "starts"}, ["by trtexec at full rate", "starts"]),
        ({"lost_percent": 0.0, "jitter_us": 40.0}, ["jitter 0.04 ms", "lost 0.0 %"]),
        ({"connects_per_s": 0.0, "failed": 0, "failed_by": ""}, ["0.0 connects/s"]),
        (
            {"failed": 3, "failed_by": "connection refused 2, timed out 1"},
            ["3 failed: connection refused 2, timed out 1"],
        ),
        (
            {
                **{"files_1_mb": 40.0, "files_1_mb_write_p99_us": 3200.0},
                **{"files_20_mb": 39.0, "files_20_mb_write_p99_us": 51_000.0},
            },
            ["files p99: 1 MiB 3.2 ms of 40, 20 MiB 51 ms of 39"],
        ),
    ],
)
def test_each_kind_has_figures_of_its_own(figures: dict[str, float | str], says: list[str]) -> None:
    assert figures_of(BurnerView("any", "", asked=1.0, figures=figures)) == says


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        (
            {"medium": "RAM, not storage", "write_mb_per_s": 3.0, "iops": 9.0},
            ["write 3.1 MB/s", "RAM, not storage", "9.0 IOPS"],
        ),
        (
            {
                "path": "loopback: this measures the kernel, no wire",
                "mbit_per_s": 41.0,
                "rtt_us": 9,
            },
            ["41 Mbit/s", "loopback: no wire", "rtt 0.01 ms"],
        ),
        ({"medium": "storage", "path": "network", "iops": 9.0}, ["9.0 IOPS"]),
    ],
)
def test_what_a_figure_does_not_measure_stands_right_behind_it(
    figures: dict[str, float | str], says: list[str]
) -> None:
    assert figures_of(BurnerView("any", "", asked=1.0, figures=figures)) == says


def test_the_totals_are_told_once_it_is_over() -> None:
    burner = BurnerView("cpu", "", figures={"rounds_per_s": 90.0}, totals={"rounds": 1204.0})
    assert figures_of(burner) == ["1 204 rounds"]
