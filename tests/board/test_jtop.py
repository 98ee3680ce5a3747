from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.jtop_fake import FakeFeed
from tui.board.host import HostBoard
from tui.board.jtop import JtopSource, service_python
from tui.board.merge import STALE_S, MergedBoard
from tui.core.events import Reading

NOON = datetime.fromisoformat("2026-11-21T12:00:00")
Start = Callable[..., tuple[JtopSource, FakeFeed]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a source over a feed that does as its text says; all of them end."""
    with ExitStack() as ends:

        def begin(body: str, **options: object) -> tuple[JtopSource, FakeFeed]:
            feed = FakeFeed(tmp_path, body)
            socket = tmp_path / "jtop.sock"
            if not options.pop("is_absent", False):
                socket.touch()
            given = {"socket": socket, "scripts": (), **options}
            source = JtopSource(str(feed.path), **given)  # type: ignore[arg-type]
            ends.callback(source.close)
            source.read()
            return source, feed

        yield begin


def has_values(source: JtopSource) -> Reading | None:
    """The one gauge of the fake feed, when there is one."""
    return source.read().get("tj_c")


def first_value(source: JtopSource) -> Reading:
    """Waits for it."""
    found = eventually(lambda: has_values(source))
    assert found is not None
    return found


def has_started(feed: FakeFeed, times: int) -> Callable[[], bool]:
    """Asks whether it was started so many times."""
    return lambda: len(feed.pids) >= times


def test_it_says_what_its_feed_says_and_how_old_that_is(start: Start) -> None:
    source, _ = start("tick(51.5); hang()")
    reading = first_value(source)
    assert (reading.value, reading.source) == (51.5, "jtop")
    assert source.trouble() == ""
    assert source.gpu_processes == {7: 45.0}
    time.sleep(0.05)
    again = has_values(source)
    assert again is not None
    assert again.age_s > reading.age_s


def test_before_the_first_values_there_is_neither_a_value_nor_trouble(start: Start) -> None:
    source, _ = start("hang()")
    assert (source.read(), source.trouble(), source.gpu_processes) == ({}, "", {})


def test_a_feed_that_never_speaks_is_told(start: Start) -> None:
    source, _ = start("hang()")
    assert "jtop has not answered since" in eventually(source.trouble)


def test_a_feed_that_dies_is_named_with_the_time_and_comes_back(start: Start) -> None:
    source, feed = start("tick()\nif start > 1: go_on()\ntime.sleep(0.5)")
    eventually(lambda: has_values(source))
    said = eventually(source.trouble)
    # Fallen back before it was said: never a last value that stands still.
    assert source.read() == {}
    assert re.fullmatch(r"jtop stopped \d\d:\d\d:\d\d", said)
    eventually(lambda: has_values(source))
    assert source.trouble() == ""
    assert len(feed.pids) == 2


def test_it_says_why_its_feed_ended(start: Start) -> None:
    why = "sudo systemctl restart jtop"
    source, _ = start(f"tick(); say(state='lost', why='{why}')")
    eventually(lambda: has_values(source))
    assert eventually(source.trouble).endswith(why)


def test_the_time_that_it_names_is_that_of_the_last_values(start: Start) -> None:
    source, _ = start("tick(); hang()", wall=lambda: NOON)
    first_age_s = first_value(source).age_s
    said = eventually(source.trouble)
    # The clock stands still at noon: the more time passes, the further back the values lie.
    assert said.startswith("jtop hangs since 11:59:")
    assert int(said[-2:]) < 60 - STALE_S - first_age_s + 1


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_feed_that_hangs_is_named_ended_and_replaced(start: Start, is_frozen: bool) -> None:
    source, feed = start("tick()\nif start > 1: go_on()\nhang()")
    eventually(lambda: has_values(source))
    (first,) = feed.pids
    if is_frozen:
        processes.freeze(first)
    assert eventually(source.trouble).startswith("jtop hangs since ")
    assert source.read() == {}
    eventually(lambda: has_values(source))
    assert not processes.is_alive(first)


def test_a_pause_that_ends_by_itself_costs_no_feed(start: Start) -> None:
    source, feed = start("tick(); time.sleep(3); go_on()")
    eventually(lambda: has_values(source))
    eventually(source.trouble)
    eventually(lambda: has_values(source))
    assert len(feed.pids) == 1


def test_values_that_come_too_old_are_none(start: Start) -> None:
    source, _ = start("while True: tick(age_s=2.5); time.sleep(0.1)")
    assert eventually(source.trouble).startswith("jtop hangs since ")
    assert source.read() == {}


def test_what_is_no_line_of_ours_is_ignored(start: Start) -> None:
    source, _ = start(
        "print('hello'); say(gauges=3); say(gauges={'tj_c': {'value': 'hot'}}); say(state=1)\n"
        "sys.stdout.buffer.write(b'\\xff\\n'); go_on()"
    )
    assert eventually(lambda: has_values(source))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("refused", "jtop refuses access: the cause"),
        ("no-service", "jtop can't be read: the cause"),
        ("mismatch", "jtop can't be read: the cause"),
        ("slow", "jtop can't be read: the cause"),
        ("silent", "jtop hangs since"),
    ],
)
def test_what_keeps_it_from_starting_is_named(start: Start, state: str, words: str) -> None:
    source, _ = start(f"say(state='{state}', why='the cause')")
    assert words in eventually(source.trouble)


def test_where_our_library_does_not_fit_the_service_s_own_interpreter_reads(
    start: Start, tmp_path: Path
) -> None:
    own = FakeFeed(tmp_path, "go_on()", name="python-of-the-service")
    script = tmp_path / "jtop"
    script.write_text(f"#!{own.path}\nimport jtop\n")
    source, _ = start("say(state='mismatch', why='they differ')", scripts=(script,))
    assert eventually(source.trouble) == "jtop can't be read: they differ"
    eventually(lambda: has_values(source))
    assert source.python == str(own.path)


def test_without_a_service_no_process_is_started_until_there_is_one(
    start: Start, tmp_path: Path
) -> None:
    source, feed = start("go_on()", is_absent=True)
    assert eventually(source.trouble) == "no jtop service here: sudo jtop --install-service"
    time.sleep(2.5)
    assert feed.pids == []
    (tmp_path / "jtop.sock").touch()
    eventually(lambda: has_values(source))
    assert source.trouble() == ""


def test_a_service_that_is_started_again_is_not_left_waiting(start: Start, tmp_path: Path) -> None:
    source, feed = start("if start > 3: go_on()")
    began_s = []
    for number in (2, 3):
        eventually(has_started(feed, number))
        began_s.append(time.monotonic())
    # Its socket is another one: that ends the wait, which would have been the longest so far.
    (tmp_path / "new").touch()
    (tmp_path / "new").rename(tmp_path / "jtop.sock")
    eventually(lambda: has_values(source))
    assert time.monotonic() - began_s[1] < began_s[1] - began_s[0]


def test_an_interpreter_that_can_t_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "jtop.sock").touch()
    source = JtopSource(str(tmp_path / "none"), socket=tmp_path / "jtop.sock", scripts=())
    source.read()
    assert "No such file" in eventually(source.trouble)
    source.close()


@pytest.mark.parametrize("body", ["go_on()", "tick(); hang()"])
def test_closing_leaves_neither_a_process_nor_a_thread(start: Start, body: str) -> None:
    source, feed = start(body)
    eventually(lambda: has_values(source))
    source.close()
    assert not [pid for pid in feed.pids if processes.is_alive(pid)]
    assert not processes.python_threads() & {"jtop", "jtop-lines"}


def test_a_source_that_was_never_read_closes(tmp_path: Path) -> None:
    JtopSource(socket=tmp_path / "none").close()


def test_a_feed_that_freezes_and_is_ended_never_delays_a_sample(
    start: Start, tmp_path: Path
) -> None:
    source, feed = start("tick()\nif start > 1: go_on()\nhang()")
    eventually(lambda: has_values(source))
    processes.freeze(feed.pids[0])
    host = HostBoard(tmp_path)
    alone, beside = MergedBoard([host]), MergedBoard([host, source])
    took: dict[MergedBoard, list[float]] = {alone: [], beside: []}
    while len(feed.pids) < 2:  # from the freeze over its end to the next one's start
        for board in (alone, beside):
            began_s = time.perf_counter()
            board.read()
            took[board].append(time.perf_counter() - began_s)
        time.sleep(0.02)
    without, with_it = (statistics.median(took[board]) for board in (alone, beside))
    assert with_it < 2 * without


@pytest.mark.parametrize(
    ("first_line", "found"),
    [
        ("#!{real}", "{real}"),
        ("#!{real} -I", "{real}"),
        ("#!/usr/bin/env sh", ""),
        ("#!/bin/sh", ""),
        ("#!/no/such/python", ""),
        ("#!{ours}", ""),
        ("\x7fELF'\0", ""),
        ("", ""),
    ],
)
def test_the_service_s_interpreter_stands_in_its_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first_line: str, found: str
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    real = tmp_path / "python3"
    real.symlink_to("/bin/true")
    script = tmp_path / "jtop"
    names = {"real": str(real), "ours": sys.executable}
    script.write_text(first_line.format(**names) + "\nimport jtop\n")
    assert service_python([tmp_path / "none", script]) == found.format(**names)
