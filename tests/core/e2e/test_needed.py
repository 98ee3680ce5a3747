"""Which words a step needs."""

from __future__ import annotations

import pytest

from tui.core.e2e.deed import Decide, Make, Restart, Simulate
from tui.core.e2e.needed import needed_words, saved_names
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Check, Step

PUT = Operation(
    "put", "PUT", "/{place}/{name}", query=(("by", "{who}"),), headers=(("X-In", "{zone}"),),
    sends="bytes",
)  # fmt: skip
NOTE = Operation("note", "POST", "/notes", sends="json", body='{"of": "{id}"}')


@pytest.mark.parametrize(
    ("step", "operation", "words"),
    [
        (Step("a", "put", send="capture"), PUT, ("place", "name", "who", "zone", "capture")),
        (
            Step("a", "put", send="capture", without_file=True),
            PUT, ("place", "name", "who", "zone"),
        ),
        (
            Step("a", "put", values=(("place", "{home}"), ("name", "{item.number}"), ("who", ""))),
            PUT, ("home", "zone"),
        ),
        (Step("a", "note"), NOTE, ("id",)),
        (Step("a", "note", body="{other} {page.offset}"), NOTE, ("other",)),
        (Step("a", "note", body="", bearer="{token}"), NOTE, ("token",)),
        (
            Step("a", "note", body="", save=(("own", "id"),), checks=(
                Check("x", equals="{wanted}"), Check("y", contains="{own} {part}"),
                Check("z", hash_of="capture"), Check("z", equals="{capture.sha256} {own.sha256}"),
                Check("z", hash_of="item"), Check("z", equals=1.0),
            )),
            NOTE, ("wanted", "part", "capture", "capture.sha256"),
        ),
        (Step("a", deed=Make(text="{round.id} {id}")), None, ("round.id", "id")),
        (Step("a", deed=Make(of="capture")), None, ("capture",)),
        (Step("a", deed=Decide("found", "{target.class}")), None, ("target.class", "found")),
        (Step("a", deed=Simulate("{decision}")), None, ("decision",)),
        (Step("a", deed=Restart()), None, ()),
        (Step("a"), None, ()),
    ],
)  # fmt: skip
def test_words_in_their_order_each_once(
    step: Step, operation: Operation | None, words: tuple[str, ...]
) -> None:
    assert needed_words(step, operation) == words


def test_a_step_saves_under_its_own_name_too() -> None:
    assert saved_names(Step("a", save=(("id", "id"), ("b", "body")))) == ("a", "id", "b")
