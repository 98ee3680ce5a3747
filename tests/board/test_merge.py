from __future__ import annotations

from tui.board.merge import STALE_S, MergedBoard
from tui.board.source import Readings
from tui.core.events import Reading


class Scripted:
    """A source that says what a test wants."""

    def __init__(self, name: str, trouble: str = "", **gauges: Reading) -> None:
        self.name = name
        self.readings: Readings = gauges
        self.said = trouble
        self.error: Exception | None = None
        self.closed = 0

    def read(self) -> Readings:
        if self.error:
            raise self.error
        return dict(self.readings)

    def trouble(self) -> str:
        return self.said

    def close(self) -> None:
        self.closed += 1


def has(value: float, source: str, age_s: float = 0.0) -> Reading:
    return Reading(value, source, age_s=age_s)


def lacks(source: str) -> Reading:
    return Reading(None, source, "can't be read")


def merged(*sources: Scripted) -> Readings:
    return MergedBoard(sources).read().readings


def test_of_two_fresh_values_the_first_sources_counts() -> None:
    board = merged(
        Scripted("sysfs", tj_c=has(50.0, "sysfs")), Scripted("jtop", tj_c=has(51.0, "jtop"))
    )
    assert board["tj_c"].source == "sysfs"


def test_a_source_without_a_value_gives_way_to_one_that_has_it() -> None:
    board = merged(
        Scripted("sysfs", emc_percent=lacks("sysfs")),
        Scripted("jtop", emc_percent=has(12.0, "jtop")),
    )
    assert board["emc_percent"].value == 12.0


def test_a_stale_value_gives_way_to_a_fresh_one() -> None:
    board = merged(
        Scripted("jtop", tj_c=has(50.0, "jtop", age_s=STALE_S + 0.1)),
        Scripted("psutil", tj_c=has(70.0, "psutil")),
    )
    assert board["tj_c"].source == "psutil"


def test_a_stale_value_is_better_than_a_reason_and_keeps_its_age() -> None:
    board = merged(
        Scripted("jtop", tj_c=has(50.0, "jtop", age_s=60.0)),
        Scripted("psutil", tj_c=lacks("psutil")),
    )
    assert (board["tj_c"].value, board["tj_c"].age_s) == (50.0, 60.0)


def test_of_two_reasons_the_first_sources_is_told() -> None:
    board = merged(Scripted("sysfs", tj_c=lacks("sysfs")), Scripted("psutil", tj_c=lacks("psutil")))
    assert board["tj_c"].source == "sysfs"


def test_a_source_in_trouble_is_named_with_its_reason() -> None:
    sample = MergedBoard([Scripted("jtop", "the jtop service is not active"), Scripted("nvml")])
    assert sample.read().lost == {"jtop": "the jtop service is not active"}


def test_a_source_that_breaks_takes_no_other_with_it() -> None:
    broken = Scripted("jtop")
    broken.error = ValueError("idle")
    board = MergedBoard([broken, Scripted("psutil", cpu_percent=has(3.0, "psutil"))])
    sample = board.read()
    assert sample.readings["cpu_percent"].value == 3.0
    assert "idle" in sample.lost["jtop"]


def test_the_watched_process_is_handed_on() -> None:
    watched: list[str] = []
    MergedBoard([], watch=watched.append).watch("port:8000")
    assert watched == ["port:8000"]


def test_closing_ends_every_source() -> None:
    sources = [Scripted("sysfs"), Scripted("psutil")]
    MergedBoard(sources).close()
    assert [source.closed for source in sources] == [1, 1]
