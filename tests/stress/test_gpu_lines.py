from __future__ import annotations

import pytest

from tui.stress.gpu_lines import GpuBurnLines, Lines, TrtexecLines


def progress(work: str, errors: str) -> str:
    return f"11.7%  proc'd: {work}   errors: {errors}  temps: 56 C - 73 C "


def folded(*lines: str, into: Lines | None = None) -> Lines:
    reader = into or GpuBurnLines()
    for line in lines:
        reader.add(line)
    return reader


def test_all_gpus_are_summed() -> None:
    seen = folded(progress("2947 (7124 Gflop/s) - 2664 (6963 Gflop/s)", "0 - 0 "))
    assert (seen.verified, seen.bad, seen.figures()) == (5611, 0, {"gflops": 14087})
    assert (seen.is_burning, seen.is_dead) == (True, False)


def test_what_is_said_again_counts_once() -> None:
    line = progress("25 (100 Gflop/s)", "3  (WARNING!)")
    seen = folded(line, line)
    seen.glance(line)
    assert (seen.verified, seen.bad) == (25, 3)


def test_errors_begin_from_nothing_after_each_summary_and_all_count() -> None:
    seen = folded(
        *(progress(f"{done} (100 Gflop/s)", f"{errors} ") for done, errors in ((9, 3), (18, 1)))
    )
    assert (seen.verified, seen.bad) == (18, 4)


def test_a_program_that_is_started_again_counts_on() -> None:
    seen = folded(progress("25 (100 Gflop/s)", "1  (WARNING!)"))
    seen.begin()
    assert not seen.is_burning
    folded(progress("30 (100 Gflop/s)", "1  (WARNING!)"), into=seen)
    assert (seen.verified, seen.bad) == (55, 2)


@pytest.mark.parametrize(
    ("work", "errors", "is_dead"),
    [
        ("-1 (0 Gflop/s) - -1 (0 Gflop/s)", "-533715488  (DIED!)- 1278531568  (DIED!)", True),
        ("-1 (0 Gflop/s) - 9 (100 Gflop/s)", "5  (DIED!)- 0 ", False),
        ("18000 (6311 Gflop/s) - 12600 (6440 Gflop/s)", "0 - -524288000  (WARNING!)", False),
    ],
)
def test_dead_gpus_and_counts_that_ran_over_are_bad(work: str, errors: str, is_dead: bool) -> None:
    seen = folded(progress(work, errors))
    assert (seen.is_dead, seen.bad > 0, seen.verified >= 0) == (is_dead, True, True)


def test_half_a_line_says_nothing_yet() -> None:
    seen = GpuBurnLines()
    seen.glance("11.7%  proc'd: 2947 (7124 Gflop/s)   errors: 1")
    assert (seen.verified, seen.is_burning) == (0, False)


def test_the_first_that_is_wrong_is_the_reason_and_else_the_last_word() -> None:
    lines = ["Could not invoke nvidia-smi, no temps available", "done"]
    assert folded(*lines).trouble == "done"
    wrong = ["Couldn't init a GPU test: out of memory\x1b", "No clients are alive!  Aborting"]
    assert folded(*lines, *wrong).trouble == "Couldn't init a GPU test: out of memory"


def test_latency_is_that_of_a_query_and_no_part_of_it() -> None:
    stamp = "[11/21/2026-10:00:00] [I] "
    times = "min = 1 ms, max = 9 ms, mean = 2 ms, median = {} ms, percentile(99%) = {} ms"
    seen = folded(
        f"{stamp}Throughput: 42.5 qps",
        f"{stamp}Latency: {times.format(2, 3)}",
        f"{stamp}End-to-End Host Latency: {times.format(5, 6)}",
        f"{stamp}H2D Latency: {times.format(7, 8)}",
        into=TrtexecLines(),
    )
    expected = {"queries_per_s": 42.5, "latency_p50_ms": 2, "latency_p99_ms": 3, "queries": 0}
    assert seen.figures() == expected
