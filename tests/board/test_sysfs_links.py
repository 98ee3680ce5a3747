"""What the reader makes of an emulated board's drive and network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.eventually import eventually
from tests.lib.orin import OrinTree
from tests.lib.reader import read, reader, value, whole
from tui.board import sysfs


@pytest.fixture
def board(tmp_path: Path) -> Iterator[OrinTree]:
    made = OrinTree(tmp_path / "orin")
    yield made
    made.close()


def test_the_drive_shows_heat_and_link_of_what_it_can(board: OrinTree) -> None:
    board.write("/sys/class/nvme/nvme0/device/current_link_width", 2)
    readings = read(board, "nvme_c")
    assert value(readings, "nvme_c") == pytest.approx(41.85)
    assert readings["nvme_c"].limit == pytest.approx(84.85)
    assert readings["nvme_c"].critical == pytest.approx(87.85)
    assert (value(readings, "nvme_lanes"), readings["nvme_lanes"].limit) == (2, 4)
    assert (value(readings, "nvme_gts"), readings["nvme_gts"].limit) == (8.0, 8.0)


def test_a_drive_that_does_not_tell_says_so(board: OrinTree) -> None:
    board.have_fail(board.hwmon("nvme") + "/temp1_input")
    board.write("/sys/class/nvme/nvme0/device/current_link_speed", "Unknown\n")
    board.write("/sys/class/nvme/nvme0/device/current_link_width", "many\n")
    readings = read(board, "nvme_c")
    assert readings["nvme_c"].why == "switched off"
    assert readings["nvme_gts"].why == "the link tells no speed"
    assert readings["nvme_lanes"].why == 'it says "many", which is no number'


def test_lines_that_no_drive_can_mean_are_no_lines(board: OrinTree) -> None:
    board.write(board.hwmon("nvme") + "/temp1_max", 65261850)
    board.write(board.hwmon("nvme") + "/temp1_crit", -273150)
    reading = read(board, "nvme_c")["nvme_c"]
    assert (reading.limit, reading.critical) == (None, None)


def test_a_board_without_a_drive_has_no_such_gauges(board: OrinTree) -> None:
    board.remove(board.hwmon("nvme"))
    board.remove("/sys/class/nvme")
    assert not [name for name in read(board, "net_link_mbps") if name.startswith("nvme")]


def test_what_is_read_seldom_tells_its_age(board: OrinTree) -> None:
    with reader(board.root) as source:
        first = whole(source, "nvme_c", "net_link_mbps")
        board.set_nvme(80)
        board.set_link(100)
        later = source.read()
    for name in ("nvme_c", "net_link_mbps"):
        assert later[name].value == first[name].value
        assert later[name].age_s > first[name].age_s > 0


def test_what_is_read_seldom_is_read_again(
    board: OrinTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sysfs, "BESIDE_EVERY_S", 0.02)
    with reader(board.root) as source:
        whole(source, "nvme_c")
        board.set_nvme(80)
        eventually(lambda: source.read()["nvme_c"].value == 80.0, "the drive's heat never came")


def test_the_link_is_the_one_of_the_default_route(board: OrinTree) -> None:
    reading = read(board, "net_link_mbps")["net_link_mbps"]
    assert (reading.value, reading.text) == (1000, "enP8p1s0")
    board.set_link(100, "half")
    reading = read(board, "net_link_mbps")["net_link_mbps"]
    assert (reading.value, reading.text) == (100, "enP8p1s0 half duplex")


def test_a_link_without_speed_says_which(board: OrinTree) -> None:
    board.set_link(-1)
    assert read(board, "net_link_mbps")["net_link_mbps"].why == "enP8p1s0 tells no speed"
    board.write("/sys/class/net/enP8p1s0/operstate", "down\n")
    assert read(board, "net_link_mbps")["net_link_mbps"].why == "enP8p1s0 has no link"
    board.write("/proc/net/route", "Iface\tDestination\n")
    assert read(board, "net_link_mbps")["net_link_mbps"].why == "no default route"


def test_traffic_is_without_loopback(board: OrinTree) -> None:
    with reader(board.root) as source:
        assert "net_rx_kbps" not in source.read()
        board.set_network(3_000_000, 600_000, errors=4)
        readings = source.read()
    rx, tx = value(readings, "net_rx_kbps"), value(readings, "net_tx_kbps")
    assert rx > tx > 0
    assert value(readings, "net_errors") == 4


def test_a_counter_that_begins_anew_is_no_rate(board: OrinTree) -> None:
    board.set_network(5_000_000, 5_000_000)
    with reader(board.root) as source:
        source.read()
        board.set_network(10, 10)
        anew = source.read()
        board.pass_time()
        assert value(source.read(), "net_rx_kbps") == 0
    assert anew["net_rx_kbps"].why == "its counter began anew"


def with_links(board: OrinTree, *names: str) -> None:
    """All of them carry what the wired one carries."""
    wired = next(row for row in board.text("/proc/net/dev").splitlines() if "enP8p1s0" in row)
    counts = wired.partition(":")[2]
    more = "".join(f"{name}:{counts}\n" for name in names)
    board.write("/proc/net/dev", board.text("/proc/net/dev") + more)


def test_traffic_over_a_bridge_into_a_container_is_counted_once(board: OrinTree) -> None:
    board.set_network(1_000_000, 500_000, errors=7)
    with_links(board, "docker0", "veth1a2b3c4")
    with reader(board.root) as source:
        source.read()
        board.set_network(3_000_000, 600_000, errors=9)
        with_links(board, "docker0", "veth1a2b3c4")
        readings = source.read()
    rx, tx = value(readings, "net_rx_kbps"), value(readings, "net_tx_kbps")
    assert value(readings, "net_errors") == 9
    assert rx / tx == pytest.approx(20, rel=0.1)


def test_without_any_device_every_link_but_loopback_counts(board: OrinTree) -> None:
    for name in ("enP8p1s0", "wlP1p1s0"):
        board.remove(f"/sys/class/net/{name}/device")
    board.set_network(1_000_000, 500_000, errors=7)
    with_links(board, "veth1a2b3c4")
    assert value(read(board), "net_errors") == 14


def test_what_a_new_card_has_carried_before_is_no_traffic_of_now(board: OrinTree) -> None:
    with reader(board.root) as source:
        source.read()
        board.write("/sys/class/net/enp1s0/device/vendor", "0x10ec\n")
        with_links(board, "enp1s0")
        board.pass_time()
        plugged = source.read()["net_rx_kbps"]
        board.pass_time()
        later = source.read()["net_rx_kbps"]
    assert plugged.why == "other links than before"
    assert later.value == 0
