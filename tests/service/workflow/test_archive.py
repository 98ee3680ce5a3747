"""What items fetched, on disk until it is archived, and the archive that is read back."""

from __future__ import annotations

import tarfile

import pytest

from tui.service.workflow.archive import archive, write, wrong_in
from tui.service.workflow.spool import Spool
from tui.service.workflow.values import Blob, Values

CONTENT = {number: bytes([number]) * 1000 for number in range(1, 6)}


def kept(most_bytes: int = 10**6) -> Spool:
    spool = Spool("content", most_bytes)
    for number, data in CONTENT.items():
        round_values = Values("r7", 1, "r7-1")
        spool.keep(number, round_values.beside({}, {"content": Blob(data, "image/jpeg")}))
    return spool


def go_on(seconds: float) -> bool:
    return True


def test_all_of_it_is_there_beside_a_manifest() -> None:
    spool = kept()
    done = archive(spool, go_on)
    spool.close()
    assert (done.state, done.hashes) == ("passed", 5)
    assert done.note == "5 files, 5 000 bytes, all as they were"


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_single_byte_that_is_another_is_found(number: int, tmp_path: object) -> None:
    spool = kept()
    path = f"{tmp_path}/archive"
    with open(path, "w+b") as file:
        assert write(file, spool, spool.kept, go_on)
        assert wrong_in(file, spool.kept) is None
        place = _place_of(path, number)
        file.seek(place + 500)
        file.write(b"\xff")
        wrong = wrong_in(file, spool.kept)
    spool.close()
    assert wrong is not None
    assert wrong.why == f"1 of 5 files not as they were fetched, first item {number}"
    assert wrong.wanted != wrong.got


def test_an_archive_that_is_cut_off_can_not_be_read_back(tmp_path: object) -> None:
    spool = kept()
    with open(f"{tmp_path}/archive", "w+b") as file:
        assert write(file, spool, spool.kept, go_on)
        file.truncate(2000)
        wrong = wrong_in(file, spool.kept)
    spool.close()
    assert wrong is not None


def test_more_than_is_archived_says_so_and_archives_nothing() -> None:
    spool = kept(most_bytes=3500)
    done = archive(spool, go_on)
    spool.close()
    assert done.state == "failed"
    assert done.why.startswith("more than ")
    assert done.why.endswith(" GiB are not archived")


def test_stopping_ends_it() -> None:
    spool = kept()
    done = archive(spool, lambda seconds: False)
    spool.close()
    assert (done.state, done.why) == ("skipped", "stopped")


def _place_of(path: str, number: int) -> int:
    with tarfile.open(path) as tar:
        return tar.getmember(f"{number:06}.jpg").offset_data
