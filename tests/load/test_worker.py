from __future__ import annotations

import io

from tui.load.worker import MAX_LOG_CHARACTERS, Scrubbed

SECRET = "s3cret-9f"


def test_a_log_without_room_takes_no_more_and_says_so_once() -> None:
    kept = io.StringIO()
    log = Scrubbed(kept, "")
    for _ in range(5):
        assert log.write("x" * MAX_LOG_CHARACTERS) == MAX_LOG_CHARACTERS
    assert kept.getvalue().count("x") == MAX_LOG_CHARACTERS
    assert kept.getvalue().count("not logged") == 1


def test_one_enormous_line_is_cut() -> None:
    kept = io.StringIO()
    Scrubbed(kept, SECRET).write("x" * 10 * MAX_LOG_CHARACTERS)
    assert kept.getvalue().count("x") == MAX_LOG_CHARACTERS


def test_a_secret_is_scrubbed_before_the_cut() -> None:
    kept = io.StringIO()
    Scrubbed(kept, SECRET).write("x" * (MAX_LOG_CHARACTERS - 4) + SECRET)
    assert SECRET[:4] not in kept.getvalue()
    assert "***" in kept.getvalue()
