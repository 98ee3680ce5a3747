from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from tui.demo.images import ImageRecord, ImageStore, NoSuchImage, StoreFull

T = TypeVar("T")


def at_once(work: Callable[[int], T], times: int) -> list[T]:
    """With threads that change places as often as they can, so that races are met."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            return list(threads.map(work, range(times)))
    finally:
        sys.setswitchinterval(usual_s)


def add(store: ImageStore, data: bytes) -> ImageRecord | None:
    try:
        return store.add(data, "a name", "image/png")
    except StoreFull:
        return None


def test_the_bytes_come_back_as_they_went_in(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    record = store.add(b"\x00\xff\r\n", "odd", "image/png")
    assert store.read(record) == b"\x00\xff\r\n"
    assert (record.size, record.sha256) == (4, hashlib.sha256(b"\x00\xff\r\n").hexdigest())
    assert store.find(record.id) == record


def test_pages_are_newest_first(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    ids = [store.add(b"x", "", "image/png").id for _ in range(5)]
    records, total = store.page(limit=2, offset=1)
    assert ([record.id for record in records], total) == ([ids[3], ids[2]], 5)


def test_a_deleted_image_is_gone_from_index_and_disk(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    record = store.add(b"x", "", "image/png")
    store.delete(record.id)
    for gone in (store.find, store.delete):
        with pytest.raises(NoSuchImage):
            gone(record.id)
    with pytest.raises(NoSuchImage):
        store.read(record)
    assert list(tmp_path.iterdir()) == []


def test_deleting_makes_room_again(tmp_path: Path) -> None:
    store = ImageStore(tmp_path, most_images=1, most_bytes=10)
    record = store.add(b"0123456789", "", "image/png")
    assert add(store, b"") is None
    store.delete(record.id)
    assert add(store, b"0123456789") is not None


def test_more_bytes_than_fit_are_refused(tmp_path: Path) -> None:
    store = ImageStore(tmp_path, most_bytes=10)
    store.add(b"01234567", "", "image/png")
    with pytest.raises(StoreFull, match="10 bytes"):
        store.add(b"012", "", "image/png")
    assert add(store, b"01") is not None


def test_a_disk_that_does_not_write_is_a_full_store_and_takes_no_room(tmp_path: Path) -> None:
    root = tmp_path / "unmounted"
    root.mkdir()
    store = ImageStore(root, most_images=1)
    root.rmdir()
    with pytest.raises(StoreFull, match="No such file"):
        store.add(b"x", "", "image/png")
    root.mkdir()
    assert add(store, b"x") is not None


def test_uploads_at_once_all_keep_their_own_bytes(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    records = at_once(lambda n: store.add(b"%d" % n * 5000, "", "image/png"), 100)
    assert len({record.id for record in records}) == 100
    for n, record in enumerate(records):
        assert store.read(record) == b"%d" % n * 5000
    stamps = [record.created_at for record in store.page(200, 0)[0]]
    assert stamps == sorted(stamps, reverse=True)


def test_uploads_at_once_do_not_pass_the_limits(tmp_path: Path) -> None:
    store = ImageStore(tmp_path, most_images=30)
    stored = at_once(lambda n: add(store, b"x"), 100)
    assert sum(record is not None for record in stored) == len(store) == 30


def test_of_many_deletes_at_once_one_finds_the_image(tmp_path: Path) -> None:
    store = ImageStore(tmp_path, most_images=50)
    ids = [store.add(b"x", "", "image/png").id for _ in range(50)]

    def delete(n: int) -> bool:
        try:
            store.delete(ids[n // 8])
        except NoSuchImage:
            return False
        return True

    assert sum(at_once(delete, 400)) == 50
    # A delete that counted twice would leave room for more than there is.
    assert sum(add(store, b"x") is not None for _ in range(60)) == 50


def test_a_later_store_finds_the_images_of_an_earlier_one(tmp_path: Path) -> None:
    earlier = ImageStore(tmp_path)
    ids = [earlier.add(b"%d" % n, "", "image/png").id for n in range(3)]
    later = ImageStore(tmp_path, most_images=3)
    assert [record.id for record in later.page(9, 0)[0]] == ids[::-1]
    assert later.read(later.find(ids[1])) == b"1"
    assert add(later, b"x") is None


def test_torn_writes_are_removed_and_files_of_others_are_not(tmp_path: Path) -> None:
    kept = ImageStore(tmp_path).add(b"whole", "", "image/png")
    torn = ["0" * 32 + ".bin", "1" * 32 + ".part", "2" * 32 + ".json", kept.id + ".part"]
    for name in [*torn, "notes.txt"]:
        (tmp_path / name).write_text("{}")
    assert len(ImageStore(tmp_path)) == 1
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"{kept.id}.bin", f"{kept.id}.json", "notes.txt"}
