from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tui.core.problem import InputError
from tui.core.uptime import Minute, uptimes
from tui.store.database import SqliteStore
from tui.store.health import KEPT_S, HealthHistory
from tui.store.paths import DATABASE
from tui.store.schema import MIGRATIONS, connect, open_database

URL = "http://127.0.0.1:8000"
MINUTE = int(time.time() // 60) - 10
AT_S = MINUTE * 60.0


@pytest.fixture
def history(tmp_path: Path) -> HealthHistory:
    return HealthHistory(tmp_path)


def count_rows(state_dir: Path) -> int:
    with closing(connect(state_dir / DATABASE)) as connection:
        number: int = connection.execute("SELECT count(*) FROM health").fetchone()[0]
        return number


def test_a_minute_is_one_row_however_many_checks_it_holds(
    history: HealthHistory, tmp_path: Path
) -> None:
    for place, ms in enumerate((10.0, None, 30.0)):
        history.add(URL, AT_S + place * 5 + 2.5, 0.01, ms)
    assert history.minutes(URL, 0.0) == (Minute(MINUTE, 0b111, 0b010, 2, 30.0, 40.0),)
    assert count_rows(tmp_path) == 1


def test_a_minute_without_any_answer_has_no_latency(history: HealthHistory) -> None:
    history.add(URL, AT_S + 2.5, 8.0, None)
    history.add(URL, AT_S + 12.5, 0.01, None)
    assert history.minutes(URL, 0.0) == (Minute(MINUTE, 0b111, 0b111, 0, None, 0.0),)


def test_a_check_over_the_end_of_a_minute_is_one_answer_in_two_rows(history: HealthHistory) -> None:
    history.add(URL, AT_S + 57.5, 6.0, 6000.0)
    first, second = history.minutes(URL, 0.0)
    assert (first.answers, first.sum_ms, second.answers, second.sum_ms) == (1, 6000.0, 0, 0.0)
    assert (second.minute, second.probed, second.worst_ms) == (MINUTE + 1, 0b1, None)


def test_targets_do_not_mix(history: HealthHistory) -> None:
    history.add(URL, AT_S, 0.01, 5.0)
    history.add("http://127.0.0.1:9000", AT_S, 0.01, None)
    (mine,) = history.minutes(URL, 0.0)
    assert mine.failed == 0


def test_two_that_watch_the_same_target_count_no_time_twice(tmp_path: Path) -> None:
    for history in (HealthHistory(tmp_path), HealthHistory(tmp_path)):
        for place in range(12):
            history.add(URL, AT_S + place * 5 + 2.5, 0.01, 5.0)
    (hour, *_) = uptimes(history.minutes(URL, 0.0), AT_S + 60)
    assert hour.watched_s == 60


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    HealthHistory(tmp_path)
    program = (
        "import sys; from pathlib import Path; from tui.store.health import HealthHistory\n"
        "h = HealthHistory(Path(sys.argv[1]))\n"
        "for n in range(40): h.add(sys.argv[2], float(sys.argv[3]) + n * 60, 0.01, 1.0)"
    )
    words = [sys.executable, "-c", program, str(tmp_path), URL, str(AT_S - 6000)]
    children = [subprocess.Popen(words) for _ in range(2)]
    assert [child.wait(60) for child in children] == [0, 0]
    assert sum(each.answers for each in HealthHistory(tmp_path).minutes(URL, 0.0)) == 80


def test_what_is_older_than_a_month_goes(history: HealthHistory, tmp_path: Path) -> None:
    long_ago_s = time.time() - KEPT_S - 3600
    history.add(URL, long_ago_s, 0.01, 5.0)
    history.add(URL, AT_S, 0.01, 5.0)
    assert [each.minute for each in history.minutes(URL, 0.0)] == [MINUTE]
    history.add("http://forgotten", long_ago_s, 0.01, 5.0)
    assert count_rows(tmp_path) == 2
    HealthHistory(tmp_path)
    assert count_rows(tmp_path) == 1


def test_only_what_was_asked_for_is_read(history: HealthHistory) -> None:
    history.add(URL, AT_S - 3600, 0.01, 5.0)
    history.add(URL, AT_S, 0.01, 5.0)
    assert [each.minute for each in history.minutes(URL, AT_S)] == [MINUTE]


def test_runs_and_health_live_in_one_database(history: HealthHistory, tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    history.add(URL, AT_S, 0.01, 5.0)
    assert history.minutes(URL, 0.0)


def test_a_database_of_an_older_version_gets_its_table(tmp_path: Path) -> None:
    open_database(tmp_path / DATABASE, MIGRATIONS[:3]).connection.close()
    history = HealthHistory(tmp_path)
    history.add(URL, AT_S, 0.01, 5.0)
    assert len(history.minutes(URL, 0.0)) == 1


def test_a_locked_database_is_one_line(
    history: HealthHistory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.store.schema.BUSY_S", 0.01)
    with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match="can't be written: database is locked"):
            history.add(URL, AT_S, 0.01, 5.0)
