from __future__ import annotations

from tests.core.guards.boards import Sample, feed, plain
from tui.core.floors import disk_floor_bytes
from tui.core.guards.space import Space
from tui.stress.place import MIB


def free(mb: float, size_mb: float | None = None, age_s: float = 0.0) -> Sample:
    return {"disk_free_mb": plain(mb, size_mb, age_s)}


def test_a_disk_that_fills_up_ends_a_stress() -> None:
    found = feed(Space(), [free(8000.0), free(1500.0), free(1500.0)])
    assert found is not None
    assert found.text == "space guard: 1 500 MiB are free on the disk, fewer than 1 638 MiB"


def test_of_a_large_disk_a_tenth_is_the_floor() -> None:
    assert feed(Space(), [free(80_000.0, 200_000.0)] + [free(15_000.0, 200_000.0)] * 2) is not None
    assert feed(Space(), [free(80_000.0)] + [free(15_000.0)] * 2) is None


def test_a_burner_at_its_own_floor_ends_nothing() -> None:
    for size_mb in (8_000.0, 60_000.0, 500_000.0):
        floor_mb = disk_floor_bytes(int(size_mb * MIB)) / MIB
        samples = [free(size_mb / 2, size_mb)] + [free(floor_mb * 0.95, size_mb)] * 10
        assert feed(Space(), samples) is None


def test_the_disk_that_burners_write_to_is_watched_beside_it() -> None:
    well = free(8000.0)
    samples = [well | {"scratch_free_mb": plain(mb, 4000.0)} for mb in (3000.0, 1500.0, 1500.0)]
    found = feed(Space(), samples)
    assert found is not None
    assert "1 500 MiB are free on the disk of the scratch directory" in found.text
    full = [well | {"scratch_free_mb": plain(900.0)}] * 3
    found = feed(Space(), full + [full[0] | free(1000.0)] * 2)
    assert found is not None
    assert "are free on the disk," in found.text


def test_a_disk_that_was_full_before_may_stay_so() -> None:
    assert feed(Space(), [free(900.0)] + [free(800.0)] * 10) is None


def test_what_is_too_old_is_not_believed() -> None:
    assert feed(Space(), [free(8000.0)] + [free(900.0, age_s=60.0)] * 10) is None
