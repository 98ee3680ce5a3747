from __future__ import annotations

import zlib
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.core import script
from tests.lib.orin import OrinTree
from tui.board.sysfs import SysfsSource
from tui.board.tree import Tree
from tui.core import events as ev
from tui.store import bodies
from tui.store.bodies import PACKED_FROM_BYTES, body_of, event_of
from tui.store.database import SqliteStore
from tui.store.dictionary import DICTIONARY
from tui.store.history import History
from tui.store.paths import DATABASE
from tui.store.schema import connect

ENCODER = msgspec.msgpack.Encoder()


@pytest.fixture
def sampled(tmp_path: Path) -> ev.BoardSampled:
    """A sample of a whole board."""
    tree = OrinTree(tmp_path / "orin")
    source = SysfsSource(Tree(tree.root), tmp_path)
    try:
        tree.set_gpu(74.3, 918)
        tree.set_temps(71.125)
        return ev.BoardSampled(at_s=12.5, readings=source.read(), lost={"jtop": "it hangs"})
    finally:
        source.close()
        tree.close()


def test_a_sample_comes_back_whole(sampled: ev.BoardSampled) -> None:
    assert event_of(body_of(sampled)) == sampled


def test_a_sample_takes_a_fifth_of_its_room_at_most(sampled: ev.BoardSampled) -> None:
    assert len(sampled.readings) > 60
    assert len(body_of(sampled)) * 5 < len(ENCODER.encode(sampled))


def test_the_shared_dictionary_is_worth_its_place(sampled: ev.BoardSampled) -> None:
    alone = zlib.compress(ENCODER.encode(sampled), 9)
    assert len(body_of(sampled)) * 1.5 < len(alone)


def test_small_events_are_stored_as_they_always_were() -> None:
    event = ev.PhaseEntered(at_s=1.0, phase="measuring")
    assert body_of(event) == ENCODER.encode(event)


def test_every_event_of_a_run_comes_back_whole() -> None:
    run = script.good_run(script.facts())
    assert [event_of(body_of(event)) for event in run] == run
    sizes = {len(ENCODER.encode(event)) > PACKED_FROM_BYTES for event in run}
    assert sizes == {True, False}


def test_a_run_keeps_its_samples_packed_on_the_disk(
    sampled: ev.BoardSampled, tmp_path: Path
) -> None:
    store = SqliteStore(tmp_path)
    run = [*script.beginning(script.facts()), *[sampled] * 50]
    for event in run:
        store.put("r1", event, 0.0)
    store.close()
    with closing(connect(tmp_path / DATABASE)) as connection:
        statement = "SELECT sum(length(body)) AS size FROM events WHERE type = 'BoardSampled'"
        size = connection.execute(statement).fetchone()["size"]
    assert size * 5 < 50 * len(ENCODER.encode(sampled))
    assert list(History(tmp_path).events("r1")) == run


def test_what_older_versions_stored_can_be_read(sampled: ev.BoardSampled) -> None:
    assert event_of(ENCODER.encode(sampled)) == sampled


def test_a_body_says_itself_whether_it_is_packed(sampled: ev.BoardSampled) -> None:
    assert body_of(sampled)[0] == bodies._ZLIB
    for event in script.good_run(script.facts()):
        assert ENCODER.encode(event)[0] != bodies._ZLIB


def test_the_dictionary_is_the_one_that_stored_samples_were_packed_with() -> None:
    # Another one would leave every stored sample unreadable: make a second one beside it instead.
    assert zlib.adler32(DICTIONARY) == 878409778


@pytest.mark.parametrize("harm", [slice(0, 40), slice(0, 0)])
def test_a_damaged_body_is_one_line(sampled: ev.BoardSampled, harm: slice) -> None:
    with pytest.raises(msgspec.MsgspecError) as caught:
        event_of(body_of(sampled)[harm])
    assert "\n" not in str(caught.value)
