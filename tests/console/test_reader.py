"""The thread that reads for the screen: one at a time, the newest wish of each kind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.lib.eventually import eventually
from tui.console.reader import Reader
from tui.core.problem import InputError
from tui.ports import GoOn


class Posted:
    """What came back, on the thread that asks for it."""

    def __init__(self) -> None:
        self.acts: list[Callable[[], None]] = []
        self.answers: list[object] = []
        self.troubles: list[str] = []

    def run(self) -> None:
        while self.acts:
            self.acts.pop(0)()


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def reader(posted: Posted) -> Iterator[Reader]:
    reader = Reader(posted.acts.append)
    yield reader
    reader.close()


def ask(reader: Reader, posted: Posted, work: Callable[[GoOn], object], kind: str = "a") -> None:
    reader.ask(kind, work, posted.answers.append, posted.troubles.append)


def test_an_answer_comes_back_through_post(reader: Reader, posted: Posted) -> None:
    ask(reader, posted, lambda go_on: threading.current_thread().name)
    assert reader.is_busy("a")
    eventually(lambda: posted.acts)
    assert posted.answers == []
    posted.run()
    assert posted.answers == ["reader"]
    assert not reader.is_busy("a")


def test_a_newer_wish_of_the_same_kind_is_the_only_one_answered(
    reader: Reader, posted: Posted
) -> None:
    began, go = threading.Event(), threading.Event()

    def first(go_on: GoOn) -> str:
        began.set()
        go.wait(30)
        return "first, too late"

    ask(reader, posted, first)
    began.wait(30)
    for number in range(5):
        ask(reader, posted, lambda go_on, number=number: number)  # type: ignore[misc]
    go.set()
    eventually(lambda: posted.acts)
    posted.run()
    assert posted.answers == [4]


def test_work_is_told_when_nobody_waits_any_more(reader: Reader, posted: Posted) -> None:
    told: list[bool] = []
    began = threading.Event()

    def work(go_on: GoOn) -> None:
        while go_on(0.5):
            began.set()
        told.append(True)

    ask(reader, posted, work)
    began.wait(30)
    assert reader.done("a") == 0.5
    reader.forget("a")
    eventually(lambda: told)
    assert not reader.is_busy("a")


def test_kinds_do_not_push_each_other_out(reader: Reader, posted: Posted) -> None:
    for kind in ("a", "b", "c"):
        ask(reader, posted, lambda go_on, kind=kind: kind, kind)  # type: ignore[misc]
    eventually(lambda: len(posted.acts) == 3)
    posted.run()
    assert sorted(map(str, posted.answers)) == ["a", "b", "c"]


def test_what_goes_wrong_comes_back_in_words_and_the_thread_lives_on(
    reader: Reader, posted: Posted
) -> None:
    def wrong(go_on: GoOn) -> None:
        raise InputError.of("store", "", "can't be read")

    def broken(go_on: GoOn) -> None:
        raise KeyError("ours")

    ask(reader, posted, wrong, "a")
    ask(reader, posted, broken, "b")
    ask(reader, posted, lambda go_on: "fine", "c")
    eventually(lambda: len(posted.acts) == 3)
    posted.run()
    assert posted.troubles == ["store: can't be read", "KeyError: 'ours'"]
    assert posted.answers == ["fine"]


def test_no_thread_is_left_when_it_is_closed(posted: Posted) -> None:
    reader = Reader(posted.acts.append)
    began = threading.Event()

    def work(go_on: GoOn) -> None:
        while go_on(0.1):
            began.set()

    ask(reader, posted, work)
    began.wait(30)
    reader.close()
    assert not any(thread.name == "reader" for thread in threading.enumerate())
