from __future__ import annotations

import shutil
import subprocess

import pytest

from tui.camera.clock import Timex, is_clock_synced

TIME_OK, TIME_ERROR = 0, 5


def timedatectl() -> str:
    """What it says of the clock; empty where it can't be asked."""
    if shutil.which("timedatectl") is None:
        return ""
    asked = ["timedatectl", "show", "--property", "NTPSynchronized", "--value"]
    return subprocess.run(asked, capture_output=True, text=True, timeout=10).stdout.strip()


@pytest.mark.parametrize(
    ("error_us", "code", "is_synced"),
    [
        (250, TIME_OK, True),
        # A daemon that keeps the kernel off the RTC leaves the clock marked as unheld.
        (9_776, TIME_ERROR, True),
        (16_000_000, TIME_ERROR, False),
    ],
)
def test_a_clock_is_held_while_its_error_is_bounded(
    error_us: int, code: int, is_synced: bool
) -> None:
    def told(timex: Timex) -> int:
        assert timex.modes == 0  # anything else would set the clock
        timex.maxerror = error_us
        return code

    assert is_clock_synced(told) is is_synced


def test_a_kernel_that_refuses_to_say_is_not_guessed_for() -> None:
    assert is_clock_synced(lambda timex: -1) is None


@pytest.mark.skipif(not timedatectl(), reason="needs systemd")
def test_it_says_what_timedatectl_says() -> None:
    assert is_clock_synced() is (timedatectl() == "yes")
