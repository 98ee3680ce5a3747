"""What a step does, in words, beside what it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.e2e.deed import Certificate, Decide, Make, Simulate
from tui.core.e2e.pages import Pages
from tui.core.e2e.workflow import Step
from tui.core.format import count, counted, duration


def sent_text(step: Step) -> str:
    """`with capture`, `without its file, with no token`; empty where nothing is sent."""
    parts = [f"with {each}" for each in (step.send, step.file) if each]
    if step.without_file:
        parts.append("without its file")
    if step.body is not None:
        parts.append("with a document of its own")
    if step.bearer is not None:
        parts.append("with a token of its own" if step.bearer else "without a token")
    return ", ".join(parts)


def deed_texts(step: Step) -> Iterator[str]:
    """More of a deed than what it is."""
    deed = step.deed
    if isinstance(deed, Make):
        if deed.size_bytes is not None:
            yield f"{count(deed.size_bytes)} bytes of noise"
        if deed.text is not None:
            yield "a text"
        if deed.keep < 1:
            yield f"its first {deed.keep * 100:g} %"
        if deed.flip:
            yield f"{counted(deed.flip, 'byte')} changed"
    elif isinstance(deed, Decide):
        wanted = deed.category or "any object"
        yield f"{deed.then} for {wanted} from {deed.least_confidence:g}, else {deed.otherwise}"
    elif isinstance(deed, Simulate):
        yield deed.text
    elif isinstance(deed, Certificate):
        yield f"valid for {deed.least_days:g} days at least"


def time_texts(step: Step) -> Iterator[str]:
    """How long it may take, and how long it is asked for."""
    if step.within_ms is not None:
        yield f"within {_ms(step.within_ms)}"
    if step.leave_after_s is not None:
        yield f"left after {_time(step.leave_after_s)}"
    if step.poll is not None:
        yield f"asked every {_time(step.poll.every_s)} until right"
        yield f"{duration(step.poll.within_s)} at most"


def batch_texts(step: Step) -> Iterator[str]:
    """How often it is done, and what of that may go wrong."""
    if not step.has_items:
        return
    times = f"for each item of {step.each}" if step.each else counted(step.repeat, "time")
    beside = f", {step.at_once} at once" if step.at_once > 1 else ""
    yield times + beside + (", each with bytes of its own" if step.unique else "")
    if step.most_failed:
        yield f"up to {step.most_failed * 100:g} % may fail"
    if step.p95_ms is not None:
        yield f"95 of 100 within {_ms(step.p95_ms)}"


def pages_text(pages: Pages) -> str:
    """What is read, and what of it must be there."""
    what = f"all that {pages.of} made is there" if pages.of else "nothing of the round is there"
    return f"read to its end: {what}"


def _time(time_s: float) -> str:
    """As a file has it: `50 ms`, `2 s`."""
    return duration(time_s) if time_s >= 1 else _ms(time_s * 1000)


def _ms(value: float) -> str:
    return f"{count(value) if value >= 1000 else f'{value:g}'} ms"
