"""Services made of arithmetic: requests in, the seconds that a load would tell of them out."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tests.core.script import row, window
from tui.core.limits import Limit, counted_limits, parse_limit
from tui.core.stress.windows import Second, second_of

LIMITS = (parse_limit("p95_ms", "< 100"), parse_limit("error_rate", "< 0.01"))
COUNTED = counted_limits(LIMITS)


class Answer(NamedTuple):
    ms: float
    is_good: bool = True


Service = Callable[[float, random.Random], Answer]
"""What it answers to a request that was sent then."""


def noisy_ms(ms: float, dice: random.Random) -> float:
    return ms * dice.lognormvariate(0.0, 0.3)


def well(sent_s: float, dice: random.Random) -> Answer:
    """Answers in some 20 ms, of which p95 is 33 ms."""
    return Answer(noisy_ms(20.0, dice))


def refusing(from_s: float, until_s: float) -> Service:
    """Answers with errors for a while, faster than it would work."""

    def service(sent_s: float, dice: random.Random) -> Answer:
        return Answer(2.0, False) if from_s <= sent_s < until_s else well(sent_s, dice)

    return service


def hanging(from_s: float, until_s: float) -> Service:
    """Answers nothing for a while, and then everything at once."""

    def service(sent_s: float, dice: random.Random) -> Answer:
        wait_s = until_s - sent_s if from_s <= sent_s < until_s else 0.0
        return Answer(wait_s * 1000 + well(sent_s, dice).ms)

    return service


def slow(from_s: float, until_s: float, back_s: float) -> Service:
    """Ten times as slow for a while, then evenly faster for `back_s` until it is as it was."""

    def service(sent_s: float, dice: random.Random) -> Answer:
        factor = 1.0
        if from_s <= sent_s < until_s:
            factor = 10.0
        elif until_s <= sent_s < until_s + back_s:
            factor = 10.0 - 9.0 * (sent_s - until_s) / back_s
        return Answer(noisy_ms(20.0 * factor, dice))

    return service


def arrivals(
    service: Service, rps: float, length_s: int, seed: int = 1, limits: Sequence[Limit] = COUNTED
) -> list[Second]:
    """An open load: a request every so often, whatever became of the one before."""
    dice = random.Random(seed)
    asked = (number / rps for number in range(int(rps * length_s)))
    answers = ((sent_s, service(sent_s, dice)) for sent_s in asked)
    return _seconds(((sent_s + each.ms / 1000, each) for sent_s, each in answers), length_s, limits)


def users(
    service: Service,
    number: int,
    think_s: float,
    length_s: int,
    seed: int = 1,
    limits: Sequence[Limit] = COUNTED,
) -> list[Second]:
    """A closed load: users that wait for their answers, and then think for a while."""
    return _seconds(_asked_by(service, number, think_s, length_s, seed), length_s, limits)


def _asked_by(
    service: Service, number: int, think_s: float, length_s: int, seed: int
) -> Iterator[tuple[float, Answer]]:
    dice = random.Random(seed)
    due = [(dice.uniform(0, think_s), user) for user in range(number)]
    heapq.heapify(due)
    while due[0][0] < length_s:
        sent_s, user = heapq.heappop(due)
        answer = service(sent_s, dice)
        ended_s = sent_s + answer.ms / 1000
        yield ended_s, answer
        heapq.heappush(due, (ended_s + dice.uniform(0.5, 1.5) * think_s, user))


def _seconds(
    ended: Iterator[tuple[float, Answer]], length_s: int, limits: Sequence[Limit]
) -> list[Second]:
    good: dict[int, list[float]] = {}
    failed: dict[int, list[float]] = {}
    for ended_s, answer in ended:
        (good if answer.is_good else failed).setdefault(int(ended_s), []).append(answer.ms)
    return [
        second_of(
            window(at_s, row(good.get(at_s, ()), failed_ms=failed.get(at_s, ()), limits=limits)),
            len(limits),
        )
        for at_s in range(length_s)
    ]
