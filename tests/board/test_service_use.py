from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tui.board.processes import Stat, Table, all_processes, family, stat_of, tops
from tui.board.spending import Use, spent

FIRST_LOOK = 1000


def use(own: float, reaped: float = 0.0, parent: int = 1, started: int = 10) -> Use:
    return Use(parent, started, own, reaped)


def test_what_a_process_used_is_what_it_has_more_than_before() -> None:
    assert spent({5: use(2.0)}, {5: use(3.5)}, FIRST_LOOK) == 1.5


def test_a_child_that_is_new_counts_from_its_start() -> None:
    now = {5: use(2.0), 6: use(0.7, parent=5, started=1001)}
    assert spent({5: use(2.0)}, now, FIRST_LOOK) == pytest.approx(0.7)


def test_a_child_never_seen_counts_through_the_parent_that_waited_for_it() -> None:
    assert spent({5: use(2.0)}, {5: use(2.0, reaped=0.4)}, FIRST_LOOK) == pytest.approx(0.4)


def test_a_child_that_ended_is_not_counted_twice() -> None:
    before = {5: use(2.0), 6: use(0.7, parent=5)}
    assert spent(before, {5: use(2.0, reaped=0.9)}, FIRST_LOOK) == pytest.approx(0.2)


def test_a_grandchild_that_ended_with_its_parent_is_not_counted_twice() -> None:
    before = {5: use(2.0), 6: use(0.7, parent=5), 7: use(3.0, parent=6)}
    assert spent(before, {5: use(2.5, reaped=4.0)}, FIRST_LOOK) == pytest.approx(0.8)


def test_a_child_that_nobody_waited_for_takes_nothing_back() -> None:
    before = {5: use(2.0), 6: use(0.7, parent=5)}
    assert spent(before, {5: use(2.5)}, FIRST_LOOK) == 0.5


def test_a_pid_that_was_used_again_is_another_process() -> None:
    before = {5: use(9.0, started=10)}
    assert spent(before, {5: use(0.2, started=1500)}, FIRST_LOOK) == pytest.approx(0.2)


def test_what_joins_with_a_past_does_not_bring_it() -> None:
    now = {5: use(2.0), 6: use(500.0, started=20)}
    assert spent({5: use(2.0)}, now, FIRST_LOOK) == 0.0


def process(pid: int, parent: int, started: int = 0) -> Stat:
    return Stat(pid, parent, started, "x", True, 0.0, 0.0, 1, 1.0, 1.0)


def tree(*pairs: tuple[int, int]) -> dict[int, Stat]:
    return {pid: process(pid, parent, started=pid) for pid, parent in pairs}


def test_a_family_is_the_roots_and_all_below_them() -> None:
    table = tree((2, 1), (3, 2), (4, 3), (5, 1))
    assert {stat.pid for stat in family([2], table)} == {2, 3, 4}


def test_jetproof_and_what_it_started_are_cut_out_of_a_family() -> None:
    table = tree((2, 1), (3, 2), (4, 3), (5, 2))
    assert {stat.pid for stat in family([2], table, without=3)} == {2, 5}
    assert {stat.pid for stat in family([4], table, without=3)} == {4}


def test_of_processes_that_share_a_socket_the_ones_on_top_are_the_heads() -> None:
    table = tree((9, 1), (3, 9), (4, 9), (5, 1))
    assert tops([3, 4, 5, 9], table) == (5, 9)


def test_a_process_with_brackets_in_its_name_is_read_right() -> None:
    program = (
        "import ctypes; ctypes.CDLL(None).prctl(15, b'a) R (b'); print(1, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as odd:
        assert odd.stdout is not None
        odd.stdout.readline()
        stat = stat_of(odd.pid)
        odd.kill()
    assert stat is not None
    assert (stat.name, stat.parent, stat.threads) == ("a) R (b", os.getpid(), 1)


def test_the_table_forgets_what_ended_and_learns_what_is_new() -> None:
    table = Table()
    assert os.getpid() in table.update()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert table.update()[child.pid].parent == os.getpid()
        child.kill()
    assert child.pid not in table.update()


def test_all_processes_are_those_of_the_machine() -> None:
    running = all_processes()
    assert {1, os.getpid(), os.getppid()} <= set(running)
